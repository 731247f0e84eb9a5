//! The reference SQL: the dbt models, compiled into the binary, so that there is one copy of them.

mod compile;
mod filter;
mod range;

use std::collections::HashSet;

use duckdb::Connection;
use wow_engine::{Query, schema};

use crate::failure::Failure;
use crate::interrupt;
use compile::Model;

pub(crate) use compile::{Materialized, compile_stored};
pub(crate) use range::PlayerRange;

/// Model 1: one row per event.
pub(crate) const EVENTS: &str = "stg_wowlogs_with_sessions";
/// Model 2: one row per player.
pub(crate) const PLAYER_STATS: &str = "player_session_stats";
/// Model 3: model 1 without flagged players.
pub(crate) const EVENTS_WITHOUT_BOTS: &str = "stg_wowlogs_no_bots";
/// Model 4: one row per player that is not flagged.
pub(crate) const PLAYERS: &str = "stg_players";
/// All of them.
pub(crate) const MODELS: [&str; 4] = [EVENTS, PLAYER_STATS, EVENTS_WITHOUT_BOTS, PLAYERS];

/// Makes the four models in the connection as temporary tables and views, so that the database stays as it is. Their
/// source is the log, or where the query has a filter, a view of the rows that match.
/// Tables are filled one range after the other, which bounds the memory: no model lets one player's rows
/// depend on another's. `on_range` is told after each range.
///
/// # Errors
/// A [`Failure`] that names the model whose SQL failed.
pub(crate) fn create(
    connection: &Connection,
    query: &Query,
    ranges: &[PlayerRange],
    on_range: &mut dyn FnMut(),
) -> anyhow::Result<()> {
    if !query.filter.is_empty() {
        let condition = filter::condition(&query.filter)?;
        let (view, table) = (filtered(schema::TABLE), schema::TABLE);
        connection.execute_batch(&format!(
            "create or replace temp view \"{view}\" as select * from \"main\".\"{table}\" where {condition}"
        ))?;
    }
    let mut made = HashSet::new();
    for name in MODELS {
        create_with_parents(connection, name, query, ranges, &mut made, on_range)?;
    }
    Ok(())
}

/// How often [`create`] calls `on_range`.
///
/// # Errors
/// When a model does not compile.
pub(crate) fn steps(query: &Query, ranges: &[PlayerRange]) -> anyhow::Result<usize> {
    let mut tables = 0;
    for name in MODELS {
        tables += usize::from(compile::compile(name, query)?.materialized == Materialized::Table);
    }
    Ok(tables * ranges.len())
}

/// The view of a source's rows that match the filter.
fn filtered(table: &str) -> String {
    format!("filtered_{table}")
}

/// The model's name in a query.
pub(crate) fn qualified(name: &str) -> String {
    format!("temp.main.\"{name}\"")
}

fn create_with_parents(
    connection: &Connection,
    name: &str,
    query: &Query,
    ranges: &[PlayerRange],
    made: &mut HashSet<String>,
    on_range: &mut dyn FnMut(),
) -> anyhow::Result<()> {
    // Models refer to each other without circles: dbt would refuse them.
    if !made.insert(name.to_owned()) {
        return Ok(());
    }
    let model = compile::compile(name, query)?;
    for parent in &model.parents {
        create_with_parents(connection, parent, query, ranges, made, on_range)?;
    }
    create_one(connection, &model, name, ranges, on_range).map_err(|error| {
        error.context(Failure::Check(format!(
            "the reference SQL of model `{name}` failed; `wow debug` says whether the table is as it must be"
        )))
    })
}

fn create_one(
    connection: &Connection,
    model: &Model,
    name: &str,
    ranges: &[PlayerRange],
    on_range: &mut dyn FnMut(),
) -> anyhow::Result<()> {
    let target = qualified(name);
    let sql = &model.sql;
    if model.materialized == Materialized::View {
        connection.execute_batch(&format!("create or replace temp view \"{name}\" as\n{sql}"))?;
        return Ok(());
    }
    connection
        .execute_batch(&format!("create or replace temp table \"{name}\" as from (\n{sql}\n) limit 0"))?;
    for range in ranges {
        interrupt::check()?;
        let condition = range.condition();
        connection.execute_batch(&format!("insert into {target} from (\n{sql}\n) where {condition}"))?;
        on_range();
    }
    Ok(())
}
