//! Whether two looks at a log are of the very same rows.

use duckdb::Connection;
use wow_engine::schema;

/// What tells the rows of the log from any others, in whatever order they lie: how many there are, and the sum of a hash of
/// each. Hashes are DuckDB's, which may change with its version, so that is part of it. Two logs that differ have the same one
/// by a chance of one in 2⁶⁴.
///
/// # Errors
/// When the table cannot be read.
pub(crate) fn fingerprint(connection: &Connection) -> anyhow::Result<String> {
    let columns = schema::COLUMNS.map(|name| format!("\"{name}\"")).join(", ");
    let sql = format!(
        "select count(*) || '-' || coalesce(sum(cast(hash({columns}) as hugeint)), 0) from main.{}",
        schema::TABLE
    );
    let rows: String = connection.query_row(&sql, [], |row| row.get(0))?;
    Ok(format!("duckdb-{}-{rows}", connection.version()?))
}
