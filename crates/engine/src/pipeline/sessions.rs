//! Sessions: what model 1 (`stg_wowlogs_with_sessions`) computes for a player's events in time order.

use serde::{Deserialize, Serialize};

use crate::time::{MINUTE_US, Micros, Minutes};

/// A player's unbroken stretch of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// First event.
    pub start_us: Micros,
    /// Last event.
    pub end_us: Micros,
    /// How many events it has.
    pub events: u64,
}

impl Session {
    /// Minutes from the first to the last event; 0 for a lone event.
    #[must_use]
    pub const fn duration_minutes(&self) -> Minutes {
        self.start_us.minutes_to(self.end_us)
    }
}

/// Decides whether a pause ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    minutes: Minutes,
    limit_us: i64,
    stays_below_us: u64,
}

/// The shortest pause that a step back in time can seem modulo 2^64: 4 hours, from the last time to the first.
const LEAST_WRAPPED_US: u64 = u64::MAX - Micros::MAX.get().abs_diff(Micros::MIN.get()) + 1;

impl Gap {
    /// A pause of more than `minutes` starts a new session.
    #[must_use]
    pub const fn new(minutes: Minutes) -> Self {
        let limit_us = minutes.get().saturating_mul(MINUTE_US);
        let positive_us = if limit_us > 0 { limit_us.cast_unsigned() } else { 0 };
        let stays_below_us = if positive_us < LEAST_WRAPPED_US { positive_us } else { LEAST_WRAPPED_US };
        Self { minutes, limit_us, stays_below_us }
    }

    /// Whether two events are so surely of one session, and in order, that nothing more need be asked. With one
    /// subtraction, in which a time before the other becomes a long pause.
    #[inline]
    pub(super) const fn surely_stays(&self, previous_us: Micros, time_us: Micros) -> bool {
        time_us.get().wrapping_sub(previous_us.get()).cast_unsigned() < self.stays_below_us
    }

    /// Whether an event at `time_us` starts a new session after one at `previous_us`.
    #[inline]
    #[must_use]
    pub const fn splits(&self, previous_us: Micros, time_us: Micros) -> bool {
        // Minute boundaries crossed differ from whole minutes elapsed by at most one, so only a pause within one minute
        // of the limit needs the two divisions. Both stop at the ends of 64 bits, and are near where
        // both do.
        let pause_us = time_us.get().saturating_sub(previous_us.get());
        if pause_us.abs_diff(self.limit_us) < MINUTE_US.cast_unsigned() {
            previous_us.minutes_to(time_us).get() > self.minutes.get()
        } else {
            pause_us > self.limit_us
        }
    }
}

/// What model 1 says of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Time since the player's previous event; `None` on the first.
    pub minutes_since_last_event: Option<Minutes>,
    /// Whether the event starts a session.
    pub is_session_start: bool,
    /// The session's number, from 1.
    pub session_number: u64,
}

/// Walks over one player's events in time order; one clock per player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClock {
    gap: Gap,
    previous_us: Option<Micros>,
    session_number: u64,
}

impl SessionClock {
    /// A clock before the player's first event.
    #[must_use]
    pub const fn new(session_gap_minutes: Minutes) -> Self {
        Self { gap: Gap::new(session_gap_minutes), previous_us: None, session_number: 0 }
    }

    /// The time of the last event; none before the first.
    #[must_use]
    pub const fn last_us(&self) -> Option<Micros> {
        self.previous_us
    }

