//! Counts over days, hours and zones, split into players that are likely bots and the others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::strings::Recode;

/// Index of the players that no rule flags.
pub const HUMAN: usize = 0;
/// Index of the likely bots.
pub const BOT: usize = 1;

const CHUNK_DAYS: i64 = 64;
type Chunk = [[u64; 2]; CHUNK_DAYS as usize];

/// Distinct players per calendar day. Days lie in chunks, so that a log over centuries costs what it uses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(i64, [u64; 2])>", into = "Vec<(i64, [u64; 2])>")]
pub struct DayCounts {
    chunks: BTreeMap<i64, Box<Chunk>>,
}

impl DayCounts {
    /// Counts one player on each of these ascending days.
    pub(super) fn add_player(&mut self, days: &[i64], group: usize) {
        let mut rest = days;
        while let Some(&day) = rest.first() {
            let key = day.div_euclid(CHUNK_DAYS);
            let end = rest.partition_point(|day| day.div_euclid(CHUNK_DAYS) == key);
            let chunk = self.chunks.entry(key).or_insert_with(empty_chunk);
            for day in &rest[..end] {
                chunk[day.rem_euclid(CHUNK_DAYS) as usize][group] += 1;
            }
            rest = &rest[end..];
        }
    }

    fn merge(&mut self, other: Self) {
        for (key, theirs) in other.chunks {
            let ours = self.chunks.entry(key).or_insert_with(empty_chunk);
            for (a, b) in ours.iter_mut().zip(theirs.iter()) {
                a[HUMAN] += b[HUMAN];
                a[BOT] += b[BOT];
            }
        }
    }

    /// The days on which anyone was seen, ascending: days since 1970-01-01 and players by group.
    pub fn iter(&self) -> impl Iterator<Item = (i64, [u64; 2])> + '_ {
        self.chunks.iter().flat_map(|(key, chunk)| {
            (0..)
                .zip(chunk.iter())
                .filter(|(_, counts)| **counts != [0, 0])
                .map(move |(offset, counts)| (key.saturating_mul(CHUNK_DAYS).saturating_add(offset), *counts))
        })
    }
}

fn empty_chunk() -> Box<Chunk> {
    Box::new([[0; 2]; CHUNK_DAYS as usize])
}

impl From<Vec<(i64, [u64; 2])>> for DayCounts {
    fn from(days: Vec<(i64, [u64; 2])>) -> Self {
        let mut counts = Self::default();
        for (day, players) in days {
            let chunk = counts.chunks.entry(day.div_euclid(CHUNK_DAYS)).or_insert_with(empty_chunk);
            chunk[day.rem_euclid(CHUNK_DAYS) as usize] = players;
        }
        counts
    }
}

impl From<DayCounts> for Vec<(i64, [u64; 2])> {
    fn from(counts: DayCounts) -> Self {
        counts.iter().collect()
    }
}

/// When and where players are seen. Every count is split by [`HUMAN`] and [`BOT`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Distinct players per day.
    pub days: DayCounts,
    /// Events per hour of the week, Monday 00:00 first; 168 entries for each group.
    pub hours: [Vec<u64>; 2],
    /// Events per zone, by zone code.
    pub zones: Vec<[u64; 2]>,
    /// Events whose zone is null.
    pub no_zone: [u64; 2],
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            days: DayCounts::default(),
            hours: [vec![0; 168], vec![0; 168]],
            zones: Vec::new(),
            no_zone: [0; 2],
        }
    }
}

impl Activity {
    /// Counts a zone's events.
    pub(super) fn add_zone(&mut self, code: u32, events: u64, group: usize) {
        let index = code as usize;
        if index >= self.zones.len() {
            self.zones.resize(index + 1, [0; 2]);
        }
        self.zones[index][group] += events;
    }

    /// Adds the counts of `other`, whose zone codes change by `recode`.
    pub(super) fn merge(&mut self, other: Self, recode: &Recode) {
        self.days.merge(other.days);
        for group in [HUMAN, BOT] {
            for (ours, theirs) in self.hours[group].iter_mut().zip(&other.hours[group]) {
                *ours += theirs;
            }
            self.no_zone[group] += other.no_zone[group];
        }
        for (code, counts) in (0..).zip(&other.zones) {
            for group in [HUMAN, BOT] {
                self.add_zone(recode.zone(code), counts[group], group);
            }
        }
    }
}
