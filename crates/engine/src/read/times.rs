//! Times as files store them, in microseconds since 1970-01-01, as the database casts them.

use chrono::{NaiveDate, NaiveTime, Timelike as _};
use parquet::data_type::{ByteArray, Int96};

use crate::time::DAY_US;

/// The Julian day of 1970-01-01.
const EPOCH_JULIAN_DAY: i64 = 2_440_588;

/// Nanoseconds, rounded to the nearest microsecond, halves away from 1970.
pub(super) const fn from_ns(time_ns: i64) -> i64 {
    let rest = time_ns % 1_000;
    time_ns / 1_000 + (rest >= 500) as i64 - (rest <= -500) as i64
}

/// A Julian day and the nanoseconds of it.
pub(super) fn from_int96(time: &Int96) -> Option<i64> {
    let [low, high, day] = *time.data() else { return None };
    let of_day_ns = i64::try_from(u64::from(high) << 32 | u64::from(low)).ok()?;
    let day = i64::from(day.cast_signed()) - EPOCH_JULIAN_DAY;
    day.checked_mul(DAY_US)?.checked_add(from_ns(of_day_ns))
}

/// The bytes of a text, as [`from_text`].
pub(super) fn from_bytes(text: &ByteArray) -> Option<i64> {
    text.as_utf8().ok().and_then(from_text)
}

/// A text as microseconds since 1970-01-01: ISO, as `2008-01-31 00:02:04`, or as the published log has it,
/// `01/31/08 00:02:04`. The time of day may be missing, and its seconds; digits beyond microseconds are cut off. `None`
/// for any other text.
#[must_use]
pub fn from_text(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "0:0"));
    let day = if date.contains('/') { month_first(date)? } else { year_first(date)? };
    let epoch = NaiveDate::from_epoch_days(0)?;
    day.signed_duration_since(epoch).num_days().checked_mul(DAY_US)?.checked_add(of_day_us(time)?)
}

fn year_first(date: &str) -> Option<NaiveDate> {
    let mut parts = date.split('-').map(number);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then(|| NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day))?
}

fn month_first(date: &str) -> Option<NaiveDate> {
    let mut parts = date.split('/').map(number);
    let (month, day, year) = (parts.next()??, parts.next()??, parts.next()??);
    let year = match (date.len() - date.rfind('/')?, year) {
        (3, 69..) => 1_900 + year,
        (3, _) => 2_000 + year,
        (5, _) => year,
        _ => return None,
    };
    parts.next().is_none().then(|| NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day))?
}

fn of_day_us(time: &str) -> Option<i64> {
    let (time, fraction) = time.trim_ascii().split_once('.').unwrap_or((time.trim_ascii(), "0"));
    let mut parts = time.split(':').map(number);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    // The first six digits count microseconds, whether they are all there or not.
    let digits = &fraction[..fraction.len().min(6)];
    number(fraction)?;
    let scale = 10_i64.pow(6 - u32::try_from(digits.len()).ok()?);
    let time = NaiveTime::from_hms_opt(hour, minute, second)?;
    let seconds_us = i64::from(time.num_seconds_from_midnight()) * 1_000_000;
    parts.next().is_none().then_some(seconds_us + i64::from(number(digits)?) * scale)
}

/// Up to nine digits without a sign.
fn number(digits: &str) -> Option<u32> {
    let are_digits = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if are_digits { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_round_as_the_database_casts_them() {
        // Each pair is what DuckDB's cast from TIMESTAMP_NS to TIMESTAMP gives.
        let known =
            [(1, 0), (499, 0), (500, 1), (999, 1), (1_500, 2), (-1, 0), (-500, -1), (-999, -1), (-1_500, -2)];
        for (time_ns, time_us) in known {
            assert_eq!(from_ns(time_ns), time_us, "{time_ns} ns");
        }
    }

    #[test]
    fn texts_are_read_as_the_database_reads_them() {
        // `epoch_us` of DuckDB's cast, and of its strptime with `%m/%d/%y %H:%M:%S`.
        let known = [
            ("2008-01-31 00:02:04", 1_201_737_724_000_000),
            ("2008-01-31T00:02:04", 1_201_737_724_000_000),
            (" 2008-01-31 00:02:04 ", 1_201_737_724_000_000),
            ("2008-01-31 00:00:00.9999999", 1_201_737_600_999_999),
            ("2008-01-31", 1_201_737_600_000_000),
            ("2008-1-31 0:02", 1_201_737_720_000_000),
            ("2008-01-31 00:00:00.5", 1_201_737_600_500_000),
            ("1969-12-31 23:59:59.9999999", -1),
            ("01/31/08 00:02:04", 1_201_737_724_000_000),
            ("1/31/70 0:02:04", 2_592_124_000_000),
            ("01/31/2008 00:02:04", 1_201_737_724_000_000),
        ];
        for (text, time_us) in known {
            assert_eq!(from_text(text), Some(time_us), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "-1-1-1",
            "2008-01-31 00",
            "2008-01-31 00:00:00+02",
            "2008-13-01",
            "13/13/08 00:00:00",
            "01/31/08 25:00:00",
            "1/2",
            "//",
        ] {
            assert_eq!(from_text(text), None, "{text}");
        }
    }

    #[test]
    fn julian_days_start_in_1970() {
        let mut time = Int96::new();
        time.set_data(1_500, 0, 2_440_589);
        assert_eq!(from_int96(&time), Some(DAY_US + 2));
    }
}
