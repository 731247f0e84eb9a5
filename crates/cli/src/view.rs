//! A log that is a view: whether what it is made from can be read here.
//!
//! Some libraries of DuckDB have extensions built in and others have none. No extension is used here, so that the same
//! view is read, or refused, with each of them.

use std::collections::BTreeMap;

use duckdb::Connection;
use wow_engine::schema;

use crate::database::literal;
use crate::failure::Failure;
use crate::target::Target;

/// Fails where `wowlogs` is a view that needs what is not there: a table, a database, a file or an extension.
///
/// # Errors
/// A [`Failure`] that names what the view needs.
pub(crate) fn require_readable(connection: &Connection, target: &Target) -> anyhow::Result<()> {
    let views = views(connection)?;
    let Some(sql) = views.get(schema::TABLE) else { return Ok(()) };
    let needs = needs_extension(connection, &with_what_it_reads(sql, &views))?;
    let needs = match needs {
        Some(extension) => Some(extension_needed(&extension)),
        None => unreadable(connection),
    };
    needs.map_or(Ok(()), |needs| {
        Err(Failure::check(format!(
            "`{table}` in {path} is a view that {needs}; make a table of it with DuckDB: CREATE TABLE log AS FROM \
             {table}; DROP VIEW {table}; ALTER TABLE log RENAME TO {table}",
            table = schema::TABLE,
            path = target.path.display()
        )))
    })
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
    let mut all = sql.to_lowercase();
    let mut unread: BTreeMap<_, _> = views.iter().collect();
    loop {
        let names: Vec<&String> =
            unread.keys().copied().filter(|name| words(&all).any(|word| word == *name)).collect();
        if names.is_empty() {
            return all;
        }
        for name in names {
            if let Some(sql) = unread.remove(name) {
                all.push('\n');
                all.push_str(&sql.to_lowercase());
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

fn extension_needed(extension: &str) -> String {
    format!("needs DuckDB's extension `{extension}`, which is not used here")
}

/// Why DuckDB cannot read the view, if it cannot.
fn unreadable(connection: &Connection) -> Option<String> {
    let error = connection.prepare(&format!("select * from main.{}", schema::TABLE)).err()?.to_string();
    Some(explain(&error))
}

fn explain(error: &str) -> String {
    let between = |before: &str, after: &str| {
        let (_, rest) = error.split_once(before)?;
        rest.split_once(after).map(|(name, _)| name)
    };
    if let Some(extension) =
        between("exists in the ", " extension").or_else(|| between("requires the extension ", " "))
    {
        return extension_needed(extension.trim_matches(['"', '\'', '`']));
    }
    if let Some(file) = between("No files found that match the pattern \"", "\"") {
        return format!("reads the file {file}, which is not there");
    }
    if let Some(name) = between("Table with name \"", "\"").or_else(|| between("Table with name ", " ")) {
        return format!("reads `{name}`, which is not in this database");
    }
    if let Some(name) = between("Catalog \"", "\"") {
        return format!("reads the database `{name}`, which is not attached");
    }
    "DuckDB cannot read here".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_told_with_the_views_that_it_reads() {
        let views = [("wowlogs", "from A"), ("a", "select f(x) from b"), ("b", "from t"), ("c", "from g()")];
        let views = views.map(|(name, sql)| (name.to_owned(), sql.to_owned())).into();
        assert_eq!(with_what_it_reads("from A", &views), "from a\nselect f(x) from b\nfrom t");
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
                "Missing Extension Error: File s3://b/x requires the extension httpfs to be loaded",
                "needs DuckDB's extension `httpfs`, which is not used here",
            ),
        ];
        for (error, says) in known {
            assert_eq!(explain(error), says);
        }
    }
}
