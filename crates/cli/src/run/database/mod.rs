//! The models in the database, under the names that people query: two views of the reference SQL and two tables that the
//! engine fills, all in one transaction.

mod fill;
mod rows;
mod sorted;

use std::time::{Duration, Instant};

use duckdb::Connection;
use jiff::Timestamp;
use wow_engine::Params;
use wow_engine::pipeline::Report;

use self::fill::Filler;
use crate::commands::Context;
use crate::database::{drop_relation, quoted};
use crate::failure::Failure;
use crate::parts_folder::PartsFolder;
use crate::project::{InDatabase, Node, Project};
use crate::publish::transaction::Transaction;
use crate::reference::{self, TABLE};
use crate::source::{self, Source};
use crate::{database, interrupt};

/// What DuckDB may hold in memory, where it sorts and writes at once; the rest of the process needs some 100 MB.
const MEMORY_LIMIT: &str = "1600MB";

/// What is to be built, and of what.
pub(crate) struct Plan<'a, 'm> {
    /// The project that the models are of.
    pub(crate) project: &'a Project,
    /// The models, what is read before what reads it.
    pub(crate) models: &'m [&'m Node],
    /// The parameters.
    pub(crate) params: Params,
    /// Where the events come from.
    pub(crate) events: &'a Events,
    /// How many threads the engine computes on.
    pub(crate) threads: usize,
}

/// A model that is in the database now.
pub(crate) struct Built<'a> {
    /// The model.
    pub(crate) model: &'a Node,
    /// Its rows; of a view only where the engine has counted them on the way.
    pub(crate) rows: Option<u64>,
    /// When its work began.
    pub(crate) started: Timestamp,
    /// Time that it took.
    pub(crate) took: Duration,
    /// The SQL that it is made of.
    pub(crate) sql: String,
}

/// Where the events come from.
pub(crate) enum Events {
    /// An export of the very same rows.
    Export(Box<PartsFolder>),
    /// The log itself, which DuckDB sorts.
    Log(Source),
}

impl Events {
    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::Export(export) => export.manifest.rows,
            Self::Log(source) => source.kept_rows(),
        }
    }
}

/// Whether a model is one that the engine fills.
pub(crate) fn is_filled(model: &Node) -> bool {
    model.materialized() == TABLE
}

/// Builds models.
///
/// # Errors
/// A [`Failure`] that says what keeps a model from being made. In each case the database is as it was.
pub(crate) fn build<'m>(
    context: &Context,
    transaction: Transaction,
    plan: &Plan<'_, 'm>,
) -> anyhow::Result<Vec<Built<'m>>> {
    source::bound_memory(transaction.connection())?;
    transaction.connection().execute_batch(&format!("set memory_limit = '{MEMORY_LIMIT}'"))?;
    // The order of a table's rows says nothing, and keeping it costs. The log is sorted by another connection, which keeps it.
    transaction.connection().execute_batch("set session preserve_insertion_order = false")?;
    rows::register(transaction.connection())?;
    transaction.commit(|connection| {
        let mut built = Vec::with_capacity(plan.models.len());
        for model in plan.models {
            interrupt::check()?;
            let (started, clock) = (Timestamp::now(), Instant::now());
            let sql = create(context, connection, plan, model)?;
            built.push(Built { model, rows: None, started, took: clock.elapsed(), sql });
        }
        if let Some(report) = fill(&Filler { connection, plan }, &mut built)? {
            built.iter_mut().for_each(|built| built.rows = Some(rows_of(&built.model.name, &report)));
        }
        Ok(built)
    })
}

/// Fills the tables among the models; gives what the engine found, if there were any.
fn fill(filler: &Filler<'_>, built: &mut [Built<'_>]) -> anyhow::Result<Option<Report>> {
    let [stats, kept] = [reference::PLAYER_STATS, reference::EVENTS_WITHOUT_BOTS]
        .map(|model| built.iter().position(|built| built.model.name == model));
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
    plan: &Plan<'_, '_>,
    model: &Node,
) -> anyhow::Result<String> {
    let there = database::table_names(connection)?;
    let parents = plan.project.nodes().iter().filter(|node| model.parents.contains(&node.unique_id));
    if let Some(parent) = parents.map(|parent| &parent.name).find(|parent| !there.contains(parent)) {
        return Err(Failure::usage(format!(
            "`{name}` reads `{parent}`, which is not in {}; build that too with `wow run --select +{name}{}`",
            context.target.path.display(),
            context.target.option(),
            name = model.name
        )));
    }
    let sql = plan.project.compile(model, InDatabase, plan.project.variables(&plan.params))?;
    drop_relation(connection, &model.name)?;
    let name = model.relation();
    connection.execute_batch(&match is_filled(model) {
        false => format!("create view {name} as (\n{sql}\n)"),
        true => format!("create table {name} ({})", columns(connection, &sql)?.join(", ")),
    })?;
    Ok(sql)
}

/// The columns of a query, as a table is made of them. DuckDB tries all its encodings on each; where the engine's order of rows
/// says which is best, that is named, which saves a tenth of the time.
fn columns(connection: &Connection, sql: &str) -> anyhow::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("describe from (\n{sql}\n)"))?;
    let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let columns: Vec<(String, String)> = columns.collect::<Result<_, _>>()?;
    let column = |(name, kind): &(String, String)| {
        let encoding = match (name.as_str(), kind.as_str()) {
            ("player_id" | "guild" | "level" | "session_number", "BIGINT" | "INTEGER") => {
                " using compression rle"
            }
            ("datetime" | "minutes_since_last_event" | "is_session_start", _) => {
                " using compression bitpacking"
            }
            _ => "",
        };
        format!("{} {kind}{encoding}", quoted(name))
    };
    Ok(columns.iter().map(column).collect())
}
