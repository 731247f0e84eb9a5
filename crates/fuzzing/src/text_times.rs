//! Any text as a time.

use chrono::NaiveDate;
use wow_engine::read::time_of_text;

/// Two digits of a year from here on are of the last century.
const FIRST_OF_LAST_CENTURY: i32 = 69;

/// Any text is a time or is refused; where it is one, it is the one that its numbers name.
pub fn text_times(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Some(time_us) = time_of_text(text) else { return };
    assert_eq!(Some(time_us), named(text), "'{text}'");
}

/// The time that the numbers in a text name, whatever stands between them, in microseconds since 1970-01-01.
fn named(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    let numbers: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
    let number = |place: usize| numbers.get(place).map_or(Some(0), |digits| digits.parse::<u32>().ok());
    let is_month_first = text.contains('/');
    let (year, month, day) = if is_month_first { (2, 0, 1) } else { (0, 1, 2) };
    let digits = numbers.get(year)?.len();
    let year = match i32::try_from(number(year)?).ok()? {
        year @ FIRST_OF_LAST_CENTURY.. if is_month_first && digits == 2 => year + 1_900,
        year if is_month_first && digits == 2 => year + 2_000,
        year => year,
    };
    let micros = match text.split_once('.') {
        // Digits beyond microseconds are cut off.
        Some((_, fraction)) => format!("{fraction:0<6}").get(..6)?.parse().ok()?,
        None => 0,
    };
    let date = NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)?;
    let time = date.and_hms_micro_opt(number(3)?, number(4)?, number(5)?, micros)?;
    Some(time.and_utc().timestamp_micros())
}
