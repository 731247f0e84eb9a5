//! From a dbt model to SQL: what dbt's `config`, `ref`, `source` and `var` stand for here.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, Value, context};
use wow_engine::{Params, Query};

/// The models' files.
const FILES: [(&str, &str); 4] = [
    (super::EVENTS, include_str!("../../../../wow_analytics/models/stg_wowlogs_with_sessions.sql")),
    (super::PLAYER_STATS, include_str!("../../../../wow_analytics/models/player_session_stats.sql")),
    (super::EVENTS_WITHOUT_BOTS, include_str!("../../../../wow_analytics/models/stg_wowlogs_no_bots.sql")),
    (super::PLAYERS, include_str!("../../../../wow_analytics/models/stg_players.sql")),
];

/// What a model is made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Materialized {
    /// Computed when it is read.
    View,
    /// Stored.
    Table,
}

/// A compiled model.
#[derive(Debug)]
pub(super) struct Model {
    /// A query.
    pub(super) sql: String,
    /// What the model says it is made as.
    pub(super) materialized: Materialized,
    /// The models it refers to.
    pub(super) parents: Vec<String>,
}

/// What the calls in a model's text leave behind.
#[derive(Default)]
struct Notes {
    is_table: bool,
    parents: Vec<String>,
}

/// Compiles a model with the parameters as dbt's variables, over the rows of the source that match the filter.
///
/// # Errors
/// When there is no such model, or its text calls for what is not here.
pub(super) fn compile(name: &str, query: &Query) -> anyhow::Result<Model> {
    let (_, text) = FILES
        .iter()
        .find(|(known, _)| *known == name)
        .with_context(|| format!("the reference SQL has no model `{name}`"))?;
    let notes = Arc::new(Mutex::new(Notes::default()));
    let environment = environment(query, &notes)?;
    let sql = environment
        .render_str(text, context! {})
        .with_context(|| format!("the reference SQL of model `{name}` does not compile"))?;
    let notes = std::mem::take(&mut *notes.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Model {
        sql,
        materialized: if notes.is_table { Materialized::Table } else { Materialized::View },
        parents: notes.parents,
    })
}

fn environment(query: &Query, notes: &Arc<Mutex<Notes>>) -> anyhow::Result<Environment<'static>> {
    let mut environment = Environment::new();
    let configured = Arc::clone(notes);
    environment.add_function("config", move |options: Kwargs| -> Result<&'static str, Error> {
        let materialized: String = options.get("materialized")?;
        options.assert_all_used()?;
        let mut notes = configured.lock().unwrap_or_else(PoisonError::into_inner);
        notes.is_table = match materialized.as_str() {
            "table" => true,
            "view" => false,
            other => return Err(invalid(format!("a model cannot be made as `{other}`"))),
        };
        Ok("")
    });
    let referred = Arc::clone(notes);
    environment.add_function("ref", move |name: String| {
        let qualified = super::qualified(&name);
        referred.lock().unwrap_or_else(PoisonError::into_inner).parents.push(name);
        qualified
    });
    let is_filtered = !query.filter.is_empty();
    environment.add_function("source", move |schema: &str, table: &str| match is_filtered {
        true => super::qualified(&super::filtered(table)),
        false => format!("\"{schema}\".\"{table}\""),
    });
    let variables = variables(&query.params)?;
    environment.add_function("var", move |name: &str| {
        let value = variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        value.ok_or_else(|| invalid(format!("there is no variable `{name}`")))
    });
    Ok(environment)
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
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
