//! A log that is a view: whether what it is made from can be read here.
//!
//! Some libraries of DuckDB have extensions built in and others have none. No extension is used here, so that the same
//! view is read, or refused, with each of them.

use std::collections::BTreeMap;
use std::path::Path;

use duckdb::Connection;
use wow_engine::schema;

use crate::database::{self, literal};
use crate::failure::Failure;
use crate::target::Target;

/// What a view cannot be read without.
enum Need {
    /// An extension of this name: whoever has it can make a table of the view.
    Extension(String),
    /// Something that is not there, as a part of a sentence.
    Missing(String),
}

/// Fails where `wowlogs` is a view that needs what is not there: a table, a database, a file or an extension.
///
/// # Errors
/// A [`Failure`] that names what the view needs.
pub(crate) fn require_readable(connection: &Connection, target: &Target) -> anyhow::Result<()> {
    let views = views(connection)?;
    let Some(sql) = views.get(schema::TABLE) else { return Ok(()) };
    let sql = with_what_it_reads(sql, &views);
    let error = unreadable(connection);
    let extension = needs_extension(connection, &sql.to_lowercase())?;
    if error.is_none() && extension.is_none() {
        return Ok(());
    }
    let need = match error.as_deref().and_then(explain) {
        Some(Need::Missing(what)) => Need::Missing(what),
        // Where an extension is not built in, DuckDB does not come to look for the file.
        known => missing_file(&sql)
            .map(file_missing)
            .or(extension.map(Need::Extension))
            .or(known)
            .unwrap_or_else(|| Need::Missing("DuckDB cannot read here".to_owned())),
    };
    let table = schema::TABLE;
    let (needs, way_out) = match need {
        Need::Extension(extension) => {
            let new = free_name(&database::table_names(connection)?);
            let way_out = format!(
                "make a table of it with DuckDB: CREATE TABLE {new} AS FROM {table}; DROP VIEW {table}; ALTER TABLE {new} \
                 RENAME TO {table}"
            );
            (format!("needs DuckDB's extension `{extension}`, which is not used here"), way_out)
        }
        Need::Missing(what) => {
            (what, "mend the view, or make a table of what it shows where that is there".to_owned())
        }
    };
    Err(Failure::check(format!("`{table}` in {} is a view that {needs}; {way_out}", target.path.display())))
}

/// A name that no table has.
fn free_name(tables: &[String]) -> String {
    let is_free = |name: &String| !tables.iter().any(|table| table.eq_ignore_ascii_case(name));
    let others = (2..).map(|number| format!("log_{number}"));
    std::iter::once("log".to_owned()).chain(others).find(is_free).unwrap_or_default()
}

/// Whether `wowlogs` is a view.
///
/// # Errors
/// When the catalogue cannot be read.
pub(crate) fn is_view(connection: &Connection) -> anyhow::Result<bool> {
    Ok(views(connection)?.contains_key(schema::TABLE))
}

/// The SQL of the database's views, by their names in lower case.
fn views(connection: &Connection) -> anyhow::Result<BTreeMap<String, String>> {
    let mut statement = connection.prepare(
        "select lower(view_name), sql from duckdb_views()
         where database_name = current_database() and schema_name = 'main' and not internal",
    )?;
    let views = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(views.collect::<Result<_, _>>()?)
}

/// The SQL of a view and of the views that it reads, one after the other.
fn with_what_it_reads(sql: &str, views: &BTreeMap<String, String>) -> String {
    let mut all = sql.to_owned();
    let mut unread: BTreeMap<_, _> = views.iter().collect();
    loop {
        let is_read = |name: &&String| words(&all).any(|word| word.eq_ignore_ascii_case(name));
        let names: Vec<&String> = unread.keys().copied().filter(is_read).collect();
        if names.is_empty() {
            return all;
        }
        for name in names {
            if let Some(sql) = unread.remove(name) {
                all.push('\n');
                all.push_str(sql);
            }
        }
    }
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|sign: char| !sign.is_alphanumeric() && sign != '_').filter(|word| !word.is_empty())
}

/// An extension whose functions or files the SQL uses, as far as this library of DuckDB would not miss it.
fn needs_extension(connection: &Connection, sql: &str) -> anyhow::Result<Option<String>> {
    // Zones have a function of this name only where they are known; DuckDB itself writes AT TIME ZONE so.
    if sql.contains("timezone('") {
        return Ok(Some("icu".to_owned()));
    }
    for (ending, extension) in [(".parquet", "parquet"), (".json", "json"), (".ndjson", "json")] {
        if sql.contains(&format!("{ending}\"")) {
            return Ok(Some(extension.to_owned()));
        }
    }
    let calls: Vec<String> = sql
        .match_indices('(')
        .filter_map(|(end, _)| words(&sql[..end]).last().filter(|word| sql[..end].ends_with(word)))
        .map(literal)
        .collect();
    if calls.is_empty() {
        return Ok(None);
    }
    let query = format!(
        "select min(extension_name) from duckdb_functions()
         where extension_name <> 'core_functions' and lower(function_name) in ({})",
        calls.join(", ")
    );
    Ok(connection.query_row(&query, [], |row| row.get(0))?)
}

