//! Text as numbers: a column with few values is sorted and carried as their ranks.

use arrow::array::StringArray;
use duckdb::Connection;

use crate::database::literal;

/// A column with more values than this is carried as text.
const VALUES_MAX: usize = 4_096;
/// So is one whose values are longer than this in all. It is half of what a Parquet dictionary holds.
const BYTES_MAX: usize = 512 << 10;
/// Up to this many values are found in a list.
const LISTED_MAX: usize = 256;

/// The values of a text column, each of which has its rank as its code.
#[derive(Debug, Clone)]
pub(super) struct Codes {
    /// In ascending order.
    pub(super) texts: StringArray,
    /// The SQL that gives a row's code.
    pub(super) expression: String,
}

impl Codes {
    /// Looks at all values of a column, which is `text` in SQL; `None` if there are too many, or none.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(super) fn of(connection: &Connection, text: &str) -> anyhow::Result<Option<Self>> {
        let sql = format!(
            "select distinct {text} as value from main.wowlogs where value is not null
             order by value limit {}",
            VALUES_MAX + 1
        );
        let mut statement = connection.prepare(&sql)?;
        let values: Vec<String> =
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, duckdb::Error>>()?;
        // An ENUM has at least one value, and SQL text cannot hold a zero byte.
        let codable =
            !values.is_empty() && are_few(&values) && !values.iter().any(|value| value.contains('\0'));
        Ok(codable.then(|| Self { expression: code_of(text, &values), texts: StringArray::from(values) }))
    }
}

/// Whether a column has so few texts that it is carried as codes.
pub(crate) fn are_few(texts: &[String]) -> bool {
    texts.len() <= VALUES_MAX && texts.iter().map(String::len).sum::<usize>() <= BYTES_MAX
}

/// The SQL that gives the rank of a text.
fn code_of(text: &str, values: &[String]) -> String {
    let literals = values.iter().map(|value| literal(value)).collect::<Vec<_>>().join(", ");
    // DuckDB stores text with few values as dictionaries, and calls a function once for each of their entries.
    // A cast looks up every row, but finds one of many values faster than a list does.
    if values.len() <= LISTED_MAX {
        format!("cast(list_position([{literals}], {text}) - 1 as usmallint)")
    } else {
        format!("cast(enum_code(cast({text} as enum({literals}))) as usmallint)")
    }
}
