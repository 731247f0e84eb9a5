//! Ordered events in, row groups of a model out.

use serde::{Deserialize, Serialize};

use super::{EventColumns, columns};
use crate::Error;
use crate::pipeline::events::Events;
use crate::pipeline::{SessionClock, Step, Strings};
use crate::schema::GuildKind;
use crate::time::{Micros, Minutes};
use crate::write::{self, Piece};

/// A player whose events are being walked over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// The player.
    pub player_id: i64,
    clock: SessionClock,
}

impl Walk {
    /// Before the player's first event.
    #[must_use]
    pub const fn new(player_id: i64, session_gap_minutes: Minutes) -> Self {
        Self { player_id, clock: SessionClock::new(session_gap_minutes) }
    }

    /// Goes on to an event of a player: the same one, or the next in order.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when that is the one before.
    pub fn enter(walk: &mut Option<Self>, player_id: i64, gap_minutes: Minutes) -> Result<&mut Self, Error> {
        match walk.as_ref().map(|walk| walk.player_id) {
            Some(before) if before > player_id => return Err(Error::OutOfOrder { player_id }),
            Some(before) if before == player_id => {}
            _ => *walk = None,
        }
        Ok(walk.get_or_insert_with(|| Self::new(player_id, gap_minutes)))
    }

    /// Takes the player's next event.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when it is earlier than the one before.
    pub fn step(&mut self, time_us: Micros) -> Result<Step, Error> {
        if self.clock.last_us().is_some_and(|last_us| time_us < last_us) {
            return Err(Error::OutOfOrder { player_id: self.player_id });
        }
        Ok(self.clock.step(time_us))
    }
}

/// The rows of model 1, or of model 3, on their way into a file.
#[derive(Debug)]
pub struct EventRows {
    guild_kind: GuildKind,
    session_gap_minutes: Minutes,
    flagged: Option<Vec<i64>>,
    walk: Option<Walk>,
    columns: EventColumns,
}

impl EventRows {
    /// Before the first row; `walk` is how far its player has got before. Model 3 leaves out the rows of the players that
    /// are `flagged`, given in order; model 1 has all.
    #[must_use]
    pub fn new(
        guild_kind: GuildKind,
        session_gap_minutes: Minutes,
        flagged: Option<Vec<i64>>,
        walk: Option<Walk>,
    ) -> Self {
        let columns = EventColumns::new(guild_kind);
        Self { guild_kind, session_gap_minutes, flagged, walk, columns }
    }

    /// Takes the next events, whose text codes refer to `strings`.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when they are not ordered by player and time.
    pub fn extend(&mut self, events: &Events, strings: &Strings) -> Result<(), Error> {
        for (player_id, rows) in events.player_id.iter() {
            let walk = Walk::enter(&mut self.walk, player_id, self.session_gap_minutes)?;
            let is_flagged =
                self.flagged.as_ref().is_some_and(|flagged| flagged.binary_search(&player_id).is_ok());
            for &time_us in &events.time_us[rows.clone()] {
                let step = walk.step(time_us)?;
                if !is_flagged {
                    self.columns.sessions.push(player_id, step);
                }
            }
            if !is_flagged {
                self.columns.extend(events, rows, strings);
            }
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

    /// Takes the rows that wait, as a piece of the file; of no rows it is one without a row group.
    ///
    /// # Errors
    /// When there are more than the format can hold.
    pub fn take(&mut self) -> write::Result<Piece> {
        let taken = std::mem::replace(&mut self.columns, EventColumns::new(self.guild_kind));
        let columns = columns(self.guild_kind)?;
        let chunks = if taken.rows() > 0 { taken.pack(&columns)? } else { Vec::new() };
        Piece::of(write::file(&columns, chunks.into_iter().map(Ok))?)
    }
}
