//! A column's values, decoded straight into the columns of a batch by the parquet crate's typed readers.

use std::sync::{Arc, Mutex, PoisonError};

use parquet::basic::Type as Physical;
use parquet::column::page::PageReader;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    ByteArray, DataType, DoubleType, FloatType, Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::schema::types::ColumnDescPtr;

use super::layout::Storage;
use super::{pages, parquet_error, times};
use crate::Error;
use crate::pipeline::events::Numbers;
use crate::pipeline::{Dictionary, NULL_CODE};
use crate::schema::float_to_key;

/// The values of a column in a row group, as they are stored.
struct Raw<T: DataType> {
    reader: ColumnReaderImpl<T>,
    /// For each row, 1 where there is a value.
    levels: Vec<i16>,
}

impl<T: DataType> Raw<T> {
    fn new(column: ColumnDescPtr, pages: Box<dyn PageReader>) -> Self {
        Self { reader: ColumnReaderImpl::new(column, pages), levels: Vec::new() }
    }

    /// Reads the values of that many rows, those that are not null. Says whether any is null.
    fn read(&mut self, rows: usize, values: &mut Vec<T::T>) -> Result<bool, Error> {
        self.levels.clear();
        let read = self.reader.read_records(rows, Some(&mut self.levels), None, values);
        let (read, present, _) = read.map_err(parquet_error)?;
        if read != rows {
            return Err(Error::Parquet("a column ends before its row group".into()));
        }
        Ok(present < read)
    }

    fn is_at_end(&mut self) -> Result<bool, Error> {
        self.levels.clear();
        let read = self.reader.read_records(1, Some(&mut self.levels), None, &mut Vec::new());
        read.map(|(rows, _, _)| rows == 0).map_err(parquet_error)
    }
}

