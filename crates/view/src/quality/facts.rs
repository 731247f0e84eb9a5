//! The rows of models 2 and 4 and the counts of models 1 and 3, as the tests look at them.

use wow_engine::manifest::Manifest;
use wow_engine::pipeline::{BOT, HUMAN, PlayerTable, Report};

use super::Evidence;
use crate::part_facts::PartFacts;

/// What the tests are run on, all under the parameters of the scan.
pub(super) struct Facts<'a> {
    pub(super) evidence: Evidence<'a>,
    pub(super) report: &'a Report,
    pub(super) manifest: Option<&'a Manifest>,
    /// The rows of model 2, as places in the table of players: all of them.
    pub(super) stats: Vec<usize>,
    /// The rows of model 4, as places in the table of players: those that no rule flags.
    pub(super) players: Vec<usize>,
    /// The rows of model 2 that a rule flags.
    pub(super) flagged: Vec<usize>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(evidence: Evidence<'a>, report: &'a Report) -> Self {
        let stats: Vec<usize> = (0..report.players.len()).collect();
        let is_bot = |&row: &usize| report.verdict(row, &report.params).is_bot();
        let (flagged, players) = stats.iter().copied().partition(is_bot);
        Self { evidence, report, manifest: evidence.manifest(), stats, players, flagged }
    }

    /// Whether only some of the log's events count.
    pub(super) const fn is_filtered(&self) -> bool {
        !self.report.filter.is_empty()
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &'a PartFacts> + use<'a> {
        self.evidence.parts.iter().map(|(_, facts)| facts)
    }

    /// The columns of models 2 and 4.
    pub(super) fn table(&self) -> &'a PlayerTable {
        &self.report.players
    }

    /// Rows of model 3: events counted one by one over the hours of the week, without those of bots.
    pub(super) fn rows_without_bots(&self) -> u64 {
        self.report.activity.hours[HUMAN].iter().sum()
    }

    /// Events of bots, counted one by one over the hours of the week.
    pub(super) fn rows_of_bots(&self) -> u64 {
        self.report.activity.hours[BOT].iter().sum()
    }

    /// The events of these rows together.
    pub(super) fn events(&self, rows: &[usize]) -> u64 {
        rows.iter().fold(0, |sum: u64, &row| sum.saturating_add(self.table().events[row]))
    }
}
