//! Text as numbers: a column with few values is sorted and carried as their ranks.
//!
//! DuckDB could do the same with an ENUM, but its cast looks up every row. A function is called once for each
//! entry of a dictionary, and that is how DuckDB stores text with few values.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, UInt16Array};
use arrow::datatypes::DataType;
use duckdb::Connection;
use duckdb::vscalar::{ArrowFunctionSignature, VArrowScalar};

/// A column with more values than this is carried as text.
const VALUES_MAX: usize = 4_096;
/// So is one whose values are longer than this in all. It is half of what a Parquet dictionary holds.
const BYTES_MAX: usize = 512 << 10;

/// The values of a text column, each of which has its rank as its code.
#[derive(Debug, Clone)]
pub(super) struct Codes {
    /// In ascending order.
    pub(super) texts: StringArray,
    /// The SQL that gives a row's code.
    pub(super) expression: String,
}

impl Codes {
    /// Looks at all values of the column `name`, which is `text` in SQL, and makes a function that gives their
    /// codes; `None` if there are too many.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(super) fn of(connection: &Connection, name: &str, text: &str) -> anyhow::Result<Option<Self>> {
        let sql = format!(
            "select distinct {text} as value from main.wowlogs where value is not null
             order by value limit {}",
            VALUES_MAX + 1
        );
        let mut statement = connection.prepare(&sql)?;
        let values: Vec<String> =
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, duckdb::Error>>()?;
        let bytes: usize = values.iter().map(String::len).sum();
        if values.len() > VALUES_MAX || bytes > BYTES_MAX {
            return Ok(None);
        }
        let texts = StringArray::from_iter_values(&values);
        // There are fewer than 2^16.
        let ranks: HashMap<String, u16> = values.into_iter().zip(0..).collect();
        let function = format!("wow_code_of_{name}");
        connection.register_scalar_function_with_state::<Ranks>(&function, &Arc::new(ranks))?;
        Ok(Some(Self { texts, expression: format!("{function}({text})") }))
    }
}

/// The function that DuckDB calls.
struct Ranks;

impl VArrowScalar for Ranks {
    type State = Arc<HashMap<String, u16>>;

    fn invoke(ranks: &Self::State, input: RecordBatch) -> Result<ArrayRef, Box<dyn Error>> {
        let texts = input.column(0).as_string_opt::<i32>().ok_or("text was expected")?;
        let code = |text| ranks.get(text).copied().ok_or("a text appeared that was not there before");
        let codes = texts.iter().map(|text| text.map(code).transpose());
        Ok(Arc::new(codes.collect::<Result<UInt16Array, _>>()?))
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        vec![ArrowFunctionSignature::exact(vec![DataType::Utf8], DataType::UInt16)]
    }
}
