//! A column's values, one for each row.

use parquet::basic::Type as Physical;
use parquet::schema::types::ColumnDescriptor;

use super::cast::{Cast, double, half, int32, int32_text, int96, int96_text, quoted, refused};
use super::decode::{Decoder, first};
use super::hybrid::Hybrid;
use super::layout::Storage;
use super::pages::Page;
use super::unknown;
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
    physical: Physical,
    /// A level for each row, 1 where it has a value; without levels all have one.
    levels: Option<Hybrid>,
    /// The values; nothing of a column that has none.
    values: Option<Decoder>,
    /// For each row that is read, whether it has a value.
    present: Vec<bool>,
}

impl ValuePage {
    /// A page of such a column.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the page does not begin as it should.
    pub(super) fn new(
        column: contract::Column,
        meaning: Meaning,
        storage: Storage,
        description: &ColumnDescriptor,
        page: Page,
    ) -> Result<Self, Error> {
        let values = match storage {
            Storage::Null => None,
            _ => Some(Decoder::new(description, page.encoding, page.values)?),
        };
        let (physical, levels) = (description.physical_type(), page.levels);
        Ok(Self { column, meaning, storage, physical, levels, values, present: Vec::new() })
    }

    /// Reads the next rows over what `out` holds.
    ///
    /// # Errors
    /// [`Error::Damaged`], or [`Error::Refused`] for values the column cannot hold.
    pub(super) fn read(&mut self, rows: usize, of_text: OfText<'_>, out: &mut Values) -> Result<(), Error> {
        out.clear();
        let count = self.read_levels(rows)?;
        let (storage, meaning) = (self.storage, self.meaning);
        let mut cast = Cast::new(self.column, out, &self.present);
        let Some(values) = &mut self.values else {
            return if count > 0 { Err(not_null()) } else { cast.finish() };
        };
        match (self.physical, storage) {
            (Physical::INT64, _) => {
                values.read_int64(count, cast.numbers())?;
                return cast.int64(storage, meaning);
            }
            (Physical::INT32, _) => values.read(count, |bytes| {
                let value = i32::from_le_bytes(first(bytes));
                cast.push(int32(value, storage, meaning), || int32_text(value, storage));
            }),
            (Physical::INT96, _) => values.read(count, |bytes| cast.push(int96(bytes), || int96_text(bytes))),
            (Physical::FLOAT, _) => values.read(count, |bytes| {
                let value = f32::from_le_bytes(first(bytes));
                cast.push(double(value.into(), meaning), || value.to_string());
            }),
            (Physical::DOUBLE, _) => values.read(count, |bytes| {
                let value = f64::from_le_bytes(first(bytes));
                cast.push(double(value, meaning), || value.to_string());
            }),
            (_, Storage::Decimal { scale }) => {
                values.read(count, |bytes| cast.push_decimal(bytes, scale, meaning))
            }
            (Physical::BYTE_ARRAY, _) => {
                values.read(count, |bytes| cast.push(of_text(bytes), || quoted(bytes)))
            }
            (Physical::FIXED_LEN_BYTE_ARRAY, _) => {
                values.read(count, |bytes| cast.push(half(bytes, meaning), || format!("{bytes:?}")))
            }
            (Physical::BOOLEAN, _) => Err(unknown()),
        }?;
        cast.finish()
    }

    /// Reads which of the next rows have a value, and gives how many.
    fn read_levels(&mut self, rows: usize) -> Result<usize, Error> {
        self.present.clear();
        let Some(levels) = &mut self.levels else { return Ok(rows) };
        let mut count = 0;
        levels.read(rows, |level, rows| {
            let is_present = level > 0;
            self.present.resize(self.present.len() + rows, is_present);
            count += if is_present { rows } else { 0 };
            Ok(())
        })?;
        Ok(count)
    }
}

fn not_null() -> Error {
    Error::Damaged("a column has values where its type says that it has none".into())
}
