//! What is kept of events so that other limits, and longer gaps, need no second look at them.

mod kept;
mod shares;
mod stretches;

use std::collections::BTreeMap;

pub use self::kept::Kept;
pub(super) use self::shares::Share;
use super::activity::Activity;
use super::players::SessionTable;
use super::recount::Recount;
use super::scratch::Scratch;
use super::session_counts::SessionCounts;
use super::sessions::STRETCH_GAP;
use super::{Dictionary, Params, Query};
use crate::Error;

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
    kept: Kept,
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

    /// The memory that its players take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.units.values().map(|unit| unit.kept.bytes()).sum()
    }

    /// Takes in a unit. Those that were scanned for another query are given up.
    pub fn insert(&mut self, place: usize, kept: Kept) {
        if self.query != kept.query || self.units.contains_key(&place) {
            *self = Self { query: kept.query.clone(), ..Self::default() };
        }
        let recode = self.zones.absorb(&kept.zones);
        self.activity.merge_coded(kept.activity.clone(), &recode);
        self.sessions.merge(kept.sessions.clone());
        self.units.insert(place, Unit { kept, recode });
    }

    /// What other parameters, which must be such that [`Self::answers`], come to for all its players; without what their sessions
    /// are like where that is known.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where it does not answer them.
    pub fn recount(&mut self, query: &Query, is_with_sessions: bool) -> Result<Recount, Error> {
        if !self.answers(query) {
            return Err(Error::Mismatch("they were computed with different filters"));
        }
        let mut table = is_with_sessions.then(SessionTable::default);
        self.count(query.params, table.as_mut())?;
        let player_id = self.units.values().flat_map(|unit| unit.kept.player_id()).copied();
        Ok(Recount {
            query: query.clone(),
            zones: self.zones.clone(),
            activity: self.activity.clone(),
            sessions: self.sessions.clone(),
            player_id: if is_with_sessions { player_id.collect() } else { Vec::new() },
            table,
        })
    }

    fn count(&mut self, params: Params, mut table: Option<&mut SessionTable>) -> Result<(), Error> {
        let before = std::mem::replace(&mut self.query.params, params);
        let mut scratch = Scratch::default();
        let is_of_other_gap = before.session_gap_minutes != params.session_gap_minutes;
        if is_of_other_gap || table.is_some() {
            self.sessions.clear_sessions();
        }
        if let Some(table) = &mut table {
            table.reserve(self.units.values().map(|unit| unit.kept.player_id().len()).sum());
        }
        for Unit { kept, recode } in self.units.values_mut() {
            let counts = (&mut self.activity, &mut self.sessions);
            match is_of_other_gap || table.is_some() {
                true => {
                    kept.split_anew([&before, &params], recode, counts, table.as_deref_mut(), &mut scratch)?
                }
                false => kept.judge_anew([&before, &params], recode, counts, &mut scratch)?,
            }
        }
        Ok(())
    }
}
