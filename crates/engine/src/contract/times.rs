//! Times as sources store them in numbers, cast as the database casts them.

use super::Wrong;
use crate::time::{DAY_US, Micros};

/// The Julian day of 1970-01-01.
const EPOCH_JULIAN_DAY: i64 = 2_440_588;

/// Microseconds since 1970.
///
/// # Errors
/// [`Wrong::TimeOutOfRange`].
#[inline]
pub fn of_us(time_us: i64) -> Result<Micros, Wrong> {
    Micros::new(time_us).ok_or(Wrong::TimeOutOfRange)
}

/// Milliseconds since 1970.
///
/// # Errors
/// [`Wrong::TimeOutOfRange`].
pub fn of_ms(time_ms: i64) -> Result<Micros, Wrong> {
    of_us(time_ms.checked_mul(1_000).ok_or(Wrong::TimeOutOfRange)?)
}

/// Nanoseconds since 1970, rounded to the nearest microsecond, halves away from 1970. The two numbers that stand for
/// infinity are no times.
///
/// # Errors
/// [`Wrong::TimeOutOfRange`].
pub fn of_ns(time_ns: i64) -> Result<Micros, Wrong> {
    if time_ns == i64::MAX || time_ns <= -i64::MAX {
        return Err(Wrong::TimeOutOfRange);
    }
    of_us(us_of_ns(time_ns))
}

/// Days since 1970.
///
/// # Errors
/// [`Wrong::TimeOutOfRange`].
pub fn of_days(days: i32) -> Result<Micros, Wrong> {
    of_us(i64::from(days).checked_mul(DAY_US).ok_or(Wrong::TimeOutOfRange)?)
}

/// A Julian day and the nanoseconds of it, as older writers store times.
///
/// # Errors
/// [`Wrong::TimeOutOfRange`].
pub fn of_julian(day: u32, of_day_ns: u64) -> Result<Micros, Wrong> {
    let of_day_ns = i64::try_from(of_day_ns).map_err(|_| Wrong::TimeOutOfRange)?;
    let midnight_us = (i64::from(day.cast_signed()) - EPOCH_JULIAN_DAY).checked_mul(DAY_US);
    of_us(midnight_us.and_then(|us| us.checked_add(us_of_ns(of_day_ns))).ok_or(Wrong::TimeOutOfRange)?)
}

const fn us_of_ns(time_ns: i64) -> i64 {
    let rest = time_ns % 1_000;
    time_ns / 1_000 + (rest >= 500) as i64 - (rest <= -500) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_round_as_the_database_casts_them() {
        // Each pair is what DuckDB's cast from TIMESTAMP_NS to TIMESTAMP gives.
        for (time_ns, time_us) in
            [(1, 0), (499, 0), (500, 1), (999, 1), (1_500, 2), (-1, 0), (-500, -1), (-999, -1), (-1_500, -2)]
        {
            assert_eq!(of_ns(time_ns).map(Micros::get), Ok(time_us), "{time_ns} ns");
        }
    }

    #[test]
    fn infinities_and_what_lies_beyond_are_no_times() {
        for refused in [
            of_us(i64::MAX),
            of_us(-i64::MAX),
            of_us(i64::MIN),
            of_ns(i64::MAX),
            of_ns(-i64::MAX),
            of_ms(i64::MAX / 1_000 + 1),
            of_days(i32::MAX),
            of_days(-i32::MAX),
            of_julian(0, u64::MAX),
        ] {
            assert_eq!(refused, Err(Wrong::TimeOutOfRange));
        }
        assert_eq!(of_us(i64::MAX - 1), Ok(Micros::MAX));
    }

    #[test]
    fn julian_days_start_in_1970() {
        assert_eq!(of_julian(2_440_589, 1_500).map(Micros::get), Ok(DAY_US + 2));
    }
}
