//! How the players and events of both are spread.

use std::collections::BTreeMap;

use wow_charts::{Bar, Pair, Pairs, format};
use wow_engine::Params;
use wow_engine::pipeline::{BOT, HUMAN, PlayerTable, Report};

use super::{fraction, points};
use crate::Table;
use crate::filter::BotChoice;
use crate::overview::{self, Kept, WEEKDAYS};
use crate::sessions::{EVENT_BANDS, Spread, events_label};
use crate::share::percent;
use crate::zones::Grouping;

/// As many rows as a table of names has; the rest is one row.
const MOST_ROWS: usize = 12;
/// Where the bands of levels begin.
const LEVEL_BANDS: [i64; 11] = [1, 10, 20, 30, 40, 50, 60, 61, 70, 71, 80];
/// Where the bands of durations begin, minutes.
const BANDS_MINUTES: [i64; 8] = [0, 10, 60, 180, 360, 720, 1_440, 2_880];

/// How many hours of the day are one row.
const BAND_HOURS: usize = 3;

/// A row of a distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// What is counted.
    pub label: String,
    /// How many, in the data that the page shows and in the other data.
    pub counts: [u64; 2],
    /// Their shares, 0 to 1.
    pub shares: [f64; 2],
    /// The shares in words.
    pub shown: [String; 2],
    /// By how many percentage points the other share is greater.
    pub difference: String,
    /// Whether it stands for all that has no row of its own.
    pub is_rest: bool,
}

/// What is compared by its spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Players by class.
    Classes,
    /// Players by race.
    Races,
    /// Players by highest level.
    Levels,
    /// Sessions by duration.
    Sessions,
    /// Sessions by number of events.
    Events,
    /// Players by longest session.
    Longest,
    /// Players by average session.
    Average,
    /// Events by zone.
    Zones,
    /// Events by weekday.
    Weekdays,
    /// Events by time of day.
    Hours,
}

impl Kind {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 10] = [
        Self::Classes,
        Self::Races,
        Self::Levels,
        Self::Zones,
        Self::Sessions,
        Self::Events,
        Self::Longest,
        Self::Average,
        Self::Weekdays,
        Self::Hours,
    ];

    /// The downloads' name, without ending.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Classes => "compare-classes",
            Self::Races => "compare-races",
            Self::Levels => "compare-levels",
            Self::Sessions => "compare-session-duration",
            Self::Events => "compare-events-per-session",
            Self::Longest => "compare-longest-session",
            Self::Average => "compare-average-session",
            Self::Zones => "compare-zones",
            Self::Weekdays => "compare-weekdays",
            Self::Hours => "compare-time-of-day",
        }
    }

    /// The heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Classes => "Classes",
            Self::Races => "Races",
            Self::Levels => "Highest level",
            Self::Sessions => "Session duration",
            Self::Events => "Events per session",
            Self::Longest => "Longest session",
            Self::Average => "Average session",
            Self::Zones => "Zones",
            Self::Weekdays => "Weekdays",
            Self::Hours => "Time of day",
        }
    }

    /// What is counted of those that `bots` leaves.
    #[must_use]
    pub fn say(self, bots: BotChoice, zones: Grouping) -> String {
        let (players, whose) = (bots.players(), bots.whose());
        let counted = match self {
            Self::Classes => format!("{players} by latest class"),
            Self::Races => format!("{players} by latest race"),
            Self::Levels => format!("{players} by highest level"),
            Self::Sessions => format!("Sessions{whose} by duration"),
            Self::Events => format!("Sessions{whose} by how many events they have"),
            Self::Longest => format!("{players} by longest session"),
            Self::Average => format!("{players} by average session"),
            Self::Zones => format!("Events{whose} by {}", zones.what()),
            Self::Weekdays => format!("Events{whose} by weekday, server time"),
            Self::Hours => format!("Events{whose} by time of day, server time"),
        };
        format!("{counted}: the share of each.")
    }
}

