//! What each player has in the counts by group, whatever the session gap, in few bytes.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::pipeline::activity::{Activity, HOURS};
use crate::pipeline::codec::decode;
use crate::pipeline::session_counts::SessionCounts;

/// A player's share: events by the hour of the week, by the zone, and pauses by minutes. Its days are those of its stretches.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::pipeline) struct Share {
    pub(in crate::pipeline) hours: Vec<(u8, u64)>,
    pub(in crate::pipeline) zones: Vec<(u32, u64)>,
    pub(in crate::pipeline) no_zone: u64,
    pub(in crate::pipeline) pauses: Vec<(u8, u64)>,
}

/// Where the shares of players end, which lie one behind the other, in bytes that may be elsewhere.
#[derive(Debug, Default)]
pub(super) struct Shares(Vec<usize>);

impl Shares {
    /// Adds the next player's, behind all of those before.
    ///
    /// # Errors
    /// [`Error::Decode`] when it cannot be packed.
    pub(super) fn push(&mut self, bytes: &mut Vec<u8>, share: &Share) -> Result<(), Error> {
        *bytes = postcard::to_extend(share, std::mem::take(bytes)).map_err(decode)?;
        self.0.push(bytes.len());
        Ok(())
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
    }

    /// Where a player's is among the bytes of all.
    pub(super) fn bytes_of(&self, index: usize) -> Range<usize> {
        let end = |index: usize| self.0.get(index).copied().unwrap_or(0);
        index.checked_sub(1).map_or(0, end)..end(index)
    }
}

impl Share {
    /// The share that bytes say.
    ///
    /// # Errors
    /// [`Error::Decode`] when there is none.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        postcard::from_bytes(bytes).map_err(decode)
    }

    /// Counts it in another group than before. Its zone codes change by `recode`.
    pub(super) fn move_to(
        &self,
        (from, to): (usize, usize),
        recode: &[u32],
        activity: &mut Activity,
        sessions: &mut SessionCounts,
    ) {
        // No more than was counted before, whatever the bytes say; that it is less shows in the sum of all.
        let shift = |counts: [&mut u64; 2], events: u64| {
            let [from, to] = counts;
            let events = events.min(*from);
            *from -= events;
            *to += events;
        };
        for &(hour, events) in &self.hours {
            if let Ok(hours) = activity.hours.get_disjoint_mut([from, to]) {
                let [from, to] = hours.map(|hours| hours.get_mut(usize::from(hour)));
                from.zip(to).into_iter().for_each(|(from, to)| shift([from, to], events));
            }
        }
        let shift = |counts: &mut [u64; 2], events: u64| {
            if let Ok(counts) = counts.get_disjoint_mut([from, to]) {
                shift(counts, events);
            }
        };
        for &(code, events) in &self.zones {
            let counts = recode.get(code as usize).and_then(|code| activity.zones.get_mut(*code as usize));
            counts.into_iter().for_each(|counts| shift(counts, events));
        }
        shift(&mut activity.no_zone, self.no_zone);
        sessions.move_player(self.pauses.iter().copied(), from, to);
    }
}

const _: () = assert!(HOURS <= 1 << u8::BITS, "an hour of the week fits into a byte");
