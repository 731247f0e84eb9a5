//! From the table `wowlogs` to Parquet parts and a manifest, in one pass and in bounded memory.

mod encode;
mod facts;
mod groups;
pub(crate) mod hashing;
mod parts;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use arrow::array::StringArray;
use arrow::datatypes::{DataType, Schema, TimeUnit};
use duckdb::Connection;
use serde::Serialize;
use wow_engine::Params;
use wow_engine::manifest::{Column, FORMAT_VERSION, Manifest, Part, Rejected};
use wow_engine::schema;

use self::encode::Encoder;
use self::groups::Grouper;
use self::parts::{PART_BYTES_MAX, PartsWriter, Written};
use crate::args::ParamsArgs;
use crate::commands::Context;
use crate::failure::Failure;
use crate::inspect::ColumnReport;
use crate::output::{Progress, counted};
use crate::publish::database::spill_into;
use crate::publish::export::publish_export;
use crate::publish::{Place, Workspace};
use crate::source::{self, Source};
use crate::{database, interrupt, notices, parallel};

/// The time between two looks at how far DuckDB is.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// A published export.
pub(crate) struct Export {
    /// The folder it is in.
    pub(crate) folder: PathBuf,
    /// What it holds.
    pub(crate) manifest: Manifest,
    /// What may surprise, a sentence each.
    pub(crate) warnings: Vec<String>,
}

/// Exports the target's log into its environment's folder of `out`.
///
/// # Errors
/// A [`Failure`] that says what is wrong with the database, the table or the folder; the previous export is as it
/// was.
pub(crate) fn export(context: &Context, out: &Path) -> anyhow::Result<Export> {
    let folder = out.join(context.target.environment.name());
    let place = Place { path: folder.clone(), folder, command: "export", option: "--out DIR" };
    let workspace = Workspace::open(place)?;
    let connection = database::open_read_only(&context.target)?;
    let explain_reading = |error| database::explain_reading(&context.target, error);
    let source = Source::check(&connection, &context.target).map_err(explain_reading)?;
    write(context, &connection, &source, &workspace)
        .map_err(explain_reading)
        .map_err(|error| explain(error, &workspace.place.folder))
}

fn write(
    context: &Context,
    connection: &Connection,
    source: &Source,
    workspace: &Workspace,
) -> anyhow::Result<Export> {
    source::bound_memory(connection)?;
    spill_into(connection, workspace)?;
    let rows = source.kept_rows();
    context.output.line(format!("Sorting {} by player and time …", counted(rows, "event")));
    connection.set_query_progress_tracking(true)?;
    let written = write_parts(connection, source, workspace.temporary())?;
    let parts: Vec<Part> = written.parts.iter().map(|written| written.part.clone()).collect();
    let written_rows: u64 = parts.iter().map(|part| part.rows).sum();
    anyhow::ensure!(written_rows == rows, "{rows} rows were to be written, but {written_rows} were");

    let facts = facts::write(connection, workspace.temporary(), source.guild_kind())?;
    let player_facts = facts.as_ref().map(|facts| facts.file.clone());
    let manifest = Manifest { player_facts, ..manifest(context, connection, source, &written, parts)? };
    let export =
        Export { folder: workspace.place.folder.clone(), warnings: warnings(&manifest.parts), manifest };
    let parts = written.parts.iter().map(|part| (part.temporary.as_path(), part.part.file.as_str()));
    let facts = facts.iter().map(|facts| (facts.temporary.as_path(), facts.file.file.as_str()));
    publish_export(workspace, parts.chain(facts), &export.manifest)?;
    Ok(export)
}

fn write_parts(connection: &Connection, source: &Source, folder: &Path) -> anyhow::Result<Written> {
    let query = source.query(connection)?;
    interrupt::check()?;
    let mut statement = connection.prepare(&query.sql)?;
    let mut rows = statement.stream_arrow([])?;
    let schema = rows.get_schema();
    check_types(&schema, &query.texts)?;
    let encoder = Encoder::new(&schema, query.texts)?;
    let mut writer = PartsWriter::new(folder, &encoder);
    let first = sorted(connection, source.kept_rows(), || rows.next());
    let mut progress = Progress::new("events written", source.kept_rows());
    parallel::in_order(
        source::threads(),
        |group| encoder.encode(&group),
        |group| writer.write(group),
        |full| {
            let mut grouper = Grouper::default();
            for batch in first.into_iter().chain(rows) {
                interrupt::check()?;
                let batch = batch?;
                grouper.push(&batch, full)?;
                progress.advance(batch.num_rows() as u64);
            }
            grouper.finish(full)
        },
    )?;
    writer.finish()
}

