//! Texts that are times.
//!
//! A column is written in one form, which its first value tells: the year first (ISO 8601), the month first with slashes
//! (the published log, and Excel in the United States), or the day first with dots (Excel in Germany). With slashes
//! the day is never taken to come first, for no value tells 2 January from 1 February. What is zero at the end of a time
//! may be left out, as R and Java do: seconds, and all of the time at midnight.

use chrono::NaiveDate;

use super::{Column, Refusal, Wrong, times};
use crate::time::{DAY_US, HOUR_US, MINUTE_US, Micros};

/// Microseconds in a second.
const SECOND_US: i64 = 1_000_000;

/// How the times of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TimeForm {
    order: Order,
    /// Whether years have two digits.
    is_short: bool,
    /// Whether they tell how far their zone is from UTC.
    pub has_offset: bool,
}

/// What comes first in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
enum Order {
    Year,
    Month,
    Day,
}

/// Reads the times of one column, all of which must be in one form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TimeTexts {
    first: Option<(TimeForm, String)>,
}

impl TimeTexts {
    /// The form of all times so far; `None` before the first.
    #[must_use]
    pub fn form(&self) -> Option<TimeForm> {
        self.first.as_ref().map(|(form, _)| *form)
    }

    /// The first of all times so far, as it is written.
    #[must_use]
    pub fn example(&self) -> Option<&str> {
        self.first.as_ref().map(|(_, text)| text.as_str())
    }

    /// The time that a text stands for, as UTC where it has an offset; `None` where the text is blank.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&mut self, text: &[u8]) -> Result<Option<Micros>, Wrong> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Ok(None);
        }
        let (form, time) = parse(text)?;
        match &self.first {
            Some(first) => differs(first, form)?,
            None => self.first = Some((form, String::from_utf8_lossy(text).into_owned())),
        }
        Ok(Some(time))
    }

    /// Checks that the texts of another stretch of the column have the same form.
    ///
    /// # Errors
    /// [`Refusal::Values`] with an example of either form.
    pub fn check(&self, other: &Self) -> Result<(), Refusal> {
        let (Some(first), Some((form, example))) = (&self.first, &other.first) else { return Ok(()) };
        differs(first, *form).map_err(|wrong| Refusal::Values {
            column: Column::Datetime,
            name: Column::Datetime.name().to_owned(),
            wrong,
            examples: vec![format!("'{example}'")],
            rows: None,
        })
    }
}

fn differs((first, example): &(TimeForm, String), form: TimeForm) -> Result<(), Wrong> {
    if *first == form {
        return Ok(());
    }
    let other = format!("'{example}'");
    Err(match *first == (TimeForm { has_offset: first.has_offset, ..form }) {
        true => Wrong::MixedOffsets { other },
        false => Wrong::SecondForm { other },
    })
}

/// A text without blanks around it.
fn parse(text: &[u8]) -> Result<(TimeForm, Micros), Wrong> {
    if std::str::from_utf8(text).is_err() {
        return Err(Wrong::NotUtf8);
    }
    let mut rest = Rest(text);
    let (order, is_short, date) = date(&mut rest)?;
    let (of_day_us, offset_us) = if rest.0.is_empty() { (0, None) } else { time_of_day(&mut rest)? };
    let days = i64::from(date.to_epoch_days());
    let time_us = days
        .checked_mul(DAY_US)
        .and_then(|time_us| time_us.checked_add(of_day_us))
        .and_then(|time_us| time_us.checked_sub(offset_us.unwrap_or(0)));
    let time = times::of_us(time_us.ok_or(Wrong::TimeOutOfRange)?)?;
    Ok((TimeForm { order, is_short, has_offset: offset_us.is_some() }, time))
}

