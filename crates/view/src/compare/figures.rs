//! The headline figures of both.

use wow_charts::format;
use wow_engine::Params;
use wow_engine::pipeline::{Report, Totals};
use wow_engine::time::{Day, Micros};

use super::{fraction, points, signed};
use crate::bots::{self, Counts};
use crate::columns;
use crate::dataset::{Dataset, short_hash};
use crate::filter::BotChoice;
use crate::limits;
use crate::overview;
use crate::sampled;
use crate::sessions::Spread;
use crate::share::percent;
use crate::time;

/// A figure of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureRow {
    /// Its name in the page's markup.
    pub key: &'static str,
    /// What it is.
    pub name: &'static str,
    /// The figure of the data that the page shows.
    pub here: String,
    /// The figure of the other data.
    pub there: String,
    /// The other figure without this one.
    pub difference: String,
}

/// One of both: its statistics, and where they come from.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The statistics.
    pub report: &'a Report,
    /// Where they come from, as far as that is known.
    pub dataset: Option<&'a Dataset>,
}

/// What the figures of one log are read from.
struct Facts<'a> {
    side: Side<'a>,
    /// Of all players.
    all: Totals,
    /// Of all players, by the rules that flag them.
    rules: Counts,
    /// Of those that are shown.
    shown: Totals,
    /// Minutes in the sessions of those shown, and the longest session, minutes.
    minutes: (i128, i64),
    /// The sessions of those shown, by minutes.
    durations: Spread,
    /// Their sessions of one event.
    lone: u64,
}

impl<'a> Facts<'a> {
    fn new(side: Side<'a>, params: &Params, bots: BotChoice) -> Self {
        let Report { players, sessions, .. } = side.report;
        let is_shown = |&index: &usize| bots.shows(side.report.verdict(index, params).is_bot());
        let shown = (0..players.len()).filter(is_shown);
        let minutes = shown.fold((0, 0), |(sum, longest): (i128, i64), index| {
            let of_player = i128::from(players.duration_sum_minutes[index].get());
            (sum + of_player, longest.max(players.duration_max_minutes[index].get()))
        });
        let all = side.report.totals(params);
        let events = Spread::new(&sessions.events, bots);
        Self {
            side,
            all,
            rules: bots::counts(&(&all).into(), &(&all).into(), params),
            shown: bots.totals(&all),
            minutes,
            durations: Spread::new(&sessions.durations, bots),
            lone: events.sessions() - events.above(1),
        }
    }

    /// Rows without player or time.
    fn rejected(&self) -> u64 {
        overview::rejected_of_log(self.side.dataset, self.side.report).total()
    }
}

