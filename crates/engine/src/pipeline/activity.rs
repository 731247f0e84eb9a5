//! Counts over days, hours and zones, split into players that are likely bots and the others.

use serde::{Deserialize, Serialize};

use super::codec::total;
use super::counts::{BOT, GroupCounts, HUMAN};
use super::strings::Recode;
use crate::time::Day;

/// Hours of a week.
pub(super) const HOURS: usize = 168;

/// When and where players are seen. Every count is split by [`HUMAN`] and [`BOT`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Distinct players per day.
    pub days: GroupCounts<Day>,
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
            days: GroupCounts::default(),
            hours: [vec![0; HOURS], vec![0; HOURS]],
            zones: Vec::new(),
            no_zone: [0; 2],
        }
    }
}

impl Activity {
    /// Whether the counts can be those of a log with so many zones.
    pub(super) fn is_sound(&self, zones: usize) -> bool {
        self.zones.len() <= zones
            && self.days.total().is_some()
            && self.hours.iter().all(|hours| hours.len() == HOURS && total(hours).is_some())
            && total(self.zones.iter().flatten().chain(&self.no_zone)).is_some()
    }

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
        self.merge_coded(other, recode.zones());
    }

    /// The same; the places of `recode` are the codes of `other`.
    pub(super) fn merge_coded(&mut self, other: Self, recode: &[u32]) {
        self.days.merge(other.days);
        for group in [HUMAN, BOT] {
            for (ours, theirs) in self.hours[group].iter_mut().zip(&other.hours[group]) {
                *ours += theirs;
            }
            self.no_zone[group] += other.no_zone[group];
        }
        for (&code, counts) in recode.iter().zip(&other.zones) {
            for group in [HUMAN, BOT] {
                self.add_zone(code, counts[group], group);
            }
        }
    }
}
