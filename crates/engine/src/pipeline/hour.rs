//! The hour that a player's last event lay in.

use crate::time::{HOUR_US, MINUTE_US, day_of, hour_of_week};

/// An hour of the log. Most events lie in the hour of the one before them or in the next, and need no division of 64
/// bits, which is dear in wasm, to find their hour, day and minute.
#[derive(Debug, Clone, Copy)]
pub(super) struct HourWindow {
    /// Wraps where the hour begins before the earliest time there is; only distances from it are of use.
    start_us: i64,
    pub(super) end_us: i64,
    /// Minutes from 1970-01-01 to the start.
    first_minute: i64,
    /// The hour of the week.
    pub(super) index: usize,
    pub(super) day: i64,
}

impl HourWindow {
    /// The hour of a time that is not before this hour.
    #[inline]
    pub(super) fn enter(self, time_us: i64) -> Self {
        self.following(time_us).unwrap_or_else(|| Self::of(time_us))
    }

    fn of(time_us: i64) -> Self {
        let passed_us = time_us.rem_euclid(HOUR_US);
        Self {
            start_us: time_us.wrapping_sub(passed_us),
            end_us: time_us.saturating_add(HOUR_US - passed_us),
            first_minute: time_us.div_euclid(HOUR_US) * (HOUR_US / MINUTE_US),
            index: hour_of_week(time_us),
            day: day_of(time_us),
        }
    }

    /// The next hour, if the time lies in it.
    #[inline]
    fn following(self, time_us: i64) -> Option<Self> {
        let Self { start_us, end_us, first_minute, index, day } = self;
        let follows = end_us > start_us && time_us >= end_us && time_us.saturating_sub(end_us) < HOUR_US;
        let (index, begins_day) = (if index == 167 { 0 } else { index + 1 }, index % 24 == 23);
        let end_of_next_us = end_us.checked_add(HOUR_US)?;
        follows.then_some(Self {
            start_us: end_us,
            end_us: end_of_next_us,
            first_minute: first_minute + HOUR_US / MINUTE_US,
            index,
            day: day + i64::from(begins_day),
        })
    }

    /// Minutes from 1970-01-01 to the minute of a time in this hour.
    #[inline]
    pub(super) const fn minute(&self, time_us: i64) -> i64 {
        // The microseconds of an hour are fewer than 2^32.
        let passed_us = time_us.wrapping_sub(self.start_us) as u32;
        self.first_minute + (passed_us / MINUTE_US as u32) as i64
    }
}

impl Default for HourWindow {
    /// Before any time: the first event enters its own hour.
    fn default() -> Self {
        Self { start_us: i64::MAX, end_us: i64::MIN, first_minute: 0, index: 0, day: 0 }
    }
}

const _: () = assert!(HOUR_US < 1 << 32, "the microseconds of an hour fit into 32 bits");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::DAY_US;

    fn times() -> impl Strategy<Value = i64> {
        prop_oneof![any::<i64>(), i64::MIN..i64::MIN + DAY_US, i64::MAX - DAY_US..=i64::MAX, 0..DAY_US]
    }

    proptest! {
        #[test]
        fn hours_and_minutes_are_those_of_divisions(
            start_us in times(),
            steps_us in prop::collection::vec(0..2 * HOUR_US, 1..9),
        ) {
            let mut hour = HourWindow::default();
            let mut time_us = start_us;
            for step_us in steps_us {
                time_us = time_us.saturating_add(step_us);
                if time_us >= hour.end_us {
                    hour = hour.enter(time_us);
                }
                prop_assert_eq!((hour.index, hour.day), (hour_of_week(time_us), day_of(time_us)));
                prop_assert_eq!(hour.minute(time_us), time_us.div_euclid(MINUTE_US));
            }
        }
    }
}
