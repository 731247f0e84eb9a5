//! The rows of models 1 and 3 that a row group of the export gives, column by column.

use wow_engine::Error;
use wow_engine::models::events::{EventColumns, SessionColumns};
use wow_engine::pipeline::events::Events;
use wow_engine::pipeline::{Report, Walk};

/// Collects the rows of one row group.
pub(super) struct GroupRows<'a> {
    report: &'a Report,
    walk: Option<Walk>,
    /// What is added to model 1; its other columns are those of the export.
    pub(super) all: SessionColumns,
    /// Model 3: the rows of players that are not flagged.
    pub(super) kept: EventColumns,
}

impl<'a> GroupRows<'a> {
    /// Before the first row; `walk` is how far its player has got in earlier row groups.
    pub(super) fn new(report: &'a Report, walk: Option<Walk>) -> Self {
        Self { report, walk, all: SessionColumns::default(), kept: EventColumns::default() }
    }

    /// Takes the next rows.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when they are not ordered by player and time.
    pub(super) fn extend(&mut self, events: &Events) -> Result<(), Error> {
        for (player_id, rows) in events.player_id.iter() {
            let gap_minutes = self.report.params.session_gap_minutes;
            let walk = Walk::enter(&mut self.walk, player_id, gap_minutes)?;
            let is_kept = is_kept(self.report, player_id);
            let (all, kept) = (&mut self.all, &mut self.kept.sessions);
            walk.extend(&events.time_us[rows.clone()], |step| {
                all.push(player_id, step);
                if is_kept {
                    kept.push(player_id, step);
                }
            })?;
            if is_kept {
                self.kept.extend(events, rows);
            }
        }
        Ok(())
    }
}

fn is_kept(report: &Report, player_id: i64) -> bool {
    report.players.find(player_id).is_some_and(|index| !report.verdict(index, &report.params).is_bot())
}
