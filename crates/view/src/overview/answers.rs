//! What whoever opens the page asks first: how much is from bots, who is leaving, and whether that can be trusted.

use wow_charts::format;
use wow_engine::Params;
use wow_engine::pipeline::{BOT, HUMAN, Report, Totals};
use wow_engine::time::{DAY_US, Day};

use crate::choice::Page;
use crate::filter::BotChoice;
use crate::share::percent;
use crate::{coverage, time};

/// A month, whatever the calendar says, so that two are as long as each other.
const MONTH_DAYS: i64 = 30;

/// An answer: a figure, what it is of, and what to compare it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its name in the page's markup.
    pub key: &'static str,
    /// The question, in a word.
    pub label: &'static str,
    /// The figure.
    pub shown: String,
    /// What the figure is of.
    pub says: String,
    /// What it was before, or what else to know.
    pub beside: String,
    /// The page that tells more.
    pub page: Page,
}

/// How much is from bots, whoever is shown: `totals` are those of `report`.
#[must_use]
pub fn bots(report: &Report, totals: &Totals) -> Answer {
    Answer {
        key: "bots",
        label: "Bots",
        shown: percent(totals.bot_events, totals.events),
        says: format!(
            "of events are from {}, {} of players.",
            format::counted(totals.bots, "likely bot"),
            percent(totals.bots, totals.players)
        ),
        beside: daily_share(report),
        page: Page::Bots,
    }
}

/// The share of bots among those seen on a day in the log's last month, and in the one before.
fn daily_share(report: &Report) -> String {
    let Some(last) = report.last_us.map(|last_us| last_us.day().get()) else { return String::new() };
    let mut months = [[0_u64; 2]; 2];
    for (day, counts) in report.activity.days.iter() {
        let month = last.saturating_sub(day.get()).div_euclid(MONTH_DAYS);
        if let Some(month) = usize::try_from(month).ok().and_then(|month| months.get_mut(month)) {
            month[HUMAN] = month[HUMAN].saturating_add(counts[HUMAN]);
            month[BOT] = month[BOT].saturating_add(counts[BOT]);
        }
    }
    let share = |month: [u64; 2]| percent(month[BOT], month[BOT].saturating_add(month[HUMAN]));
    let now = format!("Of the players seen on a day, {} were bots in the last 30 days", share(months[0]));
    match months[1] {
        [0, 0] => format!("{now}."),
        before => format!("{now}, {} in the 30 days before.", share(before)),
    }
}

/// Who is leaving: of whom the days without an event became more than the limit within a month.
#[must_use]
pub fn leaving(report: &Report, params: &Params, bots: BotChoice) -> Answer {
    let [now, before] = report.as_of_day.map_or([0; 2], |as_of| left(report, params, bots, as_of));
    let whom = if bots.is_only() { "likely bot" } else { "player" };
    let until = report.as_of_day.map_or_else(String::new, |day| format!(" to {}", time::day(day)));
    let whose = if bots.is_only() { "" } else { ", bots left out" };
    Answer {
        key: "leaving",
        label: "Leaving",
        shown: format::count(now),
        says: format!(
            "{whom}{} left in the 30 days{until}, {} in the 30 days before.",
            plural(now),
            format::count(before)
        ),
        beside: format!(
            "Left: no event for more than {} days{whose}. Some may still come back.",
            params.churn_days
        ),
        page: Page::Players,
    }
}

const fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

/// How many left in the month that ends with `as_of`, and in the one before.
fn left(report: &Report, params: &Params, bots: BotChoice, as_of: Day) -> [u64; 2] {
    let players = &report.players;
    // The last event of whoever left in a month lies between two of these.
    let ends = [0, 1, 2].map(|months| {
        (as_of.get() - params.churn_days.get()).saturating_sub(months * MONTH_DAYS).saturating_mul(DAY_US)
    });
    let mut months = [0; 2];
    for index in 0..players.len() {
        let last_us = players.last_us[index].get();
        let month = match last_us {
            _ if last_us >= ends[0] || last_us < ends[2] => continue,
            _ if last_us >= ends[1] => 0,
            _ => 1,
        };
        if report.verdict(index, params).is_bot() == bots.is_only() {
            months[month] += 1;
        }
    }
    months
}

/// How many days of the log have events, whatever the filter; nothing without any.
#[must_use]
pub fn coverage(report: &Report) -> String {
    let Some(covered) = coverage::covered(report) else { return String::new() };
    format!(
        "{} of {} days from {} to {} have events.",
        format::count(covered.days - covered.missing_days),
        format::count(covered.days),
        time::day(covered.span.0),
        time::day(covered.span.1)
    )
}
