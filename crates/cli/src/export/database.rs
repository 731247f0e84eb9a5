//! The log of a database, which DuckDB sorts.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use arrow::array::StringArray;
use arrow::datatypes::{DataType, Schema};
use duckdb::Connection;
use wow_engine::manifest::Column;
use wow_engine::sampling::OneOf;
use wow_engine::schema::{self, NumberKind};

use super::encode::{Encoder, type_of};
use super::groups::Grouper;
use super::parts::Written;
use super::{Log, column, facts, write_parts};
use crate::commands::Context;
use crate::output::{Progress, counted};
use crate::publish::Workspace;
use crate::publish::database::spill_into;
use crate::source::{self, Source};
use crate::{database, interrupt, notices};

/// The time between two looks at how far DuckDB is.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Writes the target's log into the workspace's temporary folder.
///
/// # Errors
/// A [`crate::failure::Failure`] that says what is wrong with the database or the table or that no player is in the sample, and after Ctrl-C.
pub(super) fn write(context: &Context, workspace: &Workspace, one_of: Option<OneOf>) -> anyhow::Result<Log> {
    let connection = database::open_read_only(&context.target)?;
    let explain_reading = |error| database::explain_reading(&context.target, error);
    let source = Source::check(&connection, &context.target).map_err(explain_reading)?;
    let source = match one_of {
        Some(one_of) => source.sampled(&connection, one_of).map_err(explain_reading)?,
        None => source,
    };
    write_source(context, &connection, &source, workspace).map_err(explain_reading)
}

fn write_source(
    context: &Context,
    connection: &Connection,
    source: &Source,
    workspace: &Workspace,
) -> anyhow::Result<Log> {
    source::bound_memory(connection)?;
    spill_into(connection, workspace)?;
    let rows = source.kept_rows();
    context.output.line(format!("Sorting {} by player and time …", counted(rows, "event")));
    connection.set_query_progress_tracking(true)?;
    let written = write_rows(connection, source, workspace.temporary())?;
    anyhow::ensure!(written.rows() == rows, "{rows} rows were to be written, but {} were", written.rows());
    Ok(Log {
        name: context.target.file_name(),
        written,
        rejected: source.rejected,
        columns: columns(source),
        notices: notices::kept(connection)?,
        facts: facts::write(connection, workspace.temporary(), source)?,
        duckdb_version: Some(connection.version()?),
        fingerprint: Some(source::fingerprint(connection)?),
        sample: source.sampled.map(|sampled| sampled.sample),
        newest_day: source.sampled.and_then(|sampled| sampled.newest_day),
    })
}

fn write_rows(connection: &Connection, source: &Source, folder: &Path) -> anyhow::Result<Written> {
    let query = source.query(connection)?;
    interrupt::check()?;
    let mut statement = connection.prepare(&query.sql)?;
    let mut rows = statement.stream_arrow([])?;
    check_types(&rows.get_schema(), &query.texts, source.guild_kind())?;
    let encoder = Encoder::new(source.guild_kind())?;
    let first = sorted(connection, source.kept_rows(), || rows.next());
    let mut progress = Progress::new("events written", source.kept_rows());
    write_parts(
        &encoder,
        folder,
        |group| encoder.encode(&group),
        |full| {
            let mut grouper = Grouper::default();
            for batch in first.into_iter().chain(rows) {
                interrupt::check()?;
                let batch = query.with_texts(&batch?)?;
                grouper.push(&batch, full)?;
                progress.advance(batch.num_rows() as u64);
            }
            grouper.finish(full)
        },
    )
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
fn check_types(schema: &Schema, texts: &[Option<StringArray>], guild_kind: NumberKind) -> anyhow::Result<()> {
    for ((field, name), texts) in schema.fields().iter().zip(schema::COLUMNS).zip(texts) {
        let expected = if texts.is_some() { DataType::UInt16 } else { type_of(name, guild_kind) };
        let fits = *field.data_type() == expected && field.name() == name;
        anyhow::ensure!(fits, "DuckDB gave {field} for column `{name}`");
    }
    Ok(())
}

fn columns(source: &Source) -> Vec<Column> {
    let columns = source.columns.iter();
    let columns = columns
        .map(|found| column(found.name, found.type_name.clone(), &type_of(found.name, source.guild_kind())));
    columns.collect()
}
