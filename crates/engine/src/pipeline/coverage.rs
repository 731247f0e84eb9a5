//! Which hours of the log have events at all: what is missing is no fact about players.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::sessions::{STRETCH_GAP, Session};
use crate::time::{Day, HOUR_US, Micros};

const HOURS_OF_DAY: i64 = 24;
const CHUNK_DAYS: i64 = 64;
/// The hours of so many days, a bit each.
type Chunk = [u32; CHUNK_DAYS as usize];

/// The hours in which any event of the log lies, whatever the filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(Day, u32)>", into = "Vec<(Day, u32)>")]
pub struct Coverage {
    chunks: BTreeMap<i64, Chunk>,
}

/// A day with events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoveredDay {
    /// Which.
    pub day: Day,
    hours: u32,
}

impl CoveredDay {
    /// How many of its 24 hours have an event.
    #[must_use]
    pub const fn hours(&self) -> u32 {
        self.hours.count_ones()
    }

    /// Whether an hour from 0 to 23 has an event.
    #[must_use]
    pub const fn has(&self, hour: u32) -> bool {
        hour < HOURS_OF_DAY as u32 && self.hours >> hour & 1 == 1
    }
}

impl Coverage {
    /// Takes in the events of a player. No pause within its stretches is as long as an hour.
    pub(super) fn add(&mut self, stretches: &[Session]) {
        let (mut open, mut hours) = (None, [0; CHUNK_DAYS as usize]);
        for stretch in stretches {
            let [first, last] = [stretch.start_us, stretch.end_us].map(hour);
            for day in first.div_euclid(HOURS_OF_DAY)..=last.div_euclid(HOURS_OF_DAY) {
                let key = day.div_euclid(CHUNK_DAYS);
                if open != Some(key) {
                    self.put(open.replace(key), &mut hours);
                }
                let midnight = day * HOURS_OF_DAY;
                let [from, to] = [first.max(midnight), last.min(midnight + HOURS_OF_DAY - 1)];
                let bits = (1_u32 << (to - from + 1)) - 1;
                hours[day.rem_euclid(CHUNK_DAYS) as usize] |= bits << (from - midnight);
            }
        }
        self.put(open, &mut hours);
    }

    fn put(&mut self, key: Option<i64>, hours: &mut Chunk) {
        let Some(key) = key else { return };
        let known = self.chunks.entry(key).or_insert([0; CHUNK_DAYS as usize]);
        known.iter_mut().zip(hours).for_each(|(known, hours)| *known |= std::mem::take(hours));
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (key, mut hours) in other.chunks {
            self.put(Some(key), &mut hours);
        }
    }

    /// Whether no day has more hours than there are.
    pub(super) fn is_sound(&self) -> bool {
        self.chunks.values().flatten().all(|hours| hours >> HOURS_OF_DAY == 0)
    }

    /// The days with events, in order. Those in between have none.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = CoveredDay> + '_ {
        self.chunks.iter().flat_map(|(key, chunk)| {
            let days = (0..).zip(chunk).filter(|(_, hours)| **hours > 0);
            // Only days were counted.
            days.collect::<Vec<_>>().into_iter().filter_map(move |(offset, &hours)| {
                let day = Day::new(key.saturating_mul(CHUNK_DAYS).saturating_add(offset))?;
                Some(CoveredDay { day, hours })
            })
        })
    }

    /// The first day with an event and the last.
    #[must_use]
    pub fn span(&self) -> Option<(Day, Day)> {
        let mut days = self.days();
        let first = days.next()?;
        Some((first.day, days.next_back().unwrap_or(first).day))
    }
}

/// Hours since 1970-01-01.
const fn hour(time: Micros) -> i64 {
    time.get().div_euclid(HOUR_US)
}

impl From<Vec<(Day, u32)>> for Coverage {
    fn from(days: Vec<(Day, u32)>) -> Self {
        let mut coverage = Self::default();
        for (day, of_day) in days {
            let mut hours = [0; CHUNK_DAYS as usize];
            hours[day.get().rem_euclid(CHUNK_DAYS) as usize] = of_day;
            coverage.put(Some(day.get().div_euclid(CHUNK_DAYS)), &mut hours);
        }
        coverage
    }
}

impl From<Coverage> for Vec<(Day, u32)> {
    fn from(coverage: Coverage) -> Self {
        coverage.days().map(|covered| (covered.day, covered.hours)).collect()
    }
}

const _: () = assert!(STRETCH_GAP.get() < 60, "no hour lies within a pause of a stretch");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn session((start_hour, hours, within_us): (i64, i64, i64)) -> Session {
        let at = |hour: i64| Micros::new(hour * HOUR_US + within_us).unwrap();
        Session { start_us: at(start_hour), end_us: at(start_hour + hours), events: 2 }
    }

    fn spans() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
        let start = prop_oneof![-3_000..3_000_i64, Just(-1_i64), Just(0)];
        prop::collection::vec((start, 0..60_i64, 0..HOUR_US), 0..12)
    }

    proptest! {
        #[test]
        fn the_hours_are_those_of_the_stretches_however_they_are_cut(spans in spans(), cut in any::<prop::sample::Index>()) {
            let sessions: Vec<Session> = spans.iter().copied().map(session).collect();
            let expected: BTreeSet<i64> =
                spans.iter().flat_map(|&(start, hours, _)| start..=start + hours).collect();
            let mut whole = Coverage::default();
            whole.add(&sessions);
            let told: BTreeSet<i64> = whole
                .days()
                .flat_map(|day| (0..24).filter(move |hour| day.has(*hour)).map(move |hour| day.day.get() * 24 + i64::from(hour)))
                .collect();
            prop_assert_eq!(&told, &expected);
            prop_assert_eq!(whole.days().map(|day| u64::from(day.hours())).sum::<u64>(), expected.len() as u64);
            let (early, late) = sessions.split_at(cut.index(sessions.len() + 1));
            let (mut first, mut second) = (Coverage::default(), Coverage::default());
            first.add(early);
            second.add(late);
            first.merge(second);
            prop_assert_eq!(&first, &whole);
            prop_assert!(whole.is_sound());
            prop_assert_eq!(Coverage::from(Vec::from(whole.clone())), whole.clone());
            let span = expected.first().zip(expected.last()).map(|(a, b)| (a.div_euclid(24), b.div_euclid(24)));
            prop_assert_eq!(whole.span().map(|(a, b)| (a.get(), b.get())), span);
        }
    }
}
