//! What is kept of events so that other limits, and longer gaps, need no second look at them.

mod kept;
mod pauses;
mod shares;
mod stretches;

use std::collections::BTreeMap;

use self::kept::Change;
pub use self::kept::Kept;
pub(super) use self::kept::KeptPlayers;
use self::pauses::PauseSet;
pub(super) use self::shares::Share;
use super::activity::Activity;
use super::players::{SessionRow, SessionTable};
use super::recount::Recount;
use super::scratch::Scratch;
use super::session_counts::SessionCounts;
use super::sessions::STRETCH_GAP;
use super::{Dictionary, Query};
use crate::Error;
use crate::time::Minutes;

/// The finished players of several stretches of the log, and their counts by group, which go along with the parameters: a
/// player that another limit flags takes its share from one group to the other.
///
/// What it cannot answer are other filters, and gaps below [`STRETCH_GAP`].
#[derive(Debug, Default)]
pub struct Digest {
    /// What the counts are of.
    query: Query,
    zones: Dictionary,
    units: BTreeMap<usize, Unit>,
    activity: Activity,
    sessions: SessionCounts,
}

/// A stretch of the log.
#[derive(Debug)]
struct Unit {
    players: KeptPlayers,
    /// From its own codes to those of all.
    recode: Vec<u32>,
}

impl Digest {
    /// Whether it can answer, as far as it has what is asked about.
    #[must_use]
    pub fn answers(&self, query: &Query) -> bool {
        query.filter == self.query.filter && query.params.session_gap_minutes >= STRETCH_GAP
    }

    /// The units that it has, by the places that they were given.
    pub fn units(&self) -> impl Iterator<Item = usize> + '_ {
        self.units.keys().copied()
    }

    /// Takes in a unit. Those that were scanned for another query are given up.
    #[inline(never)]
    pub fn insert(&mut self, place: usize, Kept { query, zones, activity, sessions, players }: Kept) {
        if self.query != query || self.units.contains_key(&place) {
            *self = Self { query, ..Self::default() };
        }
        let recode = self.zones.absorb(&zones);
        self.activity.merge_coded(activity, &recode);
        self.sessions.merge(sessions);
        self.units.insert(place, Unit { players, recode });
    }

    /// What a query that it [answers](Self::answers) comes to, for whoever knows what sessions are like with `known_gap`: without the
    /// players for whom that stays so.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where it does not answer it.
    #[inline(never)]
    pub fn recount(&mut self, query: &Query, known_gap: Minutes) -> Result<Recount, Error> {
        if !self.answers(query) {
            return Err(Error::Mismatch("they were computed with different filters"));
        }
        let before = std::mem::replace(&mut self.query.params, query.params);
        let change = self.change([before.session_gap_minutes, query.params.session_gap_minutes], known_gap);
        let (mut player_id, mut table) = (Vec::new(), SessionTable::default());
        if let Change::All = change {
            self.sessions.clear_sessions();
            player_id.reserve(self.players());
            table.reserve(self.players());
        }
        let mut on_changed = |id: i64, row: SessionRow| {
            player_id.push(id);
            table.push(row);
        };
        let mut scratch = Scratch::default();
        for Unit { players, recode } in self.units.values_mut() {
            let counts = (&mut self.activity, &mut self.sessions);
            let params = [&before, &query.params];
            players.recount(params, &change, recode, counts, &mut on_changed, &mut scratch)?;
        }
        Ok(Recount {
            query: query.clone(),
            known_gap,
            players: self.players(),
            zones: self.zones.clone(),
            activity: self.activity.clone(),
            sessions: self.sessions.clone(),
            player_id,
            table,
        })
    }

    /// Whether it knows no players.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.players() == 0
    }

    /// How many players it knows.
    fn players(&self) -> usize {
        self.units.values().map(|unit| unit.players.len()).sum()
    }

    /// Whose sessions change from one gap to another.
    fn change(&self, [before, after]: [Minutes; 2], known: Minutes) -> Change {
        let between = PauseSet::between(before, after);
        let sum = |of: &dyn Fn(&KeptPlayers) -> usize| -> usize {
            self.units.values().map(|unit| of(&unit.players)).sum()
        };
        // To take away what was counted before and count what is now is twice the work for each of them.
        let is_less = || {
            sum(&|players| players.stretches_with(&between)).saturating_mul(2) <= sum(&KeptPlayers::stretches)
        };
        // Pauses within stretches are not known, so that nothing is told from shorter gaps.
        match known == before && before >= STRETCH_GAP && is_less() {
            true => Change::OfPauses(between),
            false => Change::All,
        }
    }
}
