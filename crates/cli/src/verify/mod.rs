//! `wow verify`: the reference SQL in DuckDB against the engine on the export, row by row.

mod compare;
mod engine;
mod print;
mod shipped;
mod side;
mod sql;
#[cfg(test)]
mod tests;
mod value;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use clap::Args;
use duckdb::Connection;
use serde::Serialize;
use wow_engine::manifest::Rejected;
use wow_engine::models::{self, events::SessionEvents};
use wow_engine::schema::{self, NumberKind};
use wow_engine::{Filter, Query};

use crate::args::{FilterArgs, ParamsArgs};
use crate::commands::{Context, Outcome};
use crate::failure::Failure;
use crate::output::Progress;
use crate::parts_folder::PartsFolder;
use crate::reference::{self, PlayerRange};
use crate::{at_hand, database, inspect};
use compare::{Difference, Layout};
use engine::{Engine, EventRows};
use shipped::{Shipped, ShippedAnswer};
use side::{Key, Side};
use sql::SqlRows;

/// Arguments of `wow verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The folder of exports that `wow export` wrote.
    #[arg(long, value_name = "DIR", default_value = at_hand::EXPORTS)]
    data: PathBuf,
    /// The folder of models that `wow run --to parquet` wrote.
    #[arg(long, value_name = "DIR", default_value = "models")]
    models: PathBuf,
    /// Which events to compare on.
    #[command(flatten)]
    filter: FilterArgs,
    /// What makes a session, a likely bot and a churned player.
    #[command(flatten)]
    params: ParamsArgs,
}

/// The columns that say how long before an event the player was last seen.
const PAUSE: &[&str] = &["minutes_since_last_event", "is_session_start"];

/// The engine's side in answers.
const ENGINE: &str = "engine";

/// What was compared and found.
#[derive(Debug, Serialize)]
struct Answer {
    environment: wow_engine::manifest::Environment,
    database: String,
    dataset_id: String,
    exported_at: String,
    /// Whether everything is the same.
    same: bool,
    source: Source,
    models: Vec<ModelAnswer>,
    /// Time that DuckDB needed for all models.
    sql_seconds: f64,
    /// Time that the engine needed for all models.
    engine_seconds: f64,
    total_seconds: f64,
}

/// The table's rows against the export's.
#[derive(Debug, Serialize)]
struct Source {
    same: bool,
    /// Rows of the table now.
    rows: u64,
    /// Rows of the table now that no model can use.
    rejected: Rejected,
    /// Rows in the export's parts.
    exported_rows: u64,
    /// Rows that the export left out.
    exported_rejected: Rejected,
}

/// One model's comparison.
#[derive(Debug, Default, Serialize)]
struct ModelAnswer {
    model: &'static str,
    same: bool,
    columns: usize,
    sql_rows: u64,
    engine_rows: u64,
    /// Names and types, when they are not the same on both sides; no rows are compared then.
    columns_differing: Vec<String>,
    rows_differing: u64,
    #[serde(skip)]
    first: Vec<Difference>,
    first_differences: Vec<serde_json::Value>,
    /// What the database and Parquet files have, where they have the model.
    shipped: Vec<ShippedAnswer>,
}

/// Time needed by each side.
#[derive(Debug, Default, Clone, Copy)]
struct Times {
    sql: Duration,
    engine: Duration,
}

