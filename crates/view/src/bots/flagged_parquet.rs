//! The table of flagged players as Parquet.

use wow_engine::Params;
use wow_engine::pipeline::{PlayerTable, round2};
use wow_engine::schema::{NumberKind, float_to_key};
use wow_engine::write::{self, ColumnType, Note, NumberRuns, Result};

use super::flagged::{HEAD, over_by_minutes, rule};
use super::limit::Limit;
use crate::order::count_key;

/// The flagged players as `players` lists them, with the columns of [`flagged_csv`](super::flagged_csv) and notes on where they
/// come from.
///
/// # Errors
/// When a column is too large for the format.
pub fn flagged_parquet(
    table: &PlayerTable,
    params: &Params,
    players: &[u32],
    notes: &[Note],
) -> Result<Vec<u8>> {
    use ColumnType::{Double, Text, Time, Whole};
    let types = [Whole, Text, Whole, Double, Double, Double, Whole, Whole, Time, Time, Whole];
    let schema = write::columns(HEAD.into_iter().zip(types))?;
    let players = || players.iter().map(|&player| player as usize);
    let numbers = |column: usize, kind: NumberKind, key: &dyn Fn(usize) -> Option<i64>| {
        let mut runs = NumberRuns::new(kind);
        players().for_each(|index| runs.push(key(index), 1));
        write::runs(&schema.column(column), &runs.runs)
    };
    let whole =
        |column, of: &dyn Fn(usize) -> i64| numbers(column, NumberKind::Integer, &|index| Some(of(index)));
    let minutes = |column, of: &dyn Fn(usize) -> Option<f64>| {
        numbers(column, NumberKind::Float, &|index| of(index).map(|minutes| float_to_key(round2(minutes))))
    };
    let over =
        |limit| move |index| over_by_minutes(table, index, table.verdict(index, params), params, limit);
    let times = |column, of: &dyn Fn(usize) -> i64| {
        write::times(&schema.column(column), &players().map(of).collect::<Vec<_>>())
    };
    let rules = || {
        let mut runs = write::CodedRuns::default();
        let mut codes: Vec<&str> = Vec::new();
        for index in players() {
            let rule = rule(table.verdict(index, params));
            let code = codes.iter().position(|known| *known == rule).map(|code| code as u32);
            let code = code.unwrap_or_else(|| {
                codes.push(rule);
                runs.add_text(rule)
            });
            runs.push(Some(code), 1);
        }
        write::runs(&schema.column(1), &runs)
    };
    let chunks = [
        whole(0, &|index| table.player_id[index]),
        rules(),
        whole(2, &|index| table.duration_max_minutes[index].get()),
        minutes(3, &over(Limit::Longest)),
        minutes(4, &|index| Some(table.avg_session_minutes(index))),
        minutes(5, &over(Limit::Average)),
        whole(6, &|index| count_key(table.sessions[index])),
        whole(7, &|index| count_key(table.events[index])),
        times(8, &|index| table.longest_start_us[index].get()),
        times(9, &|index| table.longest_end_us[index].get()),
        whole(10, &|index| count_key(table.longest_events[index])),
    ];
    write::file(&schema, notes, chunks)
}
