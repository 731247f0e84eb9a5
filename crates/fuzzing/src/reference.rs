//! The rows of a file, as the engine reads them and as parquet's own Arrow reader does.

use std::panic::{self, AssertUnwindSafe};

use arrow::array::{Array, ArrayRef, AsArray as _, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimeUnit};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::Type as Physical;
use wow_engine::Error;
use wow_engine::contract::TimeTexts;
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::{Dictionary, Strings};
use wow_engine::read::EventFile;
use wow_engine::schema::{self, float_to_key};
use wow_engine::time::{DAY_US, Micros};

use crate::headers;

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) player_id: i64,
    pub(crate) time_us: Micros,
    /// As the engine holds it: a key where the column is of doubles.
    pub(crate) guild: Option<i64>,
    pub(crate) level: Option<i64>,
    /// Race, class and zone.
    pub(crate) texts: [Option<String>; 3],
}

/// The events of a file, and its rows that are none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) events: Vec<Row>,
    pub(crate) rejected: Rejected,
}

/// The rows as the engine reads them.
///
/// # Errors
/// As the engine's reader.
pub(crate) fn by_engine(file: &EventFile) -> Result<Rows, Error> {
    let mut strings = Strings::default();
    let mut reader = file.events(None);
    let mut rows = Rows::default();
    while let Some(events) = reader.next(&mut strings)? {
        rows.rejected.null_player_id += events.rejected.null_player_id;
        rows.rejected.null_datetime += events.rejected.null_datetime;
        let text = |dictionary: &Dictionary, code: Option<u32>| dictionary.get(code?).map(str::to_owned);
        for (row, &time_us) in events.time_us.iter().enumerate() {
            let texts = [
                text(&strings.race, events.race.get(row)),
                text(&strings.class, events.class.get(row)),
                text(&strings.zone, events.zone.get(row)),
            ];
            let (guild, level) = (events.guild.get(row).flatten(), events.level.get(row).flatten());
            let player_id = events.player_id.get(row).unwrap_or_default();
            rows.events.push(Row { player_id, time_us, guild, level, texts });
        }
    }
    Ok(rows)
}

/// The rows as the Arrow reader gives them; none where it refuses the file, or where there is no telling which values
/// would be right: columns under other names or twice, and times in 96 bits, which it wraps around. A file whose pages
/// say that they are large is not given to it.
pub(crate) fn by_arrow(file: &Bytes) -> Option<Rows> {
    unless_it_panics(|| {
        // A hint of Arrow's own types would change what the columns are.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file.clone(), options).ok()?;
        let names: Vec<&str> =
            builder.parquet_schema().columns().iter().map(|column| column.name()).collect();
        let is_there_once = |name: &str| names.iter().filter(|other| **other == name).count() == 1;
        let is_odd = |name: &str| {
            let name = name.trim().to_lowercase();
            schema::ALIASES.iter().any(|(alias, _)| *alias == name)
        };
        if !schema::COLUMNS.into_iter().all(is_there_once) || names.iter().any(|name| is_odd(name)) {
            return None;
        }
        if builder.parquet_schema().columns().iter().any(|column| column.physical_type() == Physical::INT96) {
            return None;
        }
        if !headers::announce_little(file, builder.metadata()) {
            return None;
        }
        let mut rows = Rows::default();
        for batch in builder.build().ok()? {
            add(&mut rows, &batch.ok()?)?;
        }
        Some(rows)
    })
}

/// Runs code that is not ours and is not what is tested: where it panics, it has nothing to say.
fn unless_it_panics<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    // The fuzzer's own hook would end the process.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    panic::set_hook(hook);
    done.ok().flatten()
}

