//! Opening databases, with errors that name the cause and the way out.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use duckdb::{AccessMode, Config, Connection};
use wow_engine::contract::{Content, HEAD_BYTES, Other};
use wow_engine::schema;

use crate::failure::Failure;
use crate::target::Target;
use crate::{holder, interrupt, view};

/// Opens the target's database for reading.
///
/// # Errors
/// A [`Failure`] that says whether the file is absent, no database, of a newer version or locked, and by whom.
pub(crate) fn open_read_only(target: &Target) -> anyhow::Result<Connection> {
    require_file(target)?;
    open(&target.path, AccessMode::ReadOnly)
}

/// Fails unless the target's file is there.
///
/// # Errors
/// [`Failure::Usage`] that says how to make one.
pub(crate) fn require_file(target: &Target) -> anyhow::Result<()> {
    if target.path.exists() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "there is no database at {}; make one with `wow generate{}`, or name another with --database FILE",
        target.path.display(),
        target.option()
    )))
}

/// Opens a database for writing; a file that is not there is made.
///
/// # Errors
/// As [`open_read_only`], except for an absent file.
pub(crate) fn open_writable(path: &Path) -> anyhow::Result<Connection> {
    open(path, AccessMode::ReadWrite)
}

/// Fails unless the database has a table `wowlogs`, or a view that can be read.
///
/// # Errors
/// A [`Failure`] that lists the tables found, or names what the view needs.
pub(crate) fn require_log_table(connection: &Connection, target: &Target) -> anyhow::Result<()> {
    let tables = table_names(connection)?;
    if tables.iter().any(|name| name.eq_ignore_ascii_case(schema::TABLE)) {
        return view::require_readable(connection, target);
    }
    if let Some(schema_name) = schema_of_log(connection)? {
        let catalog: String = connection.query_row("select current_database()", [], |row| row.get(0))?;
        let (table, schema) = (schema::TABLE, quoted(&schema_name));
        let way_out = match catalog.eq_ignore_ascii_case(&schema_name) {
            // DuckDB takes the name for the database's, even in a view that names both.
            true => format!(
                "copy it there with DuckDB: CREATE TABLE main.{table} AS FROM {}.{schema}.{table}",
                quoted(&catalog)
            ),
            false => {
                format!("show it there with DuckDB: CREATE VIEW main.{table} AS FROM {schema}.{table}")
            }
        };
        return Err(Failure::check(format!(
            "{} has `{table}` in the schema `{schema_name}`, but it is looked for in `main`; {way_out}",
            target.path.display()
        )));
    }
    Err(Failure::check(format!(
        "{} has no table `{}`; {}; write one with `wow generate{}`, or name another database with --database FILE",
        target.path.display(),
        schema::TABLE,
        describe_tables(&tables),
        target.option()
    )))
}

/// The schema other than `main` that has the log, if one has.
fn schema_of_log(connection: &Connection) -> anyhow::Result<Option<String>> {
    let sql = "select min(table_schema) from system.information_schema.tables
               where table_catalog = current_database() and table_schema <> 'main' and lower(table_name) = ?";
    Ok(connection.query_row(sql, [schema::TABLE], |row| row.get(0))?)
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
        "select table_name from system.information_schema.tables
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
        "select column_name, data_type from system.information_schema.columns
         where table_catalog = current_database() and table_schema = 'main' and lower(table_name) = lower(?)
         order by ordinal_position",
    )?;
    let columns = statement
        .query_map([schema::TABLE], |row| Ok(SourceColumn { name: row.get(0)?, type_name: row.get(1)? }))?;
    Ok(columns.collect::<Result<_, _>>()?)
}

/// Makes room for a table or view of schema `main`, be it a table or a view that is there.
///
/// # Errors
/// [`Failure::Check`] when something else stands on it.
pub(crate) fn drop_relation(connection: &Connection, name: &str) -> anyhow::Result<()> {
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

/// A name as SQL writes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
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
    // DuckDB takes `md:` and the like at the beginning of a name for an extension, which a path never is.
    let file = if path.is_relative() { Path::new(".").join(path) } else { path.to_owned() };
    let connection = Connection::open_with_flags(file, config).map_err(|error| {
        let known = other_kind(path).or_else(|| explain(path, &error.to_string()));
        known.map_or_else(
            || {
                anyhow::Error::new(error).context(Failure::Check(format!(
                    "{} cannot be opened; see the cause, or name another file with --database FILE",
                    path.display()
                )))
            },
            anyhow::Error::new,
        )
    })?;
    prepare(&connection)?;
    Ok(connection)
}

