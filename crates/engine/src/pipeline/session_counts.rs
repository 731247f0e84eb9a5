//! What the sessions of all players are like, counted so that every quantile is exact.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::codec::total;
use super::counts::{BOT, GroupCounts, HUMAN};
use crate::time::Minutes;

/// The session gaps whose number of sessions is known without another pass over the events.
pub const COUNTED_GAPS_MINUTES: RangeInclusive<Minutes> = Minutes::of(5)..=Minutes::of(180);

/// Pauses are counted by the minute up to here.
const LONGEST_COUNTED_MINUTES: usize = 180;

/// The pauses between a player's successive events, by minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pauses {
    /// Pauses of 0 minutes, of 1 and so on, and last those that are longer than any counted by the minute. The first
    /// entry, which ends no session, holds the players' first events too. Each count is kept in two halves, of even and
    /// of odd events: pauses are much alike, and a count that was just written is slow to be read again.
    by_minutes: Vec<[u64; 2]>,
}

impl Default for Pauses {
    fn default() -> Self {
        Self { by_minutes: vec![[0; 2]; LONGEST_COUNTED_MINUTES + 2] }
    }
}

impl Pauses {
    pub(super) fn clear(&mut self) {
        self.by_minutes.fill([0; 2]);
    }

    /// Counts the pause before the event in this row; it is not negative.
    #[inline]
    pub(super) fn count(&mut self, minutes: i64, row: usize) {
        let place = minutes.cast_unsigned().min(LONGEST_COUNTED_MINUTES as u64 + 1);
        let count = &mut self.by_minutes[place as usize][row % 2];
        // It cannot overflow: there are not that many events.
        *count = count.wrapping_add(1);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (ours, theirs) in self.by_minutes.iter_mut().zip(&other.by_minutes) {
            ours[0] += theirs[0];
            ours[1] += theirs[1];
        }
    }

    /// The minutes that any pause has, each with how many have it.
    pub(super) fn counted(&self) -> impl Iterator<Item = (u8, u64)> + '_ {
        let pauses = self.by_minutes.iter().map(|[even, odd]| even.wrapping_add(*odd));
        (0..).zip(pauses).filter(|(_, pauses)| *pauses > 0)
    }

    /// Sets how many pauses have these minutes.
    pub(super) fn set(&mut self, minutes: u8, pauses: u64) {
        if let Some(count) = self.by_minutes.get_mut(usize::from(minutes)) {
            *count = [pauses, 0];
        }
    }

    /// Whether they can be the pauses of a log.
    pub(super) fn is_sound(&self) -> bool {
        self.by_minutes.len() == LONGEST_COUNTED_MINUTES + 2
            && total(self.by_minutes.iter().flatten()).is_some()
    }

    /// How many are longer than this.
    fn longer_than(&self, minutes: usize) -> u64 {
        self.by_minutes.iter().skip(minutes + 1).flatten().sum()
    }
}

/// The sessions of all players. Every count is split by [`HUMAN`] and [`BOT`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionCounts {
    /// Sessions by their duration.
    pub durations: GroupCounts<Minutes>,
    /// Sessions by how many events they have.
    pub events: GroupCounts<i64>,
    players: [u64; 2],
    pauses: [Pauses; 2],
}

impl SessionCounts {
    /// Counts a player's sessions: their minutes, their events, and the pauses between the events.
    pub(super) fn add_player(
        &mut self,
        durations_minutes: &[Minutes],
        events: impl Iterator<Item = u64>,
        pauses: &Pauses,
        group: usize,
    ) {
        for &minutes in durations_minutes {
            self.durations.add(minutes, group);
        }
        for events in events {
            self.events.add(i64::try_from(events).unwrap_or(i64::MAX), group);
        }
        self.players[group] += 1;
        self.pauses[group].merge(pauses);
    }

    /// Whether the counts can be those of a log.
    pub(super) fn is_sound(&self) -> bool {
        self.durations.total().is_some()
            && self.events.total().is_some()
            && total(&self.players).is_some()
            && self.pauses.iter().all(Pauses::is_sound)
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.durations.merge(other.durations);
        self.events.merge(other.events);
        for group in [HUMAN, BOT] {
            self.players[group] += other.players[group];
            self.pauses[group].merge(&other.pauses[group]);
        }
    }

    /// How many sessions there would be with another gap, of the players that are in each group now. `None` for gaps
    /// beyond [`COUNTED_GAPS_MINUTES`].
    #[must_use]
    pub fn with_gap(&self, gap_minutes: Minutes) -> Option<[u64; 2]> {
        if !COUNTED_GAPS_MINUTES.contains(&gap_minutes) {
            return None;
        }
        let gap_minutes = usize::try_from(gap_minutes.get()).ok()?;
        // A player's first event begins a session, and so does every event after too long a pause.
        Some([HUMAN, BOT].map(|group| self.players[group] + self.pauses[group].longer_than(gap_minutes)))
    }
}
