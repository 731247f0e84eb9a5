//! Where `wowlogs` is written by the commands that make it: all of it or nothing.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use duckdb::Connection;
use wow_engine::manifest::Environment;
use wow_engine::schema;

use crate::commands::Context;
use crate::failure::Failure;
use crate::{database, interrupt};

const CREATE_TABLE: &str = r#"create or replace table main.wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
)"#;

/// The target's database, found fit to be written.
pub(crate) struct Destination {
    path: PathBuf,
    folder: PathBuf,
    place: Place,
}

/// How the log gets into the database.
enum Place {
    /// Into a file that then takes the database's place: nothing else would be lost.
    NewFile,
    /// Beside other tables, in a transaction.
    Existing(Connection),
}

/// What the user said may be done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Consent {
    /// A table that is there may be replaced.
    pub(crate) replace: bool,
    /// Production may be written without a question.
    pub(crate) yes: bool,
}

impl Destination {
    /// Looks at the database, and asks before production is written; `what` reads like `a synthetic log`.
    ///
    /// # Errors
    /// [`Failure::Usage`] when there is a log already, or production is meant and not confirmed.
    pub(crate) fn of(context: &Context, consent: Consent, what: &str) -> anyhow::Result<Self> {
        let path = context.target.path.clone();
        let folder = folder_of(&path)?;
        let place = Place::of(&path, consent.replace)?;
        confirm(context, consent.yes, what)?;
        Ok(Self { path, folder, place })
    }

    /// Makes the table anew and has `fill` write its rows.
    ///
    /// # Errors
    /// What `fill` gave, if it says what to do, else that the database could not be written and why. In each case
    /// it is as it was.
    pub(crate) fn write<T>(self, fill: impl FnOnce(&Connection) -> anyhow::Result<T>) -> anyhow::Result<T> {
        match &self.place {
            Place::NewFile => write_new_file(&self.path, &self.folder, fill),
            Place::Existing(connection) => write_in_transaction(connection, fill),
        }
        .map_err(|error| explain(error, &self.path))
    }
}

impl Place {
    fn of(path: &Path, replace: bool) -> anyhow::Result<Self> {
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
fn confirm(context: &Context, yes: bool, what: &str) -> anyhow::Result<()> {
    if yes || context.target.environment == Environment::Dev {
        return Ok(());
    }
    let mut stderr = std::io::stderr();
    if std::io::stdin().is_terminal() && stderr.is_terminal() {
        let path = context.target.path.display();
        let _ = write!(stderr, "Write {what} into the PRODUCTION database ({path})? [y/N] ");
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

fn write_new_file<T>(
    path: &Path,
    folder: &Path,
    fill: impl FnOnce(&Connection) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    // A folder beside the database, so that DuckDB's own side files are removed with it, whatever happens.
    let scratch = tempfile::Builder::new().prefix(".wow-new-").tempdir_in(folder)?;
    let file = scratch.path().join("wowlogs.duckdb");
    let connection = database::open_writable(&file)?;
    connection.execute_batch("begin")?;
    connection.execute_batch(CREATE_TABLE)?;
    let written = fill(&connection)?;
    connection.execute_batch("commit; checkpoint")?;
    connection.close().map_err(|(_, error)| error)?;
    interrupt::check()?;
    std::fs::rename(&file, path)?;
    Ok(written)
}

fn write_in_transaction<T>(
    connection: &Connection,
    fill: impl FnOnce(&Connection) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    connection.execute_batch("begin")?;
    // An error leaves the transaction open; closing the connection rolls it back.
    connection.execute_batch(CREATE_TABLE)?;
    let written = fill(connection)?;
    interrupt::check()?;
    connection.execute_batch("commit")?;
    Ok(written)
}

fn explain(error: anyhow::Error, path: &Path) -> anyhow::Error {
    if error.downcast_ref::<Failure>().is_some() {
        return error;
    }
    let text = format!("{error:#}");
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let way_out = if says(&["No space left", "not enough space", "max_temp_directory_size"]) {
        "the disk is full; free some space, or name a file on another disk with --database FILE"
    } else {
        "see the cause"
    };
    error.context(Failure::Check(format!(
        "{} could not be written and is as it was: {way_out}",
        path.display()
    )))
}
