//! `wow generate`: writes a synthetic `wowlogs`, all of it or nothing.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use duckdb::Connection;
use indicatif::HumanCount;
use serde_json::json;
use wow_engine::manifest::Environment;
use wow_engine::schema;
use wow_engine::synth::{Rows, Settings};

use super::{Context, Outcome};
use crate::args::GenerateArgs;
use crate::failure::Failure;
use crate::output::Progress;
use crate::{database, interrupt};

const CREATE_TABLE: &str = r#"create or replace table main.wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
)"#;

/// Writes the log.
///
/// # Errors
/// [`Failure::Usage`] when there is a log already, or production is meant and not confirmed; else what kept the
/// database from being written. In each case it is as it was.
pub(crate) fn run(context: &Context, args: &GenerateArgs) -> anyhow::Result<Outcome> {
    let settings = Settings::new(args.scale, args.seed).ok_or_else(|| {
        Failure::usage(format!("--scale is {}; give a number above 0 and up to 1, like 0.05", args.scale))
    })?;
    let path = &context.target.path;
    let folder = folder_of(path)?;
    let place = Place::of(context, args.replace)?;
    confirm(context, args.yes)?;

    let started = Instant::now();
    context.output.line(format!("Planning the log (scale {}, seed {}) …", args.scale, args.seed));
    let rows = match place {
        Place::NewFile => write_new_file(&settings, path, &folder),
        Place::Existing(connection) => write_in_transaction(&settings, &connection),
    }
    .map_err(|error| explain(error, path))?;
    let players = settings.figures().players;
    let seconds = started.elapsed().as_secs_f64();
    context.output.line(format!(
        "Wrote {} events of {} players into {} in {seconds:.1} s",
        HumanCount(rows),
        HumanCount(players),
        path.display()
    ));
    context.output.answer(&json!({
        "environment": context.target.environment,
        "database": path,
        "scale": args.scale,
        "seed": args.seed,
        "rows": rows,
        "players": players,
        "seconds": seconds,
    }))?;
    Ok(Outcome::Done)
}

/// Where the log is written.
enum Place {
    /// Into a file that then takes the database's place: nothing else would be lost.
    NewFile,
    /// Beside other tables, in a transaction.
    Existing(Connection),
}

impl Place {
    fn of(context: &Context, replace: bool) -> anyhow::Result<Self> {
        let path = &context.target.path;
        if !path.exists() {
            return Ok(Self::NewFile);
        }
        let connection = database::open_writable(path)?;
        match log_kind(&connection)?.as_deref() {
            None => {}
            Some("VIEW") => {
                return Err(Failure::usage(format!(
                    "`{}` in {} is a view; drop it, or name another file with --database FILE",
                    schema::TABLE,
                    path.display()
                )));
            }
            Some(_) if replace => {}
            Some(_) => {
                return Err(Failure::usage(format!(
                    "{} has a table `{}` already; add --replace to overwrite it, or name another file with \
                     --database FILE",
                    path.display(),
                    schema::TABLE
                )));
            }
        }
        Ok(if holds_more_than_the_log(&connection)? { Self::Existing(connection) } else { Self::NewFile })
    }
}

/// What `wowlogs` is in the catalogue, if it is there.
fn log_kind(connection: &Connection) -> anyhow::Result<Option<String>> {
    let mut statement = connection.prepare(
        "select table_type from information_schema.tables
         where table_catalog = current_database() and table_schema = 'main' and lower(table_name) = ?",
    )?;
    let mut kinds = statement.query_map([schema::TABLE], |row| row.get(0))?;
    Ok(kinds.next().transpose()?)
}

fn holds_more_than_the_log(connection: &Connection) -> anyhow::Result<bool> {
    let sql = "select count(*) from (
        select 1 from duckdb_tables() where database_name = current_database() and not internal
            and not (schema_name = 'main' and lower(table_name) = 'wowlogs')
        union all select 1 from duckdb_views() where database_name = current_database() and not internal
        union all select 1 from duckdb_sequences() where database_name = current_database()
        union all select 1 from duckdb_types() where database_name = current_database() and not internal
        union all select 1 from duckdb_functions() where database_name = current_database() and not internal
        union all select 1 from duckdb_indexes() where database_name = current_database()
        union all select 1 from duckdb_schemas() where database_name = current_database() and not internal
            and schema_name <> 'main')";
    let others: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(others > 0)
}

