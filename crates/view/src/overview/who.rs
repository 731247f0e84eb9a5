//! Who plays, and where.

use wow_charts::{Bar, Bars, LevelCount, Levels, format};
use wow_engine::Params;
use wow_engine::pipeline::{BOT, Dictionary, HUMAN, Report};

use crate::Table;
use crate::filter::BotChoice;
use crate::share::percent;
use crate::zones::{Grouping, ZoneEvents, Zones};

/// The levels a character can have.
const FIRST_LEVEL: i64 = 1;
const LAST_LEVEL: i64 = 80;
/// The highest level that there was, in the order of the game's expansions.
const CAPS: [i64; 3] = [60, 70, LAST_LEVEL];
/// How many bars a chart of classes or races has: more than the game has of either.
pub const GROUPS_SHOWN: usize = 12;
/// As many rows as a table can show without holding up the page.
const MOST_ROWS: usize = 1_000;

/// The players of the groups shown, counted in one pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// By latest class, most players first.
    pub classes: Vec<Bar>,
    /// By latest race, most players first.
    pub races: Vec<Bar>,
    /// By highest level.
    pub levels: LevelCounts,
}

/// Players by their highest level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelCounts {
    /// Those within the levels that a character could have in the log's time.
    pub chart: Levels,
    /// Players whose highest level no character can have.
    pub impossible: u64,
    /// Players of whom no level is known.
    pub unknown: u64,
}

/// Counts of both groups.
type Split = [u64; 2];

/// Counts the players that `bots` leaves, those that a rule flags under `params` apart from the others.
#[must_use]
pub fn kept(report: &Report, params: &Params, bots: BotChoice) -> Kept {
    let players = &report.players;
    let mut classes = vec![Split::default(); report.strings.class.texts().len() + 1];
    let mut races = vec![Split::default(); report.strings.race.texts().len() + 1];
    let all_levels = vec![LevelCount::default(); (LAST_LEVEL - FIRST_LEVEL + 1) as usize];
    let mut levels = LevelCounts {
        chart: Levels { first_level: FIRST_LEVEL, counts: all_levels },
        impossible: 0,
        unknown: 0,
    };
    for index in 0..players.len() {
        let is_bot = report.verdict(index, params).is_bot();
        if !bots.shows(is_bot) {
            continue;
        }
        count_code(&mut classes, players.class[index], is_bot);
        count_code(&mut races, players.race[index], is_bot);
        if players.level_count[index] == 0 {
            levels.unknown += 1;
        } else {
            levels.count(players.level_max[index], is_bot);
        }
    }
    levels.end_at_cap();
    Kept {
        classes: ranked(&report.strings.class, &classes, "no class"),
        races: ranked(&report.strings.race, &races, "no race"),
        levels,
    }
}

impl LevelCounts {
    fn count(&mut self, level: i64, is_bot: bool) {
        let place = level.checked_sub(self.chart.first_level).and_then(|place| usize::try_from(place).ok());
        match place.and_then(|place| self.chart.counts.get_mut(place)) {
            Some(count) if is_bot => count.bots += 1,
            Some(count) => count.humans += 1,
            None => self.impossible += 1,
        }
    }

    /// Drops the levels above the lowest cap that nobody is beyond.
    fn end_at_cap(&mut self) {
        let levels = self.chart.counts.iter().rposition(|count| count.total() > 0).map_or(0, |last| last + 1);
        let held = CAPS.into_iter().filter_map(|cap| usize::try_from(cap - FIRST_LEVEL + 1).ok());
        if let Some(cap) = held.into_iter().find(|cap| *cap >= levels) {
            self.chart.counts.truncate(cap);
        }
    }
}

/// Codes without a text, null among them, share the last place.
fn count_code(counts: &mut [Split], code: u32, is_bot: bool) {
    let last = counts.len() - 1;
    counts[(code as usize).min(last)][if is_bot { BOT } else { HUMAN }] += 1;
}

fn ranked(texts: &Dictionary, counts: &[Split], none: &str) -> Vec<Bar> {
    let labels = texts.texts().iter().map(String::as_str).chain([none]);
    let bars = labels.zip(counts).map(|(label, counts)| Bar {
        label: bar_label(label),
        humans: counts[HUMAN],
        bots: counts[BOT],
        is_rest: false,
    });
    largest_first(bars.collect())
}

/// A text as a bar is named by it.
pub(crate) fn bar_label(text: &str) -> String {
    if text.is_empty() { "(empty)".to_owned() } else { text.to_owned() }
}

/// Drops what nobody has; equal counts are in order of their names.
pub(crate) fn largest_first(mut rows: Vec<Bar>) -> Vec<Bar> {
    rows.retain(|row| total(row) > 0);
    rows.sort_by(|a, b| total(b).cmp(&total(a)).then_with(|| a.label.cmp(&b.label)));
    rows
}

/// All that a bar counts.
pub(crate) const fn total(row: &Bar) -> u64 {
    row.humans.saturating_add(row.bots)
}