/// What comes first, whether the year has two digits, and the day.
fn date(rest: &mut Rest<'_>) -> Result<(Order, bool, NaiveDate), Wrong> {
    let (first, digits) = rest.number(6).ok_or(Wrong::NotATime)?;
    let sign = rest.one_of(b"-/.").ok_or(Wrong::NotATime)?;
    let (second, _) = rest.number(2).ok_or(Wrong::NotATime)?;
    if rest.one_of(&[sign]).is_none() {
        return Err(Wrong::NotATime);
    }
    let (third, third_digits) = rest.number(4).ok_or(Wrong::NotATime)?;
    let (order, year, month, day) = match (sign, digits) {
        (b'-' | b'/', 4..) if third_digits <= 2 => (Order::Year, first, second, third),
        (b'/', 1..=2) => (Order::Month, year(third, third_digits)?, first, second),
        (b'.', 1..=2) => (Order::Day, year(third, third_digits)?, second, first),
        _ => return Err(Wrong::NotATime),
    };
    let year = i32::try_from(year).map_err(|_| Wrong::NotATime)?;
    let date = NaiveDate::from_ymd_opt(year, month, day);
    let is_short = order != Order::Year && third_digits == 2;
    date.map(|date| (order, is_short, date)).ok_or(match order {
        Order::Month if month > 12 && day <= 12 => Wrong::DayFirst,
        _ => Wrong::NotATime,
    })
}

/// A year of two digits lies between 1969 and 2068, as everywhere since POSIX.
const fn year(number: u32, digits: usize) -> Result<u32, Wrong> {
    match (digits, number) {
        (4, year) => Ok(year),
        (2, 69..) => Ok(1_900 + number),
        (2, _) => Ok(2_000 + number),
        _ => Err(Wrong::NotATime),
    }
}

/// Microseconds of the day, and how far the zone is from UTC where that is told.
fn time_of_day(rest: &mut Rest<'_>) -> Result<(i64, Option<i64>), Wrong> {
    if rest.one_of(b"T").is_none() && rest.blanks() == 0 {
        return Err(Wrong::NotATime);
    }
    let (hour, _) = rest.number(2).ok_or(Wrong::NotATime)?;
    let minute = rest.after(b":").ok_or(Wrong::NotATime)?;
    let mut second_us = 0;
    if rest.0.first() == Some(&b':') {
        second_us = i64::from(rest.after(b":").ok_or(Wrong::NotATime)?) * SECOND_US;
        if rest.one_of(b".").is_some() {
            second_us += rest.fraction_us();
        }
    }
    let of_day_us = i64::from(hour) * HOUR_US + i64::from(minute) * MINUTE_US + second_us;
    // The end of a day may be written as its hour 24.
    if minute > 59 || second_us >= MINUTE_US || of_day_us > DAY_US {
        return Err(Wrong::NotATime);
    }
    Ok((of_day_us, offset_us(rest)?))
}

/// The offset at the end of a text; `None` where there is none.
fn offset_us(rest: &mut Rest<'_>) -> Result<Option<i64>, Wrong> {
    rest.blanks();
    let sign = match rest.0 {
        [] => return Ok(None),
        [b'Z' | b'z'] => return Ok(Some(0)),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        [letter, ..] if letter.is_ascii_alphabetic() && !is_half_of_day(rest.0) => {
            return Err(Wrong::ZoneName);
        }
        _ => return Err(Wrong::NotATime),
    };
    rest.0 = &rest.0[1..];
    let (hours, minutes) = match rest.0 {
        [_, _] => (rest.0, &b"00"[..]),
        [_, _, b':', minutes @ ..] | [_, _, minutes @ ..] => (&rest.0[..2], minutes),
        _ => return Err(Wrong::NotATime),
    };
    let two = |digits| Rest(digits).number(2).filter(|(_, count)| *count == digits.len() && *count == 2);
    match (two(hours), two(minutes)) {
        // No zone was ever further from UTC.
        (Some((hours @ ..=15, _)), Some((minutes @ ..=59, _))) => {
            Ok(Some(sign * (i64::from(hours) * HOUR_US + i64::from(minutes) * MINUTE_US)))
        }
        _ => Err(Wrong::NotATime),
    }
}

fn is_half_of_day(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"AM") || text.eq_ignore_ascii_case(b"PM")
}

