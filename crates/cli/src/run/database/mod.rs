//! The models in the database, under the names that people query: two views of the reference SQL and two tables that the
//! engine fills, all in one transaction.

mod fill;
mod rows;
mod sorted;

use std::time::{Duration, Instant};

use anyhow::Context as _;
use duckdb::Connection;
use wow_engine::Params;
use wow_engine::pipeline::Report;

use self::fill::Filler;
use crate::commands::Context;
use crate::database::{literal, quoted};
use crate::failure::Failure;
use crate::parts_folder::PartsFolder;
use crate::publish::transaction::Transaction;
use crate::reference::{self, Materialized};
use crate::source::{self, Source};
use crate::{database, interrupt};

/// A model that is in the database now.
#[derive(Debug, Clone)]
pub(crate) struct Built {
    /// Its name.
    pub(crate) model: &'static str,
    /// What it is there as.
    pub(crate) materialized: Materialized,
    /// Its rows; of a view only where the engine has counted them on the way.
    pub(crate) rows: Option<u64>,
    /// Time that it took.
    pub(crate) took: Duration,
}

/// Where the events come from.
pub(crate) enum Events {
    /// An export of the very same rows.
    Export(Box<PartsFolder>),
    /// DuckDB sorts them.
    Database,
}

/// Builds models, given in the order in which they refer to each other.
///
/// # Errors
/// A [`Failure`] that says what keeps a model from being made. In each case the database is as it was.
pub(crate) fn build(
    context: &Context,
    transaction: Transaction,
    source: &Source,
    models: &[&'static str],
    params: Params,
    events: &Events,
) -> anyhow::Result<Vec<Built>> {
    source::bound_memory(transaction.connection())?;
    // The order of a table's rows says nothing, and keeping it costs. The log is sorted by another connection, which keeps it.
    transaction.connection().execute_batch("set session preserve_insertion_order = false")?;
    rows::register(transaction.connection())?;
    transaction.commit(|connection| build_in(context, connection, source, models, params, events))
}

fn build_in(
    context: &Context,
    connection: &Connection,
    source: &Source,
    models: &[&'static str],
    params: Params,
    events: &Events,
) -> anyhow::Result<Vec<Built>> {
    let mut built = Vec::new();
    for model in models {
        interrupt::check()?;
        let started = Instant::now();
        let materialized = create(context, connection, model, params)?;
        built.push(Built { model, materialized, rows: None, took: started.elapsed() });
    }
    let report = fill(&Filler { connection, source, params, events }, &mut built)?;
    if let Some(report) = report {
        built.iter_mut().for_each(|built| built.rows = Some(rows_of(built.model, &report)));
    }
    Ok(built)
}

/// Fills the tables among the models; gives what the engine found, if there were any.
fn fill(filler: &Filler<'_>, built: &mut [Built]) -> anyhow::Result<Option<Report>> {
    let [stats, kept] = [reference::PLAYER_STATS, reference::EVENTS_WITHOUT_BOTS]
        .map(|model| built.iter().position(|built| built.model == model));
    let started = Instant::now();
    let report = match (stats, kept) {
        (_, Some(kept)) => {
            let report = filler.events_without_bots()?;
            built[kept].took += started.elapsed();
            report
        }
        (Some(_), None) => filler.scan()?,
        (None, None) => return Ok(None),
    };
    if let Some(stats) = stats {
        let started = if kept.is_some() { Instant::now() } else { started };
        filler.player_stats(&report)?;
        built[stats].took += started.elapsed();
    }
    Ok(Some(report))
}

/// How many rows a model has by the engine's statistics.
fn rows_of(model: &str, report: &Report) -> u64 {
    let totals = report.totals(&report.params);
    match model {
        reference::EVENTS => totals.events,
        reference::PLAYER_STATS => totals.players,
        reference::EVENTS_WITHOUT_BOTS => totals.events - totals.bot_events,
        _ => totals.players - totals.bots,
    }
}

/// Makes the view, or the table without its rows.
fn create(
    context: &Context,
    connection: &Connection,
    model: &str,
    params: Params,
) -> anyhow::Result<Materialized> {
    let compiled = reference::compile_stored(model, params)?;
    let there = database::table_names(connection)?;
    if let Some(parent) = compiled.parents.iter().find(|parent| !there.contains(parent)) {
        return Err(Failure::usage(format!(
            "`{model}` reads `{parent}`, which is not in {}; build that too with `wow run --select +{model}{}`",
            context.target.path.display(),
            context.target.option()
        )));
    }
    drop_relation(connection, model)?;
    let (name, sql) = (format!("main.{}", quoted(model)), &compiled.sql);
    connection.execute_batch(&match compiled.materialized {
        Materialized::View => format!("create view {name} as (\n{sql}\n)"),
        Materialized::Table => format!("create table {name} as from (\n{sql}\n) limit 0"),
    })?;
    Ok(compiled.materialized)
}

/// Makes room for a model, be it a table or a view that is there.
fn drop_relation(connection: &Connection, name: &str) -> anyhow::Result<()> {
    let sql = format!(
        "select table_type from system.information_schema.tables
         where table_catalog = current_database() and table_schema = 'main' and lower(table_name) = lower({})",
        literal(name)
    );
    let mut statement = connection.prepare(&sql)?;
    let kinds: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for kind in kinds {
        let kind = if kind == "VIEW" { "view" } else { "table" };
        connection.execute_batch(&format!("drop {kind} main.{}", quoted(name))).with_context(|| {
            Failure::Check(format!("the {kind} `{name}` that is there cannot be replaced"))
        })?;
    }
    Ok(())
}
