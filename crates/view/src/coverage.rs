//! What of the log's time has events at all. What is missing was not seen, which says nothing of players.

use std::cmp::Ordering;

use wow_charts::{Coverage, format};
use wow_engine::Params;
use wow_engine::pipeline::Report;
use wow_engine::time::{Day, HOUR_US, Micros, Minutes};

use crate::{ChartName, Table, time};

const HOURS_OF_DAY: i64 = 24;
const ALL_HOURS: u32 = (1 << HOURS_OF_DAY) - 1;
/// Days in a row, and hours, that are listed: the longest.
const MOST_LISTED: usize = 12;
/// More days than this are not drawn one by one.
const MOST_DAYS: i64 = 200_000;

/// The chart of the hours without events.
pub const STRIP: ChartName = ChartName {
    title: "Coverage",
    file: "coverage",
    label: "Hours without events, day by day",
    method: "A column is a day, midnight at the top; where days are too close to be drawn, it is a week or longer, and an hour is \
             as strong as the share of these days that lack it. What lies before the first event and after the last is not \
             missing. Whatever the filter, it is of the whole log.",
};

/// A stretch of hours without events, from the first to the last, in hours since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    first_hour: i64,
    last_hour: i64,
}

impl Missing {
    /// How many hours it has.
    #[must_use]
    pub const fn hours(self) -> u64 {
        (self.last_hour - self.first_hour + 1).unsigned_abs()
    }

    /// From when to when: `13 Mar 2007 04:00 – 07:00`.
    #[must_use]
    pub fn name(self) -> String {
        let at = |hour: i64| {
            Micros::new(hour.saturating_mul(HOUR_US)).map_or_else(|| "–".to_owned(), time::minute)
        };
        let (start, end) = (at(self.first_hour), at(self.last_hour + 1));
        let day = |hour: i64| hour.div_euclid(HOURS_OF_DAY);
        match end.rsplit_once(' ') {
            Some((_, clock)) if day(self.first_hour) == day(self.last_hour + 1) => {
                format!("{start} – {clock}")
            }
            _ => format!("{start} – {end}"),
        }
    }
}

/// What the log covers, whatever the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The first day with an event and the last.
    pub span: (Day, Day),
    /// From one to the other.
    pub days: u64,
    /// Those without any event.
    pub missing_days: u64,
    /// The same, days in a row together, the longest first.
    pub longest_days: Vec<(Day, Day)>,
    /// Hours without any event, those of missing days among them, between the first event's hour and the last one's.
    pub missing_hours: u64,
    /// All hours in between.
    pub hours: u64,
    /// The same, hours in a row together, the longest first.
    pub longest_hours: Vec<Missing>,
    /// How far apart a player's events mostly are, where they are so mostly.
    pub sampling_step_minutes: Option<Minutes>,
    /// Whether the first week lacks its first days, and the last one its last.
    pub partial_weeks: [bool; 2],
}

/// What the log covers; `None` of a log without events.
#[must_use]
pub fn covered(report: &Report) -> Option<Covered> {
    let span = report.coverage.span()?;
    let stretches = missing(report);
    let (mut by_days, mut by_hours) = (days_of(&stretches), stretches.clone());
    let missing_days =
        by_days.iter().map(|(first, last)| first.days_to(*last).get().unsigned_abs() + 1).sum::<u64>();
    by_days.sort_by_key(|(first, last)| std::cmp::Reverse(first.days_to(*last).get()));
    by_hours.sort_by_key(|missing| std::cmp::Reverse(missing.hours()));
    by_days.truncate(MOST_LISTED);
    by_hours.truncate(MOST_LISTED);
    let covered: u64 = report.coverage.days().map(|day| u64::from(day.hours())).sum();
    let missing_hours: u64 = stretches.iter().map(|missing| missing.hours()).sum();
    Some(Covered {
        span,
        days: span.0.days_to(span.1).get().unsigned_abs() + 1,
        missing_days,
        longest_days: by_days,
        missing_hours,
        hours: covered + missing_hours,
        longest_hours: by_hours,
        sampling_step_minutes: report.sessions.sampling_step_minutes(),
        partial_weeks: [weekday(span.0) > 0, weekday(span.1) < 6],
    })
}

