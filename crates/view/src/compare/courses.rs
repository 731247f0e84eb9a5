//! How counts of both run over days, and over the gap.

use std::collections::BTreeMap;

use wow_charts::{Courses, CoursesAxis, format};
use wow_engine::pipeline::{COUNTED_GAPS_MINUTES, Report};
use wow_engine::time::Minutes;

use super::signed;
use crate::Table;
use crate::filter::BotChoice;
use crate::overview::{self, MOST_DAYS};
use crate::{seeds, sessions};

/// Players seen per day, of the groups shown.
#[must_use]
pub fn daily(here: &Report, there: &Report, bots: BotChoice, names: &[String; 2]) -> Courses {
    let counts = [here, there].map(|report| {
        let days = overview::daily(report, bots).days;
        days.into_iter().map(|day| (day.day, day.humans.saturating_add(day.bots))).collect()
    });
    Courses { axis: CoursesAxis::Days, counts, names: names.clone(), milestones: seeds::milestones() }
}

/// Sessions that each gap would give, of the groups shown.
#[must_use]
pub fn gaps(here: &Report, there: &Report, bots: BotChoice, names: &[String; 2]) -> Courses {
    let counts = [here, there].map(|report| {
        let at = |gap: Minutes| Some((gap.get(), sessions::sessions_at(report, gap, bots)?));
        Minutes::each(COUNTED_GAPS_MINUTES).filter_map(at).collect()
    });
    Courses { axis: CoursesAxis::Gaps, counts, names: names.clone(), milestones: Vec::new() }
}

/// What the chart of days shows.
#[must_use]
pub fn daily_say(data: &Courses, bots: BotChoice) -> String {
    let whose = bots.whose();
    let days = || data.counts.iter().flatten().map(|&(day, _)| day);
    let marked = seeds::marked_say(days().min().zip(days().max()));
    format!("Distinct players{whose} per day{}.{marked}", overview::MEANS)
}

/// What the chart of gaps shows.
#[must_use]
pub fn gaps_say(_: &Courses, bots: BotChoice) -> String {
    let whose = bots.whose();
    format!("Sessions{whose} (log scale) over the longest pause that still belongs to one.")
}

/// The counts behind either chart; the newest days where there are too many. Of a day without events nothing is known.
#[must_use]
pub fn courses_table(data: &Courses) -> Table {
    let mut counts: BTreeMap<i64, [Option<u64>; 2]> = BTreeMap::new();
    for (side, of_side) in data.counts.iter().enumerate() {
        for &(at, count) in of_side {
            counts.entry(at).or_default()[side] = Some(count);
        }
    }
    let (what, label): (&str, fn(i64) -> String) = match data.axis {
        CoursesAxis::Days => ("day", seeds::day_text),
        CoursesAxis::Gaps => ("gap", format::minutes),
    };
    let row = |(&at, counts): (&i64, &[Option<u64>; 2])| {
        let unknown = || "–".to_owned();
        let difference = counts[0].zip(counts[1]).map(|(here, there)| i128::from(there) - i128::from(here));
        let difference = difference.map_or_else(unknown, |difference| signed(difference, format::count));
        let counts = counts.map(|count| count.map_or_else(unknown, format::count));
        std::iter::once(label(at)).chain(counts).chain([difference]).collect()
    };
    let earlier = counts.len().saturating_sub(MOST_DAYS);
    let [here, there] = &data.names;
    let head = vec![what.to_owned(), here.clone(), there.clone(), format!("{there} − {here}")];
    Table { head, rows: counts.iter().skip(earlier).map(row).collect() }
}