/// No extension is wanted, so none may be fetched from the network or loaded behind the user's back.
fn config() -> anyhow::Result<Config> {
    Ok(Config::default().enable_autoload_extension(false)?.with("autoinstall_known_extensions", "false")?)
}

/// Sets what a session could vary. Where DuckDB knows time zones, it takes the machine's; where it does not, times with
/// a zone are UTC, and so they are UTC with each.
pub(crate) fn prepare(connection: &Connection) -> anyhow::Result<()> {
    interrupt::watch(connection);
    let sql = "select count(*) > 0 from duckdb_settings() where name = 'TimeZone'";
    if connection.query_row(sql, [], |row| row.get(0))? {
        connection.execute_batch("set TimeZone = 'UTC'")?;
    }
    Ok(())
}

/// What a file is by its first bytes, where it is none of DuckDB's, with the way out.
fn other_kind(path: &Path) -> Option<Failure> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    File::open(path).and_then(|file| file.take(HEAD_BYTES as u64).read_to_end(&mut head)).ok()?;
    let (kind, way_out) = match Content::of(&head) {
        Content::Other(Other::Sqlite) => (
            "a SQLite database, which `wow` does not read",
            "copy its table with DuckDB into a file of DuckDB's, or write it as CSV and `wow import` that",
        ),
        Content::Parquet => ("a Parquet file", "load it into a database with `wow import`"),
        _ => return None,
    };
    Some(Failure::Usage(format!(
        "{} is {kind}; {way_out}, or name a DuckDB database with --database FILE",
        path.display()
    )))
}

/// Turns what DuckDB says on opening a file into a sentence with a way out, where it is known what it means.
fn explain(path: &Path, message: &str) -> Option<Failure> {
    let says = |text: &str| message.contains(text);
    let file = path;
    let path = path.display();
    if says("Could not set lock") {
        let holder = holder::of_message(message).unwrap_or_else(|| "another process".to_owned());
        return Some(Failure::Check(format!(
            "{path} is locked by {holder}; close it there (or end that process) and try again"
        )));
    }
    if says("not a valid DuckDB database file") {
        return Some(Failure::Usage(format!(
            "{path} is not a DuckDB database; name one with --database FILE"
        )));
    }
    if says("encrypted database") {
        return Some(Failure::Check(format!(
            "{path} is encrypted, and `wow` has no key for it; copy it with DuckDB: ATTACH '{path}' AS locked \
             (ENCRYPTION_KEY '…'); ATTACH 'plain.duckdb' AS plain; COPY FROM DATABASE locked TO plain"
        )));
    }
    if says("created with an older") || is_older_storage(message) == Some(true) {
        return Some(Failure::Check(format!(
            "{path} was written by a DuckDB too old for this `wow`; copy it with the DuckDB that wrote it (EXPORT \
             DATABASE 'folder'), then with DuckDB 2.0 into a new file (IMPORT DATABASE 'folder')"
        )));
    }
    if says("storage version") {
        return Some(Failure::Check(format!(
            "{path} was written by a DuckDB newer than this `wow` can read; install a newer `wow`, or copy the table \
             with that DuckDB into a file of an older version: ATTACH 'old.duckdb' (STORAGE_VERSION 'v1.2.0')"
        )));
    }
    if says("Permission denied") {
        return Some(Failure::Check(format!(
            "{path} may not be opened by you; change its permissions or copy it"
        )));
    }
    damage(file, message)
}

/// An error of reading a database, or that its file is damaged, which may be seen only when its rows are wanted.
pub(crate) fn explain_reading(target: &Target, error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref::<Failure>() {
        Some(_) => error,
        None => damage(&target.path, &format!("{error:#}")).map_or(error, anyhow::Error::new),
    }
}

fn damage(path: &Path, message: &str) -> Option<Failure> {
    let says = |text: &str| message.contains(text);
    let what = if says("Could not read enough bytes") {
        "a DuckDB file that was cut short"
    } else if says("Corrupt") || says("omputed checksum") {
        "a damaged DuckDB file"
    } else {
        return None;
    };
    Some(Failure::Check(format!("{} is {what}; restore it from a copy, or write a new one", path.display())))
}

/// Whether a file's storage version, which DuckDB cannot read, lies below those that it can.
fn is_older_storage(message: &str) -> Option<bool> {
    let number = |before: &str| -> Option<u32> {
        let (_, rest) = message.split_once(before)?;
        let end = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse().ok()
    };
    Some(number("storage version number ")? < number("versions between ")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_values_stay_in_values() {
        assert_eq!(literal("Kel'Thuzad"), "'Kel''Thuzad'");
        assert_eq!(literal("'); drop table wowlogs; --"), "'''); drop table wowlogs; --'");
    }
}
