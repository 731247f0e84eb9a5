//! Stored values on their way to rows: each is read as the contract says, or refused with its like.

use super::decode::first;
use super::layout::Storage;
use super::values::{Meaning, Values};
use crate::Error;
use crate::contract::{self, Refusal, Wrong, numbers, times};
use crate::schema::float_to_key;
use crate::time::Micros;

/// What is read of a page, on its way to rows.
pub(super) struct Cast<'a> {
    column: contract::Column,
    out: &'a mut Values,
    /// For each row, whether it has a value; all have one where it is empty.
    present: &'a [bool],
    has_null_texts: bool,
    /// What is wrong with the first value that cannot be read, and some of those with which the same is.
    wrong: Option<(Wrong, Vec<String>)>,
}

impl<'a> Cast<'a> {
    /// Reads into `out`, which is empty.
    pub(super) const fn new(column: contract::Column, out: &'a mut Values, present: &'a [bool]) -> Self {
        Self { column, out, present, has_null_texts: false, wrong: None }
    }

    /// Takes what the next value is read as, and how it is shown where it cannot be.
    pub(super) fn push(&mut self, read: Result<Option<i64>, Wrong>, text: impl FnOnce() -> String) {
        match read {
            Ok(Some(value)) if self.out.validity.is_empty() => self.out.values.push(value),
            Ok(value) => {
                self.has_null_texts = true;
                self.out.push(value, 1);
            }
            Err(wrong) => {
                let (first, examples) = self.wrong.get_or_insert_with(|| (wrong.clone(), Vec::new()));
                if *first == wrong && examples.len() < contract::EXAMPLES {
                    examples.push(text());
                }
            }
        }
    }

    pub(super) fn push_decimal(&mut self, bytes: &[u8], scale: u32, meaning: Meaning) {
        let unscaled = unscaled(bytes);
        let read = unscaled.clone().and_then(|unscaled| decimal(unscaled, scale, meaning)).map(Some);
        self.push(read, || match unscaled {
            Ok(unscaled) => numbers::decimal_text(unscaled, scale),
            Err(_) => format!("a number of {} bytes", bytes.len()),
        });
    }

    /// Gives each value its row.
    ///
    /// # Errors
    /// [`Error::Refused`] for values the column cannot hold.
    pub(super) fn finish(self) -> Result<(), Error> {
        if let Some((wrong, examples)) = self.wrong {
            return Err(refused(self.column, wrong, examples));
        }
        if self.has_null_texts {
            self.spread_nulls();
        } else {
            self.spread();
        }
        Ok(())
    }

    /// Where whole numbers go before [`Self::int64`] reads them in place.
    pub(super) const fn numbers(&mut self) -> &mut Vec<i64> {
        &mut self.out.values
    }

    /// Reads numbers in place, and gives each its row.
    ///
    /// # Errors
    /// As [`Self::finish`].
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
        if !self.present.contains(&false) {
            return;
        }
        spread(&mut self.out.values, self.present);
        self.out.validity.extend_from_slice(self.present);
    }

    /// The same where some of the values are texts that stand for null.
    fn spread_nulls(self) {
        if !self.present.contains(&false) {
            return;
        }
        let read = std::mem::take(self.out);
        let mut values = read.iter();
        for is_present in self.present {
            self.out.push(if *is_present { values.next().flatten() } else { None }, 1);
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
    double(half::f16::from_le_bytes(first(bytes)).to_f64(), meaning)
}

pub(super) fn int96(bytes: &[u8]) -> Result<Option<i64>, Wrong> {
    let (of_day_ns, day) = parts_of_int96(bytes);
    times::of_julian(day, of_day_ns).map(Micros::get).map(Some)
}

pub(super) fn int96_text(bytes: &[u8]) -> String {
    let (of_day_ns, day) = parts_of_int96(bytes);
    format!("{of_day_ns} ns of Julian day {day}")
}

fn parts_of_int96(bytes: &[u8]) -> (u64, u32) {
    let day = bytes.get(size_of::<u64>()..).unwrap_or_default();
    (u64::from_le_bytes(first(bytes)), u32::from_le_bytes(first(day)))
}

pub(super) fn quoted(text: &[u8]) -> String {
    format!("'{}'", String::from_utf8_lossy(text))
}

/// The error for values that a column cannot hold.
pub(super) fn refused(column: contract::Column, wrong: Wrong, mut examples: Vec<String>) -> Error {
    examples.dedup();
    Refusal::Values { column, name: column.name().to_owned(), wrong, examples, rows: None }.into()
}

/// Moves values to the rows that have one.
fn spread(values: &mut Vec<i64>, present: &[bool]) {
    let mut next = values.len();
    values.resize(present.len(), 0);
    for (row, &is_present) in present.iter().enumerate().rev() {
        if is_present && next > 0 {
            next -= 1;
            values[row] = values[next];
        }
    }
}
