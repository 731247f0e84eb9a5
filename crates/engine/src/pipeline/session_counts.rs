//! What the sessions of all players are like, counted so that every quantile is exact.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::codec::total;
use super::counts::{BOT, GroupCounts, HUMAN};
use super::scratch::Scratch;
use super::sessions::Joined;
use crate::time::Minutes;

/// The session gaps whose number of sessions is known without another pass over the events.
pub const COUNTED_GAPS_MINUTES: RangeInclusive<Minutes> = Minutes::of(5)..=Minutes::of(180);

/// No step of sampling is longer.
const LONGEST_STEP_MINUTES: usize = 60;

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

    /// Counts so many more pauses of these minutes.
    pub(super) fn add(&mut self, minutes: u8, pauses: u64) {
        if let Some([even, _]) = self.by_minutes.get_mut(usize::from(minutes)) {
            *even += pauses;
        }
    }

    /// Takes away so many pauses of these minutes, which were counted.
    fn subtract(&mut self, minutes: u8, pauses: u64) {
        if let Some([even, odd]) = self.by_minutes.get_mut(usize::from(minutes)) {
            let of_even = pauses.min(*even);
            *even -= of_even;
            *odd = odd.saturating_sub(pauses - of_even);
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
    /// Counts a player's sessions.
    pub(super) fn add_sessions(&mut self, sessions: &Scratch, group: usize) {
        for session in &sessions.longer {
            self.durations.add(session.duration_minutes, group);
            self.events.add(events(session), group);
        }
        self.durations.of(0)[group] += sessions.lone;
        self.events.of(1)[group] += sessions.lone;
    }

    /// Takes away a player's sessions, which were counted.
    pub(super) fn remove_sessions(&mut self, sessions: &Scratch, group: usize) {
        for session in &sessions.longer {
            self.durations.remove(session.duration_minutes, group);
            self.events.remove(events(session), group);
        }
        self.durations.of(0)[group] -= sessions.lone;
        self.events.of(1)[group] -= sessions.lone;
    }

    /// Forgets all sessions, but not the players and the pauses between their events.
    pub(super) fn clear_sessions(&mut self) {
        self.durations = GroupCounts::default();
        self.events = GroupCounts::default();
    }

    /// Counts a player and the pauses between its events.
    pub(super) fn add_player(&mut self, pauses: &Pauses, group: usize) {
        self.players[group] += 1;
        self.pauses[group].merge(pauses);
    }

    /// Counts a player in another group than before.
    pub(super) fn move_player(&mut self, pauses: impl Iterator<Item = (u8, u64)>, from: usize, to: usize) {
        self.players[from] -= 1;
        self.players[to] += 1;
        for (minutes, events) in pauses {
            self.pauses[from].subtract(minutes, events);
            self.pauses[to].add(minutes, events);
        }
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

    /// How far apart a player's events mostly are: the pause, in whole minutes, that most pauses up to an hour are within a minute
    /// of. `None` where that is not so of half of them: then the log is no sample at regular times.
    #[must_use]
    pub fn sampling_step_minutes(&self) -> Option<Minutes> {
        let mut pauses = [0_u64; LONGEST_STEP_MINUTES + 2];
        for (minutes, count) in self.pauses.iter().flat_map(Pauses::counted) {
            if let Some(pauses) = pauses.get_mut(usize::from(minutes)) {
                *pauses += count;
            }
        }
        // Events within one minute are of one sighting.
        pauses[0] = 0;
        let step =
            (1..=LONGEST_STEP_MINUTES).max_by_key(|&minutes| (pauses[minutes], usize::MAX - minutes))?;
        let near: u64 = pauses[step - 1..=step + 1].iter().sum();
        let all: u64 = pauses.iter().sum();
        (near > 0 && near.saturating_mul(2) >= all).then(|| Minutes::of(step as u32))
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

const _: () =
    assert!(LONGEST_COUNTED_MINUTES + 2 <= 1 << u8::BITS, "the place of every count fits into a byte");
/// A session's events, of which no log has more than this number can say.
fn events(session: &Joined) -> i64 {
    i64::try_from(session.events).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_pauses(pauses: &[(i64, usize)]) -> SessionCounts {
        let mut counts = SessionCounts::default();
        let each = pauses.iter().flat_map(|&(minutes, count)| std::iter::repeat_n(minutes, count));
        let mut of_player = Pauses::default();
        each.enumerate().for_each(|(row, minutes)| of_player.count(minutes, row));
        counts.add_player(&of_player, HUMAN);
        counts
    }

    #[test]
    fn the_step_of_sampling_is_what_most_pauses_are_near() {
        let step = |pauses: &[(i64, usize)]| with_pauses(pauses).sampling_step_minutes().map(Minutes::get);
        // Scans every ten minutes that drift, some of which are missing; two sightings in one scan; long absences.
        assert_eq!(step(&[(0, 900), (9, 20), (10, 60), (11, 20), (20, 40), (1_440, 500)]), Some(10));
        assert_eq!(step(&[(5, 1)]), Some(5));
        assert_eq!(step(&[(5, 10), (15, 10), (25, 10), (35, 10)]), None, "of no pause there is a half");
        assert_eq!(step(&[]), None);
        assert_eq!(step(&[(0, 7), (90, 7)]), None);
    }
}
