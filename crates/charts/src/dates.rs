//! Dates in words, and calendar ticks. A day is a number of days since 1 January 1970, a time microseconds since then.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::frame::Scale;
use crate::ticks::{Tick, finest_that_fits};

pub(crate) const DAY_US: i64 = 86_400_000_000;
pub(crate) const MINUTE_US: i64 = 60_000_000;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// What stands for a date beyond the calendar.
const UNKNOWN: &str = "–";

/// A day: `9 Jan 2009`; an en dash beyond the calendar.
pub fn day(day: i64) -> String {
    civil(day).map_or_else(|| UNKNOWN.to_owned(), written)
}

/// The days from the first to the last: `9–15 Jan 2009`, `29 Dec 2008 – 4 Jan 2009`.
pub fn days(first: i64, last: i64) -> String {
    let (Some(from), Some(to)) = (civil(first), civil(last)) else { return UNKNOWN.to_owned() };
    let is_same_year = from.year() == to.year();
    match is_same_year && from.month() == to.month() {
        true if from == to => written(to),
        true => format!("{}–{}", from.day(), written(to)),
        false if is_same_year => format!("{} {} – {}", from.day(), month(from), written(to)),
        false => format!("{} – {}", written(from), written(to)),
    }
}

/// A time: `9 Jan 2009 14:05`; an en dash beyond the calendar.
pub fn minute(time_us: i64) -> String {
    let date = civil(time_us.div_euclid(DAY_US));
    date.map_or_else(|| UNKNOWN.to_owned(), |date| format!("{} {}", written(date), clock(time_us)))
}

/// From one time to another: `9 Jan 2009 14:05–17:10`, or both with their day.
pub fn period(start_us: i64, end_us: i64) -> String {
    match start_us.div_euclid(DAY_US) == end_us.div_euclid(DAY_US) {
        true => format!("{}–{}", minute(start_us), clock(end_us)),
        false => format!("{} – {}", minute(start_us), minute(end_us)),
    }
}

/// A year in at least four digits; one before the first has a minus.
pub fn year(year: i32) -> String {
    let sign = if year < 0 { "-" } else { "" };
    format!("{sign}{:04}", year.unsigned_abs())
}

fn written(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), month(date), year(date.year()))
}

fn month(date: NaiveDate) -> &'static str {
    MONTHS[date.month0() as usize]
}

fn clock(time_us: i64) -> String {
    let minutes = time_us.rem_euclid(DAY_US) / MINUTE_US;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Distance between two ticks.
#[derive(Debug, Clone, Copy)]
enum Step {
    Days(u32),
    Weeks(u32),
    Months(u32),
    Years(u32),
}

const STEPS: [Step; 17] = [
    Step::Days(1),
    Step::Days(2),
    Step::Weeks(1),
    Step::Weeks(2),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(20),
    Step::Years(50),
    Step::Years(100),
    Step::Years(500),
    Step::Years(2_000),
];

/// Round dates along an axis of days whose labels do not touch. None where the axis lies
/// outside the calendar.
pub(crate) fn ticks(scale: &Scale, width_px: f64) -> Vec<Tick> {
    let sets = STEPS
        .into_iter()
        .filter(|step| (scale.end - scale.start) / step.days() < 150.0)
        .map(|step| step.ticks(scale.start, scale.end))
        .filter(|ticks| !ticks.is_empty())
        .collect();
    finest_that_fits(sets, scale, width_px)
}

impl Step {
    fn days(self) -> f64 {
        match self {
            Self::Days(days) => f64::from(days),
            Self::Weeks(weeks) => f64::from(weeks) * 7.0,
            Self::Months(months) => f64::from(months) * 30.0,
            Self::Years(years) => f64::from(years) * 365.0,
        }
    }

    fn ticks(self, start: f64, end: f64) -> Vec<Tick> {
        let Some(mut at) = civil(start.ceil() as i64).and_then(|first| self.first_from(first)) else {
            return Vec::new();
        };
        let mut ticks: Vec<Tick> = Vec::new();
        let mut year = None;
        while f64::from(at.to_epoch_days()) <= end {
            let label = self.label(at, year != Some(at.year()));
            year = Some(at.year());
            ticks.push(Tick { value: f64::from(at.to_epoch_days()), label });
            let Some(next) = self.after(at) else {
                break;
            };
            at = next;
        }
        ticks
    }

    /// The first round date of this step at or after `from`.
    fn first_from(self, from: NaiveDate) -> Option<NaiveDate> {
        let ahead = |at: NaiveDate| if at < from { self.after(at) } else { Some(at) };
        match self {
            Self::Days(_) => Some(from),
            Self::Weeks(_) => {
                let since_monday = from.weekday().num_days_from_monday();
                from.checked_add_days(Days::new(u64::from((7 - since_monday) % 7)))
            }
            Self::Months(months) => {
                ahead(NaiveDate::from_ymd_opt(from.year(), from.month0() / months * months + 1, 1)?)
            }
            Self::Years(years) => {
                let years = years.cast_signed();
                let year = from.year().div_euclid(years) * years;
                // The round year at or before the first year of the calendar is not in it.
                let at = NaiveDate::from_ymd_opt(year, 1, 1);
                ahead(at.or_else(|| NaiveDate::from_ymd_opt(year + years, 1, 1))?)
            }
        }
    }

    fn after(self, at: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => at.checked_add_days(Days::new(u64::from(days))),
            Self::Weeks(weeks) => at.checked_add_days(Days::new(u64::from(weeks) * 7)),
            Self::Months(months) => at.checked_add_months(Months::new(months)),
            Self::Years(years) => at.checked_add_months(Months::new(years * 12)),
        }
    }

    /// Days show their year only where it changes, or the labels would crowd each other out.
    fn label(self, at: NaiveDate, is_new_year: bool) -> String {
        let (year, month, day) = (at.year(), month(at), at.day());
        match self {
            Self::Days(_) | Self::Weeks(_) if is_new_year => format!("{day} {month} {year}"),
            Self::Days(_) | Self::Weeks(_) => format!("{day} {month}"),
            Self::Months(_) => format!("{month} {year}"),
            Self::Years(_) => year.to_string(),
        }
    }
}

