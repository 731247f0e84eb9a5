//! A column's values, one for each row, decoded by the parquet crate's typed readers.

use parquet::basic::Encoding;
use parquet::column::page::Page;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::schema::types::ColumnDescPtr;

use super::bits::cut_short;
use super::delta::Delta;
use super::layout::Storage;
use super::pages::Alone;
use super::{parquet_error, times};
use crate::Error;
use crate::schema::{self, float_to_key};
use crate::time::{DAY_US, Micros};

/// Whole numbers, some of which may be null.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    /// A value per row; anything where null.
    pub(super) values: Vec<i64>,
    /// Whether a row has a value; all have one when it is empty.
    pub(super) validity: Vec<bool>,
}

impl Values {
    /// The value of a row.
    pub(super) fn get(&self, row: usize) -> Option<i64> {
        let is_valid = self.validity.get(row).copied().unwrap_or(true);
        if is_valid { self.values.get(row).copied() } else { None }
    }

    /// The value of every row.
    pub(super) fn iter(&self) -> impl Iterator<Item = Option<i64>> + '_ {
        (0..self.values.len()).map(|row| self.get(row))
    }

    /// Adds rows of one value.
    pub(super) fn push(&mut self, value: Option<i64>, rows: usize) {
        if value.is_none() || !self.validity.is_empty() {
            self.validity.resize(self.values.len(), true);
            self.validity.resize(self.values.len() + rows, value.is_some());
        }
        self.values.resize(self.values.len() + rows, value.unwrap_or(0));
    }

    /// Adds the rows of `next`, which holds anything afterwards.
    pub(super) fn append(&mut self, next: &mut Self) {
        if self.values.is_empty() {
            // Exchanged rather than copied.
            std::mem::swap(self, next);
        } else if self.validity.is_empty() && next.validity.is_empty() {
            self.values.extend_from_slice(&next.values);
        } else {
            next.iter().for_each(|value| self.push(value, 1));
        }
    }

    /// Exchanges its values, which are those of times, for times that are not needed any more.
    ///
    /// # Errors
    /// [`Error::Uncastable`] where the database could not hold one of them.
    pub(super) fn exchange_times(&mut self, times_us: &mut Vec<Micros>) -> Result<(), Error> {
        // Neither is copied: what is collected stays in its memory.
        let memory = std::mem::take(times_us).into_iter().map(Micros::get).collect();
        let values = std::mem::replace(&mut self.values, memory);
        match Micros::all(values) {
            Ok(times) => {
                *times_us = times;
                Ok(())
            }
            Err(values) => {
                self.values = values;
                let outside = self.iter().flatten().filter(|value| Micros::new(*value).is_none());
                let text = |value| format!("{value} µs since 1970");
                Err(uncastable(schema::DATETIME, Storage::TimeUs, outside.map(text)))
            }
        }
    }

    /// Takes all rows out and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.validity.clear();
    }
}

/// The values of a page, as they are stored.
struct Raw<T: DataType> {
    reader: ColumnReaderImpl<T>,
    /// For each row, 1 where there is a value.
    levels: Vec<i16>,
}

impl<T: DataType> Raw<T> {
    fn new(description: ColumnDescPtr, page: Page) -> Self {
        Self { reader: ColumnReaderImpl::new(description, Box::new(Alone(Some(page)))), levels: Vec::new() }
    }

    /// Reads the values of that many rows, those that are not null. Says whether any is null.
    fn read(&mut self, rows: usize, values: &mut Vec<T::T>) -> Result<bool, Error> {
        self.levels.clear();
        let read = self.reader.read_records(rows, Some(&mut self.levels), None, values);
        let (read, present, _) = read.map_err(parquet_error)?;
        if read != rows { Err(cut_short()) } else { Ok(present < read) }
    }
}

/// Moves values to the rows that have one.
fn spread(values: &mut Vec<i64>, levels: &[i16]) {
    let mut next = values.len();
    values.resize(levels.len(), 0);
    for (row, &level) in levels.iter().enumerate().rev() {
        if level > 0 && next > 0 {
            next -= 1;
            values[row] = values[next];
        }
    }
}