/// The spread of one kind in both, of what `bots` leaves; zones are put together as `zones` says.
#[must_use]
pub fn distribution(
    kind: Kind,
    here: &Report,
    there: &Report,
    params: &Params,
    bots: BotChoice,
    zones: Grouping,
) -> Vec<Share> {
    let reports = [here, there];
    let kept = || reports.map(|report| overview::kept(report, params, bots));
    let players = |of: fn(&PlayerTable, usize) -> f64| {
        rows_of(reports.map(|report| banded(report, params, bots, of)), &duration_labels())
    };
    let hours = || reports.map(|report| overview::weekly(report, bots).events);
    match kind {
        Kind::Classes => named(kept().each_ref().map(|kept| &kept.classes)),
        Kind::Races => named(kept().each_ref().map(|kept| &kept.races)),
        Kind::Levels => levels(&kept()),
        Kind::Sessions => rows_of(reports.map(|report| sessions_banded(report, bots)), &duration_labels()),
        Kind::Events => events(reports.map(|report| Spread::new(&report.sessions.events, bots))),
        Kind::Longest => players(|table, index| table.duration_max_minutes[index].get() as f64),
        Kind::Average => players(PlayerTable::avg_session_minutes),
        Kind::Zones => named(reports.map(|report| overview::zones(report, bots, zones).bars).each_ref()),
        Kind::Weekdays => {
            let counts = hours().map(|week| week.iter().map(|day| sum(day)).collect());
            rows_of(counts, &WEEKDAYS.map(str::to_owned))
        }
        Kind::Hours => {
            let band = |week: &[[u64; 24]; 7], band: usize| {
                let hours = band * BAND_HOURS..(band + 1) * BAND_HOURS;
                week.iter().fold(0_u64, |all, day| all.saturating_add(sum(&day[hours.clone()])))
            };
            let bands = 24 / BAND_HOURS;
            let counts = hours().map(|week| (0..bands).map(|place| band(&week, place)).collect());
            let label =
                |band: usize| format!("{:02}:00–{:02}:00", band * BAND_HOURS, (band + 1) * BAND_HOURS);
            rows_of(counts, &(0..bands).map(label).collect::<Vec<_>>())
        }
    }
}

fn sum(counts: &[u64]) -> u64 {
    counts.iter().fold(0, |sum, &count| sum.saturating_add(count))
}

/// The chart of a spread; `names` are those of both.
#[must_use]
pub fn pairs(rows: &[Share], names: &[String; 2]) -> Pairs {
    let pair = |row: &Share| {
        let said =
            |side: usize| format!("{} {}, {}", names[side], format::count(row.counts[side]), row.shown[side]);
        Pair {
            label: row.label.clone(),
            shares: row.shares,
            shown: row.shown.clone(),
            reading: format!("{} · {} · {} points", said(0), said(1), row.difference),
            is_rest: row.is_rest,
        }
    };
    Pairs { rows: rows.iter().map(pair).collect(), names: names.clone() }
}

/// The counts and shares of a spread.
#[must_use]
pub fn pairs_table(kind: Kind, rows: &[Share], names: &[String; 2]) -> Table {
    let of_each = names.iter().flat_map(|name| [name.clone(), format!("{name}, share")]);
    let head = std::iter::once(kind.title().to_lowercase()).chain(of_each).chain(["points".to_owned()]);
    let row = |row: &Share| {
        let cell = |side: usize| [format::count(row.counts[side]), row.shown[side].clone()];
        let cells = [0, 1].map(cell).into_iter().flatten();
        std::iter::once(row.label.clone()).chain(cells).chain([row.difference.clone()]).collect()
    };
    Table { head: head.collect(), rows: rows.iter().map(row).collect() }
}

/// Names that either has, those with the greatest shares first; the rest is one row.
fn named(bars: [&Vec<Bar>; 2]) -> Vec<Share> {
    let mut counts: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for (side, bars) in bars.into_iter().enumerate() {
        for bar in bars {
            counts.entry(&bar.label).or_default()[side] = bar.humans.saturating_add(bar.bots);
        }
    }
    let wholes = wholes(counts.values());
    let mut rows: Vec<(&str, [u64; 2])> = counts.into_iter().collect();
    let weight = |counts: &[u64; 2]| fraction(counts[0], wholes[0]) + fraction(counts[1], wholes[1]);
    rows.sort_by(|a, b| weight(&b.1).total_cmp(&weight(&a.1)));
    let rest = rows.split_off(rows.len().min(MOST_ROWS));
    let is_rest = |label: &str| bars.into_iter().flatten().any(|bar| bar.is_rest && bar.label == label);
    let named = |(label, counts): (&str, [u64; 2])| Share {
        is_rest: is_rest(label),
        ..share(label.to_owned(), counts, wholes)
    };
    let mut shares: Vec<Share> = rows.into_iter().map(named).collect();
    if !rest.is_empty() {
        let label = format!("{} others", format::count(rest.len() as u64));
        let sums = self::wholes(rest.iter().map(|(_, counts)| counts));
        shares.push(Share { is_rest: true, ..share(label, sums, wholes) });
    }
    shares
}

