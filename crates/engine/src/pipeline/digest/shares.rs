//! What each player has in the counts by group, whatever the session gap, in few bytes.

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

/// The shares of players, one behind the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Shares {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Shares {
    /// Adds the next player's.
    ///
    /// # Errors
    /// [`Error::Decode`] when it cannot be packed.
    pub(super) fn push(&mut self, share: &Share) -> Result<(), Error> {
        let bytes = std::mem::take(&mut self.bytes);
        self.bytes = postcard::to_extend(share, bytes).map_err(decode)?;
        self.ends.push(self.bytes.len());
        Ok(())
    }

    /// A player's.
    ///
    /// # Errors
    /// [`Error::Decode`] when there is none.
    pub(super) fn get(&self, index: usize) -> Result<Share, Error> {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let bytes = self.ends.get(index).and_then(|end| self.bytes.get(start..*end)).unwrap_or_default();
        postcard::from_bytes(bytes).map_err(decode)
    }
}

impl Share {
    /// Counts it in another group than before. Its zone codes change by `recode`.
    pub(super) fn move_to(
        &self,
        (from, to): (usize, usize),
        recode: &[u32],
        activity: &mut Activity,
        sessions: &mut SessionCounts,
    ) {
        for &(hour, events) in &self.hours {
            activity.hours[from][usize::from(hour)] -= events;
            activity.hours[to][usize::from(hour)] += events;
        }
        let shift = |counts: &mut [u64; 2], events: u64| {
            counts[from] -= events;
            counts[to] += events;
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