/// Where the numbers of both come from, and which share of the players each holds where one of them is a sample.
fn sources(sides: [Side<'_>; 2]) -> Vec<FigureRow> {
    let text = |key, name, [here, there]: [Option<String>; 2], difference: &str| FigureRow {
        key,
        name,
        here: here.unwrap_or_else(|| "–".to_owned()),
        there: there.unwrap_or_else(|| "–".to_owned()),
        difference: difference.to_owned(),
    };
    let ids = sides.map(|side| side.dataset.and_then(Dataset::id));
    let manifests = sides.map(|side| side.dataset.and_then(Dataset::manifest));
    let is_same = match manifests {
        [Some(here), Some(there)] if here.dataset_id == there.dataset_id => "the same data",
        [Some(here), Some(there)] if here.parameters != there.parameters && here.parts == there.parts => {
            "the same events, other parameters"
        }
        [Some(_), Some(_)] => "other data",
        _ => "–",
    };
    let exported = manifests.map(|manifest| Some(time::rfc3339(&manifest?.exported_at)));
    let samples = sides.map(|side| side.dataset.and_then(Dataset::sample).map(sampled::in_short));
    let is_whole = samples.iter().all(Option::is_none);
    let same = if samples[0] == samples[1] { "the same share" } else { "not comparable in number" };
    let shares = samples.map(|share| Some(share.unwrap_or_else(|| "all players".to_owned())));
    let mut rows = vec![
        text("database", "Database", sides.map(|side| side.dataset.map(Dataset::name)), ""),
        text("exported", "Exported", exported, ""),
        text("dataset", "Data set", ids.map(|id| id.map(short_hash)), is_same),
    ];
    if !is_whole {
        rows.push(text("sample", "Share of the players", shares, same));
    }
    rows
}

/// What the table of figures shows, and which parameters the other data come with that do not count here; `name` is that of
/// the other data.
#[must_use]
pub fn figures_say(params: &Params, here: &Params, there: &Params, name: &str) -> String {
    let churn = match params.as_of_day {
        None => "the newest event of each".to_owned(),
        Some(day) => time::day(day),
    };
    let say = format!("Under the same limits and the same filter. Churn is counted to {churn}.");
    match limits::not_followed(there, params, here) {
        None => say,
        Some(others) => format!(
            "{say} By itself {name} comes with other parameters ({others}), but here both are under those of this page."
        ),
    }
}

/// The headline figures of the players that `bots` leaves, under the same parameters.
#[must_use]
pub fn figures(here: Side<'_>, there: Side<'_>, params: &Params, bots: BotChoice) -> Vec<FigureRow> {
    let sides = [Facts::new(here, params, bots), Facts::new(there, params, bots)];
    let count = |key, name, of: fn(&Facts<'_>) -> u64| {
        let [a, b] = [of(&sides[0]), of(&sides[1])];
        let difference = signed(i128::from(b) - i128::from(a), format::count);
        FigureRow { key, name, here: format::count(a), there: format::count(b), difference }
    };
    let share = |key, name, of: fn(&Facts<'_>) -> (u64, u64)| {
        let [a, b] = [of(&sides[0]), of(&sides[1])];
        let difference = format!("{} points", points(fraction(a.0, a.1), fraction(b.0, b.1)));
        FigureRow { key, name, here: percent(a.0, a.1), there: percent(b.0, b.1), difference }
    };
    let mean = |key, name, of: fn(&Facts<'_>) -> f64| {
        let [a, b] = [of(&sides[0]), of(&sides[1])];
        mean_row((key, name), a, b, columns::fraction)
    };
    let duration = |key, name, of: fn(&Facts<'_>) -> f64| {
        let [a, b] = [of(&sides[0]), of(&sides[1])];
        mean_row((key, name), a, b, format::duration)
    };
    let day = |key, name, of: fn(&Report) -> Option<Day>| {
        let [a, b] = sides.each_ref().map(|facts| of(facts.side.report));
        let text = |day: Option<Day>| day.map_or_else(|| "none".to_owned(), time::day);
        let difference = match (a, b) {
            (Some(a), Some(b)) => {
                format!("{} days", signed(i128::from(a.days_to(b).get()), format::count))
            }
            _ => "–".to_owned(),
        };
        FigureRow { key, name, here: text(a), there: text(b), difference }
    };
    let rows = [
        count("events", "Events", |side| side.shown.events),
        count("players", "Players", |side| side.shown.players),
        count("sessions", "Sessions", |side| side.shown.sessions),
        count("bots", "Likely bots", |side| side.all.bots),
        count("by_longest", "… by the longest session", |side| side.all.bots_by_longest),
        count("by_average", "… by the average session", |side| side.all.bots_by_average),
        count("longest_only", "… by the longest only", |side| side.rules.longest_only),
        count("average_only", "… by the average only", |side| side.rules.average_only),
        count("both", "… by both", |side| side.rules.both),
        share("bot_share", "Likely bots among players", |side| (side.all.bots, side.all.players)),
        share("bot_events", "Events from bots", |side| (side.all.bot_events, side.all.events)),
        count("kept_events", "Events without bots", |side| side.all.kept_events()),
        count("kept_players", "Players without bots", |side| side.all.kept_players()),
        count("churned", "Churned, without bots", |side| side.all.churned),
        share("churned_share", "Churned among them", |side| (side.all.churned, side.all.kept_players())),
        mean("events_per_session", "Events per session", |side| {
            ratio(side.shown.events, side.shown.sessions)
        }),
        mean("sessions_per_player", "Sessions per player", |side| {
            ratio(side.shown.sessions, side.shown.players)
        }),
        duration("session_minutes", "Average session", |side| {
            side.minutes.0 as f64 / side.shown.sessions as f64
        }),
        duration("median_minutes", "Median session", |side| side.durations.median().unwrap_or(f64::NAN)),
        duration("p95_minutes", "95 % of sessions up to", |side| {
            side.durations.p95().map_or(f64::NAN, |minutes| minutes as f64)
        }),
        duration("longest_minutes", "Longest session", |side| side.minutes.1.max(0) as f64),
        count("lone", "Sessions of one event", |side| side.lone),
        day("first_day", "Oldest event", |report| report.first_us.map(Micros::day)),
        day("last_day", "Newest event", |report| report.last_us.map(Micros::day)),
        count("rejected", "Rows rejected, whatever the filter", |side| side.rejected()),
    ];
    sources([here, there]).into_iter().chain(rows).collect()
}

fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// The row of two means; that of nothing is none.
fn mean_row(
    (key, name): (&'static str, &'static str),
    here: f64,
    there: f64,
    written: fn(f64) -> String,
) -> FigureRow {
    let text = |mean: f64| if mean.is_finite() { written(mean) } else { "–".to_owned() };
    let difference = text(there - here);
    let is_more = there > here && difference != written(0.0);
    let difference = if is_more { format!("+{difference}") } else { difference };
    FigureRow { key, name, here: text(here), there: text(there), difference }
}
