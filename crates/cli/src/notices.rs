//! What is to be said of a log wherever it is shown, kept as the comment of its table: where times had a zone, nothing else
//! in a database tells of it.

use duckdb::Connection;
use wow_engine::contract::Notice;
use wow_engine::schema;

use crate::database::literal;

/// Keeps that the times of a log are read as UTC, if the notices of its files say so.
///
/// # Errors
/// When the table cannot be changed.
pub(crate) fn keep(connection: &Connection, notices: &[Notice]) -> anyhow::Result<()> {
    if notices.contains(&Notice::Utc) {
        let comment = literal(&Notice::Utc.to_string());
        connection.execute_batch(&format!("comment on table main.{} is {comment}", schema::TABLE))?;
    }
    Ok(())
}

/// What was kept of the log, be it a table or a view. Any other comment is its owner's.
///
/// # Errors
/// When the catalogue cannot be read.
pub(crate) fn kept(connection: &Connection) -> anyhow::Result<Vec<Notice>> {
    let mut statement = connection.prepare(
        "select comment from (
             select database_name, schema_name, table_name as name, comment from duckdb_tables()
             union all select database_name, schema_name, view_name, comment from duckdb_views())
         where database_name = current_database() and schema_name = 'main' and lower(name) = ?
             and comment is not null",
    )?;
    let comments = statement.query_map([schema::TABLE], |row| row.get::<_, String>(0))?;
    let comments = comments.collect::<Result<Vec<_>, _>>()?;
    Ok(comments.iter().filter_map(|comment| Notice::told_by(comment)).collect())
}
