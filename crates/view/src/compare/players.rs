//! The players that are not the same in both.

use std::cmp::Ordering;

use wow_charts::format;
use wow_engine::Params;
use wow_engine::manifest::Environment;
use wow_engine::pipeline::{PlayerTable, Report, Verdict, round2};
use wow_engine::schema::float_to_key;
use wow_engine::time::Minutes;

use crate::bots::rule;
use crate::csv::{self, Field};
use crate::order::count_key;

/// A player, with its places in both tables of players as far as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The player.
    pub player_id: i64,
    here: Option<usize>,
    there: Option<usize>,
}

impl Change {
    /// Whether the data that the page shows have the player.
    #[must_use]
    pub const fn is_here(&self) -> bool {
        self.here.is_some()
    }

    /// The report of one side, and the player's place in it as far as it is there.
    pub(super) const fn on<'a>(&self, reports: [&'a Report; 2], side: usize) -> (&'a Report, Option<usize>) {
        if side == 0 { (reports[0], self.here) } else { (reports[1], self.there) }
    }
}

/// The players that are not the same in both, in order of id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Flagged in one and not in the other.
    pub changed: Vec<Change>,
    /// Only in the data that the page shows.
    pub only_here: Vec<Change>,
    /// Only in the other data.
    pub only_there: Vec<Change>,
}

/// Compares the players of both under the same parameters.
#[must_use]
pub fn changes(here: &Report, there: &Report, params: &Params) -> Changes {
    let ids = [&here.players.player_id, &there.players.player_id];
    let mut changes = Changes::default();
    let (mut a, mut b) = (0, 0);
    loop {
        // Where one is at its end, all that is left is the other's.
        let order = match (ids[0].get(a), ids[1].get(b)) {
            (None, None) => return changes,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(here), Some(there)) => here.cmp(there),
        };
        match order {
            Ordering::Less => {
                changes.only_here.push(Change { player_id: ids[0][a], here: Some(a), there: None });
                a += 1;
            }
            Ordering::Greater => {
                changes.only_there.push(Change { player_id: ids[1][b], here: None, there: Some(b) });
                b += 1;
            }
            Ordering::Equal => {
                let is_bot = |report: &Report, index| report.verdict(index, params).is_bot();
                if is_bot(here, a) != is_bot(there, b) {
                    changes.changed.push(Change { player_id: ids[0][a], here: Some(a), there: Some(b) });
                }
                a += 1;
                b += 1;
            }
        }
    }
}

/// What is said of a player in one of both.
struct Said {
    verdict: Verdict,
    longest_minutes: Minutes,
    average_minutes: f64,
    events: u64,
}

fn said(report: &Report, params: &Params, index: Option<usize>) -> Option<Said> {
    let (players, index) = (report.judged(), index?);
    Some(Said {
        verdict: players.verdict(index, params),
        longest_minutes: *players.duration_max_minutes.get(index)?,
        average_minutes: players.avg_session_minutes(index),
        events: players.events[index],
    })
}

const fn reason(verdict: Verdict) -> &'static str {
    if verdict.is_bot() { rule(verdict) } else { "not flagged" }
}

fn rule_rank(verdict: Verdict) -> i64 {
    i64::from(verdict.long_session) + 2 * i64::from(verdict.avg_session)
}

/// A column of the table that is there once for each of both.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its names in the page's markup: in the data that the page shows, and in the other data.
    pub keys: [&'static str; 2],
    /// What it means.
    pub title: &'static str,
    /// Whether it is a number.
    pub is_number: bool,
    labels: [&'static str; 3],
    rank: fn(&PlayerTable, &Params, usize) -> i64,
}

impl Column {
    /// All of them, in the order of the cells.
    pub const ALL: [Self; 4] = [
        Self {
            keys: ["rule_here", "rule_there"],
            title: "The limits that the player exceeds",
            is_number: false,
            labels: ["dev: rule", "prod: rule", "files: rule"],
            rank: |table, params, index| rule_rank(table.verdict(index, params)),
        },
        Self {
            keys: ["longest_here", "longest_there"],
            title: "Duration of the longest session",
            is_number: true,
            labels: ["dev: longest", "prod: longest", "files: longest"],
            rank: |table, _, index| table.duration_max_minutes[index].get(),
        },
        Self {
            keys: ["average_here", "average_there"],
            title: "Mean duration of the sessions",
            is_number: true,
            labels: ["dev: average", "prod: average", "files: average"],
            rank: |table, _, index| float_to_key(table.avg_session_minutes(index)),
        },
        Self {
            keys: ["events_here", "events_there"],
            title: "Events of the player",
            is_number: true,
            labels: ["dev: events", "prod: events", "files: events"],
            rank: |table, _, index| count_key(table.events[index]),
        },
    ];

    /// A whole number that orders as the column does.
    pub(super) fn rank(&self, report: &Report, params: &Params, index: usize) -> i64 {
        (self.rank)(report.judged(), params, index)
    }

    /// Its heading over the data of an environment, or of files, which have none.
    #[must_use]
    pub const fn label(&self, environment: Option<Environment>) -> &'static str {
        match environment {
            Some(Environment::Dev) => self.labels[0],
            Some(Environment::Prod) => self.labels[1],
            None => self.labels[2],
        }
    }
}

impl Change {
    /// The cells: the id, then for each of both the [`Column::ALL`].
    #[must_use]
    pub fn cells(&self, here: &Report, there: &Report, params: &Params) -> Vec<String> {
        let of = |said: Option<Said>| match said {
            None => ["absent", "–", "–", "–"].map(str::to_owned),
            Some(said) => [
                reason(said.verdict).to_owned(),
                format::minutes(said.longest_minutes.get()),
                format::duration(said.average_minutes),
                format::count(said.events),
            ],
        };
        let sides = [said(here, params, self.here), said(there, params, self.there)].map(of);
        std::iter::once(self.player_id.to_string()).chain(sides.into_iter().flatten()).collect()
    }
}

/// Such players as CSV, durations in minutes; `names` are those of both.
#[must_use]
pub fn changes_csv(
    changes: &[Change],
    here: &Report,
    there: &Report,
    params: &Params,
    names: [&str; 2],
) -> Vec<u8> {
    let columns = ["rule", "max_session_duration_minutes", "avg_session_duration_minutes", "total_events"];
    let of_both = names.iter().flat_map(|name| columns.map(|column| format!("{name}_{column}")));
    let head: Vec<String> = std::iter::once("player_id".to_owned()).chain(of_both).collect();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let fields = |said: Option<Said>| match said {
        None => [Field::Empty, Field::Empty, Field::Empty, Field::Empty],
        Some(said) => [
            Field::Text(reason(said.verdict)),
            Field::Plain(said.longest_minutes.to_string()),
            Field::Plain(round2(said.average_minutes).to_string()),
            Field::Plain(said.events.to_string()),
        ],
    };
    let row = |change: &Change| {
        let sides = [said(here, params, change.here), said(there, params, change.there)].map(fields);
        std::iter::once(Field::Plain(change.player_id.to_string()))
            .chain(sides.into_iter().flatten())
            .collect::<Vec<_>>()
    };
    csv::write(&head, changes.iter().map(row))
}