/// Events by zone of the groups shown.
#[must_use]
pub fn zones(report: &Report, bots: BotChoice, grouping: Grouping) -> Zones {
    let activity = &report.activity;
    let named = report.strings.zone.texts().iter().zip(&activity.zones);
    let named = named.map(|(zone, counts)| (Some(zone.as_str()), *counts));
    let events = named.chain([(None, activity.no_zone)]).map(|(zone, counts)| {
        let (humans, bots) = bots.split(counts[HUMAN], counts[BOT]);
        ZoneEvents { zone, humans, bots }
    });
    Zones::new(events, grouping)
}

/// The first rows, as a chart has room for them; `unit` is one of what they count.
#[must_use]
pub fn leading(rows: &[Bar], most: usize, unit: &'static str) -> Bars {
    Bars { rows: rows.iter().take(most).cloned().collect(), unit }
}

/// What a chart of players by `what` (class, race) shows.
#[must_use]
pub fn common_say(rows: &[Bar], what: &str, bots: BotChoice) -> String {
    let players = bots.players();
    let all = rows.iter().fold(0_u64, |sum, row| sum.saturating_add(total(row)));
    match rows.first() {
        None => format!("{players} by latest {what}."),
        Some(first) => {
            format!("{players} by latest {what}. Most: {}, {}.", first.label, percent(total(first), all))
        }
    }
}

/// What the chart of zones shows when `shown` of its bars are drawn.
#[must_use]
pub fn zones_say(zones: &Zones, shown: usize, bots: BotChoice) -> String {
    let (which, other) = (zones.say(shown, bots.whose()), zones.other_say());
    let count = |row: &Bar| if bots.is_only() { row.bots } else { row.humans };
    match zones.bars.iter().max_by_key(|row| count(row)).filter(|row| count(row) > 0) {
        None => format!("{which}.{other}"),
        Some(first) => {
            let events = format::compact(count(first) as f64);
            let among = if bots == BotChoice::In { "Without bots most" } else { "Most" };
            match zones.grouping {
                Grouping::Zone => format!("{which}. {among} are in {}: {events}.", first.label),
                _ => format!("{which}. {among}: {}, {events}.{other}", first.label),
            }
        }
    }
}

/// Players by `what` (class, race) in both groups, with the shares of all.
#[must_use]
pub fn groups_table(rows: &[Bar], what: &str) -> Table {
    let all = rows.iter().fold(0_u64, |sum, row| sum.saturating_add(total(row)));
    let cells = |label: String, row: &Bar| {
        let counts = [row.humans, row.bots, total(row)].map(format::count);
        std::iter::once(label).chain(counts).chain([percent(total(row), all)]).collect()
    };
    let head = [what, "without bots", "likely bots", "all players", "share"];
    Table { head: head.map(str::to_owned).into(), rows: cut(rows, cells) }
}

/// The first rows as they are, the others in one.
pub(crate) fn cut(rows: &[Bar], cells: impl Fn(String, &Bar) -> Vec<String>) -> Vec<Vec<String>> {
    let (shown, rest) = rows.split_at(rows.len().min(MOST_ROWS));
    let mut table: Vec<Vec<String>> = shown.iter().map(|row| cells(row.label.clone(), row)).collect();
    if !rest.is_empty() {
        table.push(cells(format!("{} others", format::count(rest.len() as u64)), &sum(rest)));
    }
    table
}

/// All of several bars, as one without a name.
pub(crate) fn sum(rows: &[Bar]) -> Bar {
    rows.iter().fold(Bar::default(), |sum, row| Bar {
        humans: sum.humans.saturating_add(row.humans),
        bots: sum.bots.saturating_add(row.bots),
        ..sum
    })
}

/// What the chart of levels shows.
#[must_use]
pub fn levels_say(levels: &LevelCounts, bots: BotChoice) -> String {
    let mut say = format!("{} by the highest level seen.", bots.players());
    let counts = (levels.chart.first_level..).zip(levels.chart.counts.iter().map(|count| count.total()));
    if let Some((level, players)) =
        counts.max_by_key(|&(_, players)| players).filter(|&(_, players)| players > 0)
    {
        say += &format!(" Most: level {level} with {}.", format::count(players));
    }
    if levels.impossible > 0 {
        let players = format::count(levels.impossible);
        say += &format!(" Not drawn: {players} outside {FIRST_LEVEL}–{LAST_LEVEL}.");
    }
    if levels.unknown > 0 {
        say += &format!(" Without a level: {}.", format::count(levels.unknown));
    }
    say
}

/// Players by level in both groups, with those that the chart leaves out.
#[must_use]
pub fn levels_table(levels: &LevelCounts) -> Table {
    let row = |(level, count): (i64, &LevelCount)| {
        let counts = [count.humans, count.bots, count.total()].map(format::count);
        std::iter::once(level.to_string()).chain(counts).collect()
    };
    let mut rows: Vec<Vec<String>> =
        (levels.chart.first_level..).zip(&levels.chart.counts).map(row).collect();
    for (label, players) in [("outside 1–80", levels.impossible), ("no level", levels.unknown)] {
        if players > 0 {
            rows.push(vec![label.to_owned(), String::new(), String::new(), format::count(players)]);
        }
    }
    let head = ["highest level", "without bots", "likely bots", "all players"];
    Table { head: head.map(str::to_owned).into(), rows }
}