    /// Takes the next event, which is not earlier than the one before.
    pub const fn step(&mut self, time_us: Micros) -> Step {
        let (minutes_since_last_event, is_session_start) = match self.previous_us {
            None => (None, true),
            Some(previous_us) => {
                (Some(previous_us.minutes_to(time_us)), self.gap.splits(previous_us, time_us))
            }
        };
        if is_session_start {
            self.session_number = self.session_number.saturating_add(1);
        }
        self.previous_us = Some(time_us);
        Step { minutes_since_last_event, is_session_start, session_number: self.session_number }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENDS_US: [i64; 2] = [Micros::MIN.get(), Micros::MAX.get()];

    fn at(time_us: i64) -> Micros {
        Micros::new(time_us.clamp(ENDS_US[0], ENDS_US[1])).unwrap()
    }

    /// Times of the whole domain, many of them near its ends and near 1970.
    fn times() -> impl Strategy<Value = Micros> {
        let near = prop_oneof![Just(0), -300 * MINUTE_US..300 * MINUTE_US];
        let edge = prop_oneof![Just(ENDS_US[0]), Just(ENDS_US[1]), Just(0)];
        let near_edge = (edge, near).prop_map(|(edge_us, away_us)| at(edge_us.saturating_add(away_us)));
        prop_oneof![near_edge, any::<i64>().prop_map(at)]
    }

    fn gaps() -> impl Strategy<Value = Minutes> {
        prop_oneof![
            (0..60_u32).prop_map(Minutes::of),
            (230..250_u32).prop_map(Minutes::of),
            any::<u32>().prop_map(Minutes::of),
            (Minutes::MIN.get()..=Minutes::MAX.get()).prop_map(|minutes| Minutes::new(minutes).unwrap()),
            (-2..=2_i64).prop_map(|away| Minutes::new(i64::MAX / MINUTE_US + away).unwrap()),
            Just(Minutes::MAX),
        ]
    }

    /// The definition, in numbers that hold every difference.
    fn minutes_crossed(a: Micros, b: Micros) -> i128 {
        let minute = |time: Micros| i128::from(time.get()).div_euclid(i128::from(MINUTE_US));
        minute(b) - minute(a)
    }

    proptest! {
        #[test]
        fn the_short_cuts_agree_with_the_definition(
            first in times(),
            second in times(),
            pause_us in prop_oneof![-40 * MINUTE_US..40 * MINUTE_US, any::<i64>()],
            gap_minutes in gaps(),
        ) {
            let gap = Gap::new(gap_minutes);
            let near_limit_us = gap_minutes.get().saturating_mul(MINUTE_US).saturating_add(pause_us);
            let others = [second, at(first.get().saturating_add(pause_us)), at(first.get().saturating_add(near_limit_us))];
            for (a, b) in others.into_iter().flat_map(|other| [(first, other), (other, first)]) {
                let splits = minutes_crossed(a, b) > i128::from(gap_minutes.get());
                prop_assert_eq!(gap.splits(a, b), splits, "{} {}", a, b);
                prop_assert!(!gap.surely_stays(a, b) || a <= b && !splits, "{} {}", a, b);
            }
        }
    }

    #[test]
    fn from_the_last_time_to_the_first_is_no_session_whatever_the_gap() {
        for minutes in
            [Minutes::of(30), Minutes::of(240), Minutes::of(241), Minutes::of(u32::MAX), Minutes::MAX]
        {
            let gap = Gap::new(minutes);
            assert!(!gap.surely_stays(Micros::MAX, Micros::MIN), "gap of {minutes} minutes");
            assert_eq!(
                gap.splits(Micros::MIN, Micros::MAX),
                minutes < Minutes::MAX,
                "gap of {minutes} minutes"
            );
        }
    }

    #[test]
    fn a_pause_of_exactly_the_limit_stays() {
        let mut clock = SessionClock::new(Minutes::of(30));
        let minute = |m: i64, s: i64| at(m * MINUTE_US + s * 1_000_000);
        assert_eq!(clock.step(minute(0, 59)).session_number, 1);
        // 29 min 2 s elapsed, 30 boundaries crossed.
        assert_eq!(clock.step(minute(30, 1)).minutes_since_last_event, Some(Minutes::of(30)));
        // 30 min 59 s elapsed, still 30 boundaries.
        assert_eq!(clock.step(minute(60, 59)).session_number, 1);
        // 30 min 1 s elapsed, 31 boundaries.
        assert!(clock.step(minute(91, 0)).is_session_start);
    }
}
