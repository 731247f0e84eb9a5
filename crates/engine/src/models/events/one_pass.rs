//! Statistics and the rows of model 3 in one pass over a whole log.

use super::EventColumns;
use crate::pipeline::events::Events;
use crate::pipeline::{Partial, Query, Scanner, Strings, Walk};
use crate::schema::NumberKind;
use crate::time::Minutes;
use crate::{Error, Params};

/// Takes a whole log in order of player and time. A player's rows wait for its last event, which tells whether they are
/// kept, so that more than one player's rows need not be held.
#[derive(Debug)]
pub struct OnePass {
    scanner: Scanner,
    params: Params,
    walk: Option<Walk>,
    columns: EventColumns,
    /// The rows before those of the player that is still open.
    settled_rows: usize,
}

impl OnePass {
    /// Before the first event of a log whose guild numbers are of this kind.
    #[must_use]
    pub fn new(params: Params, guild_kind: NumberKind) -> Self {
        let scanner = Scanner::new(Query::from(params), guild_kind);
        Self { scanner, params, walk: None, columns: EventColumns::default(), settled_rows: 0 }
    }

    /// Takes the next events.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when they are not ordered by player and time.
    pub fn push(&mut self, events: &Events) -> Result<(), Error> {
        self.scanner.count(events);
        for (player_id, rows) in events.player_id.iter() {
            if self.scanner.player_id() != Some(player_id) {
                self.settle();
            }
            self.scanner.push_player(events, player_id, rows.clone())?;
            let gap_minutes: Minutes = self.params.session_gap_minutes;
            let walk = Walk::enter(&mut self.walk, player_id, gap_minutes)?;
            let sessions = &mut self.columns.sessions;
            walk.extend(&events.time_us[rows.clone()], |step| sessions.push(player_id, step))?;
            self.columns.extend(events, rows);
        }
        Ok(())
    }

    /// The dictionaries that the codes of events and rows refer to; those of new events may add to them.
    pub fn strings_mut(&mut self) -> &mut Strings {
        self.scanner.strings_mut()
    }

    /// How many rows are settled and wait to be taken.
    #[must_use]
    pub const fn settled_rows(&self) -> usize {
        self.settled_rows
    }

    /// Takes the settled rows.
    pub fn take_settled(&mut self) -> EventColumns {
        let open = self.columns.split_off(self.settled_rows);
        self.settled_rows = 0;
        std::mem::replace(&mut self.columns, open)
    }

    /// The last rows and the statistics.
    #[must_use]
    pub fn finish(mut self) -> (EventColumns, Partial) {
        self.settle();
        (self.columns, self.scanner.finish())
    }

    /// Keeps or drops the rows of the player that is open, now that all are here.
    fn settle(&mut self) {
        if self.scanner.open_verdict().is_some_and(|verdict| verdict.is_bot()) {
            self.columns.truncate(self.settled_rows);
        }
        self.settled_rows = self.columns.rows();
    }
}
