//! Rows of a file as a batch that DuckDB appends.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, StringBuilder, TimestampMicrosecondArray,
};
use arrow::error::ArrowError;
use wow_engine::pipeline::events::Runs;
use wow_engine::pipeline::{Dictionary, Strings};
use wow_engine::read::Rows;
use wow_engine::schema::{self, NumberKind, key_to_float};

/// How guild numbers are read and written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guilds {
    /// How the file has them.
    pub(crate) from: NumberKind,
    /// How the table has them.
    pub(crate) to: NumberKind,
}

/// The rows with the columns of `wowlogs`.
///
/// # Errors
/// When the columns do not make a batch, which those of one file always do.
pub(super) fn batch(rows: Rows<'_>, strings: &Strings, guilds: Guilds) -> Result<RecordBatch, ArrowError> {
    let events = rows.events;
    let has_time = |row: usize| rows.has_time.get(row).copied().unwrap_or(true);
    let times =
        events.time_us.iter().enumerate().map(|(row, time_us)| has_time(row).then_some(time_us.get()));
    let numbers =
        |numbers: &Runs<Option<i64>>| Arc::new(numbers.values().collect::<Int64Array>()) as ArrayRef;
    let columns: [ArrayRef; 7] = [
        numbers(rows.player_id),
        guild(&events.guild, guilds),
        numbers(&events.level),
        texts(&events.race, &strings.race),
        texts(&events.class, &strings.class),
        texts(&events.zone, &strings.zone),
        Arc::new(times.collect::<TimestampMicrosecondArray>()),
    ];
    RecordBatch::try_from_iter(schema::COLUMNS.into_iter().zip(columns))
}

/// Guild numbers as the table has them.
pub(crate) fn guild(keys: &Runs<Option<i64>>, guilds: Guilds) -> ArrayRef {
    let keys = keys.values();
    match (guilds.from, guilds.to) {
        (NumberKind::Integer, NumberKind::Integer) => Arc::new(keys.collect::<Int64Array>()),
        (NumberKind::Integer, NumberKind::Float) => {
            Arc::new(keys.map(|key| key.map(|key| key as f64)).collect::<Float64Array>())
        }
        // All of them are whole, or the table would have doubles.
        (NumberKind::Float, NumberKind::Integer) => {
            Arc::new(keys.map(|key| key.map(|key| key_to_float(key) as i64)).collect::<Int64Array>())
        }
        (NumberKind::Float, NumberKind::Float) => {
            Arc::new(keys.map(|key| key.map(key_to_float)).collect::<Float64Array>())
        }
    }
}

/// Codes as the texts that they stand for.
pub(crate) fn texts(codes: &Runs<u32>, dictionary: &Dictionary) -> ArrayRef {
    let mut texts = StringBuilder::new();
    for (code, rows) in codes.iter() {
        let text = dictionary.get(code);
        rows.for_each(|_| texts.append_option(text));
    }
    let texts: StringArray = texts.finish();
    Arc::new(texts)
}