/// Compares all four models; the outcome says whether they are the same.
///
/// # Errors
/// When the export or the database cannot be used, and after Ctrl-C.
pub(crate) fn run(context: &Context, args: &VerifyArgs) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    args.filter.check()?;
    let parameters = context.settings.params(&args.params);
    parameters.say(context.output);
    let export = at_hand::of_same_database(context, &args.data)?;
    let mut connection = open_database(context)?;
    let scratch = tempfile::Builder::new()
        .prefix("wow-verify-")
        .tempdir()
        .context("no temporary folder could be made; set TMPDIR to a folder that can be written to")?;
    sql::bound_memory(&connection, scratch.path())?;

    let mut times = Times::default();
    let engine_started = Instant::now();
    let query = Query { params: parameters.params, filter: Filter::from(&args.filter) };
    // What is in the database and in files is of all events.
    let shipped_in = query.filter.is_empty().then(|| args.models.join(context.target.environment.name()));
    let engine = Engine::run(&export, query)?;
    times.engine += engine_started.elapsed();

    // The parts' limits bound what DuckDB sorts at a time.
    let ranges = PlayerRange::split_at(
        export.manifest.parts.iter().rev().skip(1).rev().map(|part| part.last_player_id),
    );
    let sql_started = Instant::now();
    create_models(&connection, &engine.report.query(), &ranges)?;
    times.sql += sql_started.elapsed();

    let source = compare_source(&connection, &export, &engine)?;
    let models = compare_models(&mut connection, &engine, &ranges, &mut times, shipped_in.as_deref())?;
    let answer = Answer {
        environment: context.target.environment,
        database: context.target.path.display().to_string(),
        dataset_id: export.manifest.dataset_id.clone(),
        exported_at: export.manifest.exported_at.clone(),
        same: source.same
            && models.iter().all(|model| model.same && model.shipped.iter().all(|one| one.same)),
        source,
        models,
        sql_seconds: times.sql.as_secs_f64(),
        engine_seconds: times.engine.as_secs_f64(),
        total_seconds: started.elapsed().as_secs_f64(),
    };
    print::print(context.output, &answer, export.export_command());
    context.output.answer(&answer)?;
    Ok(if answer.same { Outcome::Done } else { Outcome::CheckFailed })
}

fn open_database(context: &Context) -> anyhow::Result<Connection> {
    let connection = database::open_read_only(&context.target)?;
    database::require_log_table(&connection, &context.target)?;
    let form = inspect::Form::of(&connection)?;
    match inspect::name_problems(&database::log_columns(&connection)?, form).first() {
        Some(sentence) => Err(Failure::check(sentence.clone())),
        None => Ok(connection),
    }
}

fn create_models(connection: &Connection, query: &Query, ranges: &[PlayerRange]) -> anyhow::Result<()> {
    let mut progress = Progress::new("steps of the reference SQL", reference::steps(query, ranges)? as u64);
    reference::create(connection, query, ranges, &mut || progress.advance(1))
}

fn compare_source(connection: &Connection, export: &PartsFolder, engine: &Engine) -> anyhow::Result<Source> {
    let (rows, null_player_id, null_datetime): (u64, u64, u64) = connection.query_row(
        "select count(*), count(*) filter (where player_id is null),
            count(*) filter (where player_id is not null and datetime is null)
         from main.wowlogs",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let rejected = Rejected { null_player_id, null_datetime };
    let exported_rejected = export.manifest.rejected;
    let exported_rows = engine.report.rows.saturating_add(engine.report.left_out);
    let same =
        rejected == exported_rejected && rows == exported_rows.saturating_add(exported_rejected.total());
    Ok(Source { same, rows, rejected, exported_rows, exported_rejected })
}

fn compare_models(
    connection: &mut Connection,
    engine: &Engine,
    ranges: &[PlayerRange],
    times: &mut Times,
    shipped_in: Option<&Path>,
) -> anyhow::Result<Vec<ModelAnswer>> {
    let report = &engine.report;
    let table = |batch: RecordBatch| std::iter::once(Ok(batch));
    let started = Instant::now();
    let stats = models::player_session_stats(report)?;
    let players = models::stg_players(report)?;
    times.engine += started.elapsed();
    let totals = report.totals(&report.params);
    let mut events = EventRows::new(engine, SessionEvents::with_sessions(report));
    let mut kept_events = EventRows::new(engine, SessionEvents::without_bots(report));
    let mut compare = |model, rows: &mut dyn Iterator<Item = _>, rows_expected| {
        let shipped = match shipped_in {
            Some(folder) => Shipped::of(connection, model, folder)?,
            None => Vec::new(),
        };
        let kind = report.guild_kind;
        let comparison = Comparison { connection: &mut *connection, model, ranges, kind, shipped: &shipped };
        comparison.run(rows, rows_expected, times)
    };
    Ok(vec![
        compare(reference::EVENTS, &mut events, totals.events)?,
        compare(reference::PLAYER_STATS, &mut table(stats), totals.players)?,
        compare(reference::EVENTS_WITHOUT_BOTS, &mut kept_events, totals.kept_events())?,
        compare(reference::PLAYERS, &mut table(players), totals.kept_players())?,
    ])
}

/// One model in DuckDB, about to be compared.
struct Comparison<'a> {
    connection: &'a mut Connection,
    model: &'static str,
    ranges: &'a [PlayerRange],
    kind: NumberKind,
    /// What else was made of it.
    shipped: &'a [Shipped],
}

