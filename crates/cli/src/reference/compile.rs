//! From a dbt model to SQL: what `ref`, `source` and `var` stand for here.

use anyhow::{Context as _, bail};
use serde::Serialize;
use wow_engine::{Params, Query};
use wow_template::{Value, Words};

use crate::database::quoted;

/// The models' files.
const FILES: [(&str, &str); 4] = [
    (super::EVENTS, include_str!("../../../../wow_analytics/models/staging/stg_wowlogs_with_sessions.sql")),
    (super::PLAYER_STATS, include_str!("../../../../wow_analytics/models/staging/player_session_stats.sql")),
    (
        super::EVENTS_WITHOUT_BOTS,
        include_str!("../../../../wow_analytics/models/staging/stg_wowlogs_no_bots.sql"),
    ),
    (super::PLAYERS, include_str!("../../../../wow_analytics/models/staging/stg_players.sql")),
];

/// What a model is made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Materialized {
    /// Computed when it is read.
    View,
    /// Stored.
    Table,
}

/// A compiled model.
#[derive(Debug)]
pub(crate) struct Model {
    /// A query.
    pub(crate) sql: String,
    /// What the model says it is made as.
    pub(crate) materialized: Materialized,
    /// The models it refers to.
    pub(crate) parents: Vec<String>,
}

/// Compiles a model with the parameters as dbt's variables, over the rows of the source that match the filter.
///
/// # Errors
/// When there is no such model, or its text calls for what is not here.
pub(super) fn compile(name: &str, query: &Query) -> anyhow::Result<Model> {
    let is_filtered = !query.filter.is_empty();
    compile_by(name, Reference { variables: variables(&query.params)?, is_filtered, is_stored: false })
}

/// Compiles a model as it is stored in the database, where it reads others under their names.
///
/// # Errors
/// As [`compile`].
pub(crate) fn compile_stored(name: &str, params: Params) -> anyhow::Result<Model> {
    compile_by(name, Reference { variables: variables(&params)?, is_filtered: false, is_stored: true })
}

fn compile_by(name: &str, words: Reference) -> anyhow::Result<Model> {
    let (_, text) = FILES
        .iter()
        .find(|(known, _)| *known == name)
        .with_context(|| format!("the reference SQL has no model `{name}`"))?;
    let compiled = wow_template::compile(text, words)
        .with_context(|| format!("the reference SQL of model `{name}` does not compile"))?;
    let materialized = match compiled.config.get("materialized").map(String::as_str) {
        Some("view") => Materialized::View,
        Some("table") => Materialized::Table,
        other => bail!("model `{name}` cannot be made as {other:?}"),
    };
    Ok(Model { sql: compiled.sql, materialized, parents: compiled.references })
}

/// The names under which the models are made here, and the parameters.
struct Reference {
    variables: [(&'static str, Value); 5],
    is_filtered: bool,
    is_stored: bool,
}

impl Words for Reference {
    fn reference(&self, name: &str) -> String {
        if self.is_stored { format!("\"main\".{}", quoted(name)) } else { super::qualified(name) }
    }

    fn source(&self, schema: &str, table: &str) -> String {
        if self.is_filtered {
            super::qualified(&super::filtered(table))
        } else {
            format!("\"{schema}\".\"{table}\"")
        }
    }

    fn variable(&self, name: &str) -> Option<Value> {
        self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }
}

/// The parameters under the names that dbt_project.yml gives them.
fn variables(params: &Params) -> anyhow::Result<[(&'static str, Value); 5]> {
    let as_of = match params.as_of_day {
        None => Value::from(()),
        Some(day) => Value::from(super::filter::date(day).context("as_of is no date")?),
    };
    Ok([
        ("session_gap_minutes", params.session_gap_minutes.get().into()),
        ("bot_max_session_minutes", params.bot_max_session_minutes.get().into()),
        ("bot_avg_session_minutes", params.bot_avg_session_minutes.get().into()),
        ("churn_days", params.churn_days.get().into()),
        ("as_of", as_of),
    ])
}

#[cfg(test)]
mod tests {
    use wow_engine::time::{Day, Minutes};

    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_dbt_project() {
        let project = include_str!("../../../../wow_analytics/dbt_project.yml");
        for (name, value) in variables(&Params::default()).unwrap() {
            let value = if value.is_none() { "null".to_owned() } else { value.to_string() };
            let line = format!("  {name}: {value}");
            assert!(project.lines().any(|known| known == line), "{line}");
        }
    }

    #[test]
    fn parameters_stand_in_the_sql() {
        let (limit, day) = (Minutes::of(77), Day::of(14_245));
        let params = Params { bot_max_session_minutes: limit, as_of_day: Some(day), ..Params::default() };
        let stats = compile(super::super::PLAYER_STATS, &params.into()).unwrap();
        assert!(stats.sql.contains("max_duration_minutes > 77 then"), "{}", stats.sql);
        assert_eq!(
            (stats.materialized, &*stats.parents),
            (Materialized::Table, &["stg_wowlogs_with_sessions".to_owned()][..])
        );
        let players = compile(super::super::PLAYERS, &params.into()).unwrap();
        assert!(players.sql.contains("cast('2009-01-01' as date)"), "{}", players.sql);
        assert_eq!(players.materialized, Materialized::View);
        let players = compile(super::super::PLAYERS, &Query::default()).unwrap();
        assert!(players.sql.contains("from \"main\".\"wowlogs\""), "{}", players.sql);
        let filter = wow_engine::Filter { from_day: Some(Day::of(0)), ..wow_engine::Filter::default() };
        let players = compile(super::super::PLAYERS, &Query { params, filter }).unwrap();
        assert!(!players.sql.contains("\"wowlogs\""), "{}", players.sql);
    }
}
