//! Texts that are times, but not as DuckDB's own cast reads them: SQL that reads them as they are meant.

use duckdb::Connection;

use super::TABLE;

/// Forms that do not begin with the year, as the published log and Excel write them, read as in files. A year of two
/// digits is tried before one of four, which would be one of the first century.
const FORMS: [&str; 6] = [
    "%m/%d/%y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
];

/// SQL that makes times without a zone of instants.
pub(super) fn in_utc(instant: &str) -> String {
    // Unlike AT TIME ZONE this needs no extension, so that it can be tried here and stand in a view.
    format!("make_timestamp(epoch_us({instant}))")
}

/// SQL that gives the times of all texts of a column, in UTC where they have an offset; nothing where none is known that
/// takes every one.
///
/// # Errors
/// When the table cannot be read.
pub(super) fn reading(
    connection: &Connection,
    name: &str,
    has_offset: bool,
) -> anyhow::Result<Option<String>> {
    let ways = if has_offset { with_offset(name) } else { without_offset(name) };
    for way in ways {
        let sql = format!(
            "select count(*) from main.{TABLE} where {name} is not null and coalesce(year(try({way})) < 1000, true)"
        );
        if connection.query_row(&sql, [], |row| row.get::<_, u64>(0))? == 0 {
            return Ok(Some(way));
        }
    }
    Ok(None)
}

fn without_offset(name: &str) -> Vec<String> {
    FORMS.into_iter().map(|form| format!("strptime({name}, '{form}')")).collect()
}

fn with_offset(name: &str) -> Vec<String> {
    // DuckDB takes `+00`, but no blank before it and no `z`.
    let plain =
        format!(r"regexp_replace(regexp_replace({name}, '(?i)\s*(Z|UTC)\s*$', '+00'), '\s+([-+])', '\1')");
    let forms = FORMS.into_iter().map(|form| format!("strptime({plain}, '{form}%z')"));
    [format!("{name}::TIMESTAMPTZ"), format!("{plain}::TIMESTAMPTZ")]
        .into_iter()
        .chain(forms)
        .map(|instant| in_utc(&instant))
        .collect()
}
