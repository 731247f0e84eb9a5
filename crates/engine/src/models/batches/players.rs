//! Models 2 and 4: one row per player.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;

use super::{arrow_error, batch, guilds, texts, times};
use crate::Error;
use crate::pipeline::{PlayerTable, Report, round2};
use crate::schema;
use crate::time::Minutes;

/// Model 2, `player_session_stats`: every player, in order of id.
///
/// # Errors
/// [`Error::Decode`] when Arrow refuses the columns.
pub fn player_session_stats(report: &Report) -> Result<RecordBatch, Error> {
    let players = &report.players;
    let verdict = |index| report.verdict(index, &report.params);
    batch(vec![
        (schema::PLAYER_ID, whole(&players.player_id)),
        ("total_sessions", counts(&players.sessions)),
        ("total_events", counts(&players.events)),
        (
            "avg_session_duration_minutes",
            doubles(players, |index| Some(round2(players.avg_session_minutes(index)))),
        ),
        (
            "median_session_duration_minutes",
            doubles(players, |index| Some(round2(players.median_session_minutes(index)))),
        ),
        ("max_session_duration_minutes", minutes(&players.duration_max_minutes)),
        ("min_session_duration_minutes", minutes(&players.duration_min_minutes)),
        (
            "avg_events_per_session",
            doubles(players, |index| Some(round2(players.avg_events_per_session(index)))),
        ),
        ("max_events_per_session", counts(&players.events_max)),
        ("likely_bot_long_session", flags(players, |index| verdict(index).long_session)),
        ("likely_bot_avg_session", flags(players, |index| verdict(index).avg_session)),
        ("is_likely_bot", flags(players, |index| verdict(index).is_bot())),
    ])
}

/// Model 4, `stg_players`: the players that are not flagged, in order of id.
///
/// # Errors
/// [`Error::Decode`] when Arrow refuses the columns.
pub fn stg_players(report: &Report) -> Result<RecordBatch, Error> {
    let players = &report.players;
    let level = |known: &[i64]| -> ArrayRef {
        let levels = known.iter().zip(&players.level_count);
        Arc::new(levels.map(|(&level, &count)| (count > 0).then_some(level)).collect::<Int64Array>())
    };
    let guild_keys = players.guild.iter().zip(&players.has_guild);
    let guild_keys: Int64Array = guild_keys.map(|(&key, &has)| has.then_some(key)).collect();
    let text = |dictionary: &[String], codes: &[u32]| {
        texts(&StringArray::from_iter_values(dictionary), codes.iter().copied())
    };
    let all = batch(vec![
        (schema::PLAYER_ID, whole(&players.player_id)),
        (schema::CLASS, text(report.strings.class.texts(), &players.class)?),
        (schema::RACE, text(report.strings.race.texts(), &players.race)?),
        (schema::GUILD, guilds(guild_keys, report.guild_kind)),
        ("max_level", level(&players.level_max)),
        ("min_level", level(&players.level_min)),
        (
            "avg_level",
            doubles(players, |index| (players.level_count[index] > 0).then(|| players.level_avg[index])),
        ),
        ("days_active", counts(&players.days_active)),
        ("num_locations_visited", counts(&players.zones)),
        ("first_activity_date", times(&players.first_us)),
        ("last_activity_date", times(&players.last_us)),
        ("total_sessions", counts(&players.sessions)),
        ("total_events", counts(&players.events)),
        (
            "days_since_last_activity",
            Arc::new(Int64Array::from_iter_values(
                (0..players.len()).map(|index| report.days_since_last_activity(index).get()),
            )),
        ),
        ("churned", flags(players, |index| report.churned(index, &report.params))),
    ])?;
    let kept = (0..players.len()).map(|index| Some(!report.verdict(index, &report.params).is_bot()));
    filter_record_batch(&all, &kept.collect::<BooleanArray>()).map_err(arrow_error)
}

fn whole(column: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(column.to_vec()))
}

/// Counts as the signed numbers that SQL has; no table holds more rows than those can count.
fn counts(column: &[u64]) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(column.iter().map(|count| count.cast_signed())))
}

fn minutes(column: &[Minutes]) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(column.iter().map(|minutes| minutes.get())))
}

fn doubles(players: &PlayerTable, value: impl Fn(usize) -> Option<f64>) -> ArrayRef {
    Arc::new((0..players.len()).map(value).collect::<Float64Array>())
}

fn flags(players: &PlayerTable, flag: impl Fn(usize) -> bool) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values((0..players.len()).map(|index| i32::from(flag(index)))))
}
