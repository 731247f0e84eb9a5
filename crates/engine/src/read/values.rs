//! A column's values, one for each row, decoded by the parquet crate's typed readers.

use parquet::basic::{Encoding, Type as Physical};
use parquet::column::page::Page;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::schema::types::ColumnDescPtr;

use super::bits::cut_short;
use super::cast::{Cast, double, half, int32, int32_text, int96, quoted, refused};
use super::delta::Delta;
use super::hybrid::Hybrid;
use super::layout::Storage;
use super::pages::{self, Alone};
use super::parquet_error;
use crate::Error;
use crate::contract::{self, Wrong};
use crate::time::Micros;

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
    /// [`Error::Refused`] where the database could not hold one of them.
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
                let examples = outside.take(contract::EXAMPLES).map(text).collect();
                Err(refused(contract::Column::Datetime, Wrong::TimeOutOfRange, examples))
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

    /// Reads the values of that many rows, those that are not null.
    fn read(&mut self, rows: usize, values: &mut Vec<T::T>) -> Result<(), Error> {
        self.levels.clear();
        let read = self.reader.read_records(rows, Some(&mut self.levels), None, values);
        let (read, ..) = read.map_err(parquet_error)?;
        if read != rows { Err(cut_short()) } else { Ok(()) }
    }
}

/// How numbers of a column are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// As whole numbers, which times and codes of texts are too.
    Whole,
    /// As the keys of doubles, which order as they do.
    Double,
}

/// What a text stands for; `None` where it stands for null.
pub(super) type OfText<'a> = &'a mut dyn FnMut(&[u8]) -> Result<Option<i64>, Wrong>;

/// A page that is read value by value.
pub(super) struct ValuePage {
    column: contract::Column,
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
    Bytes(Raw<ByteArrayType>, Vec<ByteArray>),
    Fixed(Raw<FixedLenByteArrayType>, Vec<FixedLenByteArray>),
    /// The levels of rows none of which has a value; without levels there is no such row.
    Nulls(Option<Hybrid>),
}

impl ValuePage {
    /// A data page of such a column.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the page does not begin as it should.
    pub(super) fn new(
        column: contract::Column,
        meaning: Meaning,
        storage: Storage,
        description: ColumnDescPtr,
        mut page: Page,
    ) -> Result<Self, Error> {
        let is_nullable = description.max_def_level() > 0;
        let cells = match description.physical_type() {
            _ if storage == Storage::Null => {
                Cells::Nulls(is_nullable.then(|| pages::take_levels(&mut page)).transpose()?)
            }
            Physical::INT32 => Cells::Int32(Raw::new(description, page), Vec::new()),
            Physical::INT64 => match page.encoding() {
                Encoding::DELTA_BINARY_PACKED if !is_nullable => Cells::Delta(Delta::new(page.buffer())?),
                _ => Cells::Int64(Raw::new(description, page)),
            },
            Physical::INT96 => Cells::Int96(Raw::new(description, page), Vec::new()),
            Physical::FLOAT => Cells::Float(Raw::new(description, page), Vec::new()),
            Physical::DOUBLE => Cells::Double(Raw::new(description, page), Vec::new()),
            Physical::BYTE_ARRAY => Cells::Bytes(Raw::new(description, page), Vec::new()),
            Physical::FIXED_LEN_BYTE_ARRAY => Cells::Fixed(Raw::new(description, page), Vec::new()),
            Physical::BOOLEAN => return Err(not_null()),
        };
        Ok(Self { column, meaning, storage, cells })
    }

    /// Reads the next rows over what `out` holds.
    ///
    /// # Errors
    /// [`Error::Damaged`], or [`Error::Refused`] for values the column cannot hold.
    pub(super) fn read(&mut self, rows: usize, of_text: OfText<'_>, out: &mut Values) -> Result<(), Error> {
        out.clear();
        let (storage, meaning) = (self.storage, self.meaning);
        let mut cast = Cast { column: self.column, out, levels: &[] };
        match &mut self.cells {
            Cells::Nulls(levels) => {
                let all_null = |level, _| if level > 0 { Err(not_null()) } else { Ok(()) };
                levels.as_mut().ok_or_else(not_null)?.read(rows, all_null)?;
                cast.out.push(None, rows);
                Ok(())
            }
            Cells::Delta(delta) => {
                delta.read(rows, &mut cast.out.values)?;
                cast.int64(storage, meaning)
            }
            Cells::Int64(raw) => {
                raw.read(rows, &mut cast.out.values)?;
                cast.levels = &raw.levels;
                cast.int64(storage, meaning)
            }
            Cells::Int32(raw, cells) => cast.all(
                raw.cells(rows, cells)?,
                |cell| int32(*cell, storage, meaning),
                |cell| int32_text(*cell, storage),
            ),
            Cells::Int96(raw, cells) => {
                cast.all(raw.cells(rows, cells)?, |cell| int96(cell).map(Some), ToString::to_string)
            }
            Cells::Float(raw, cells) => cast.all(
                raw.cells(rows, cells)?,
                |cell| double(f64::from(*cell), meaning),
                ToString::to_string,
            ),
            Cells::Double(raw, cells) => {
                cast.all(raw.cells(rows, cells)?, |cell| double(*cell, meaning), ToString::to_string)
            }
            Cells::Bytes(raw, cells) => {
                let cells = raw.cells(rows, cells)?;
                match storage {
                    Storage::Decimal { scale } => cast.decimals(cells, scale, meaning),
                    _ => cast.all(cells, |cell| of_text(cell.data()), quoted),
                }
            }
            Cells::Fixed(raw, cells) => {
                let cells = raw.cells(rows, cells)?;
                match storage {
                    Storage::Decimal { scale } => cast.decimals(cells, scale, meaning),
                    _ => cast.all(
                        cells,
                        |cell| half(cell.data(), meaning),
                        |cell| format!("{:?}", cell.data()),
                    ),
                }
            }
        }
    }
}

impl<T: DataType> Raw<T> {
    /// Reads the values of that many rows, and the levels that tell which rows they are of.
    fn cells<'a>(
        &'a mut self,
        rows: usize,
        cells: &'a mut Vec<T::T>,
    ) -> Result<(&'a [T::T], &'a [i16]), Error> {
        cells.clear();
        self.read(rows, cells)?;
        Ok((cells, &self.levels))
    }
}

fn not_null() -> Error {
    Error::Damaged("a column has values where its type says that it has none".into())
}
