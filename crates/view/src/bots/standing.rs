//! Whom the limits flag, counted while one of them moves.

use std::ops::Range;

use wow_engine::Params;
use wow_engine::pipeline::{PlayerTable, Totals};
use wow_engine::time::Minutes;

use super::curve::Curve;
use super::limit::{Limit, STEP_MINUTES, average_up};
use crate::order::by_key;

/// What the limits do: the players that they flag, and the events of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Players.
    pub players: u64,
    /// Their events.
    pub events: u64,
    /// Players that either limit flags.
    pub flagged: u64,
    /// Players that the limit on the longest session flags.
    pub by_longest: u64,
    /// Players that the limit on the average session flags.
    pub by_average: u64,
    /// Events of flagged players.
    pub flagged_events: u64,
}

impl From<&Totals> for Tally {
    fn from(totals: &Totals) -> Self {
        Self {
            players: totals.players,
            events: totals.events,
            flagged: totals.bots,
            by_longest: totals.bots_by_longest,
            by_average: totals.bots_by_average,
            flagged_events: totals.bot_events,
        }
    }
}

impl Tally {
    /// Events of all others.
    #[must_use]
    pub const fn kept_events(&self) -> u64 {
        self.events - self.flagged_events
    }

    /// How many players only the limit on the longest session flags, only that on the average, and both.
    #[must_use]
    pub const fn by_rule(&self) -> [u64; 3] {
        [
            self.flagged - self.by_average,
            self.flagged - self.by_longest,
            self.by_longest + self.by_average - self.flagged,
        ]
    }
}

/// Players in order of their longest session. The limit on it flags an end of the line, whose events are the difference
/// of two sums; the averages of the others lie side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Places in the table of players, the shortest of the longest sessions first.
    players: Vec<u32>,
    /// The average session of each, rounded up.
    average_minutes: Vec<Minutes>,
    /// The events of all before each, and at the end of all.
    events_before: Vec<u64>,
}

impl Standing {
    /// Lines the players up.
    #[must_use]
    pub fn new(table: &PlayerTable) -> Self {
        let key = |player: u32| table.duration_max_minutes[player as usize].get();
        let players = by_key((0..).take(table.len()).map(|player| (key(player), player)).collect(), false);
        // Divided in the order of the table, for in that of the line each player is somewhere else in memory.
        let averages: Vec<Minutes> = (0..table.len()).map(|player| average_up(table, player)).collect();
        let average_minutes = players.iter().map(|&player| averages[player as usize]).collect();
        let up_to = players.iter().scan(0, |events, &player| {
            *events += table.events[player as usize];
            Some(*events)
        });
        let events_before = std::iter::once(0).chain(up_to).collect();
        Self { players, average_minutes, events_before }
    }

    /// What the limits of `params` do among the players of the table that they were lined up from.
    #[must_use]
    pub fn tally(&self, table: &PlayerTable, params: &Params) -> Tally {
        let limit = Limit::Average.of(params);
        let (below, above) = self.average_minutes.split_at(self.not_above(table, Limit::Longest.of(params)));
        let (mut only_average, mut their_events) = (0, 0);
        for (average, events) in below.iter().zip(self.events_before.windows(2)) {
            if *average > limit {
                only_average += 1;
                their_events += events[1] - events[0];
            }
        }
        let both = above.iter().filter(|average| **average > limit).count() as u64;
        let (events, by_longest) = (self.events_of(0..self.players.len()), above.len() as u64);
        Tally {
            players: self.players.len() as u64,
            events,
            flagged: by_longest + only_average,
            by_longest,
            by_average: both + only_average,
            flagged_events: self.events_of(below.len()..self.players.len()) + their_events,
        }
    }

    /// How many players would be flagged at each value of `limit` while the other one stays as in `params`.
    #[must_use]
    pub fn curve(&self, table: &PlayerTable, limit: Limit, params: &Params) -> Curve {
        let limits: Vec<Minutes> =
            Minutes::each(Minutes::default()..=limit.end_minutes()).step_by(STEP_MINUTES as usize).collect();
        // Above one limit of the curve and not above the next; the first are above none.
        let between = match limit {
            Limit::Longest => self.longest_between(table, &limits, Limit::Average.of(params)),
            Limit::Average => self.average_between(table, &limits, Limit::Longest.of(params)),
        };
        let mut flagged = self.players.len() as u64;
        let counts = between.into_iter().map(|below| {
            flagged -= below;
            flagged
        });
        Curve::new(limit, params, limits.into_iter().zip(counts))
    }

    /// How many players that the other limit, on the average, does not flag have their longest session up to each of these.
    fn longest_between(&self, table: &PlayerTable, limits: &[Minutes], average_limit: Minutes) -> Vec<u64> {
        let mut start = 0;
        let up_to = |&limit: &Minutes| {
            let end = self.not_above(table, limit);
            let stretch = std::mem::replace(&mut start, end)..end;
            self.average_minutes[stretch].iter().filter(|average| **average <= average_limit).count() as u64
        };
        limits.iter().map(up_to).collect()
    }

    /// How many players that the other limit, on the longest session, does not flag have an average up to each of these.
    fn average_between(&self, table: &PlayerTable, limits: &[Minutes], longest_limit: Minutes) -> Vec<u64> {
        let mut counts = vec![0; limits.len()];
        for average in &self.average_minutes[..self.not_above(table, longest_limit)] {
            // The limits are a step apart, from zero on.
            let step = average.get().max(0).unsigned_abs().div_ceil(u64::from(STEP_MINUTES));
            if let Some(count) = usize::try_from(step).ok().and_then(|step| counts.get_mut(step)) {
                *count += 1;
            }
        }
        counts
    }

    /// How many players have no session above this limit: as many from the beginning of the line.
    fn not_above(&self, table: &PlayerTable, limit: Minutes) -> usize {
        self.players.partition_point(|&player| table.duration_max_minutes[player as usize] <= limit)
    }

    fn events_of(&self, places: Range<usize>) -> u64 {
        self.events_before[places.end] - self.events_before[places.start]
    }
}