/// Moves values to the rows that have one.
fn spread<T: Copy>(values: &mut Vec<T>, levels: &[i16], null: T) {
    let mut next = values.len();
    values.resize(levels.len(), null);
    for (row, &level) in levels.iter().enumerate().rev() {
        if level > 0 && next > 0 {
            next -= 1;
            values[row] = values[next];
        } else {
            values[row] = null;
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
}

/// A column of numbers or times.
pub(super) struct NumberColumn {
    name: &'static str,
    meaning: Meaning,
    storage: Storage,
    cells: Cells,
}

enum Cells {
    Int32(Raw<Int32Type>, Vec<i32>),
    Int64(Raw<Int64Type>),
    Int96(Raw<Int96Type>, Vec<Int96>),
    Float(Raw<FloatType>, Vec<f32>),
    Double(Raw<DoubleType>, Vec<f64>),
}

impl NumberColumn {
    /// The column in a row group.
    ///
    /// # Errors
    /// [`Error::Parquet`].
    pub(super) fn new(
        name: &'static str,
        meaning: Meaning,
        storage: Storage,
        column: ColumnDescPtr,
        pages: Box<dyn PageReader>,
    ) -> Result<Self, Error> {
        let cells = match storage {
            Storage::Int32 | Storage::UInt32 | Storage::Date => {
                Cells::Int32(Raw::new(column, pages), Vec::new())
            }
            Storage::Int64 | Storage::UInt64 | Storage::TimeMs | Storage::TimeUs | Storage::TimeNs => {
                Cells::Int64(Raw::new(column, pages))
            }
            Storage::Int96 => Cells::Int96(Raw::new(column, pages), Vec::new()),
            Storage::Float => Cells::Float(Raw::new(column, pages), Vec::new()),
            Storage::Double => Cells::Double(Raw::new(column, pages), Vec::new()),
            Storage::Text => {
                let numbers = pages::numbers_like(&column, Physical::INT64).map_err(parquet_error)?;
                let translate = move |texts: &[ByteArray], bytes: &mut Vec<u8>| times_of(name, texts, bytes);
                Cells::Int64(Raw::new(numbers, pages::translated(pages, &column, translate)))
            }
        };
        Ok(Self { name, meaning, storage, cells })
    }

    /// Reads the next rows over what `out` holds.
    ///
    /// # Errors
    /// [`Error::Parquet`], or [`Error::Uncastable`] for values the column cannot hold.
    pub(super) fn read(&mut self, rows: usize, out: &mut Numbers) -> Result<(), Error> {
        out.clear();
        let (name, storage, values) = (self.name, self.storage, &mut out.values);
        let (has_nulls, levels) = match &mut self.cells {
            Cells::Int64(raw) => {
                let has_nulls = raw.read(rows, values)?;
                match storage {
                    Storage::UInt64 => {
                        let known = |value: i64| (value >= 0).then_some(value);
                        cast_in_place(name, values, known, |value| value.cast_unsigned().to_string())?;
                    }
                    Storage::TimeMs => {
                        cast_in_place(name, values, |value| value.checked_mul(1_000), milliseconds)?;
                    }
                    Storage::TimeNs => {
                        cast_in_place(name, values, |value| Some(times::from_ns(value)), milliseconds)?;
                    }
                    _ => {}
                }
                (has_nulls, &raw.levels)
            }
            Cells::Int32(raw, cells) => {
                cells.clear();
                let has_nulls = raw.read(rows, cells)?;
                match storage {
                    Storage::UInt32 => {
                        values.extend(cells.iter().map(|value| i64::from(value.cast_unsigned())));
                    }
                    Storage::Date => {
                        values.extend(cells.iter().map(|value| i64::from(*value) * crate::time::DAY_US));
                    }
                    _ => values.extend(cells.iter().map(|value| i64::from(*value))),
                }
                (has_nulls, &raw.levels)
            }
            Cells::Int96(raw, cells) => {
                cells.clear();
                let has_nulls = raw.read(rows, cells)?;
                cast(name, cells, values, times::from_int96, ToString::to_string)?;
                (has_nulls, &raw.levels)
            }
            Cells::Float(raw, cells) => {
                cells.clear();
                let has_nulls = raw.read(rows, cells)?;
                let of = self.meaning;
                cast(name, cells, values, |value| number(f64::from(*value), of), ToString::to_string)?;
                (has_nulls, &raw.levels)
            }
            Cells::Double(raw, cells) => {
                cells.clear();
                let has_nulls = raw.read(rows, cells)?;
                let of = self.meaning;
                cast(name, cells, values, |value| number(*value, of), ToString::to_string)?;
                (has_nulls, &raw.levels)
            }
        };
        if has_nulls {
            spread(values, levels, 0);
            out.validity.extend(levels.iter().map(|level| *level > 0));
        }
        Ok(())
    }

    /// Whether all rows of the row group are read.
    ///
    /// # Errors
    /// [`Error::Parquet`].
    pub(super) fn is_at_end(&mut self) -> Result<bool, Error> {
        match &mut self.cells {
            Cells::Int32(raw, _) => raw.is_at_end(),
            Cells::Int64(raw) => raw.is_at_end(),
            Cells::Int96(raw, _) => raw.is_at_end(),
            Cells::Float(raw, _) => raw.is_at_end(),
            Cells::Double(raw, _) => raw.is_at_end(),
        }
    }
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

fn milliseconds(value: i64) -> String {
    format!("{value} ms since 1970")
}

fn cast<T>(
    column: &'static str,
    cells: &[T],
    values: &mut Vec<i64>,
    cast: impl Fn(&T) -> Option<i64>,
    text: impl Fn(&T) -> String,
) -> Result<(), Error> {
    for cell in cells {
        let Some(value) = cast(cell) else {
            let bad = cells.iter().filter(|cell| cast(cell).is_none());
            return Err(uncastable(column, bad.map(text)));
        };
        values.push(value);
    }
    Ok(())
}

fn cast_in_place(
    column: &'static str,
    values: &mut [i64],
    cast: impl Fn(i64) -> Option<i64>,
    text: impl Fn(i64) -> String,
) -> Result<(), Error> {
    if values.iter().any(|value| cast(*value).is_none()) {
        let bad = values.iter().filter(|value| cast(**value).is_none());
        return Err(uncastable(column, bad.map(|value| text(*value))));
    }
    for value in values {
        *value = cast(*value).unwrap_or(*value);
    }
    Ok(())
}

fn times_of(column: &'static str, texts: &[ByteArray], bytes: &mut Vec<u8>) -> Result<(), Error> {
    let time = |text: &ByteArray| text.as_utf8().ok().and_then(times::from_text);
    for text in texts {
        let Some(time_us) = time(text) else {
            let bad = texts.iter().filter(|text| time(text).is_none());
            let quoted = |text: &ByteArray| format!("'{}'", String::from_utf8_lossy(text.data()));
            return Err(uncastable(column, bad.map(quoted)));
        };
        bytes.extend_from_slice(&time_us.to_le_bytes());
    }
    Ok(())
}

fn uncastable(column: &'static str, bad: impl Iterator<Item = String>) -> Error {
    let expected = match column {
        crate::schema::DATETIME => "time (2008-01-31 00:02:04 and 01/31/08 00:02:04 are)",
        _ => "whole number of 64 bits",
    };
    let examples: Vec<String> = bad.take(3).collect();
    Error::Uncastable { column, expected, examples: examples.join(", ") }
}

/// A column of text, read as codes of a dictionary.
pub(super) struct CodeColumn {
    raw: Raw<Int32Type>,
    cells: Vec<i32>,
    /// The dictionary while the column reads, which needs it wherever a page brings new texts.
    lent: Arc<Mutex<Dictionary>>,
}

impl CodeColumn {
    /// The column in a row group.
    ///
    /// # Errors
    /// [`Error::Parquet`].
    pub(super) fn new(
        name: &'static str,
        column: ColumnDescPtr,
        pages: Box<dyn PageReader>,
    ) -> Result<Self, Error> {
        let lent = Arc::new(Mutex::new(Dictionary::default()));
        let dictionary = Arc::clone(&lent);
        let translate = move |texts: &[ByteArray], bytes: &mut Vec<u8>| {
            let mut dictionary = dictionary.lock().unwrap_or_else(PoisonError::into_inner);
            for text in texts {
                let text = text.as_utf8().map_err(|_| Error::Uncastable {
                    column: name,
                    expected: "text in UTF-8",
                    examples: String::from_utf8_lossy(text.data()).into_owned(),
                })?;
                bytes.extend_from_slice(&dictionary.code(text).to_le_bytes());
            }
            Ok(())
        };
        let numbers = pages::numbers_like(&column, Physical::INT32).map_err(parquet_error)?;
        let raw = Raw::new(numbers, pages::translated(pages, &column, translate));
        Ok(Self { raw, cells: Vec::new(), lent })
    }

    /// Reads the next rows over what `out` holds.
    ///
    /// # Errors
    /// [`Error::Parquet`], or [`Error::Uncastable`] for what is no text.
    pub(super) fn read(
        &mut self,
        rows: usize,
        dictionary: &mut Dictionary,
        out: &mut Vec<u32>,
    ) -> Result<(), Error> {
        self.swap(dictionary);
        self.cells.clear();
        let read = self.raw.read(rows, &mut self.cells);
        self.swap(dictionary);
        let has_nulls = read?;
        out.clear();
        out.extend(self.cells.iter().map(|code| code.cast_unsigned()));
        if has_nulls {
            spread(out, &self.raw.levels, NULL_CODE);
        }
        Ok(())
    }

    fn swap(&self, dictionary: &mut Dictionary) {
        std::mem::swap(&mut *self.lent.lock().unwrap_or_else(PoisonError::into_inner), dictionary);
    }

    /// Whether all rows of the row group are read.
    ///
    /// # Errors
    /// [`Error::Parquet`].
    pub(super) fn is_at_end(&mut self) -> Result<bool, Error> {
        self.raw.is_at_end()
    }
}
