//! Whether two looks at a log are of the very same rows.

use duckdb::Connection;
use wow_engine::schema;

use crate::database::log_columns;
use crate::export::hashing::sha256_of;

/// What tells the rows of the log from any others, in whatever order they lie: a hash of how many there are, of the sum of a
/// hash of each, and of the columns' types. The hashes of rows are DuckDB's, which may change with its version, so that is part of
/// it. Two logs that differ have the same one by a chance of one in 2⁶⁴.
///
/// # Errors
/// When the table cannot be read, or has not all columns.
pub(crate) fn fingerprint(connection: &Connection) -> anyhow::Result<String> {
    let columns = schema::COLUMNS.map(|name| format!("\"{name}\"")).join(", ");
    let sql = format!(
        "select count(*) || ' ' || coalesce(sum(cast(hash({columns}) as hugeint)), 0) from main.{}",
        schema::TABLE
    );
    let rows: String = connection.query_row(&sql, [], |row| row.get(0))?;
    let mut types: Vec<String> = log_columns(connection)?
        .into_iter()
        .map(|column| (column.name.to_lowercase(), column.type_name))
        .filter(|(name, _)| schema::COLUMNS.contains(&name.as_str()))
        .map(|(name, kind)| format!("{name} {kind}"))
        .collect();
    types.sort();
    Ok(sha256_of(format!("{} {rows} {}", connection.version()?, types.join(", ")).as_bytes()))
}
