//! From ordered batches of events to a [`Partial`].

use std::ops::Range;

use super::digest::{Kept, KeptPlayers};
use super::events::Events;
use super::fragment::Fragment;
use super::partial::Partial;
use super::scratch::Scratch;
use super::sessions::Gap;
use super::{Filter, Query, Strings, Verdict};
use crate::Error;
use crate::schema::NumberKind;

/// Takes events ordered by player and time, batch after batch.
#[derive(Debug)]
pub struct Scanner {
    partial: Partial,
    gap: Gap,
    open: Option<Fragment>,
    scratch: Scratch,
    /// The finished players, where they are to be kept.
    kept: Option<KeptPlayers>,
}

impl Scanner {
    /// A scanner before the first event of a file whose guild numbers are of this kind. It is given only events
    /// that match the query's filter.
    #[must_use]
    pub fn new(query: impl Into<Query>, guild_kind: NumberKind) -> Self {
        let query = query.into();
        Self {
            gap: Gap::of_stretches(query.params.session_gap_minutes),
            partial: Partial::empty(query, guild_kind),
            open: None,
            scratch: Scratch::default(),
            kept: None,
        }
    }

    /// The same, which keeps what [`Self::finish_and_keep`] gives.
    #[must_use]
    pub fn keeping(self) -> Self {
        Self { kept: Some(KeptPlayers::default()), ..self }
    }

    /// Which events it is to be given.
    #[must_use]
    pub const fn filter(&self) -> &Filter {
        &self.partial.query.filter
    }

    /// How many events were read for it, whatever the filter.
    #[must_use]
    pub const fn events_read(&self) -> u64 {
        self.partial.events_read()
    }

    /// The dictionaries that the codes of the events refer to.
    pub fn strings_mut(&mut self) -> &mut Strings {
        &mut self.partial.strings
    }

    /// Takes the next events.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when they are not ordered by player and time.
    pub fn push(&mut self, events: &Events) -> Result<(), Error> {
        self.count(events);
        let mut counted = events.player_id.iter().peekable();
        for (player_id, rows) in events.whole.player_id.iter() {
            self.enter_player(player_id)?;
            if let Some(open) = &mut self.open {
                open.see(&events.whole.time_us[rows], self.gap)?;
            }
            if let Some((_, rows)) = counted.next_if(|(counted, _)| *counted == player_id) {
                self.push_player(events, player_id, rows)?;
            }
        }
        counted.try_for_each(|(player_id, rows)| self.push_player(events, player_id, rows))
    }

    /// Counts a batch whose players are then given one by one.
    pub(crate) fn count(&mut self, events: &Events) {
        self.partial.count_batch(events);
    }

    /// Takes a player's next events, which are rows of a batch.
    ///
    /// # Errors
    /// As [`Scanner::push`].
    pub(crate) fn push_player(
        &mut self,
        events: &Events,
        player_id: i64,
        rows: Range<usize>,
    ) -> Result<(), Error> {
        self.enter_player(player_id)?;
        match &mut self.open {
            Some(open) => open.extend(events, rows, self.gap, &self.partial.strings),
            None => Ok(()),
        }
    }

    /// The player whose events came last.
    pub(crate) fn player_id(&self) -> Option<i64> {
        self.open.as_ref().map(|open| open.player_id)
    }

    /// What the events of that player say of it so far.
    pub(crate) fn open_verdict(&self) -> Option<Verdict> {
        self.open.as_ref().map(|open| open.verdict(&self.partial.query))
    }

    fn enter_player(&mut self, player_id: i64) -> Result<(), Error> {
        match &mut self.open {
            Some(open) if open.player_id == player_id => return Ok(()),
            Some(open) if open.player_id > player_id => {
                return Err(Error::OutOfOrder { player_id });
            }
            Some(open) => {
                if self.partial.head.is_none() {
                    self.partial.head = Some(std::mem::take(open));
                } else {
                    let of_sessions = self.partial.close(open, &mut self.scratch);
                    if let Some(kept) = &mut self.kept
                        && let Some(of_sessions) = of_sessions
                    {
                        kept.push(open, of_sessions.judged)?;
                    }
                }
            }
            None => self.open = Some(Fragment::default()),
        }
        if let Some(open) = &mut self.open {
            open.reset(player_id);
        }
        Ok(())
    }

    /// What was found; the first and the last player stay open, for they may go on in other parts.
    #[must_use]
    pub fn finish(self) -> Partial {
        self.finish_and_keep().0
    }

    /// What was found, and where it was [`keeping`](Self::keeping), what a [`Digest`](super::Digest) is made of.
    #[must_use]
    #[inline(never)]
    pub fn finish_and_keep(mut self) -> (Partial, Option<Kept>) {
        if self.partial.head.is_none() {
            self.partial.head = self.open;
        } else {
            self.partial.tail = self.open;
        }
        let kept = self.kept.map(|players| Kept::new(players, &self.partial));
        (self.partial, kept)
    }
}
