//! Stored values on their way to rows: each is read as the contract says, or refused with its like.

use parquet::data_type::{AsBytes, ByteArray, Int96};

use super::layout::Storage;
use super::values::{Meaning, Values};
use crate::Error;
use crate::contract::{self, Refusal, Wrong, numbers, times};
use crate::schema::float_to_key;
use crate::time::Micros;

/// What is read of a page, on its way to rows.
pub(super) struct Cast<'a> {
    pub(super) column: contract::Column,
    pub(super) out: &'a mut Values,
    /// For each row, 1 where there is a value.
    pub(super) levels: &'a [i16],
}

impl<'a> Cast<'a> {
    /// Reads a row of each cell, and of those that are null.
    pub(super) fn all<T>(
        mut self,
        (cells, levels): (&[T], &'a [i16]),
        mut read: impl FnMut(&T) -> Result<Option<i64>, Wrong>,
        text: impl Fn(&T) -> String,
    ) -> Result<(), Error> {
        self.levels = levels;
        let mut has_null_texts = false;
        for cell in cells {
            match read(cell) {
                Ok(Some(value)) if self.out.validity.is_empty() => self.out.values.push(value),
                Ok(value) => {
                    has_null_texts = true;
                    self.out.push(value, 1);
                }
                Err(wrong) => {
                    let same = |cell: &&T| read(cell).as_ref() == Err(&wrong);
                    let examples = cells.iter().filter(same).take(contract::EXAMPLES).map(text).collect();
                    return Err(refused(self.column, wrong, examples));
                }
            }
        }
        if has_null_texts {
            self.spread_nulls()
        } else {
            self.spread()
        }
        Ok(())
    }

    pub(super) fn decimals<T: AsBytes>(
        self,
        cells: (&[T], &'a [i16]),
        scale: u32,
        meaning: Meaning,
    ) -> Result<(), Error> {
        let read = |cell: &T| {
            let unscaled = unscaled(cell.as_bytes())?;
            decimal(unscaled, scale, meaning).map(Some)
        };
        let text = |cell: &T| match unscaled(cell.as_bytes()) {
            Ok(unscaled) => numbers::decimal_text(unscaled, scale),
            Err(_) => format!("a number of {} bytes", cell.as_bytes().len()),
        };
        self.all(cells, read, text)
    }

    /// Reads numbers in place.
    pub(super) fn int64(self, storage: Storage, meaning: Meaning) -> Result<(), Error> {
        let values = &mut self.out.values;
        // Microseconds are looked at as they become times, all of a batch at once.
        if matches!(storage, Storage::Int64 | Storage::TimeUs) && meaning != Meaning::Double {
            self.spread();
            return Ok(());
        }
        let read = |value: i64| int64(value, storage, meaning);
        if let Some(wrong) = values.iter().find_map(|value| read(*value).err()) {
            let same = |value: &&i64| read(**value).as_ref() == Err(&wrong);
            let text = |value: &i64| int64_text(*value, storage);
            let examples = values.iter().filter(same).take(contract::EXAMPLES).map(text).collect();
            return Err(refused(self.column, wrong, examples));
        }
        for value in values {
            *value = read(*value).unwrap_or(*value);
        }
        self.spread();
        Ok(())
    }

    /// Moves values to the rows that have one.
    fn spread(self) {
        if !self.levels.contains(&0) {
            return;
        }
        spread(&mut self.out.values, self.levels);
        self.out.validity.extend(self.levels.iter().map(|level| *level > 0));
    }

    /// The same where some of the values are texts that stand for null.
    fn spread_nulls(self) {
        if !self.levels.contains(&0) {
            return;
        }
        let present = std::mem::take(self.out);
        let mut values = present.iter();
        for level in self.levels {
            self.out.push(if *level > 0 { values.next().flatten() } else { None }, 1);
        }
    }
}

fn int64(value: i64, storage: Storage, meaning: Meaning) -> Result<i64, Wrong> {
    match storage {
        Storage::UInt64 => numbers::of_unsigned(value.cast_unsigned()),
        Storage::TimeMs => times::of_ms(value).map(Micros::get),
        Storage::TimeUs => times::of_us(value).map(Micros::get),
        Storage::TimeNs => times::of_ns(value).map(Micros::get),
        Storage::Decimal { scale } => decimal(value.into(), scale, meaning),
        _ => Ok(value),
    }
}

fn int64_text(value: i64, storage: Storage) -> String {
    match storage {
        Storage::UInt64 => value.cast_unsigned().to_string(),
        Storage::TimeMs => format!("{value} ms since 1970"),
        Storage::TimeUs => format!("{value} µs since 1970"),
        Storage::TimeNs => format!("{value} ns since 1970"),
        Storage::Decimal { scale } => numbers::decimal_text(value.into(), scale),
        _ => value.to_string(),
    }
}

pub(super) fn int32(value: i32, storage: Storage, meaning: Meaning) -> Result<Option<i64>, Wrong> {
    match storage {
        Storage::UInt32 => Ok(i64::from(value.cast_unsigned())),
        Storage::Date => times::of_days(value).map(Micros::get),
        Storage::Decimal { scale } => decimal(value.into(), scale, meaning),
        _ => Ok(i64::from(value)),
    }
    .map(Some)
}

pub(super) fn int32_text(value: i32, storage: Storage) -> String {
    match storage {
        Storage::Date => format!("{value} days since 1970"),
        Storage::Decimal { scale } => numbers::decimal_text(value.into(), scale),
        _ => value.to_string(),
    }
}

pub(super) fn double(value: f64, meaning: Meaning) -> Result<Option<i64>, Wrong> {
    if meaning == Meaning::Double { Ok(float_to_key(value)) } else { numbers::of_double(value) }.map(Some)
}

fn decimal(unscaled: i128, scale: u32, meaning: Meaning) -> Result<i64, Wrong> {
    match meaning {
        Meaning::Double => Ok(float_to_key(numbers::decimal_to_double(unscaled, scale))),
        _ => numbers::of_decimal(unscaled, scale),
    }
}

/// A number in two's complement, the highest byte first.
fn unscaled(bytes: &[u8]) -> Result<i128, Wrong> {
    let is_negative = bytes.first().is_some_and(|byte| *byte >= 0x80);
    let (fill, too_wide) = if is_negative { (-1, Wrong::TooSmall) } else { (0, Wrong::TooLarge) };
    let (high, low) = bytes.split_at(bytes.len().saturating_sub(size_of::<i128>()));
    let number = low.iter().fold(fill, |number, byte| number << 8 | i128::from(*byte));
    // What is cut off may only repeat the sign.
    let is_sign = |byte: &u8| i128::from(byte.cast_signed()) == fill;
    if high.iter().all(is_sign) && (high.is_empty() || (number < 0) == is_negative) {
        Ok(number)
    } else {
        Err(too_wide)
    }
}

pub(super) fn half(bytes: &[u8], meaning: Meaning) -> Result<Option<i64>, Wrong> {
    let bytes = bytes.first_chunk().copied().unwrap_or_default();
    double(half::f16::from_le_bytes(bytes).to_f64(), meaning)
}

pub(super) fn int96(time: &Int96) -> Result<i64, Wrong> {
    let [low, high, day] = *time.data() else { return Err(Wrong::NotATime) };
    times::of_julian(day, u64::from(high) << 32 | u64::from(low)).map(Micros::get)
}

pub(super) fn quoted(text: &ByteArray) -> String {
    format!("'{}'", String::from_utf8_lossy(text.data()))
}

/// The error for values that a column cannot hold.
pub(super) fn refused(column: contract::Column, wrong: Wrong, examples: Vec<String>) -> Error {
    Refusal::Values { column, name: column.name().to_owned(), wrong, examples, rows: None }.into()
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