fn wholes<'a>(counts: impl Iterator<Item = &'a [u64; 2]>) -> [u64; 2] {
    counts.fold([0_u64; 2], |[a, b], counts| [a.saturating_add(counts[0]), b.saturating_add(counts[1])])
}

fn share(label: String, counts: [u64; 2], wholes: [u64; 2]) -> Share {
    let shares = [fraction(counts[0], wholes[0]), fraction(counts[1], wholes[1])];
    Share {
        label,
        counts,
        shares,
        shown: [percent(counts[0], wholes[0]), percent(counts[1], wholes[1])],
        difference: points(shares[0], shares[1]),
        is_rest: false,
    }
}

/// Rows with a label each, from the counts of both.
fn rows_of(counts: [Vec<u64>; 2], labels: &[String]) -> Vec<Share> {
    let pairs: Vec<[u64; 2]> = counts[0].iter().zip(&counts[1]).map(|(&a, &b)| [a, b]).collect();
    let wholes = wholes(pairs.iter());
    labels.iter().cloned().zip(pairs).map(|(label, counts)| share(label, counts, wholes)).collect()
}

fn levels(kept: &[Kept; 2]) -> Vec<Share> {
    let counts = kept.each_ref().map(|Kept { levels, .. }| {
        let mut counts = vec![0_u64; LEVEL_BANDS.len() + 1];
        for (level, count) in (levels.chart.first_level..).zip(&levels.chart.counts) {
            counts[band(&LEVEL_BANDS, level)] += count.total();
        }
        counts[LEVEL_BANDS.len()] = levels.impossible + levels.unknown;
        counts
    });
    let label = |band: usize| match LEVEL_BANDS.get(band + 1) {
        Some(&next) if next == LEVEL_BANDS[band] + 1 => LEVEL_BANDS[band].to_string(),
        Some(&next) => format!("{}–{}", LEVEL_BANDS[band], next - 1),
        None => LEVEL_BANDS[band].to_string(),
    };
    let labels: Vec<String> =
        (0..LEVEL_BANDS.len()).map(label).chain(["none, or outside 1–80".to_owned()]).collect();
    rows_of(counts, &labels)
}

/// Players of the groups shown, in bands of a duration.
fn banded(
    report: &Report,
    params: &Params,
    bots: BotChoice,
    minutes: fn(&PlayerTable, usize) -> f64,
) -> Vec<u64> {
    let players = report.judged();
    let is_counted = |&index: &usize| bots.shows(players.verdict(index, params).is_bot());
    let mut counts = vec![0; BANDS_MINUTES.len()];
    for index in (0..players.len()).filter(is_counted) {
        // Bands begin at whole minutes.
        counts[band(&BANDS_MINUTES, minutes(players, index).floor() as i64)] += 1;
    }
    counts
}

/// Sessions of the groups shown, in bands of their duration.
fn sessions_banded(report: &Report, bots: BotChoice) -> Vec<u64> {
    let mut counts = vec![0_u64; BANDS_MINUTES.len()];
    for (minutes, of_groups) in report.sessions.durations.iter() {
        let (humans, bots) = bots.split(of_groups[HUMAN], of_groups[BOT]);
        let count = &mut counts[band(&BANDS_MINUTES, minutes.get())];
        *count = count.saturating_add(humans).saturating_add(bots);
    }
    counts
}

/// Sessions in bands of their number of events, as on the page of sessions.
fn events(spreads: [Spread; 2]) -> Vec<Share> {
    let all = |spread: Spread| {
        let bands = spread.in_bands(&EVENT_BANDS);
        bands.into_iter().map(|counts| counts[HUMAN].saturating_add(counts[BOT])).collect()
    };
    let before = std::iter::once(None).chain(EVENT_BANDS.map(Some));
    let labels = before.zip(EVENT_BANDS.map(Some).into_iter().chain([None]));
    let labels: Vec<String> = labels.map(|(from, to)| events_label(from, to)).collect();
    rows_of(spreads.map(all), &labels)
}

/// The band of a value; the first also has what lies before it.
fn band(starts: &[i64], value: i64) -> usize {
    starts.partition_point(|&start| start <= value).saturating_sub(1)
}

fn duration_labels() -> Vec<String> {
    let label = |band: usize| match BANDS_MINUTES.get(band + 1) {
        Some(&end) => format!("{} to {}", format::minutes(BANDS_MINUTES[band]), format::minutes(end)),
        None => format!("{} and more", format::minutes(BANDS_MINUTES[band])),
    };
    (0..BANDS_MINUTES.len()).map(label).collect()
}