/// The first file that the SQL reads by its name and that is not there.
fn missing_file(sql: &str) -> Option<&str> {
    let pieces: Vec<&str> = sql.split(['\'', '"']).collect();
    let files = pieces.windows(2).step_by(2).filter_map(|pair| {
        let before = pair[0].trim_end().to_lowercase();
        ["(", "[", "from"].iter().any(|end| before.ends_with(end)).then_some(pair[1])
    });
    let is_one_file =
        |name: &&str| !name.contains(['*', '?', '[']) && !name.contains("://") && name.contains('.');
    files.filter(is_one_file).find(|name| !Path::new(name).exists())
}

fn file_missing(file: &str) -> Need {
    Need::Missing(format!("reads the file {file}, which is not there"))
}

/// What DuckDB says where it cannot read the view.
fn unreadable(connection: &Connection) -> Option<String> {
    Some(connection.prepare(&format!("select * from main.{}", schema::TABLE)).err()?.to_string())
}

/// What a view needs by what DuckDB says, where it is known what that means.
fn explain(error: &str) -> Option<Need> {
    let between = |before: &str, after: &str| {
        let (_, rest) = error.split_once(before)?;
        rest.split_once(after).map(|(name, _)| name.trim_matches(['"', '\'', '`']))
    };
    let extension =
        between("exists in the ", " extension").or_else(|| between("requires the extension ", " "));
    if let Some(extension) = extension {
        return Some(Need::Extension(extension.to_owned()));
    }
    if let Some(file) = between("No files found that match the pattern \"", "\"") {
        return Some(file_missing(file));
    }
    let table = between("Table with name \"", "\"").or_else(|| between("Table with name ", " "));
    let what = if error.contains("infinite recursion") {
        "reads itself".to_owned()
    } else if let Some(name) = between("Function with name ", " does not exist") {
        format!("calls `{name}`, which is not in this database")
    } else if let Some(name) = table {
        format!("reads `{name}`, which is not in this database")
    } else if let Some(name) = between("Referenced column \"", "\"") {
        format!("reads the column `{name}`, which is not there")
    } else {
        format!("reads the database `{}`, which is not attached", between("Catalog \"", "\"")?)
    };
    Some(Need::Missing(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_told_with_the_views_that_it_reads() {
        let views = [("wowlogs", "from A"), ("a", "select f(x) from b"), ("b", "from t"), ("c", "from g()")];
        let views = views.map(|(name, sql)| (name.to_owned(), sql.to_owned())).into();
        assert_eq!(with_what_it_reads("from A", &views), "from A\nselect f(x) from b\nfrom t");
    }

    #[test]
    fn what_is_not_there_is_named() {
        let known = [
            (
                "Catalog Error: Table with name \"other.wowlogs\" does not exist because schema \"other\" does not exist.",
                "reads `other.wowlogs`, which is not in this database",
            ),
            (
                "Catalog Error: Table with name t2 does not exist!",
                "reads `t2`, which is not in this database",
            ),
            (
                "IO Error: No files found that match the pattern \"y.csv\"\n\nLINE 1",
                "reads the file y.csv, which is not there",
            ),
            (
                "Catalog Error: Scalar Function with name st does not exist!\nDid you mean",
                "calls `st`, which is not in this database",
            ),
            ("Binder Error: infinite recursion detected: attempting to bind", "reads itself"),
        ];
        for (error, says) in known {
            assert!(matches!(explain(error), Some(Need::Missing(what)) if what == says), "{error}");
        }
        let httpfs = "Missing Extension Error: File s3://b/x requires the extension httpfs to be loaded";
        assert!(matches!(explain(httpfs), Some(Need::Extension(name)) if name == "httpfs"));
    }

    #[test]
    fn a_file_is_read_by_its_name_or_by_a_function() {
        let gone = [
            "CREATE VIEW wowlogs AS SELECT * FROM \"seen gone.parquet\";",
            "create view wowlogs as from read_csv(['seen gone.parquet'])",
        ];
        assert_eq!(gone.map(missing_file), [Some("seen gone.parquet"); 2]);
        let others = [
            "from read_csv('*.csv')",
            "from read_parquet('s3://seen/gone.parquet')",
            "select 'seen gone.csv' as source from seen",
            "select f('Orc') from \"seen\"",
        ];
        assert_eq!(others.map(missing_file), [None; 4]);
    }

    #[test]
    fn a_new_table_has_a_name_of_its_own() {
        let tables = ["wowlogs", "Log"].map(str::to_owned);
        assert_eq!((free_name(&tables), free_name(&tables[..1])), ("log_2".to_owned(), "log".to_owned()));
    }
}