/// Waits for the first rows, which come when all are sorted, and shows how far that is.
fn sorted<T>(connection: &Connection, rows: u64, first: impl FnOnce() -> T) -> T {
    let handle = connection.progress_handle();
    let (done, wait) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut progress = Progress::new("events sorted", rows);
            while wait.recv_timeout(POLL_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                // Before all are read DuckDB has done nothing else, and later it counts what it merges on top.
                progress.reach(handle.query_progress().rows_processed().min(rows));
            }
        });
        let first = first();
        drop(done);
        first
    })
}

/// The types of the query are ours to choose, so a surprise here is an error of this program.
fn check_types(schema: &Schema, texts: &[Option<StringArray>]) -> anyhow::Result<()> {
    for ((field, name), texts) in schema.fields().iter().zip(schema::COLUMNS).zip(texts) {
        let fits = match name {
            schema::PLAYER_ID | schema::LEVEL => *field.data_type() == DataType::Int64,
            schema::GUILD => matches!(field.data_type(), DataType::Int64 | DataType::Float64),
            schema::DATETIME => *field.data_type() == DataType::Timestamp(TimeUnit::Microsecond, None),
            _ if texts.is_some() => *field.data_type() == DataType::UInt16,
            _ => *field.data_type() == DataType::Utf8,
        };
        anyhow::ensure!(fits && field.name() == name, "DuckDB gave {field} for column `{name}`");
    }
    Ok(())
}

fn manifest(
    context: &Context,
    connection: &Connection,
    source: &Source,
    written: &Written,
    parts: Vec<Part>,
) -> anyhow::Result<Manifest> {
    let columns: Vec<Column> = source.columns.iter().map(column).collect();
    let parameters = context.settings.params(&ParamsArgs::default()).params;
    let described =
        Described { rejected: source.rejected, columns: &columns, parts: &parts, parameters: &parameters };
    Ok(Manifest {
        format_version: FORMAT_VERSION,
        environment: context.target.environment,
        database: context.target.file_name(),
        exported_at: jiff::Timestamp::now().round(jiff::Unit::Second)?.to_string(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        duckdb_version: connection.version()?,
        dataset_id: dataset_id(&described)?,
        rows: parts.iter().map(|part| part.rows).sum(),
        players: parts.iter().map(|part| part.players).sum(),
        first_event_us: written.times_us.map(|times_us| times_us.0),
        last_event_us: written.times_us.map(|times_us| times_us.1),
        rejected: source.rejected,
        columns,
        source_fingerprint: Some(source::fingerprint(connection)?),
        parameters,
        notices: notices::kept(connection)?,
        parts,
        player_facts: None,
    })
}

/// What makes two exports the same data, whenever and from wherever they were made.
#[derive(Serialize)]
struct Described<'a> {
    rejected: Rejected,
    columns: &'a [Column],
    /// Their hashes stand for all rows.
    parts: &'a [Part],
    /// The numbers that a page opens with follow from them, and a link that leaves them out must be told from one to another
    /// export. The usual ones are left out, so that the ids of exports from before there were others hold.
    #[serde(skip_serializing_if = "is_usual")]
    parameters: &'a Params,
}

fn is_usual(parameters: &&Params) -> bool {
    **parameters == Params::default()
}

fn dataset_id(described: &Described) -> anyhow::Result<String> {
    Ok(hashing::sha256_of(&serde_json::to_vec(described)?))
}

fn column(report: &ColumnReport) -> Column {
    let export_type = match report.read_as {
        "BIGINT" => DataType::Int64,
        "DOUBLE" => DataType::Float64,
        "TIMESTAMP" => DataType::Timestamp(TimeUnit::Microsecond, None),
        _ => DataType::Utf8,
    };
    Column {
        name: report.name.to_owned(),
        source_type: report.type_name.clone(),
        export_type: export_type.to_string(),
    }
}

fn warnings(parts: &[Part]) -> Vec<String> {
    let too_large = parts.iter().filter(|part| part.bytes > PART_BYTES_MAX);
    too_large
        .map(|part| {
            format!(
                "{} is larger than {} MiB, because player {} alone is; some hosts refuse files over 25 MiB",
                part.file,
                PART_BYTES_MAX >> 20,
                part.last_player_id
            )
        })
        .collect()
}

/// Says what to do about an error while writing.
fn explain(error: anyhow::Error, folder: &Path) -> anyhow::Error {
    if error.downcast_ref::<Failure>().is_some() {
        return error;
    }
    let text = format!("{error:#}");
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let way_out = if says(&["No space left", "max_temp_directory_size", "not enough space", "File too large"])
    {
        "the disk is full; free some space, or name a folder on another disk with --out DIR"
    } else if says(&["Permission denied", "Read-only file system"]) {
        "it may not be written to; change that, or name another folder with --out DIR"
    } else {
        "see the cause"
    };
    error.context(Failure::Check(format!(
        "the export into {} failed and what was there is unchanged: {way_out}",
        folder.display()
    )))
}
