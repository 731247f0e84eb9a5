//! The reference SQL: the models of the dbt project, made beside what is in the database.

mod filter;
mod range;

use duckdb::Connection;
use wow_engine::{Query, schema};

use crate::failure::Failure;
use crate::interrupt;
use crate::project::{InDatabase, Names, Node, Project, ResourceType};

pub(crate) use range::PlayerRange;

/// Model 1: one row per event.
pub(crate) const EVENTS: &str = "stg_wowlogs_with_sessions";
/// Model 2: one row per player.
pub(crate) const PLAYER_STATS: &str = "player_session_stats";
/// Model 3: model 1 without flagged players.
pub(crate) const EVENTS_WITHOUT_BOTS: &str = "stg_wowlogs_no_bots";
/// Model 4: one row per player that is not flagged.
pub(crate) const PLAYERS: &str = "stg_players";
/// What a model is materialized as that is stored.
pub(crate) const TABLE: &str = "table";
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
    let project = Project::load()?;
    for (model, names) in made(&project, query) {
        let sql = project.compile(model, names, project.variables(&query.params))?;
        let sql = match names {
            Temporary::Filtered if model.name == PLAYER_STATS && query.filter.judges_apart() => {
                judged_apart(&sql)
            }
            _ => sql,
        };
        create_one(connection, (model, &names.of(&model.name)), &sql, ranges, on_range).map_err(|error| {
            error.context(Failure::Check(format!(
                "the reference SQL of model `{}` failed; `wow debug` says whether the table is as it must be",
                model.name
            )))
        })?;
    }
    Ok(())
}

/// How often [`create`] calls `on_range`.
///
/// # Errors
/// When the dbt project cannot be read.
pub(crate) fn steps(query: &Query, ranges: &[PlayerRange]) -> anyhow::Result<usize> {
    let project = Project::load()?;
    Ok(made(&project, query).filter(|(model, _)| model.materialized() == TABLE).count() * ranges.len())
}

/// What is made for a query, what is read before what reads it. Where players are judged by all of the log and counted by what matches,
/// models 1 and 2 are made of the whole log first.
fn made<'a>(project: &'a Project, query: &Query) -> impl Iterator<Item = (&'a Node, Temporary)> {
    let names = if query.filter.is_empty() { Temporary::Whole } else { Temporary::Filtered };
    let is_apart = query.filter.judges_apart();
    let judged =
        models(project).filter(move |model| is_apart && [EVENTS, PLAYER_STATS].contains(&&*model.name));
    let judged = judged.map(|model| (model, Temporary::Judged));
    judged.chain(models(project).map(move |model| (model, names)))
}

/// Model 2 of the rows that match with the verdicts of the whole log.
fn judged_apart(sql: &str) -> String {
    let judged = qualified(&Temporary::Judged.of(PLAYER_STATS));
    let flags = ["likely_bot_long_session", "likely_bot_avg_session", "is_likely_bot"];
    let flags = flags.map(|flag| format!("judged.{flag} as {flag}")).join(", ");
    format!(
        "select counted.* replace ({flags}) from (\n{sql}\n) counted join {judged} judged using (player_id)"
    )
}

/// The models, what is read before what reads it.
fn models(project: &Project) -> impl Iterator<Item = &Node> {
    project.nodes().iter().filter(|node| node.resource_type == ResourceType::Model)
}

/// The names under which the models are made here.
#[derive(Debug, Clone, Copy)]
enum Temporary {
    /// Of the log.
    Whole,
    /// Of the rows that match.
    Filtered,
    /// Of the log, for verdicts alone.
    Judged,
}

impl Temporary {
    fn of(self, model: &str) -> String {
        match self {
            Self::Whole | Self::Filtered => model.to_owned(),
            Self::Judged => format!("judged_{model}"),
        }
    }
}

impl Names for Temporary {
    fn reference(&self, name: &str) -> String {
        qualified(&self.of(name))
    }

    fn source(&self, schema: &str, table: &str) -> String {
        match self {
            Self::Filtered => qualified(&filtered(table)),
            Self::Whole | Self::Judged => InDatabase.source(schema, table),
        }
    }
}

/// The view of a source's rows that match the filter.
fn filtered(table: &str) -> String {
    format!("filtered_{table}")
}

/// The model's name in a query.
pub(crate) fn qualified(name: &str) -> String {
    format!("temp.main.\"{name}\"")
}

fn create_one(
    connection: &Connection,
    (model, name): (&Node, &str),
    sql: &str,
    ranges: &[PlayerRange],
    on_range: &mut dyn FnMut(),
) -> anyhow::Result<()> {
    let target = qualified(name);
    if model.materialized() != TABLE {
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

#[cfg(test)]
mod tests {
    use wow_engine::Filter;
    use wow_engine::time::Day;

    use super::*;

    #[test]
    fn a_filter_puts_the_rows_that_match_in_place_of_the_log() {
        let project = Project::load().unwrap();
        let players = project.named(ResourceType::Model, PLAYERS).unwrap();
        let compile =
            |names| project.compile(players, names, project.variables(&Query::default().params)).unwrap();
        assert!(compile(Temporary::Whole).contains("from \"main\".\"wowlogs\""));
        let filtered = compile(Temporary::Filtered);
        assert!(!filtered.contains("\"wowlogs\"") && filtered.contains("temp.main.\"filtered_wowlogs\""));
        assert!(!Filter { from_day: Some(Day::of(0)), ..Filter::default() }.is_empty());
    }
}
