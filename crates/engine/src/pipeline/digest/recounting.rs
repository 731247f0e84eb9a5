//! From one query to another, unit by unit, with the bytes that are elsewhere.

use std::ops::Range;

use super::kept::{Change, Going, Move};
use super::pieces::Pieces;
use super::{Digest, Unit};
use crate::Error;
use crate::pipeline::Params;
use crate::pipeline::codec::decode;
use crate::pipeline::players::{SessionRow, SessionTable};
use crate::pipeline::recount::Recount;
use crate::pipeline::scratch::Scratch;
use crate::time::Minutes;

/// A [`Digest`] on its way to other parameters. Each unit is counted once, in any order; then those of its players who are in another
/// group go there with all they have. It reads nothing: it says which ranges of a unit's bytes it takes, and is given them, each with
/// its place.
#[derive(Debug)]
pub struct Recounting<'a> {
    digest: &'a mut Digest,
    going: Going,
    known_gap: Minutes,
    player_id: Vec<i64>,
    table: SessionTable,
    scratch: Scratch,
}

/// Players of a unit who go from one group to the other.
#[derive(Debug)]
pub struct Moving {
    place: usize,
    moves: Vec<Move>,
}

impl<'a> Recounting<'a> {
    pub(super) fn new(digest: &'a mut Digest, before: Params, change: Change, known_gap: Minutes) -> Self {
        let going = Going { before, params: digest.query.params, change };
        let (mut player_id, mut table) = (Vec::new(), SessionTable::default());
        if change.is_of_all {
            digest.sessions.clear_sessions();
        }
        let changed = digest.units.values().map(|unit| unit.players.changed(&change)).sum();
        player_id.reserve(changed);
        table.reserve(changed);
        Self { digest, going, known_gap, player_id, table, scratch: Scratch::default() }
    }

    /// The units, by their places.
    #[must_use]
    pub fn places(&self) -> Vec<usize> {
        self.digest.units().collect()
    }

    /// The ranges that [`Self::count`] takes of the stretches of a unit that is elsewhere.
    #[must_use]
    pub fn asks(&self, place: usize) -> Vec<Range<usize>> {
        let unit = self.digest.units.get(&place).filter(|unit| unit.here.is_empty());
        unit.map(|unit| unit.players.asks(&self.going)).unwrap_or_default()
    }

    /// Counts a unit.
    ///
    /// # Errors
    /// [`Error::Decode`] where bytes are missing.
    pub fn count(&mut self, place: usize, given: &[(usize, Vec<u8>)]) -> Result<Moving, Error> {
        let Self { digest, going, player_id, table, scratch, .. } = self;
        let Digest { units, activity, sessions, .. } = &mut **digest;
        let Unit { players, here, .. } = units.get_mut(&place).ok_or_else(unknown)?;
        let mut on_changed = |id: i64, row: SessionRow| {
            player_id.push(id);
            table.push(row);
        };
        let pieces = Pieces::new(if here.is_empty() { given } else { here });
        let moves = players.count(going, pieces, (activity, sessions), &mut on_changed, scratch)?;
        Ok(Moving { place, moves })
    }

    /// The ranges that [`Self::go_along`] takes, of the shares.
    #[must_use]
    pub fn asks_of(&self, moving: &Moving) -> Vec<Range<usize>> {
        let unit = self.digest.units.get(&moving.place).filter(|unit| unit.here.is_empty());
        unit.map(|unit| unit.players.asks_of(&moving.moves)).unwrap_or_default()
    }

    /// Has all that players have go along with them.
    ///
    /// # Errors
    /// [`Error::Decode`] where bytes are missing.
    pub fn go_along(&mut self, moving: &Moving, given: &[(usize, Vec<u8>)]) -> Result<(), Error> {
        let Digest { units, activity, sessions, .. } = &mut *self.digest;
        let Unit { players, here, recode } = units.get(&moving.place).ok_or_else(unknown)?;
        let pieces = Pieces::new(if here.is_empty() { given } else { here });
        players.move_shares(&moving.moves, pieces, recode, (activity, sessions))
    }

    /// What it came to.
    #[must_use]
    pub fn finish(self) -> Recount {
        let Self { digest, known_gap, player_id, table, .. } = self;
        Recount {
            query: digest.query.clone(),
            known_gap,
            players: digest.players(),
            zones: digest.zones.clone(),
            activity: digest.activity.clone(),
            sessions: digest.sessions.clone(),
            player_id,
            table,
        }
    }
}

fn unknown() -> Error {
    decode("there is no such unit")
}