fn civil(day: i64) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(i32::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(first: i64, last: i64, width_px: f64) -> Vec<String> {
        let scale = Scale::linear((first as f64, last as f64), (40.0, width_px - 14.0));
        ticks(&scale, width_px).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn days_and_times_read_as_words() {
        assert_eq!([day(14_253), day(-1), day(-719_529)], ["9 Jan 2009", "31 Dec 1969", "31 Dec -0001"]);
        assert_eq!(days(14_253, 14_253), "9 Jan 2009");
        assert_eq!(days(14_253, 14_259), "9–15 Jan 2009");
        assert_eq!(days(14_270, 14_276), "26 Jan – 1 Feb 2009");
        assert_eq!(days(14_242, 14_248), "29 Dec 2008 – 4 Jan 2009");
        assert_eq!(minute(1_231_509_900_000_000), "9 Jan 2009 14:05");
        assert_eq!(period(1_231_509_900_000_000, 1_231_521_000_000_000), "9 Jan 2009 14:05–17:10");
        assert_eq!(period(-1, 0), "31 Dec 1969 23:59 – 1 Jan 1970 00:00");
        assert_eq!([day(i64::MAX), days(0, i64::MAX), minute(i64::MAX)], ["–"; 3]);
    }

    /// Days since 1970 of 2006-01-01 and 2009-01-11.
    const PERIOD: (i64, i64) = (13_149, 14_255);

    #[test]
    fn three_years_are_labelled_by_half_years_on_a_desk_and_years_on_a_phone() {
        let desk = labels(PERIOD.0, PERIOD.1, 720.0);
        assert_eq!(desk[..3], ["Jan 2006", "Jul 2006", "Jan 2007"]);
        let phone = labels(PERIOD.0, PERIOD.1, 328.0);
        assert_eq!(phone, ["2006", "2007", "2008", "2009"]);
    }

    #[test]
    fn short_ranges_are_labelled_by_days() {
        assert_eq!(labels(13_149, 13_152, 720.0), ["1 Jan 2006", "2 Jan", "3 Jan", "4 Jan"]);
        assert_eq!(labels(13_509, 13_516, 500.0)[..3], ["27 Dec 2006", "29 Dec", "31 Dec"]);
    }

    #[test]
    fn every_range_has_a_tick_and_times_outside_the_calendar_have_none() {
        for length in [1, 6, 20, 45, 100, 365, 1_106, 5_000, 50_000, 1_000_000] {
            for width_px in [160.0, 328.0, 1_100.0] {
                assert!(!labels(-400, length - 400, width_px).is_empty(), "{length} days at {width_px}");
            }
        }
        assert!(labels(i64::MAX / 2, i64::MAX / 2 + 5_000, 720.0).is_empty());
        assert!(labels(i64::MIN, i64::MAX, 720.0).is_empty());
    }

    #[test]
    fn months_and_years_start_on_their_first_day() {
        assert_eq!(labels(13_150, 13_400, 1_100.0)[0], "Feb 2006");
        assert_eq!(civil(13_149), NaiveDate::from_ymd_opt(2006, 1, 1));
    }
}
