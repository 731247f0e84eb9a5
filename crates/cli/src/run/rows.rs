//! The rows of models 1 and 3 that a row group of the export gives, column by column.

use wow_engine::Error;
use wow_engine::models::packed::{EventColumns, SessionColumns, Walk};
use wow_engine::pipeline::events::Events;
use wow_engine::pipeline::{Report, Strings};

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
        let kept = EventColumns::new(report.guild_kind);
        Self { report, walk, all: SessionColumns::default(), kept }
    }

    /// Takes the next rows, whose text codes refer to `strings`.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when they are not ordered by player and time.
    pub(super) fn extend(&mut self, events: &Events, strings: &Strings) -> Result<(), Error> {
        for (player_id, rows) in events.player_id.iter() {
            let gap_minutes = self.report.params.session_gap_minutes;
            let walk = Walk::enter(&mut self.walk, player_id, gap_minutes)?;
            let is_kept = is_kept(self.report, player_id);
            for &time_us in &events.time_us[rows.clone()] {
                let step = walk.step(time_us)?;
                self.all.push(player_id, step);
                if is_kept {
                    self.kept.sessions.push(player_id, step);
                }
            }
            if is_kept {
                self.kept.extend(events, rows, strings);
            }
        }
        Ok(())
    }
}

fn is_kept(report: &Report, player_id: i64) -> bool {
    let players = &report.players;
    players.find(player_id).is_some_and(|index| !players.verdict(index, &report.params).is_bot())
}
