//! Which players are in a sample of whole players: the same ones from every source, in Rust and in SQL.
//!
//! A player's number is made a remainder of a prime, shifted and cubed, and is in when what remains by `one_of` is nothing.
//! No step leaves 64 bits, so that no SQL has to wrap around; cubing takes no two remainders of this prime to one, and
//! leaves neighbours nothing in common. A sample of one of 100 is part of that of one of 10.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The largest prime below 2³¹ that is not one more than a multiple of three, so that every remainder is the cube of one other.
const PRIME: i64 = 2_147_483_579;
/// More than the prime, so that what remains of a negative number becomes positive too, and small numbers have large cubes.
const SHIFT: i64 = 3_141_592_653;

/// How many players there are for each one in a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct OneOf(u32);

/// The thinnest sample is one player of this many.
const MOST: u32 = 1_000_000;

/// A number of players that none can be one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sample is one player of 2 to {MOST}, not of {0}")]
pub struct NoSample(u32);

/// That an export holds some players alone, all events of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// One player of how many.
    pub one_of: OneOf,
    /// Players of the source that have an event, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub players_in_source: Option<u64>,
    /// Their events, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_in_source: Option<u64>,
}

impl Sample {
    /// A sample with so many players of a source with so many. A source whose players are all in is such a sample itself, and what
    /// it was taken of was not counted.
    #[must_use]
    pub fn new(one_of: OneOf, players: u64, (players_in_source, rows_in_source): (u64, u64)) -> Self {
        let is_counted = players < players_in_source;
        Self {
            one_of,
            players_in_source: is_counted.then_some(players_in_source),
            rows_in_source: is_counted.then_some(rows_in_source),
        }
    }
}

impl OneOf {
    /// One of this many.
    ///
    /// # Errors
    /// [`NoSample`] of fewer than two, which leaves nobody out, and of more than a million.
    pub const fn new(players: u32) -> Result<Self, NoSample> {
        match players {
            2..=MOST => Ok(Self(players)),
            _ => Err(NoSample(players)),
        }
    }

    /// How many players there are for each one.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Whether a player is in the sample.
    #[must_use]
    pub const fn has(self, player_id: i64) -> bool {
        let shifted = (player_id % PRIME + SHIFT) % PRIME;
        let cubed = shifted * shifted % PRIME * shifted % PRIME;
        cubed % self.0 as i64 == 0
    }

    /// The same as a condition in SQL, for DuckDB and Spark alike. `player_id` is an expression that gives a whole number of 64
    /// bits; where it is null, so is the condition.
    #[must_use]
    pub fn condition(self, player_id: &str) -> String {
        let shifted = format!("((cast({player_id} as bigint) % {PRIME} + {SHIFT}) % {PRIME})");
        format!("((({shifted} * {shifted}) % {PRIME}) * {shifted}) % {PRIME} % {self} = 0")
    }
}

impl fmt::Display for OneOf {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl TryFrom<u32> for OneOf {
    type Error = NoSample;

    fn try_from(players: u32) -> Result<Self, NoSample> {
        Self::new(players)
    }
}

impl From<OneOf> for u32 {
    fn from(one_of: OneOf) -> Self {
        one_of.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_its_share_of_players_however_they_are_numbered() {
        let numberings: [fn(i64) -> i64; 5] =
            [|n| n, |n| -n, |n| 100 * n, |n| n << 32, |n| i64::MAX - 65_536 * n];
        for (place, id) in numberings.into_iter().enumerate() {
            for players in [2, 3, 10, 100, 1_000] {
                let one_of = OneOf::new(players).unwrap();
                let found = (0..100_000).filter(|n| one_of.has(id(*n))).count() as f64;
                let expected = 100_000.0 / f64::from(players);
                // Four standard deviations of a random choice.
                assert!((found - expected).abs() < 4.0 * expected.sqrt(), "{place}: {found} of {expected}");
            }
        }
    }

    #[test]
    fn a_thinner_sample_is_part_of_one_that_is_a_divisor_of_it() {
        let [ten, hundred] = [10, 100].map(|players| OneOf::new(players).unwrap());
        assert!((-100_000..100_000).filter(|id| hundred.has(*id)).all(|id| ten.has(id)));
    }

    #[test]
    fn one_of_one_is_no_sample() {
        assert_eq!([0, 1, 1_000_001].map(|players| OneOf::new(players).is_ok()), [false; 3]);
        assert!(
            serde_json::from_str::<OneOf>("1").unwrap_err().to_string().contains("2 to 1000000, not of 1")
        );
    }
}