impl Comparison<'_> {
    fn run(
        self,
        engine_rows: &mut dyn Iterator<Item = anyhow::Result<RecordBatch>>,
        rows_expected: u64,
        times: &mut Times,
    ) -> anyhow::Result<ModelAnswer> {
        let relation = reference::qualified(self.model);
        let schema = sql::describe(self.connection, &relation, self.kind)?;
        let first = engine_rows.next().transpose()?;
        let engine_schema = first.as_ref().map_or_else(|| Arc::clone(&schema), RecordBatch::schema);
        let mut answer =
            ModelAnswer { model: self.model, columns: schema.fields().len(), ..ModelAnswer::default() };
        answer.columns_differing = differing_columns(&schema, &engine_schema, "the engine");
        if !answer.columns_differing.is_empty() {
            return Ok(answer);
        }
        let time = schema.index_of(schema::DATETIME).ok();
        let layout =
            Layout { key: Key { player: schema.index_of(schema::PLAYER_ID)?, time }, pause: PAUSE, schema };
        let mut progress = Progress::new(&format!("rows of {} compared", self.model), rows_expected);
        let mut engine_rows = first.map(Ok).into_iter().chain(engine_rows);
        let (kind, ranges) = (self.kind, self.ranges);
        let mut others = self
            .shipped
            .iter()
            .map(|shipped| shipped.open(self.connection, (&layout.schema, kind)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let copies = others.iter().filter(|other| other.is_alike()).count();
        let connection = self.connection;
        std::thread::scope(|scope| -> anyhow::Result<()> {
            let columns = (&layout.schema, kind);
            let (mut sql_rows, copies) =
                SqlRows::start(scope, connection, &relation, columns, ranges, copies);
            let (alike, layout) = (others.iter_mut().filter(|other| other.is_alike()), &layout);
            let comparing: Vec<_> = alike
                .zip(copies)
                .map(|(other, rows)| scope.spawn(move || other.compare(rows, layout, ranges)))
                .collect();
            let mut sql = Side::new(&mut sql_rows, layout.key);
            let mut engine = Side::new(&mut engine_rows, layout.key);
            let found = compare::compare(layout, &mut sql, &mut engine, &mut |rows| progress.advance(rows))?;
            (answer.sql_rows, answer.engine_rows) = (sql.rows_done(), engine.rows_done());
            times.engine += engine.waited();
            times.sql += sql_rows.busy();
            answer.rows_differing = found.rows_differing;
            answer.first_differences = found.first.iter().map(|found| found.told(ENGINE)).collect();
            answer.first = found.first;
            for compared in comparing {
                compared.join().map_err(|_| anyhow::anyhow!("a thread ended unexpectedly"))??;
            }
            Ok(())
        })?;
        answer.shipped = others.into_iter().map(shipped::Opened::answer).collect();
        answer.same = answer.rows_differing == 0;
        Ok(answer)
    }
}

/// What is not the same in names and types, column by column.
fn differing_columns(sql: &Schema, other: &Schema, side: &str) -> Vec<String> {
    let describe = |schema: &Schema, index: usize| match schema.fields().get(index) {
        // Names in a database keep the letters that its table has, and are the same to DuckDB in any case.
        Some(field) => format!("{} {}", field.name().to_lowercase(), field.data_type()),
        None => "absent".to_owned(),
    };
    (0..sql.fields().len().max(other.fields().len()))
        .map(|index| (index, describe(sql, index), describe(other, index)))
        .filter(|(_, sql, other)| sql != other)
        .map(|(index, sql, other)| format!("column {}: {sql} in SQL, {other} in {side}", index + 1))
        .collect()
}
