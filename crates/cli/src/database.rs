//! Opening databases, with errors that name the cause and the way out.

use std::path::Path;

use duckdb::{AccessMode, Config, Connection};
use wow_engine::schema;

use crate::failure::Failure;
use crate::interrupt;
use crate::target::Target;

/// Opens the target's database for reading.
///
/// # Errors
/// A [`Failure`] that says whether the file is absent, no database, of a newer version or locked, and by whom.
pub(crate) fn open_read_only(target: &Target) -> anyhow::Result<Connection> {
    if !target.path.exists() {
        return Err(Failure::usage(format!(
            "there is no database at {}; make one with `wow generate{}`, or name another with --database FILE",
            target.path.display(),
            target.option()
        )));
    }
    open(&target.path, AccessMode::ReadOnly)
}

/// Opens a database for writing; a file that is not there is made.
///
/// # Errors
/// As [`open_read_only`], except for an absent file.
pub(crate) fn open_writable(path: &Path) -> anyhow::Result<Connection> {
    open(path, AccessMode::ReadWrite)
}

/// Fails unless the database has a table (or view) `wowlogs`.
///
/// # Errors
/// A [`Failure`] that lists the tables found.
pub(crate) fn require_log_table(connection: &Connection, target: &Target) -> anyhow::Result<()> {
    let tables = table_names(connection)?;
    if tables.iter().any(|name| name.eq_ignore_ascii_case(schema::TABLE)) {
        return Ok(());
    }
    Err(Failure::check(format!(
        "{} has no table `{}`; {}; write one with `wow generate{}`, or name another database with --database FILE",
        target.path.display(),
        schema::TABLE,
        describe_tables(&tables),
        target.option()
    )))
}

/// What tables there are, as a part of a sentence.
pub(crate) fn describe_tables(tables: &[String]) -> String {
    match tables {
        [] => "the database has no tables at all".to_owned(),
        [one] => format!("the only table found is `{one}`"),
        many => format!("the tables found are `{}`", many.join("`, `")),
    }
}

/// Tables and views of schema `main`, by name.
///
/// # Errors
/// When the catalogue cannot be read.
pub(crate) fn table_names(connection: &Connection) -> anyhow::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "select table_name from information_schema.tables
         where table_catalog = current_database() and table_schema = 'main' order by table_name",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// A column of `wowlogs`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct SourceColumn {
    /// Its name as stored.
    pub(crate) name: String,
    /// Its type as DuckDB writes it.
    #[serde(rename = "type")]
    pub(crate) type_name: String,
}

/// The columns of `wowlogs` in the table's order.
///
/// # Errors
/// When the table cannot be described.
pub(crate) fn log_columns(connection: &Connection) -> anyhow::Result<Vec<SourceColumn>> {
    let mut statement = connection.prepare(
        "select column_name, data_type from information_schema.columns
         where table_catalog = current_database() and table_schema = 'main' and lower(table_name) = lower(?)
         order by ordinal_position",
    )?;
    let columns = statement
        .query_map([schema::TABLE], |row| Ok(SourceColumn { name: row.get(0)?, type_name: row.get(1)? }))?;
    Ok(columns.collect::<Result<_, _>>()?)
}

/// A text as SQL writes it.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn open(path: &Path, mode: AccessMode) -> anyhow::Result<Connection> {
    if path.is_dir() {
        return Err(Failure::usage(format!(
            "{} is a folder; name a DuckDB file with --database FILE",
            path.display()
        )));
    }
    let config = config()?.access_mode(mode)?;
    let connection = Connection::open_with_flags(path, config).map_err(|error| {
        let failure = explain(path, &error.to_string());
        anyhow::Error::new(error).context(failure)
    })?;
    interrupt::watch(&connection);
    Ok(connection)
}

/// No extension is wanted, so none may be fetched from the network behind the user's back.
fn config() -> anyhow::Result<Config> {
    Ok(Config::default().enable_autoload_extension(false)?)
}

/// Turns what DuckDB says on opening a file into a sentence with a way out.
fn explain(path: &Path, message: &str) -> Failure {
    let path = path.display();
    if message.contains("Could not set lock") {
        let holder = lock_holder(message).unwrap_or_else(|| "another process".to_owned());
        return Failure::Check(format!(
            "{path} is locked by {holder}; close it there (or end that process) and try again"
        ));
    }
    if message.contains("not a valid DuckDB database file") {
        return Failure::Usage(format!("{path} is not a DuckDB database; name one with --database FILE"));
    }
    if message.contains("created with an older") {
        return Failure::Check(format!(
            "{path} was written by a DuckDB too old for this `wow`; copy it with an older DuckDB into a new file \
             (EXPORT DATABASE there, IMPORT DATABASE with DuckDB 2.0)"
        ));
    }
    if message.contains("storage version") {
        return Failure::Check(format!(
            "{path} was written by a DuckDB newer than this `wow` can read; install a newer `wow`, or copy the table \
             with that DuckDB into a file of an older version: ATTACH 'old.duckdb' (STORAGE_VERSION 'v1.2.0')"
        ));
    }
    if message.contains("Permission denied") {
        return Failure::Check(format!("{path} may not be opened by you; change its permissions or copy it"));
    }
    if message.contains("Corrupt") || message.contains("Could not read enough bytes") {
        return Failure::Check(format!(
            "{path} is a damaged DuckDB file; restore it from a copy, or write a new one"
        ));
    }
    Failure::Check(format!(
        "{path} cannot be opened; see the cause, or name another file with --database FILE"
    ))
}

/// The program and process id that DuckDB names as the holder of a lock.
fn lock_holder(message: &str) -> Option<String> {
    if message.contains("held in current process") {
        return Some("this very process".to_owned());
    }
    let (_, rest) = message.split_once("Conflicting lock is held in ")?;
    let (program, rest) = rest.split_once(" (PID ")?;
    let (pid, _) = rest.split_once(')')?;
    Some(format!("{program} (process {pid})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_values_stay_in_values() {
        assert_eq!(literal("Kel'Thuzad"), "'Kel''Thuzad'");
        assert_eq!(literal("'); drop table wowlogs; --"), "'''); drop table wowlogs; --'");
    }

    #[test]
    fn the_holder_of_a_lock_is_named() {
        let message = "IO Error: Could not set lock on file \"/a.duckdb\": Conflicting lock is held in \
                       /usr/bin/python3.11 (PID 12). See also https://duckdb.org/docs";
        assert_eq!(
            explain(Path::new("a.duckdb"), message).to_string(),
            "a.duckdb is locked by /usr/bin/python3.11 (process 12); close it there (or end that process) and try again"
        );
    }
}
