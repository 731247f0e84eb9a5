//! One statement that reads.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use duckdb::Connection;

use crate::commands::Context;
use crate::database::{self, describe_tables};
use crate::failure::{Failure, InOwnSql};
use crate::interrupt;
use crate::reference::MODELS;

/// Words that statements begin with which change something.
const WRITES: [&str; 23] = [
    "alter",
    "analyze",
    "attach",
    "begin",
    "call",
    "checkpoint",
    "comment",
    "commit",
    "copy",
    "create",
    "delete",
    "detach",
    "drop",
    "export",
    "force",
    "import",
    "insert",
    "install",
    "load",
    "merge",
    "truncate",
    "update",
    "vacuum",
];

/// What takes the rows, some at a time.
pub(crate) trait Rows {
    /// Is told the columns before any row comes.
    ///
    /// # Errors
    /// When there can be no such columns.
    fn begin(&mut self, schema: &SchemaRef) -> anyhow::Result<()>;
    /// Takes some rows.
    ///
    /// # Errors
    /// When they cannot be written.
    fn take(&mut self, batch: &RecordBatch) -> anyhow::Result<()>;
}

/// Asks, and hands on the rows up to the limit; gives how many there are in all.
///
/// # Errors
/// A [`Failure`] for what is not one statement that reads, and with all that DuckDB says where it cannot be answered; and what
/// `rows` gave.
pub(crate) fn ask(
    context: &Context,
    connection: &Connection,
    sql: &str,
    limit: Option<u64>,
    rows: &mut dyn Rows,
) -> anyhow::Result<u64> {
    let sql = sql.trim().trim_end_matches(|sign: char| sign == ';' || sign.is_whitespace());
    // Only what reads can stand in brackets, and only one of it.
    connection
        .prepare(&format!("from (\n{sql}\n)"))
        .map_err(|error| refused(context, connection, sql, one_line_less(&error.to_string())))?;
    let failed = |error: duckdb::Error| {
        if interrupt::requested() {
            error.into()
        } else {
            refused(context, connection, sql, error.to_string())
        }
    };
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let batches = statement.stream_arrow([]).map_err(failed)?;
    rows.begin(&batches.get_schema())?;
    let mut count = 0;
    for batch in batches {
        let batch = batch.map_err(failed)?;
        let left = limit.map_or(u64::MAX, |limit| limit.saturating_sub(count));
        count += batch.num_rows() as u64;
        let kept = usize::try_from(left).unwrap_or(usize::MAX).min(batch.num_rows());
        if kept > 0 {
            rows.take(&batch.slice(0, kept))?;
        }
    }
    Ok(count)
}

fn refused(context: &Context, connection: &Connection, sql: &str, message: String) -> anyhow::Error {
    let word: String = sql.chars().take_while(char::is_ascii_alphabetic).collect();
    let sentence = if WRITES.contains(&word.to_lowercase().as_str()) {
        return Failure::usage(format!(
            "`wow query` only reads, and `{}` would change something; use DuckDB for that",
            word.to_lowercase()
        ));
    } else if message.contains("Catalog Error") {
        let is_model = MODELS.iter().any(|model| message.contains(model));
        let tables = database::table_names(connection).unwrap_or_default();
        let way_out = match is_model {
            true => format!("build the models with `wow run{}`", context.target.option()),
            false => describe_tables(&tables),
        };
        format!("the statement names what is not in {}; {way_out}", context.target.path.display())
    } else {
        "the statement cannot be answered; it must be one that reads, and the cause says where it fails"
            .to_owned()
    };
    anyhow::Error::new(InOwnSql(message)).context(Failure::Usage(sentence))
}

/// A message of DuckDB's with the number of its line less by one, for the line before the statement is not the user's.
fn one_line_less(message: &str) -> String {
    let less = |line: &str| -> Option<String> {
        let (number, rest) = line.strip_prefix("LINE ")?.split_once(':')?;
        let less = number.parse::<u32>().ok()?.checked_sub(1)?.to_string();
        // The sign below points at a place in this line.
        Some(format!("LINE {less}:{}{rest}", " ".repeat(number.len() - less.len())))
    };
    message.lines().map(|line| less(line).unwrap_or_else(|| line.to_owned())).collect::<Vec<_>>().join("\n")
}
