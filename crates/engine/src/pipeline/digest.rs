//! What is kept of events so that other limits, and other gaps, need no second look at them.

use super::fragment::{Fragment, Packed, Scratch};
use super::sessions::Gap;
use super::{Params, Partial, Query};
use crate::Error;
use crate::time::Minutes;

/// The players of a stretch of the log, each as few bytes: what [`Partial`] is made of, for whatever parameters. What it cannot
/// answer are other filters, and gaps that are shorter than pauses within what it keeps as one.
#[derive(Debug, Clone)]
pub struct Digest {
    /// What does not depend on parameters, and the players that are not finished.
    rest: Partial,
    /// The gap that events are kept by.
    gap_minutes: Minutes,
    packed: PackedPlayers,
}

/// Finished players, one behind the other.
#[derive(Debug, Clone, Default)]
pub(super) struct PackedPlayers {
    bytes: Vec<u8>,
    count: usize,
}

impl PackedPlayers {
    /// Adds a player. `packed` is memory to work in.
    ///
    /// # Errors
    /// [`Error::Decode`] when it cannot be packed.
    pub(super) fn push(&mut self, player: &Fragment, packed: &mut Packed) -> Result<(), Error> {
        packed.pack(player);
        let bytes = std::mem::take(&mut self.bytes);
        self.bytes = postcard::to_extend(packed, bytes).map_err(decode)?;
        self.count += 1;
        Ok(())
    }
}

impl Digest {
    /// Of what a scan found, and its finished players.
    pub(super) fn new(partial: &Partial, packed: PackedPlayers) -> Self {
        let query = Query { params: partial.params, filter: partial.filter.clone() };
        let rest = Partial {
            strings: partial.strings.clone(),
            head: partial.head.clone(),
            tail: partial.tail.clone(),
            rows: partial.rows,
            left_out: partial.left_out,
            rejected: partial.rejected,
            level_out_of_range: partial.level_out_of_range,
            ..Partial::empty(query, partial.guild_kind)
        };
        Self { gap_minutes: Gap::of_stretches(partial.params.session_gap_minutes).minutes(), rest, packed }
    }

    /// Whether it can say what a scan would find.
    #[must_use]
    pub fn answers(&self, query: &Query) -> bool {
        query.filter == self.rest.filter && query.params.session_gap_minutes >= self.gap_minutes
    }

    /// What a scan would find with other parameters, which must be such that [`Self::answers`].
    ///
    /// # Errors
    /// [`Error::Mismatch`] where it does not answer them.
    pub fn partial(&self, params: Params) -> Result<Partial, Error> {
        if params.session_gap_minutes < self.gap_minutes {
            return Err(Error::Mismatch("the gap is shorter than what is kept as one"));
        }
        let mut partial = Partial { params, ..self.rest.clone() };
        partial.reserve_players(self.packed.count + 2);
        let mut player = Fragment::default();
        let mut scratch = Scratch::default();
        let mut bytes = self.packed.bytes.as_slice();
        for _ in 0..self.packed.count {
            let (packed, rest): (Packed, _) = postcard::take_from_bytes(bytes).map_err(decode)?;
            bytes = rest;
            packed.unpack(&mut player);
            partial.close(&player, &mut scratch);
        }
        Ok(partial)
    }

    /// The memory that its players take.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.packed.bytes.capacity()
    }
}

fn decode(error: postcard::Error) -> Error {
    Error::Decode(error.to_string())
}
