//! What is kept of events so that other limits, and longer gaps, need no second look at them.

mod kept;
mod pauses;
mod pieces;
mod recounting;
mod shares;
mod stretches;

use std::collections::BTreeMap;

pub use self::kept::Kept;
pub(super) use self::kept::KeptPlayers;
use self::kept::{Change, PlayerIndex};
use self::pauses::PauseSet;
pub use self::recounting::{Moving, Recounting};
pub(super) use self::shares::Share;
use super::activity::Activity;
use super::recount::Recount;
use super::session_counts::SessionCounts;
use super::sessions::STRETCH_GAP;
use super::{Dictionary, Query};
use crate::Error;
use crate::time::Minutes;

/// The finished players of several stretches of the log, and their counts by group, which go along with the parameters: a
/// player that another limit flags takes its share from one group to the other.
///
/// What it cannot answer are other filters, gaps below [`STRETCH_GAP`], and other gaps where players are judged by events that do not
/// count.
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
    players: PlayerIndex,
    /// What is not elsewhere of the players' bytes.
    here: Vec<(usize, Vec<u8>)>,
    /// From its own codes to those of all.
    recode: Vec<u32>,
}

impl Digest {
    /// Whether what is kept of events that were scanned for one query answers another.
    #[must_use]
    pub fn recounts(scanned: &Query, query: &Query) -> bool {
        let gap_minutes = query.params.session_gap_minutes;
        query.filter == scanned.filter
            && gap_minutes >= STRETCH_GAP
            && (gap_minutes == scanned.params.session_gap_minutes || !query.filter.judges_apart())
    }

    /// Whether it can answer, as far as it has what is asked about.
    #[must_use]
    pub fn answers(&self, query: &Query) -> bool {
        Self::recounts(&self.query, query)
    }

    /// The units that it has, by the places that they were given.
    pub fn units(&self) -> impl Iterator<Item = usize> + '_ {
        self.units.keys().copied()
    }

    /// Takes in a unit. Those that were scanned for another query are given up.
    #[inline(never)]
    pub fn insert(&mut self, place: usize, kept: Kept) {
        let (unit, [stretches, shares]) = self.unit_of(place, kept);
        unit.here = vec![(0, stretches), (unit.players.shares_start(), shares)];
    }

    /// The same, but for nine tenths of it: the bytes of all stretches, and of all shares, which lie behind them. They are to be stored
    /// elsewhere, and [`Recounting`] asks for ranges of them.
    #[must_use]
    #[inline(never)]
    pub fn insert_index(&mut self, place: usize, kept: Kept) -> [Vec<u8>; 2] {
        self.unit_of(place, kept).1
    }

    fn unit_of(&mut self, place: usize, kept: Kept) -> (&mut Unit, [Vec<u8>; 2]) {
        let Kept { query, zones, activity, sessions, players } = kept;
        if self.query != query || self.units.contains_key(&place) {
            *self = Self { query, ..Self::default() };
        }
        let recode = self.zones.absorb(&zones);
        self.activity.merge_coded(activity, &recode);
        self.sessions.merge(sessions);
        let (players, bytes) = players.into_parts();
        let unit = Unit { players, here: Vec::new(), recode };
        (self.units.entry(place).insert_entry(unit).into_mut(), bytes)
    }

    /// What a query that it [answers](Self::answers) comes to, for whoever knows what sessions are like with `known_gap`: without the
    /// players for whom that stays so. It has all units here.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where it does not answer it, and [`Error::Decode`] where a unit is elsewhere.
    pub fn recount(&mut self, query: &Query, known_gap: Minutes) -> Result<Recount, Error> {
        let mut recounting = self.begin_recount(query, known_gap)?;
        for place in recounting.places() {
            let moving = recounting.count(place, &[])?;
            recounting.go_along(&moving, &[])?;
        }
        Ok(recounting.finish())
    }

    /// Begins to find out what a query comes to, as [`Self::recount`] does. Whoever does not come to the end of it gives up the digest.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where it does not answer it.
    #[inline(never)]
    pub fn begin_recount(&mut self, query: &Query, known_gap: Minutes) -> Result<Recounting<'_>, Error> {
        if !self.answers(query) {
            return Err(Error::Mismatch("they were computed with different filters"));
        }
        let before = std::mem::replace(&mut self.query.params, query.params);
        let change = self.change([before.session_gap_minutes, query.params.session_gap_minutes], known_gap);
        Ok(Recounting::new(self, before, change, known_gap))
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

    /// Whose sessions change from one gap to another, for whoever knows what they are like with a `known` one.
    fn change(&self, [before, after]: [Minutes; 2], known: Minutes) -> Change {
        // Pauses within stretches are not known, so that nothing is told from shorter gaps.
        if known != before || before < STRETCH_GAP {
            return Change { pauses: None, is_of_all: true };
        }
        let pauses = PauseSet::between(before, after);
        let sum = |of: &dyn Fn(&PlayerIndex) -> usize| -> usize {
            self.units.values().map(|unit| of(&unit.players)).sum()
        };
        // To take away what was counted before and count what is now is twice the work for each of them.
        let of_changed = sum(&|players| players.stretches_with(&pauses)).saturating_mul(2);
        Change { pauses: Some(pauses), is_of_all: of_changed > sum(&PlayerIndex::stretches) }
    }
}
