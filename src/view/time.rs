//! Times and dates as the page writes them. The log's times have no zone, so none is applied.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wow_engine::time::DAY_US;

/// A time such as `9 Jan 2009 14:05`; an en dash where it lies beyond the calendar.
#[must_use]
pub fn minute(time_us: i64) -> String {
    written(time_us, "%-d %b %Y %H:%M")
}

/// A day such as `9 Jan 2009`, from days since 1970-01-01.
#[must_use]
pub fn day(day: i64) -> String {
    written(day.saturating_mul(DAY_US), "%-d %b %Y")
}

/// A time as a spreadsheet reads it, to the microsecond where there are any: `2009-01-09 14:05:00`.
#[must_use]
pub fn iso(time_us: i64) -> String {
    written(time_us, "%Y-%m-%d %H:%M:%S%.f")
}

/// An RFC 3339 time in UTC as `23 Nov 2026 02:24 UTC`; as it is where it cannot be read.
#[must_use]
pub fn rfc3339(text: &str) -> String {
    text.parse::<Timestamp>().map_or_else(
        |_| text.to_owned(),
        |time| format!("{} UTC", TimeZone::UTC.to_datetime(time).strftime("%-d %b %Y %H:%M")),
    )
}

fn written(time_us: i64, format: &str) -> String {
    Timestamp::from_microsecond(time_us)
        .map_or_else(|_| "–".to_owned(), |time| TimeZone::UTC.to_datetime(time).strftime(format).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_without_a_zone() {
        assert_eq!(minute(1_231_509_900_000_000), "9 Jan 2009 14:05");
        assert_eq!(iso(1_231_509_900_000_000), "2009-01-09 14:05:00");
        assert_eq!(iso(-1), "1969-12-31 23:59:59.999999");
        assert_eq!(day(-1), "31 Dec 1969");
        assert_eq!(minute(i64::MAX), "–");
        assert_eq!(rfc3339("2026-11-23T02:24:59Z"), "23 Nov 2026 02:24 UTC");
        assert_eq!(rfc3339("yesterday"), "yesterday");
    }
}
