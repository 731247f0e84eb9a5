//! CSV as DuckDB reads it, compressed or not.

use std::path::Path;

use anyhow::Context as _;

use super::columns::Column;
use crate::database::{literal, open_in_memory};
use crate::failure::Failure;

/// The first line's fields.
///
/// # Errors
/// A [`Failure`] when there is none.
pub(super) fn header(path: &Path, is_gzip: bool) -> anyhow::Result<Vec<String>> {
    let connection = open_in_memory()?;
    // The whole line as one field, whatever follows it: a separator that no text has, and no quotes.
    let sql = format!(
        "select line from read_csv({}, auto_detect = false, header = false, columns = {{'line': 'VARCHAR'}},
         delim = '\u{1f}', quote = '', escape = '', strict_mode = false, compression = '{}') limit 1",
        pattern(path)?,
        compression(is_gzip)
    );
    let line: Option<String> = connection
        .prepare(&sql)
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.next().transpose())
        .map_err(|error| explain(path, error.into()))?
        .flatten();
    let line =
        line.ok_or_else(|| Failure::check(format!("{} is empty; name another file", path.display())))?;
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).trim(::csv::Trim::All).from_reader(line.as_bytes());
    let record = reader.records().next().transpose().with_context(|| unreadable(path))?;
    Ok(record.iter().flatten().map(str::to_owned).collect())
}

/// SQL for a relation with the columns under the contract's names, all of them text; `width` is the number of
/// columns in the file. Only a field that is empty without quotes is null.
///
/// # Errors
/// When the path cannot be written in SQL.
pub(super) fn relation(
    path: &Path,
    is_gzip: bool,
    width: usize,
    columns: &[Column],
) -> anyhow::Result<String> {
    let all: Vec<String> = (0..width).map(|place| format!("'c{place}': 'VARCHAR'")).collect();
    let named: Vec<String> =
        columns.iter().map(|column| format!("c{} as \"{}\"", column.place, column.name)).collect();
    Ok(format!(
        "(select {} from read_csv({}, auto_detect = false, header = true, columns = {{{}}}, delim = ',',
         quote = '\"', escape = '\"', allow_quoted_nulls = false, compression = '{}'))",
        named.join(", "),
        pattern(path)?,
        all.join(", "),
        compression(is_gzip)
    ))
}

/// Says in a sentence what DuckDB says about a CSV file in many lines; other errors are given back as they are.
pub(super) fn explain(path: &Path, error: anyhow::Error) -> anyhow::Error {
    let text = format!("{error:#}");
    let Some((_, rest)) = text.split_once("CSV Error on Line: ") else { return error };
    // The number, the line itself, the reason, then advice for those who write SQL.
    let mut said =
        rest.lines().take_while(|line| !line.starts_with("Possible")).filter(|line| !line.is_empty());
    let line = said.next().unwrap_or_default().to_owned();
    let reason = said.last().unwrap_or_default().to_owned();
    error.context(Failure::Check(format!(
        "{} cannot be imported: line {line}: {}; mend the file",
        path.display(),
        reason.trim_end_matches(['.', ' '])
    )))
}

fn unreadable(path: &Path) -> Failure {
    Failure::Check(format!("{} is neither CSV nor Parquet; name another file", path.display()))
}

/// DuckDB takes a path for a pattern, so the signs of patterns are written as sets of one.
fn pattern(path: &Path) -> anyhow::Result<String> {
    let path = path.to_str().with_context(|| {
        Failure::Usage(format!("the path {} is not valid Unicode; rename it", path.display()))
    })?;
    let mut escaped = String::with_capacity(path.len());
    for sign in path.chars() {
        match sign {
            '*' | '?' | '[' => escaped.extend(['[', sign, ']']),
            _ => escaped.push(sign),
        }
    }
    Ok(literal(&escaped))
}

const fn compression(is_gzip: bool) -> &'static str {
    if is_gzip { "gzip" } else { "none" }
}
