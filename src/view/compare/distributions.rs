//! How the players and events of both are spread.

use std::collections::BTreeMap;

use wow_charts::{Bar, format};
use wow_engine::Params;
use wow_engine::pipeline::{BOT, HUMAN, PlayerTable, Report};

use super::{fraction, points};
use crate::view::filter::BotChoice;
use crate::view::overview::{self, Kept};
use crate::view::share::percent;

/// As many rows as a table of names has; the rest is one row.
const MOST_ROWS: usize = 12;
/// Where the bands of levels begin.
const LEVEL_BANDS: [i64; 11] = [1, 10, 20, 30, 40, 50, 60, 61, 70, 71, 80];
/// Where the bands of durations begin, minutes.
const BANDS_MINUTES: [i64; 8] = [0, 10, 60, 180, 360, 720, 1_440, 2_880];

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
}

/// How something is spread in both.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// Its name in the page's markup.
    pub key: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What is counted.
    pub say: String,
    /// Its rows.
    pub rows: Vec<Share>,
}

impl Distribution {
    /// The greatest share of any row in either, which has the longest bar; 1 where there is none.
    #[must_use]
    pub fn greatest(&self) -> f64 {
        let greatest = self.rows.iter().flat_map(|row| row.shares).fold(0.0, f64::max);
        if greatest > 0.0 { greatest } else { 1.0 }
    }
}

/// The distributions of the players that `bots` leaves; where it leaves both groups, of those without bots, as on the
/// first page.
#[must_use]
pub fn distributions(here: &Report, there: &Report, params: &Params, bots: BotChoice) -> Vec<Distribution> {
    let reports = [here, there];
    let kept = reports.map(|report| overview::kept(report, params, bots));
    let players = bots.players();
    let of_players = |key, title, what: &str, rows| {
        let say = format!("{players} by {what}: how many, and their share.");
        Distribution { key, title, say, rows }
    };
    let zones = reports.map(|report| overview::zones(report, bots));
    let whose = bots.whose();
    let longest = |table: &PlayerTable, index: usize| table.duration_max_minutes[index] as f64;
    let durations = |of: fn(&PlayerTable, usize) -> f64| {
        rows_of(reports.map(|report| banded(report, params, bots, of)), &duration_labels())
    };
    let sessions = reports.map(|report| sessions_banded(report, bots));
    vec![
        of_players("classes", "Classes", "latest class", named(kept.each_ref().map(|kept| &kept.classes))),
        of_players("races", "Races", "latest race", named(kept.each_ref().map(|kept| &kept.races))),
        of_players("levels", "Highest level", "highest level", levels(&kept)),
        Distribution {
            key: "sessions",
            title: "Session duration",
            say: format!("Sessions{whose} by duration: how many, and their share."),
            rows: rows_of(sessions, &duration_labels()),
        },
        of_players("longest", "Longest session", "longest session", durations(longest)),
        of_players(
            "average",
            "Average session",
            "average session",
            durations(PlayerTable::avg_session_minutes),
        ),
        Distribution {
            key: "zones",
            title: "Zones",
            say: format!("Events{whose} by zone: how many, and their share."),
            rows: named(zones.each_ref()),
        },
    ]
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
    let mut shares: Vec<Share> =
        rows.into_iter().map(|(label, counts)| share(label.to_owned(), counts, wholes)).collect();
    if !rest.is_empty() {
        let label = format!("{} others", format::count(rest.len() as u64));
        let sums = self::wholes(rest.iter().map(|(_, counts)| counts));
        shares.push(share(label, sums, wholes));
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
        for (level, &players) in (levels.chart.first_level..).zip(&levels.chart.players) {
            counts[band(&LEVEL_BANDS, level)] += players;
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

/// Players in bands of a duration, those that the charts of one group count.
fn banded(
    report: &Report,
    params: &Params,
    bots: BotChoice,
    minutes: fn(&PlayerTable, usize) -> f64,
) -> Vec<u64> {
    let players = &report.players;
    let is_counted = |&index: &usize| players.verdict(index, params).is_bot() == bots.is_only();
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
        let count = &mut counts[band(&BANDS_MINUTES, minutes)];
        *count = count.saturating_add(humans).saturating_add(bots);
    }
    counts
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
