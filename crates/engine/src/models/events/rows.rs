//! Ordered events in, rows of a model out.

use super::{EventColumns, columns};
use crate::Error;
use crate::pipeline::events::Events;
use crate::pipeline::{Strings, Walk};
use crate::schema::NumberKind;
use crate::time::Minutes;
use crate::write::{self, Piece};

/// The rows of model 1, or of model 3, of events in order of player and time.
#[derive(Debug)]
pub struct EventRows {
    session_gap_minutes: Minutes,
    flagged: Option<Vec<i64>>,
    walk: Option<Walk>,
    columns: EventColumns,
}

impl EventRows {
    /// Before the first row; `walk` is how far its player has got before. Model 3 leaves out the rows of the players that
    /// are `flagged`, given in order; model 1 has all.
    #[must_use]
    pub fn new(session_gap_minutes: Minutes, flagged: Option<Vec<i64>>, walk: Option<Walk>) -> Self {
        Self { session_gap_minutes, flagged, walk, columns: EventColumns::default() }
    }

    /// Takes the next events. Their text codes stay what they are, so all refer to the same dictionaries.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when they are not ordered by player and time.
    pub fn extend(&mut self, events: &Events) -> Result<(), Error> {
        for (player_id, rows) in events.player_id.iter() {
            let walk = Walk::enter(&mut self.walk, player_id, self.session_gap_minutes)?;
            let times_us = &events.time_us[rows.clone()];
            if self.flagged.as_ref().is_some_and(|flagged| flagged.binary_search(&player_id).is_ok()) {
                // Only the order is of interest.
                walk.extend(times_us, |_| ())?;
                continue;
            }
            let sessions = &mut self.columns.sessions;
            walk.extend(times_us, |step| sessions.push(player_id, step))?;
            self.columns.extend(events, rows);
        }
        Ok(())
    }

    /// How many rows wait to be taken.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.columns.rows()
    }

    /// How far the last player has got.
    #[must_use]
    pub fn walk(&self) -> Option<Walk> {
        self.walk.clone()
    }

    /// Takes the rows that wait.
    pub fn take(&mut self) -> EventColumns {
        std::mem::take(&mut self.columns)
    }

    /// Takes the rows that wait, as a piece of a file; of no rows it is one without a row group.
    ///
    /// # Errors
    /// When there are more than the format can hold.
    pub fn take_piece(&mut self, guild_kind: NumberKind, strings: &Strings) -> write::Result<Piece> {
        let taken = self.take();
        let columns = columns(guild_kind)?;
        let chunks = if taken.rows() > 0 { taken.pack(&columns, guild_kind, strings)? } else { Vec::new() };
        Piece::of(write::file(&columns, &[], chunks.into_iter().map(Ok))?)
    }
}
