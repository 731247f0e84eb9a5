//! The rows of models 2 and 4 and the counts of models 1 and 3, as the tests look at them.

use arrow::array::{Array, Int32Array, Int64Array, RecordBatch};
use wow_engine::manifest::Manifest;
use wow_engine::models::{player_session_stats, stg_players};
use wow_engine::pipeline::{BOT, HUMAN, Report};

use super::Evidence;
use crate::protocol::PartFacts;

/// What the tests are run on, all under the parameters of the scan.
pub(super) struct Facts<'a> {
    pub(super) evidence: Evidence<'a>,
    pub(super) report: &'a Report,
    pub(super) manifest: Option<&'a Manifest>,
    /// Model 2.
    pub(super) stats: RecordBatch,
    /// Model 4.
    pub(super) players: RecordBatch,
}

impl<'a> Facts<'a> {
    /// # Errors
    /// A sentence, when the models' rows cannot be made.
    pub(super) fn new(evidence: Evidence<'a>, report: &'a Report) -> Result<Self, String> {
        let failed = |error: wow_engine::Error| format!("the rows of the models cannot be made: {error}");
        Ok(Self {
            evidence,
            report,
            manifest: evidence.manifest(),
            stats: player_session_stats(report).map_err(failed)?,
            players: stg_players(report).map_err(failed)?,
        })
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &'a PartFacts> + use<'a> {
        self.evidence.parts.iter().map(|(_, facts)| facts)
    }

    /// Rows of model 3: events counted one by one over the hours of the week, without those of bots.
    pub(super) fn rows_without_bots(&self) -> u64 {
        self.report.activity.hours[HUMAN].iter().sum()
    }

    /// Events of bots, counted one by one over the hours of the week.
    pub(super) fn rows_of_bots(&self) -> u64 {
        self.report.activity.hours[BOT].iter().sum()
    }

    /// The ids of the players that model 2 flags, and how many events it says they have.
    pub(super) fn flagged(&self) -> (Vec<i64>, u64) {
        let (ids, flags) = (self.stat("player_id"), self.stat("is_likely_bot"));
        let events = self.stat("total_events");
        let flagged = (0..ids.len()).filter(|&row| flags.get(row).copied().flatten() == Some(1));
        let (mut found, mut sum) = (Vec::new(), 0_u64);
        for row in flagged {
            found.extend(ids[row]);
            sum = sum.saturating_add(events.get(row).copied().flatten().unwrap_or(0).unsigned_abs());
        }
        (found, sum)
    }

    /// A whole-numbered column of model 2.
    pub(super) fn stat(&self, name: &str) -> Vec<Option<i64>> {
        whole(&self.stats, name)
    }

    /// A whole-numbered column of model 4.
    pub(super) fn player(&self, name: &str) -> Vec<Option<i64>> {
        whole(&self.players, name)
    }
}

/// A whole-numbered column; nothing but nulls when there is none of that name.
fn whole(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    let column = batch.column_by_name(name).map(|column| column.as_any());
    if let Some(array) = column.and_then(|column| column.downcast_ref::<Int64Array>()) {
        array.iter().collect()
    } else if let Some(array) = column.and_then(|column| column.downcast_ref::<Int32Array>()) {
        array.iter().map(|value| value.map(i64::from)).collect()
    } else {
        vec![None; batch.num_rows()]
    }
}

/// The sum of a column of counts.
pub(super) fn sum(column: &[Option<i64>]) -> u64 {
    column.iter().flatten().fold(0, |sum: u64, &count| sum.saturating_add(count.max(0).unsigned_abs()))
}
