//! When they play.

use std::collections::BTreeMap;

use wow_charts::{Activity, ActivityDay, WeekHeatmap, dates, format};
use wow_engine::pipeline::{BOT, HUMAN, Report};
use wow_engine::time::Day;

use crate::Table;
use crate::filter::BotChoice;
use crate::seeds;
use crate::share::percent;

/// The days of the week, from the first.
pub const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// A log of more days than these is one of years.
const A_YEAR_DAYS: i64 = 366;
/// As many days as a table can show without holding up the page: more than ten years.
pub const MOST_DAYS: usize = 4_000;

/// How days are put together where there are many.
pub(crate) const MEANS: &str =
    "; means of weeks or longer are of their days with events, faint where cut short";

/// Players seen per day, of the groups shown. A day on which none of them was seen is there if the log has events on it.
#[must_use]
pub fn daily(report: &Report, bots: BotChoice) -> Activity {
    let counted: BTreeMap<Day, [u64; 2]> = report.activity.days.iter().collect();
    let span =
        counted.first_key_value().zip(counted.last_key_value()).map(|(first, last)| *first.0..=*last.0);
    let covered = report.coverage.days().map(|covered| covered.day);
    let covered = covered.filter(|day| span.as_ref().is_some_and(|span| span.contains(day)));
    let mut days: BTreeMap<Day, [u64; 2]> = covered.map(|day| (day, [0; 2])).collect();
    days.extend(counted);
    let day = |(day, counts): (Day, [u64; 2])| {
        let (humans, bots) = bots.split(counts[HUMAN], counts[BOT]);
        ActivityDay { day: day.get(), humans, bots }
    };
    Activity { days: days.into_iter().map(day).collect(), milestones: seeds::milestones() }
}

/// Whether the events are of more than a year. Who left in so long a time left at some time of a life: how many did is no
/// rate.
pub(crate) fn is_of_years(report: &Report) -> bool {
    let first = report.activity.days.iter().next().map(|(first, _)| first);
    first.zip(report.as_of_day).is_some_and(|(first, last)| first.days_to(last).get() > A_YEAR_DAYS)
}

/// The players of a day.
#[must_use]
pub const fn seen_on(day: &ActivityDay) -> u64 {
    day.humans.saturating_add(day.bots)
}

/// The day with the most players, of several the last, and how many those are.
#[must_use]
pub fn busiest_day(data: &Activity) -> Option<(&ActivityDay, u64)> {
    data.days.iter().map(|day| (day, seen_on(day))).max_by_key(|(_, seen)| *seen)
}

/// What the chart of daily players shows.
#[must_use]
pub fn daily_say(data: &Activity, bots: BotChoice) -> String {
    let whom = match bots {
        BotChoice::In => "players",
        BotChoice::Out => "players without bots",
        BotChoice::Only => "likely bots",
    };
    let Some((busiest, most)) = busiest_day(data) else {
        return format!("Distinct {whom} per day.");
    };
    let mut say = String::new();
    if bots == BotChoice::In {
        let bots = data.days.iter().fold(0_u64, |sum, day| sum.saturating_add(day.bots));
        let seen = data.days.iter().fold(0_u64, |sum, day| sum.saturating_add(seen_on(day)));
        say += &format!("{} of those seen on a day are likely bots. ", percent(bots, seen));
    }
    say + &format!("Most: {} on {}.", format::count(most), dates::day(busiest.day)) + &blank_days_say(data)
}

/// How daily players are counted, and which days are marked.
#[must_use]
pub fn daily_method(data: &Activity) -> String {
    let days = data.days.first().zip(data.days.last()).map(|(first, last)| (first.day, last.day));
    format!("{} Drag over days to see them alone.{}", super::DAILY.method, seeds::marked_say(days))
}

/// How many days between the first and the last have no events.
fn blank_days_say(data: &Activity) -> String {
    let days = data.days.first().zip(data.days.last());
    let all = days.map_or(0, |(first, last)| last.day.abs_diff(first.day).saturating_add(1));
    match all.saturating_sub(data.days.len() as u64) {
        0 => String::new(),
        1 => " 1 day has no events.".to_owned(),
        blank => format!(" {} days have no events.", format::count(blank)),
    }
}

/// The days behind the chart; the newest where there are too many.
#[must_use]
pub fn daily_table(data: &Activity) -> Table {
    let row = |day: &ActivityDay| {
        let all = seen_on(day);
        vec![seeds::day_text(day.day), format::count(day.humans), format::count(day.bots), format::count(all)]
    };
    let earlier = data.days.len().saturating_sub(MOST_DAYS);
    let mut rows: Vec<Vec<String>> = data.days[earlier..].iter().map(row).collect();
    if earlier > 0 {
        let note = format!("{} earlier days", format::count(earlier as u64));
        rows.insert(0, vec![note, String::new(), String::new(), String::new()]);
    }
    Table { head: ["day", "without bots", "likely bots", "all players"].map(str::to_owned).into(), rows }
}

/// Events of the groups shown by weekday and hour.
#[must_use]
pub fn weekly(report: &Report, bots: BotChoice) -> WeekHeatmap {
    let mut data = WeekHeatmap::default();
    let [humans, of_bots] = [HUMAN, BOT].map(|group| &report.activity.hours[group]);
    for (hour, (&humans, &of_bots)) in humans.iter().zip(of_bots).enumerate().take(7 * 24) {
        let (humans, of_bots) = bots.split(humans, of_bots);
        data.events[hour / 24][hour % 24] = humans.saturating_add(of_bots);
    }
    data
}

/// What the heatmap shows.
#[must_use]
pub fn weekly_say(data: &WeekHeatmap, bots: BotChoice) -> String {
    let which = format!("Events{} by weekday and hour, server time.", bots.whose());
    if let Some(share) = data.even_within() {
        let share = format::fixed(share * 100.0, 1);
        return format!("{which} No clear pattern: every hour is within {share} % of the mean.");
    }
    let hours = data.events.iter().enumerate().flat_map(|(weekday, hours)| {
        hours.iter().enumerate().map(move |(hour, &events)| (events, weekday, hour))
    });
    match hours.max_by_key(|&(events, ..)| events) {
        Some((events, weekday, hour)) if events > 0 => format!(
            "{which} Busiest: {} {hour:02}:00–{:02}:00 with {}.",
            WEEKDAYS[weekday],
            hour + 1,
            format::count(events)
        ),
        _ => which,
    }
}

/// The counts behind the heatmap.
#[must_use]
pub fn weekly_table(data: &WeekHeatmap) -> Table {
    let hours = (0..24).map(|hour| format!("{hour:02}:00"));
    let row = |(weekday, events): (&str, &[u64; 24])| {
        std::iter::once(weekday.to_owned()).chain(events.iter().copied().map(format::count)).collect()
    };
    Table {
        head: std::iter::once("events".to_owned()).chain(hours).collect(),
        rows: WEEKDAYS.into_iter().zip(&data.events).map(row).collect(),
    }
}
