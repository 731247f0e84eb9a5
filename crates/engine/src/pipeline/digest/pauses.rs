//! Which pauses a player makes, so that another gap is asked of those alone whom it makes another answer.

use crate::time::Minutes;

/// Pauses by their minutes; the longest of all stand for those that are longer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PauseSet([u64; 3]);

const LONGEST: u32 = 3 * u64::BITS - 1;

/// The place of a pause of so many minutes.
fn place(minutes: i64) -> u32 {
    u32::try_from(minutes.max(0)).unwrap_or(LONGEST).min(LONGEST)
}

impl PauseSet {
    /// Those that end a session with one of two gaps, and do not with the other.
    pub(super) fn between(a: Minutes, b: Minutes) -> Self {
        let mut set = Self::default();
        if a != b {
            (place(a.min(b).get() + 1)..=place(a.max(b).get())).for_each(|place| set.insert(place));
        }
        set
    }

    fn insert(&mut self, place: u32) {
        self.0[(place / u64::BITS) as usize] |= 1 << (place % u64::BITS);
    }

    /// Whether any pause is in both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }
}

impl FromIterator<i64> for PauseSet {
    fn from_iter<I: IntoIterator<Item = i64>>(minutes: I) -> Self {
        let mut set = Self::default();
        for minutes in minutes {
            set.insert(place(minutes));
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_between_the_gaps_of_which_one_alone_ends_a_session_by_it() {
        for (a, b) in [(30, 31), (31, 30), (12, 180), (30, 30), (180, 400), (250, 300), (190, 191)] {
            let between = PauseSet::between(Minutes::of(a), Minutes::of(b));
            for pause in [0, 12, 13, 30, 31, 32, 180, 181, 190, 191, 192, 251, 300, 301, i64::MAX] {
                let splits = [a, b].map(|gap| pause > i64::from(gap));
                let pauses: PauseSet = [pause, 5].into_iter().collect();
                let is_asked = pauses.meets(&between);
                // Long pauses are not told apart, and asked too often rather than not.
                assert!(is_asked || splits[0] == splits[1], "a pause of {pause} between {a} and {b}");
                assert!(
                    !is_asked || splits[0] != splits[1] || pause > 190,
                    "a pause of {pause}, {a} and {b}"
                );
            }
        }
    }
}