/// What numbers of a column stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Whole numbers.
    Integer,
    /// Numbers of any kind, held as keys of their [`crate::schema::GuildKind`].
    Key,
    /// Microseconds since 1970-01-01.
    Time,
    /// Codes of texts.
    Code,
}

/// What a text stands for; `None` where it stands for nothing that the column can hold.
pub(super) type OfText<'a> = &'a mut dyn FnMut(&ByteArray) -> Option<i64>;

/// A page that is read value by value.
pub(super) struct ValuePage {
    name: &'static str,
    meaning: Meaning,
    storage: Storage,
    cells: Cells,
}

enum Cells {
    Int32(Raw<Int32Type>, Vec<i32>),
    Int64(Raw<Int64Type>),
    Delta(Delta),
    Int96(Raw<Int96Type>, Vec<Int96>),
    Float(Raw<FloatType>, Vec<f32>),
    Double(Raw<DoubleType>, Vec<f64>),
    Text(Raw<ByteArrayType>, Vec<ByteArray>),
}

impl ValuePage {
    /// A data page of such a column.
    ///
    /// # Errors
    /// [`Error::Parquet`] when the page does not begin as it should.
    pub(super) fn new(
        name: &'static str,
        meaning: Meaning,
        storage: Storage,
        description: ColumnDescPtr,
        page: Page,
    ) -> Result<Self, Error> {
        let is_nullable = description.max_def_level() > 0;
        let cells = match storage {
            Storage::Int32 | Storage::UInt32 | Storage::Date => {
                Cells::Int32(Raw::new(description, page), Vec::new())
            }
            Storage::Int64 | Storage::UInt64 | Storage::TimeMs | Storage::TimeUs | Storage::TimeNs => {
                match page.encoding() {
                    Encoding::DELTA_BINARY_PACKED if !is_nullable => Cells::Delta(Delta::new(page.buffer())?),
                    _ => Cells::Int64(Raw::new(description, page)),
                }
            }
            Storage::Int96 => Cells::Int96(Raw::new(description, page), Vec::new()),
            Storage::Float => Cells::Float(Raw::new(description, page), Vec::new()),
            Storage::Double => Cells::Double(Raw::new(description, page), Vec::new()),
            Storage::Text => Cells::Text(Raw::new(description, page), Vec::new()),
        };
        Ok(Self { name, meaning, storage, cells })
    }

    /// Reads the next rows over what `out` holds.
    ///
    /// # Errors
    /// [`Error::Parquet`], or [`Error::Uncastable`] for values the column cannot hold.
    pub(super) fn read(&mut self, rows: usize, of_text: OfText<'_>, out: &mut Values) -> Result<(), Error> {
        out.clear();
        let (name, storage, meaning) = (self.name, self.storage, self.meaning);
        let values = &mut out.values;
        let (has_nulls, levels) = match &mut self.cells {
            Cells::Delta(delta) => {
                delta.read(rows, values)?;
                cast_int64(name, storage, values)?;
                return Ok(());
            }
            Cells::Int64(raw) => {
                let has_nulls = raw.read(rows, values)?;
                cast_int64(name, storage, values)?;
                (has_nulls, &raw.levels)
            }
            Cells::Int32(raw, cells) => {
                cells.clear();
                let has_nulls = raw.read(rows, cells)?;
                cast_int32(name, storage, cells, values)?;
                (has_nulls, &raw.levels)
            }
            Cells::Int96(raw, cells) => {
                cells.clear();
                let has_nulls = raw.read(rows, cells)?;
                cast(name, storage, cells, values, times::from_int96, ToString::to_string)?;
                (has_nulls, &raw.levels)
            }
            Cells::Float(raw, cells) => {
                cells.clear();
                let has_nulls = raw.read(rows, cells)?;
                let known = |value: &f32| number(f64::from(*value), meaning);
                cast(name, storage, cells, values, known, ToString::to_string)?;
                (has_nulls, &raw.levels)
            }
            Cells::Double(raw, cells) => {
                cells.clear();
                let has_nulls = raw.read(rows, cells)?;
                let known = |value: &f64| number(*value, meaning);
                cast(name, storage, cells, values, known, ToString::to_string)?;
                (has_nulls, &raw.levels)
            }
            Cells::Text(raw, cells) => {
                cells.clear();
                let has_nulls = raw.read(rows, cells)?;
                cast(name, storage, cells, values, of_text, quoted)?;
                (has_nulls, &raw.levels)
            }
        };
        if has_nulls {
            spread(values, levels);
            out.validity.extend(levels.iter().map(|level| *level > 0));
        }
        Ok(())
    }
}

