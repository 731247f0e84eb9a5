//! Times are microseconds since 1970-01-01T00:00:00, naive, without a zone.

/// Microseconds in a minute.
pub const MINUTE_US: i64 = 60_000_000;
/// Microseconds in an hour.
pub const HOUR_US: i64 = 60 * MINUTE_US;
/// Microseconds in a day.
pub const DAY_US: i64 = 24 * HOUR_US;

/// Minute boundaries crossed from `a_us` to `b_us`: DuckDB's `datediff('minute', a, b)`.
#[must_use]
pub const fn minutes_between(a_us: i64, b_us: i64) -> i64 {
    b_us.div_euclid(MINUTE_US) - a_us.div_euclid(MINUTE_US)
}

/// The calendar day of a time, as days since 1970-01-01.
#[must_use]
pub const fn day_of(time_us: i64) -> i64 {
    time_us.div_euclid(DAY_US)
}

/// The hour of the week of a time: 0 is Monday 00:00, 167 is Sunday 23:00.
#[must_use]
pub const fn hour_of_week(time_us: i64) -> usize {
    // 1970-01-01 was a Thursday: three days after Monday.
    (time_us.div_euclid(HOUR_US) + 3 * 24).rem_euclid(7 * 24) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_boundaries_crossed() {
        assert_eq!(minutes_between(59_000_000, 60_000_000), 1);
        assert_eq!(minutes_between(0, 59_999_999), 0);
        assert_eq!(minutes_between(-1, 0), 1);
        assert_eq!(minutes_between(i64::MIN, i64::MAX), 307_445_734_561);
    }

    #[test]
    fn days_and_hours_before_1970_are_floored() {
        assert_eq!(day_of(-1), -1);
        assert_eq!(hour_of_week(0), 72);
        assert_eq!(hour_of_week(-1), 71);
        assert_eq!(hour_of_week(4 * DAY_US), 0);
    }
}