fn add(rows: &mut Rows, batch: &RecordBatch) -> Option<()> {
    let column = |name: &str| batch.column_by_name(name);
    let players = numbers(column(schema::PLAYER_ID)?, false)?;
    let guilds = numbers(column(schema::GUILD)?, true)?;
    let levels = numbers(column(schema::LEVEL)?, false)?;
    let times = times(column(schema::DATETIME)?)?;
    let texts =
        [texts(column(schema::RACE)?)?, texts(column(schema::CLASS)?)?, texts(column(schema::ZONE)?)?];
    for row in 0..batch.num_rows() {
        match (players[row], times[row]) {
            (None, _) => rows.rejected.null_player_id += 1,
            (_, None) => rows.rejected.null_datetime += 1,
            (Some(player_id), Some(time_us)) => {
                let texts = texts.each_ref().map(|column| column[row].clone());
                rows.events.push(Row { player_id, time_us, guild: guilds[row], level: levels[row], texts });
            }
        }
    }
    Some(())
}

fn cast(array: &ArrayRef, to: &DataType) -> Option<ArrayRef> {
    // What does not fit is to be noticed rather than to become null.
    cast_with_options(array, to, &CastOptions { safe: false, ..CastOptions::default() }).ok()
}

/// Whole numbers as the database casts them, or keys of numbers of any kind.
fn numbers(array: &ArrayRef, are_keys: bool) -> Option<Vec<Option<i64>>> {
    match array.data_type() {
        DataType::Float32 | DataType::Float64 => {
            let doubles = cast(array, &DataType::Float64)?;
            let whole = |value: f64| {
                let whole = value.round_ties_even();
                (-(2_f64.powi(63))..2_f64.powi(63)).contains(&whole).then_some(whole as i64)
            };
            let number = |value: f64| if are_keys { Some(float_to_key(value)) } else { whole(value) };
            let doubles = doubles.as_primitive::<Float64Type>();
            doubles.iter().map(|value| value.map_or(Some(None), |value| number(value).map(Some))).collect()
        }
        DataType::Boolean => None,
        kind if kind.is_integer() || matches!(kind, DataType::Decimal128(_, 0)) => {
            Some(cast(array, &DataType::Int64)?.as_primitive::<Int64Type>().iter().collect())
        }
        _ => None,
    }
}

/// Times, as the database casts them.
fn times(array: &ArrayRef) -> Option<Vec<Option<Micros>>> {
    let times_us = times_us(array)?;
    times_us
        .into_iter()
        .map(|time| time.map_or(Some(None), |time_us| Micros::new(time_us).map(Some)))
        .collect()
}

fn times_us(array: &ArrayRef) -> Option<Vec<Option<i64>>> {
    let each = |time_us: fn(i64) -> Option<i64>| -> Option<Vec<Option<i64>>> {
        let numbers = cast(array, &DataType::Int64)?;
        let numbers = numbers.as_primitive::<Int64Type>();
        numbers.iter().map(|number| number.map_or(Some(None), |number| time_us(number).map(Some))).collect()
    };
    match array.data_type() {
        DataType::Timestamp(TimeUnit::Millisecond, _) => each(|ms| ms.checked_mul(1_000)),
        DataType::Timestamp(TimeUnit::Microsecond, _) => each(Some),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => each(|ns| {
            // To the nearest, halves away from 1970.
            let rounded = (i128::from(ns).abs() + 500) / 1_000 * i128::from(ns.signum());
            i64::try_from(rounded).ok()
        }),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>();
            let midnight = |day: Option<i32>| match day {
                None => Some(None),
                Some(day) => i64::from(day).checked_mul(DAY_US).map(Some),
            };
            days.iter().map(midnight).collect()
        }
        DataType::Utf8 | DataType::Binary => {
            let texts = texts(array)?;
            let mut times = TimeTexts::default();
            let mut time_us = |text: &str| times.read(text.as_bytes()).ok().map(|time| time.map(Micros::get));
            texts.iter().map(|text| text.as_deref().map_or(Some(None), &mut time_us)).collect()
        }
        _ => None,
    }
}

fn texts(array: &ArrayRef) -> Option<Vec<Option<String>>> {
    match array.data_type() {
        DataType::Utf8 | DataType::Binary => {
            let texts = cast(array, &DataType::Utf8)?;
            Some(texts.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
        }
        _ => None,
    }
}
