//! The headline figures.

use wow_charts::format;
use wow_engine::Params;
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::{BOT, HUMAN, Report, Totals};
use wow_engine::time::Days;

use super::course::Stretches;
use crate::choice::Page;
use crate::dataset::Dataset;
use crate::filter::BotChoice;
use crate::overview::is_of_years;
use crate::share::percent;
use crate::time;

/// A headline figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tile {
    /// Its name in the page's markup.
    pub key: &'static str,
    /// What it counts.
    pub label: &'static str,
    /// The figure as it is shown, shortened.
    pub shown: String,
    /// The count itself.
    pub exact: u64,
    /// The figure in full, for those who hover.
    pub full: String,
    /// What it is to be compared with.
    pub note: String,
    /// Whether it is about bots, which have their colour.
    pub is_bots: bool,
    /// The page that tells more of it.
    pub page: Option<Page>,
    /// What is drawn below it.
    pub sketch: Option<Sketch>,
}

/// A drawing in a tile, small and without axes.
#[derive(Debug, Clone, PartialEq)]
pub enum Sketch {
    /// How the figure went over the log; none where it has no value.
    Course(Vec<Option<f64>>),
    /// The shares, from 0 to 1, of players without bots and of likely bots.
    Shares([f64; 2]),
}

/// The headline figures of the players that `bots` leaves. `all` are the totals of `report` under `params`.
#[must_use]
pub fn tiles(report: &Report, params: &Params, bots: BotChoice, all: &Totals) -> [Tile; 6] {
    let totals = bots.totals(all);
    let tile = |key, label, exact: u64, unit: &str, note| Tile {
        key,
        label,
        shown: format::compact(exact as f64),
        exact,
        full: format!("{} {unit}", format::count(exact)),
        note,
        ..Tile::default()
    };
    let events_each = if totals.sessions == 0 {
        "no sessions".to_owned()
    } else {
        format!("{} events each", format::fixed(totals.events as f64 / totals.sessions as f64, 1))
    };
    let (events, players, flagged) = match bots {
        BotChoice::In => (
            format!("{} without bots", format::count(totals.kept_events())),
            format!("{} without bots", format::count(totals.kept_players())),
            format!("{} of players", percent(totals.bots, totals.players)),
        ),
        BotChoice::Out | BotChoice::Only => (
            format!("{} of all", percent(totals.events, all.events)),
            format!("{} of all", percent(totals.players, all.players)),
            match bots {
                BotChoice::Out => format!("{} left out", format::count(all.bots)),
                _ => format!("{} of all players", percent(all.bots, all.players)),
            },
        ),
    };
    let unit = match bots {
        BotChoice::In => "players, likely bots included",
        BotChoice::Out => "players without bots",
        BotChoice::Only => "likely bots",
    };
    let shares = |humans, of_bots, of| Some(shares(bots.split(humans, of_bots), of));
    let seen = daily_course(report, |humans, of_bots| {
        let (humans, of_bots) = bots.split(humans, of_bots);
        humans.saturating_add(of_bots)
    });
    [
        Tile {
            page: Some(Page::Quality),
            sketch: shares(all.kept_events(), all.bot_events, all.events),
            ..tile("events", "Events", totals.events, "events", events)
        },
        Tile {
            page: Some(Page::Players),
            sketch: seen,
            ..tile("players", "Players", totals.players, unit, players)
        },
        Tile {
            page: Some(Page::Sessions),
            sketch: shares(all.sessions - all.bot_sessions, all.bot_sessions, all.sessions),
            ..tile("sessions", "Sessions", totals.sessions, "sessions", events_each)
        },
        Tile {
            is_bots: true,
            page: Some(Page::Bots),
            sketch: daily_course(report, |_, of_bots| of_bots),
            ..tile("bots", "Likely bots", totals.bots, "players flagged", flagged)
        },
        events_of_bots(all),
        churned(report, params, bots, all),
    ]
}

fn shares((humans, of_bots): (u64, u64), of: u64) -> Sketch {
    let share = |part: u64| if of == 0 { 0.0 } else { part as f64 / of as f64 };
    Sketch::Shares([share(humans), share(of_bots)])
}

/// Players per day, of both groups as `count` takes them.
fn daily_course(report: &Report, count: impl Fn(u64, u64) -> u64) -> Option<Sketch> {
    let days =
        report.activity.days.iter().map(|(day, counts)| (day.get(), count(counts[HUMAN], counts[BOT])));
    Some(Sketch::Course(Stretches::of(report)?.means(days)))
}

/// Players who churned, by the day of their last event.
fn churned_course(report: &Report, params: &Params, bots: BotChoice) -> Option<Sketch> {
    let players = &report.players;
    let has_churned = |&index: &usize| {
        report.churned(index, params) && report.verdict(index, params).is_bot() == bots.is_only()
    };
    let days = (0..players.len()).filter(has_churned).map(|index| players.last_us[index].day().get());
    Some(Sketch::Course(Stretches::of(report)?.counts(days)))
}

/// How much of the log likely bots are, whoever is shown.
fn events_of_bots(all: &Totals) -> Tile {
    Tile {
        key: "bot-events",
        label: "Events from bots",
        shown: percent(all.bot_events, all.events),
        exact: all.bot_events,
        full: format!("{} of {} events", format::count(all.bot_events), format::count(all.events)),
        note: format!("{} of all events", format::compact(all.bot_events as f64)),
        is_bots: true,
        page: Some(Page::Bots),
        sketch: Some(shares((0, all.bot_events), all.events)),
    }
}

fn churned(report: &Report, params: &Params, bots: BotChoice, all: &Totals) -> Tile {
    let (churned, of, whom) = bots.churned(all);
    Tile {
        key: "churned",
        label: "Churned",
        shown: percent(churned, of),
        exact: churned,
        full: format!("{} of {} {whom}", format::count(churned), format::count(of)),
        note: churn_note(report, params.churn_days, bots),
        is_bots: false,
        page: Some(Page::Players),
        sketch: churned_course(report, params, bots),
    }
}

/// Whom churn is of, and when it is said to be.
fn churn_note(report: &Report, churn_days: Days, bots: BotChoice) -> String {
    let Some(day) = report.as_of_day else { return "no events".to_owned() };
    let of = match (bots, is_of_years(report)) {
        (BotChoice::Only, false) => "of likely bots",
        (BotChoice::Only, true) => "of all likely bots ever seen, not a rate",
        (_, false) => "bots left out",
        (_, true) => "bots left out, of all ever seen, not a rate",
    };
    format!("{of}: last event over {churn_days} days before {}", time::day(day))
}

/// Rows without player or time: those that the export left out, and those met in the parts. None of them under a
/// filter, which cannot be asked of such rows.
#[must_use]
pub fn rejected(dataset: Option<&Dataset>, report: &Report) -> Rejected {
    if report.filter.is_empty() { rejected_of_log(dataset, report) } else { Rejected::default() }
}

/// The same whatever the filter.
#[must_use]
pub fn rejected_of_log(dataset: Option<&Dataset>, report: &Report) -> Rejected {
    let left_out = dataset.and_then(Dataset::manifest).map(|manifest| manifest.rejected).unwrap_or_default();
    Rejected {
        null_player_id: left_out.null_player_id.saturating_add(report.rejected.null_player_id),
        null_datetime: left_out.null_datetime.saturating_add(report.rejected.null_datetime),
    }
}
