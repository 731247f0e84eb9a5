//! When they play.

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
/// As many days as a table can show without holding up the page: more than ten years.
pub const MOST_DAYS: usize = 4_000;

/// Players seen per day, of the groups shown.
#[must_use]
pub fn daily(report: &Report, bots: BotChoice) -> Activity {
    let day = |(day, counts): (Day, [u64; 2])| {
        let (humans, bots) = bots.split(counts[HUMAN], counts[BOT]);
        ActivityDay { day: day.get(), humans, bots }
    };
    Activity { days: report.activity.days.iter().map(day).collect(), milestones: seeds::milestones() }
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
    let mut say = format!(
        "Distinct {whom} per day; means of a week or longer where there are too many days to draw each."
    );
    if bots == BotChoice::In {
        let bots = data.days.iter().fold(0_u64, |sum, day| sum.saturating_add(day.bots));
        let seen = data.days.iter().fold(0_u64, |sum, day| sum.saturating_add(seen_on(day)));
        say += &format!(" {} of those seen on a day are likely bots.", percent(bots, seen));
    }
    let days = data.days.first().zip(data.days.last()).map(|(first, last)| (first.day, last.day));
    say + &format!(" Most: {} on {}.", format::count(most), dates::day(busiest.day))
        + &seeds::marked_say(days)
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

/// Events of one group by weekday and hour: without bots, or where only bots are shown, of those.
#[must_use]
pub fn weekly(report: &Report, bots: BotChoice) -> WeekHeatmap {
    let mut data = WeekHeatmap::default();
    let group = if bots.is_only() { BOT } else { HUMAN };
    for (hour, &events) in report.activity.hours[group].iter().enumerate().take(7 * 24) {
        data.events[hour / 24][hour % 24] = events;
    }
    data
}

/// What the heatmap shows.
#[must_use]
pub fn weekly_say(data: &WeekHeatmap, bots: BotChoice) -> String {
    let whose = if bots.is_only() { "of likely bots" } else { "without bots" };
    let hours = data.events.iter().enumerate().flat_map(|(weekday, hours)| {
        hours.iter().enumerate().map(move |(hour, &events)| (events, weekday, hour))
    });
    match hours.max_by_key(|&(events, ..)| events) {
        Some((events, weekday, hour)) if events > 0 => format!(
            "Events {whose} by weekday and hour, server time. Busiest: {} {hour:02}:00–{:02}:00 with {}.",
            WEEKDAYS[weekday],
            hour + 1,
            format::count(events)
        ),
        _ => format!("Events {whose} by weekday and hour, server time."),
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
