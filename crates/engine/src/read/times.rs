//! Times as files store them, in microseconds since 1970-01-01, as the database casts them.

use jiff::civil::{Date, DateTime, Time};
use parquet::data_type::Int96;

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

/// A text: ISO, as `2008-01-31 00:02:04`, or as the published log has it, `01/31/08 00:02:04`. Digits beyond
/// microseconds are cut off.
pub(super) fn from_text(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    let time: DateTime = if text.contains('/') { month_first(text)? } else { text.parse().ok()? };
    let since = time.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    let seconds_us = since.as_secs().checked_mul(1_000_000)?;
    seconds_us.checked_add(i64::from(since.subsec_nanos()).div_euclid(1_000))
}

fn month_first(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once(' ').unwrap_or((text, "0:0:0"));
    let [month, day, year] = numbers(date, '/')?;
    let year = match (date.len() - date.rfind('/')?, year) {
        (3, 69..) => 1_900 + year,
        (3, _) => 2_000 + year,
        (5, _) => year,
        _ => return None,
    };
    let [hour, minute, second] = numbers(time, ':')?;
    let small = |number: i16| i8::try_from(number).ok();
    let date = Date::new(year, small(month)?, small(day)?).ok()?;
    let time = Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    Some(date.to_datetime(time))
}

/// Three numbers without signs.
fn numbers(text: &str, separator: char) -> Option<[i16; 3]> {
    let mut parts = text.split(separator).map(|part| {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse().ok() } else { None }
    });
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
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
            ("01/31/08 00:02:04", 1_201_737_724_000_000),
            ("1/31/70 0:02:04", 2_592_124_000_000),
            ("01/31/2008 00:02:04", 1_201_737_724_000_000),
        ];
        for (text, time_us) in known {
            assert_eq!(from_text(text), Some(time_us), "{text}");
        }
        for text in ["", "yesterday", "2008-13-01", "13/13/08 00:00:00", "01/31/08 25:00:00", "1/2", "//"] {
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
