//! Which scans of the realm exist: one every 10 minutes, except those that went missing.

use super::calendar::{SLOT_MINUTES, SLOTS};
use super::dice::Dice;

/// Single scans that went missing, of a thousand.
const SINGLE_MISSES: u32 = 82;
/// Outages: how many of them, and how many slots the shortest and the longest take.
const OUTAGES: [(u32, u32, u32); 3] = [(520, 2, 3), (150, 4, 48), (14, 144, 432)];

/// The scans that exist, in time order. A scan is named by its index here.
#[derive(Debug)]
pub(super) struct Scans {
    slots: Vec<u32>,
}

impl Scans {
    /// Draws the scans that exist; those of the first and the last slot always do.
    pub(super) fn new(dice: &mut Dice) -> Self {
        let mut missing = vec![false; SLOTS as usize];
        for slot in 1..missing.len() {
            missing[slot] = !missing[slot - 1] && dice.chance(SINGLE_MISSES);
        }
        for (count, shortest, longest) in OUTAGES {
            for _ in 0..count {
                let length = dice.between(shortest, longest);
                let start = dice.between(1, SLOTS - length - 1);
                missing[start as usize..(start + length) as usize].fill(true);
            }
        }
        missing[SLOTS as usize - 1] = false;
        Self { slots: (0..SLOTS).filter(|&slot| !missing[slot as usize]).collect() }
    }

    /// How many scans there are.
    pub(super) fn len(&self) -> u32 {
        self.slots.len() as u32
    }

    /// The slot of a scan.
    pub(super) fn slot(&self, scan: u32) -> u32 {
        self.slots[scan as usize]
    }

    /// The first scan at or after a slot.
    pub(super) fn at_or_after(&self, slot: u32) -> u32 {
        self.slots.partition_point(|&other| other < slot) as u32
    }

    /// Slots from one scan to a later one.
    pub(super) fn slots_between(&self, first: u32, last: u32) -> u32 {
        self.slot(last) - self.slot(first)
    }

    /// Minutes from one scan to a later one, seconds within the scans aside.
    pub(super) fn minutes_between(&self, first: u32, last: u32) -> u32 {
        self.slots_between(first, last) * SLOT_MINUTES
    }

    /// The last scan of at most `count` from `first` on, before any step of more than `step` slots.
    pub(super) fn run(&self, first: u32, count: u32, step: u32) -> u32 {
        let end = first.saturating_add(count).min(self.len());
        (first + 1..end).find(|&scan| self.slots_between(scan - 1, scan) > step).unwrap_or(end) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Purpose;
    use super::*;

    #[test]
    fn about_13_percent_are_missing_with_outages_of_more_than_half_an_hour() {
        for seed in 0..5 {
            let scans = Scans::new(&mut Dice::new(seed, Purpose::Scans, 0));
            let missing = (SLOTS - scans.len()) * 1000 / SLOTS;
            assert!((120..=140).contains(&missing), "{missing} of 1000");
            let steps = scans.slots.windows(2).map(|pair| pair[1] - pair[0]);
            assert!(steps.filter(|&step| step > 3).count() > 100);
        }
    }
}