fn cast_int64(name: &'static str, storage: Storage, values: &mut [i64]) -> Result<(), Error> {
    match storage {
        Storage::UInt64 => {
            let known = |value: i64| (value >= 0).then_some(value);
            cast_in_place(name, storage, values, known, |value| value.cast_unsigned().to_string())
        }
        Storage::TimeMs => {
            let text = |value| format!("{value} ms since 1970");
            cast_in_place(name, storage, values, |value| value.checked_mul(1_000), text)
        }
        Storage::TimeNs => {
            values.iter_mut().for_each(|value| *value = times::from_ns(*value));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn cast_int32(
    name: &'static str,
    storage: Storage,
    cells: &[i32],
    values: &mut Vec<i64>,
) -> Result<(), Error> {
    match storage {
        Storage::UInt32 => values.extend(cells.iter().map(|value| i64::from(value.cast_unsigned()))),
        Storage::Date => {
            let midnight = |day: &i32| i64::from(*day).checked_mul(DAY_US);
            cast(name, storage, cells, values, midnight, |day| format!("{day} days since 1970"))?;
        }
        _ => values.extend(cells.iter().map(|value| i64::from(*value))),
    }
    Ok(())
}

/// A double as the database casts it to a whole number, or as a key that orders as it does.
fn number(value: f64, meaning: Meaning) -> Option<i64> {
    if meaning == Meaning::Key {
        return Some(float_to_key(value));
    }
    let whole = value.round_ties_even();
    // 2^63 is a double, the largest i64 is not.
    (-(2_f64.powi(63))..2_f64.powi(63)).contains(&whole).then_some(whole as i64)
}

fn cast<T>(
    column: &'static str,
    storage: Storage,
    cells: &[T],
    values: &mut Vec<i64>,
    mut cast: impl FnMut(&T) -> Option<i64>,
    text: impl Fn(&T) -> String,
) -> Result<(), Error> {
    for cell in cells {
        let Some(value) = cast(cell) else {
            let bad = cells.iter().filter(|cell| cast(cell).is_none());
            return Err(uncastable(column, storage, bad.map(text)));
        };
        values.push(value);
    }
    Ok(())
}

fn cast_in_place(
    column: &'static str,
    storage: Storage,
    values: &mut [i64],
    cast: impl Fn(i64) -> Option<i64>,
    text: impl Fn(i64) -> String,
) -> Result<(), Error> {
    if values.iter().any(|value| cast(*value).is_none()) {
        let bad = values.iter().filter(|value| cast(**value).is_none());
        return Err(uncastable(column, storage, bad.map(|value| text(*value))));
    }
    for value in values {
        *value = cast(*value).unwrap_or(*value);
    }
    Ok(())
}

fn quoted(text: &ByteArray) -> String {
    format!("'{}'", String::from_utf8_lossy(text.data()))
}

fn uncastable(column: &'static str, storage: Storage, bad: impl Iterator<Item = String>) -> Error {
    let expected = match column {
        schema::DATETIME if storage == Storage::Text => {
            "time (2008-01-31 00:02:04 and 01/31/08 00:02:04 are)"
        }
        schema::DATETIME => "time that the database can hold (from 290309-12-22 BC to 294247-01-10)",
        schema::RACE | schema::CLASS | schema::ZONE => "text in UTF-8",
        _ => "whole number of 64 bits",
    };
    let examples: Vec<String> = bad.take(3).collect();
    Error::Uncastable { column, expected, examples: examples.join(", ") }
}
