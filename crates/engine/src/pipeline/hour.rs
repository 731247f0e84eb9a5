//! The hour that a player's last event lay in.

use crate::time::{Day, HOUR_US, MINUTE_US, Micros};

/// An hour of the log. Most events lie in the hour of the one before them or in the next, and need no division of 64
/// bits, which is dear in wasm, to find their hour, day and minute.
#[derive(Debug, Clone, Copy)]
pub(super) struct HourWindow {
    start_us: i64,
    /// Where the next one begins, which may be after the last time there is.
    pub(super) end_us: i64,
    /// Minutes from 1970-01-01 to the start.
    first_minute: i64,
    /// The hour of the week.
    pub(super) index: usize,
    pub(super) day: Day,
}

impl HourWindow {
    /// The hour of a time that is not before this hour.
    #[inline]
    pub(super) fn enter(self, time_us: Micros) -> Self {
        self.following(time_us).unwrap_or_else(|| Self::of(time_us))
    }

    fn of(time: Micros) -> Self {
        let hours = time.get().div_euclid(HOUR_US);
        // The earliest time begins an hour.
        let start_us = hours * HOUR_US;
        Self {
            start_us,
            end_us: start_us.saturating_add(HOUR_US),
            first_minute: hours * (HOUR_US / MINUTE_US),
            index: time.hour_of_week(),
            day: time.day(),
        }
    }

    /// The next hour, if the time lies in it.
    #[inline]
    fn following(self, time_us: Micros) -> Option<Self> {
        let Self { start_us, end_us, first_minute, index, day } = self;
        let end_of_next_us = end_us.checked_add(HOUR_US)?;
        let follows = end_us > start_us && (end_us..end_of_next_us).contains(&time_us.get());
        let day = if index % 24 == 23 { day.next()? } else { day };
        follows.then_some(Self {
            start_us: end_us,
            end_us: end_of_next_us,
            first_minute: first_minute + HOUR_US / MINUTE_US,
            index: if index == 167 { 0 } else { index + 1 },
            day,
        })
    }

    /// Minutes from 1970-01-01 to the minute of a time in this hour.
    #[inline]
    pub(super) const fn minute(&self, time_us: Micros) -> i64 {
        // The microseconds of an hour are fewer than 2^32.
        let passed_us = time_us.get().wrapping_sub(self.start_us) as u32;
        self.first_minute + (passed_us / MINUTE_US as u32) as i64
    }
}

impl Default for HourWindow {
    /// Before any time: the first event enters its own hour.
    fn default() -> Self {
        Self { start_us: i64::MAX, end_us: i64::MIN, first_minute: 0, index: 0, day: Day::default() }
    }
}

const _: () = assert!(HOUR_US < 1 << 32, "the microseconds of an hour fit into 32 bits");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::DAY_US;

    fn times() -> impl Strategy<Value = i64> {
        let (first, last) = (Micros::MIN.get(), Micros::MAX.get());
        prop_oneof![first..=last, first..first + DAY_US, last - DAY_US..=last, 0..DAY_US]
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
                time_us = time_us.saturating_add(step_us).min(Micros::MAX.get());
                let time = Micros::new(time_us).unwrap();
                if time_us >= hour.end_us {
                    hour = hour.enter(time);
                }
                prop_assert_eq!((hour.index, hour.day), (time.hour_of_week(), time.day()));
                prop_assert_eq!(hour.minute(time), time_us.div_euclid(MINUTE_US));
            }
        }
    }
}