/// What is still to be read of a text.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// The next number and how many digits it has, at most so many.
    fn number(&mut self, digits_max: usize) -> Option<(u32, usize)> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=digits_max.min(9)).contains(&digits) {
            return None;
        }
        let number = self.0[..digits].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        self.0 = &self.0[digits..];
        Some((number, digits))
    }

    /// The number of at most two digits behind a sign.
    fn after(&mut self, sign: &[u8]) -> Option<u32> {
        self.one_of(sign)?;
        self.number(2).map(|(number, _)| number)
    }

    fn one_of(&mut self, signs: &[u8]) -> Option<u8> {
        let sign = *self.0.first().filter(|byte| signs.contains(byte))?;
        self.0 = &self.0[1..];
        Some(sign)
    }

    /// Leaves out blanks and says how many there were.
    fn blanks(&mut self) -> usize {
        let blanks = self.0.iter().take_while(|byte| **byte == b' ').count();
        self.0 = &self.0[blanks..];
        blanks
    }

    /// The digits behind a point, those after the sixth cut off as the database does.
    fn fraction_us(&mut self) -> i64 {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let fraction = &self.0[..digits];
        self.0 = &self.0[digits..];
        let padded = fraction.iter().chain(std::iter::repeat(&b'0')).take(6);
        padded.fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike as _, NaiveDateTime, TimeDelta};
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, time_us: i64) {
        let read = TimeTexts::default().read(text.as_bytes());
        assert_eq!(read, Ok(Some(Micros::new(time_us).unwrap())), "{text}");
    }

    #[track_caller]
    fn refuses(text: &str, wrong: Wrong) {
        assert_eq!(TimeTexts::default().read(text.as_bytes()), Err(wrong), "{text}");
    }

    #[test]
    fn texts_are_read_as_the_database_reads_them() {
        // `epoch_us` of DuckDB's casts, and of its strptime with the formats of the other forms.
        for (text, time_us) in [
            ("2008-01-31 00:02:04", 1_201_737_724_000_000),
            ("2008-01-31T00:02:04", 1_201_737_724_000_000),
            (" 2008-01-31 00:02:04 ", 1_201_737_724_000_000),
            ("2008-01-31  00:02:04", 1_201_737_724_000_000),
            ("2008-01-31 00:00:00.9999999", 1_201_737_600_999_999),
            ("2008-01-31 00:00:00.", 1_201_737_600_000_000),
            ("2008-01-31 00:00:00.5", 1_201_737_600_500_000),
            ("2008-01-31 24:00:00", 1_201_824_000_000_000),
            ("2008-01-31", 1_201_737_600_000_000),
            ("2008-1-31 0:02", 1_201_737_720_000_000),
            ("2008/01/14 18:03:02", 1_200_333_782_000_000),
            ("2008/1/14 8:3:2", 1_200_297_782_000_000),
            ("12008-01-14", 316_769_788_800_000_000),
            ("1969-12-31 23:59:59.9999999", -1),
            ("01/31/08 00:02:04", 1_201_737_724_000_000),
            ("1/31/70 0:02:04", 2_592_124_000_000),
            ("01/31/2008 00:02:04", 1_201_737_724_000_000),
            ("1/14/2008 18:03", 1_200_333_780_000_000),
            ("1/14/08 18:03", 1_200_333_780_000_000),
            ("14.01.2008 18:03", 1_200_333_780_000_000),
            ("14.1.08 18:03:02", 1_200_333_782_000_000),
            ("2008-01-31 00:00:00Z", 1_201_737_600_000_000),
            ("2008-01-31T00:00:00z", 1_201_737_600_000_000),
            ("2008-01-31 00:00:00+0200", 1_201_730_400_000_000),
            ("2008-01-31 00:00+02:00", 1_201_730_400_000_000),
            ("2008-01-31 00:00:00.25 -07", 1_201_762_800_250_000),
        ] {
            check(text, time_us);
        }
    }

    #[test]
    fn what_is_no_time_is_told_from_what_is_a_guess() {
        for text in [
            "yesterday",
            "-1-1-1",
            "2008-01-31 00",
            "2008-13-01",
            "2008-02-30",
            "08-01-31",
            "2008-01/31",
            "1/2",
            "//",
            "13/13/08 00:00:00",
            "2/30/08 0:00",
            "01/31/08 25:00:00",
            "2008-01-31 24:00:01",
            "2008-01-31 23:59:60",
            "2008-01-31 00:00:00,5",
            "2008-01-31 00:00:00.12345é",
            "1/14/2008 6:03 PM",
            "2008-01-31 00:00:00+1",
            "2008-01-31 00:00:00+02:00:30",
            "2008-01-31 00:00:00+16:00",
            "2008-01-31Z",
            "20080131",
            "infinity",
            "1/14/008 6:03",
            "2008-01-31 00:00:00 +",
            "32.01.2008 0:00",
        ] {
            refuses(text, Wrong::NotATime);
        }
        refuses("31/01/2008 00:00", Wrong::DayFirst);
        refuses("13/1/08 0:00", Wrong::DayFirst);
        refuses("2008-01-31 00:00:00 UTC", Wrong::ZoneName);
        refuses("2008-01-31 00:00:00 Europe/Berlin", Wrong::ZoneName);
        assert_eq!(TimeTexts::default().read(b"2008-01-31 00:00:0\xff"), Err(Wrong::NotUtf8));
        assert_eq!(TimeTexts::default().read(b"  "), Ok(None));
    }

    #[test]
    fn a_column_has_one_form() {
        let second = |first: &str, second: &str| {
            let mut texts = TimeTexts::default();
            texts.read(first.as_bytes()).unwrap();
            texts.read(second.as_bytes()).map(drop)
        };
        assert_eq!(second("2008-01-31T00:00", "2008/02/01 00:00:00.5"), Ok(()));
        assert_eq!(second("01/31/08 0:00:00", "2/1/08 0:00"), Ok(()));
        assert_eq!(second("2008-01-31 01:00:00", "2008-02-01"), Ok(()));
        let differs = |first: &str, text: &str| {
            let other = format!("'{first}'");
            assert_eq!(second(first, text), Err(Wrong::SecondForm { other }), "{first} and {text}");
        };
        differs("2008-01-31", "01/31/08 0:00");
        differs("2008-01-31 0:00", "31.01.2008 0:00");
        differs("1/31/08 0:00", "1/31/2008 0:00");
        let other = "'2008-01-31 0:00'".to_owned();
        assert_eq!(second("2008-01-31 0:00", "2008-01-31 00:00Z"), Err(Wrong::MixedOffsets { other }));
    }

    /// Times within the years that have four digits.
    fn any_time() -> impl Strategy<Value = NaiveDateTime> {
        (-62_135_596_800_000_000..253_402_300_800_000_000_i64)
            .prop_map(|time_us| chrono::DateTime::from_timestamp_micros(time_us).unwrap().naive_utc())
    }

    proptest! {
        #[test]
        fn every_form_is_read_as_it_was_written(time in any_time(), offset_minutes in -900..900_i32) {
            let written = |format: &str| time.format(format).to_string();
            let exact = time.and_utc().timestamp_micros();
            let to_minute = exact - exact.rem_euclid(MINUTE_US);
            check(&written("%Y-%m-%dT%H:%M:%S%.6f"), exact);
            check(&written("%Y/%m/%d %H:%M"), to_minute);
            check(&written("%-m/%-d/%Y %-H:%M"), to_minute);
            check(&written("%d.%m.%Y %-H:%M"), to_minute);
            if (1969..=2068).contains(&time.year()) {
                check(&written("%m/%d/%y %H:%M"), to_minute);
            }
            let sign = if offset_minutes < 0 { '-' } else { '+' };
            let (hours, minutes) = (offset_minutes.abs() / 60, offset_minutes.abs() % 60);
            let local = time + TimeDelta::minutes(offset_minutes.into());
            if (1..=9_999).contains(&local.year()) {
                let text = local.format("%Y-%m-%d %H:%M:%S%.6f");
                check(&format!("{text}{sign}{hours:02}:{minutes:02}"), exact);
            }
        }

        #[test]
        fn any_text_is_a_time_or_is_refused(
            text in any::<String>(),
            changed in prop::collection::vec((0..26_usize, any::<char>()), 0..3),
        ) {
            let _ = TimeTexts::default().read(text.as_bytes());
            let mut like_a_time: Vec<char> = "2008-01-31 00:00:00.123456".chars().collect();
            for (place, char) in changed {
                like_a_time[place] = char;
            }
            let _ = TimeTexts::default().read(like_a_time.into_iter().collect::<String>().as_bytes());
        }
    }
}