/// The stretches without events between the first event and the last, in order.
fn missing(report: &Report) -> Vec<Missing> {
    let hours = report.coverage.days().flat_map(|day| {
        let midnight = day.day.get() * HOURS_OF_DAY;
        (0..HOURS_OF_DAY as u32)
            .filter(move |hour| day.has(*hour))
            .map(move |hour| midnight + i64::from(hour))
    });
    let mut before: Option<i64> = None;
    let gap = |hour: i64| {
        let last = before.replace(hour)?;
        (last + 1 < hour).then_some(Missing { first_hour: last + 1, last_hour: hour - 1 })
    };
    hours.filter_map(gap).collect()
}

/// The whole days of stretches.
fn days_of(stretches: &[Missing]) -> Vec<(Day, Day)> {
    let whole = |missing: &Missing| {
        let first = Day::new((missing.first_hour + HOURS_OF_DAY - 1).div_euclid(HOURS_OF_DAY))?;
        let last = Day::new((missing.last_hour + 1).div_euclid(HOURS_OF_DAY) - 1)?;
        (first <= last).then_some((first, last))
    };
    stretches.iter().filter_map(whole).collect()
}

/// Monday is 0.
const fn weekday(day: Day) -> i64 {
    // 1 January 1970 was a Thursday.
    (day.get() + 3).rem_euclid(7)
}

/// The picture of the hours without events; empty where the log is too long for one.
#[must_use]
pub fn strip(report: &Report) -> Coverage {
    let Some((first, last)) = report.coverage.span() else { return Coverage::default() };
    let days = first.days_to(last).get() + 1;
    if days > MOST_DAYS {
        return Coverage::default();
    }
    let mut missing = vec![0; usize::try_from(days).unwrap_or_default()];
    for stretch in self::missing(report) {
        let mut hour = stretch.first_hour;
        while hour <= stretch.last_hour {
            let day = hour.div_euclid(HOURS_OF_DAY);
            let (from, next) = (hour.rem_euclid(HOURS_OF_DAY), (day + 1) * HOURS_OF_DAY);
            let to = (stretch.last_hour + 1).min(next) - day * HOURS_OF_DAY;
            let bits = ALL_HOURS >> (HOURS_OF_DAY - (to - from)) << from;
            if let Some(hours) = usize::try_from(day - first.get()).ok().and_then(|at| missing.get_mut(at)) {
                *hours |= bits;
            }
            hour = next;
        }
    }
    Coverage { first_day: first.get(), missing }
}

/// What the picture shows, with its finding first.
#[must_use]
pub fn strip_say(covered: &Covered) -> String {
    let (first, last) = covered.span;
    let span = format!("{} of {}", format::counted(covered.days, "day"), time::days(first, last));
    let missing = match (covered.missing_days, covered.missing_hours) {
        (_, 0) => format!("Every hour of the {span} has events."),
        (0, hours) => {
            format!("Every one of the {span} has events; {} hours have none.", format::count(hours))
        }
        (days, hours) => format!(
            "{} of the {span} have no event at all; with these, {} hours have none.",
            format::count(days),
            format::count(hours)
        ),
    };
    let step = covered.sampling_step_minutes.map_or_else(
        || " No regular step of sampling is to be seen.".to_owned(),
        |step| format!(" A player is seen about every {}.", format::minutes(step.get())),
    );
    let weeks = match covered.partial_weeks {
        [false, false] => "",
        [true, false] => " The first week is incomplete.",
        [false, true] => " The last week is incomplete.",
        [true, true] => " The first and the last week are incomplete.",
    };
    format!("{missing}{step}{weeks}")
}

/// The longest stretches without events.
#[must_use]
pub fn table(covered: &Covered) -> Table {
    let row = |missing: &Missing| vec![missing.name(), format::count(missing.hours())];
    Table {
        head: ["without events", "hours"].map(str::to_owned).into(),
        rows: covered.longest_hours.iter().map(row).collect(),
    }
}

/// What is wrong with a gap that is not above the step of sampling, at which the next sighting is due. `None` where nothing is.
#[must_use]
pub fn gap_warning(report: &Report, params: &Params) -> Option<String> {
    let step = report.sessions.sampling_step_minutes()?;
    let gap = params.session_gap_minutes;
    let what = match gap.cmp(&step) {
        Ordering::Less => "nearly every sighting becomes a session of its own",
        Ordering::Equal => "a session ends wherever the next sighting is a minute late",
        Ordering::Greater => return None,
    };
    Some(format!(
        "Players are seen about every {}: with a gap of {} {what}.",
        format::minutes(step.get()),
        format::minutes(gap.get())
    ))
}

#[cfg(test)]
#[path = "tests/coverage.rs"]
mod tests;
