//! Any text as a time.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use wow_engine::contract::TimeTexts;
use wow_engine::time::Micros;

/// Two digits of a year from here on are of the last century.
const FIRST_OF_LAST_CENTURY: i32 = 69;

/// Any text is a time, is blank, or is refused; where it is a time, it is the one that its numbers name, and whatever
/// text comes behind it in a column does not change that.
pub fn text_times(bytes: &[u8]) {
    let mut column = TimeTexts::default();
    for text in bytes.split(|byte| *byte == b'\n') {
        let alone = TimeTexts::default().read(text);
        if let Ok(beside) = column.read(text) {
            assert_eq!(alone, Ok(beside), "{}", text.escape_ascii());
        }
        if let Ok(Some(time)) = alone {
            let named = str::from_utf8(text).ok().and_then(named);
            assert_eq!(Some(time), named.and_then(Micros::new), "{}", text.escape_ascii());
        }
    }
}

/// The time that a text names, in microseconds since 1970-01-01.
fn named(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    let end = text.find(['T', ' ']).unwrap_or(text.len());
    let (date, clock) = text.split_at(end);
    let sign = date.find(['-', '/', '.'])?;
    let numbers: Vec<&str> = date.split(['-', '/', '.']).collect();
    let [first, second, third] = numbers[..] else { return None };
    let (year, month, day) = match &date[sign..=sign] {
        "." => (third, second, first),
        "/" if first.len() <= 2 => (third, first, second),
        _ => (first, second, third),
    };
    let year = match year.parse().ok()? {
        number @ FIRST_OF_LAST_CENTURY.. if year.len() == 2 => number + 1_900,
        number if year.len() == 2 => number + 2_000,
        number => number,
    };
    let date = NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)?;
    let midnight = date.and_time(NaiveTime::MIN);
    Some((midnight + clock_of(clock.trim_start_matches(['T', ' ']))?).and_utc().timestamp_micros())
}

/// The time of day that a text names, as UTC where it tells its offset.
fn clock_of(text: &str) -> Option<TimeDelta> {
    let end = text.find(['+', '-', 'Z', 'z', ' ']).unwrap_or(text.len());
    let (clock, offset) = text.split_at(end);
    let mut parts = clock.split(':');
    let mut part = || parts.next().filter(|part| !part.is_empty()).unwrap_or("0");
    let (hour, minute, second) = (part(), part(), part());
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    // Digits beyond microseconds are cut off.
    let micros = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    let offset = offset.trim_start();
    let (digits, is_west) = (offset.replace(['+', '-', ':', 'Z', 'z'], ""), offset.starts_with('-'));
    let (hours, minutes) = digits.split_at_checked(2).unwrap_or(("0", "0"));
    let minutes =
        hours.parse::<i64>().ok()? * 60 + if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    let ahead = TimeDelta::minutes(if is_west { -minutes } else { minutes });
    let of_day = TimeDelta::hours(hour.parse().ok()?) + TimeDelta::minutes(minute.parse().ok()?);
    Some(of_day + TimeDelta::seconds(second.parse().ok()?) + TimeDelta::microseconds(micros) - ahead)
}
