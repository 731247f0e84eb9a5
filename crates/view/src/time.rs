//! Times and dates as the page writes them. The log's times have no zone, so none is applied.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use wow_charts::dates::{self, year};
use wow_engine::time::{Day, Micros};

/// A day: `9 Jan 2009`; an en dash beyond the calendar.
#[must_use]
pub fn day(day: Day) -> String {
    dates::day(day.get())
}

/// The days from the first to the last: `9–15 Jan 2009`, `29 Dec 2008 – 4 Jan 2009`.
#[must_use]
pub fn days(first: Day, last: Day) -> String {
    dates::days(first.get(), last.get())
}

/// The years from that of the first day to that of the last, each with its days among these; none beyond the calendar.
#[must_use]
pub fn years(first: Day, last: Day) -> Vec<(i32, (Day, Day))> {
    let year_of = |day: Day| Some(DateTime::from_timestamp_micros(day.start().get())?.year());
    let start_of = |year| Some(day_at(NaiveDate::from_ymd_opt(year, 1, 1)?));
    let (Some(from), Some(to)) = (year_of(first), year_of(last)) else { return Vec::new() };
    let days = |year: i32| {
        let (start, end) = (start_of(year)?, start_of(year.checked_add(1)?)?);
        Some((year, (first.max(start), last.min(Day::new(end.get() - 1)?))))
    };
    (from..=to).map_while(days).collect()
}

fn day_at(date: NaiveDate) -> Day {
    Micros::new(date.and_time(NaiveTime::MIN).and_utc().timestamp_micros()).unwrap_or_default().day()
}

/// A time: `9 Jan 2009 14:05`; an en dash beyond the calendar.
#[must_use]
pub fn minute(time_us: Micros) -> String {
    dates::minute(time_us.get())
}

/// A time as a spreadsheet reads it, to the microsecond where there are any: `2009-01-09 14:05:00`.
#[must_use]
pub fn iso(time_us: Micros) -> String {
    written(time_us, |time| {
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let fraction = match time.nanosecond() / 1_000 {
            0 => String::new(),
            us => format!(".{us:06}").trim_end_matches('0').to_owned(),
        };
        format!("{} {hour:02}:{minute:02}:{second:02}{fraction}", iso_day_of(time))
    })
}

/// An RFC 3339 time in UTC as `23 Nov 2026 02:24 UTC`; as it is where it cannot be read.
#[must_use]
pub fn rfc3339(text: &str) -> String {
    match microseconds(text) {
        Some(time_us) => format!("{} UTC", minute(time_us)),
        None => text.to_owned(),
    }
}

/// An RFC 3339 time; `None` where it cannot be read.
#[must_use]
pub fn microseconds(text: &str) -> Option<Micros> {
    DateTime::parse_from_rfc3339(text).ok().and_then(|time| Micros::new(time.timestamp_micros()))
}

/// A day such as `2009-01-09`; `None` where it cannot be read.
#[must_use]
pub fn day_number(text: &str) -> Option<Day> {
    microseconds(&format!("{text}T00:00:00Z")).map(Micros::day)
}

/// The inverse of [`day_number`].
#[must_use]
pub fn iso_day(day: Day) -> String {
    written(day.start(), iso_day_of)
}

fn iso_day_of(time: NaiveDateTime) -> String {
    format!("{}-{:02}-{:02}", year(time.year()), time.month(), time.day())
}

fn written(time_us: Micros, write: fn(NaiveDateTime) -> String) -> String {
    let time = DateTime::from_timestamp_micros(time_us.get());
    time.map_or_else(|| "–".to_owned(), |time| write(time.naive_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_without_a_zone() {
        let written = |time_us| iso(Micros::new(time_us).unwrap());
        assert_eq!(written(1_231_509_900_000_000), "2009-01-09 14:05:00");
        assert_eq!(written(-1), "1969-12-31 23:59:59.999999");
        assert_eq!(written(1_500_000), "1970-01-01 00:00:01.5");
        assert_eq!([Micros::MIN, Micros::MAX].map(iso), ["–", "–"], "beyond the calendar");
        assert_eq!(rfc3339("2026-11-23T02:24:59Z"), "23 Nov 2026 02:24 UTC");
        assert_eq!(rfc3339("yesterday"), "yesterday");
        assert_eq!(
            (day_number("2009-01-01"), iso_day(Day::of(14_245))),
            (Some(Day::of(14_245)), "2009-01-01".to_owned())
        );
        assert_eq!([day_number("2009-02-29"), day_number("today")], [None, None]);
    }
}