/// Asks before production data are written.
fn confirm(context: &Context, yes: bool) -> anyhow::Result<()> {
    if yes || context.target.environment == Environment::Dev {
        return Ok(());
    }
    let mut stderr = std::io::stderr();
    if std::io::stdin().is_terminal() && stderr.is_terminal() {
        let path = context.target.path.display();
        let _ = write!(stderr, "Write a synthetic log into the PRODUCTION database ({path})? [y/N] ");
        let _ = stderr.flush();
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).context("the answer could not be read")?;
        interrupt::check()?;
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
    }
    Err(Failure::usage("this would write to the production database; add --yes if that is meant"))
}

fn folder_of(path: &Path) -> anyhow::Result<PathBuf> {
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(Failure::usage(format!(
            "the folder {} is not there; make it, or name another file with --database FILE",
            folder.display()
        )));
    }
    Ok(folder.to_owned())
}

fn write_new_file(settings: &Settings, path: &Path, folder: &Path) -> anyhow::Result<u64> {
    // A folder beside the database, so that DuckDB's own side files are removed with it, whatever happens.
    let scratch = tempfile::Builder::new().prefix(".wow-generate-").tempdir_in(folder)?;
    let file = scratch.path().join("wowlogs.duckdb");
    let connection = database::open_writable(&file)?;
    connection.execute_batch("begin")?;
    let rows = write_rows(settings, &connection)?;
    connection.execute_batch("commit; checkpoint")?;
    connection.close().map_err(|(_, error)| error)?;
    interrupt::check()?;
    std::fs::rename(&file, path)?;
    Ok(rows)
}

fn write_in_transaction(settings: &Settings, connection: &Connection) -> anyhow::Result<u64> {
    connection.execute_batch("begin")?;
    // An error leaves the transaction open; closing the connection rolls it back.
    let rows = write_rows(settings, connection)?;
    interrupt::check()?;
    connection.execute_batch("commit")?;
    Ok(rows)
}

fn write_rows(settings: &Settings, connection: &Connection) -> anyhow::Result<u64> {
    connection.execute_batch(CREATE_TABLE)?;
    let log = settings.log();
    let total = log.total_rows();
    let mut progress = Progress::new("events written", total);
    let mut appender = connection.appender(schema::TABLE)?;
    for rows in log {
        interrupt::check()?;
        let count = rows.len() as u64;
        appender.append_record_batch(batch(rows)?)?;
        progress.advance(count);
    }
    appender.flush()?;
    Ok(total)
}

fn batch(rows: Rows) -> anyhow::Result<RecordBatch> {
    let text = |values: Vec<&str>| Arc::new(StringArray::from(values)) as ArrayRef;
    let columns: [ArrayRef; 7] = [
        Arc::new(Int64Array::from(rows.player_id)),
        Arc::new(Int64Array::from(rows.guild)),
        Arc::new(Int64Array::from(rows.level)),
        text(rows.race),
        text(rows.class),
        text(rows.zone),
        Arc::new(TimestampMicrosecondArray::from(rows.time_us)),
    ];
    Ok(RecordBatch::try_from_iter(schema::COLUMNS.into_iter().zip(columns))?)
}

fn explain(error: anyhow::Error, path: &Path) -> anyhow::Error {
    let text = format!("{error:#}");
    let way_out = if text.contains("No space left") || text.contains("not enough space") {
        "the disk is full; free some space, or choose a smaller --scale"
    } else if text.contains("Permission denied") || text.contains("Read-only file system") {
        "its folder may not be written to; change that, or name another file with --database FILE"
    } else {
        "see the cause"
    };
    error.context(Failure::Check(format!(
        "{} could not be written and is as it was: {way_out}",
        path.display()
    )))
}
