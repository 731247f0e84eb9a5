//! Sessions: what model 1 (`stg_wowlogs_with_sessions`) computes for a player's events in time order.

use serde::{Deserialize, Serialize};

use crate::time::{MINUTE_US, minutes_between};

/// A player's unbroken stretch of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// First event, microseconds since 1970-01-01.
    pub start_us: i64,
    /// Last event, microseconds since 1970-01-01.
    pub end_us: i64,
    /// How many events it has.
    pub events: u64,
}

impl Session {
    /// Minutes from the first to the last event; 0 for a lone event.
    #[must_use]
    pub const fn duration_minutes(&self) -> i64 {
        minutes_between(self.start_us, self.end_us)
    }
}

/// Decides whether a pause ends a session.
#[derive(Debug, Clone, Copy)]
pub struct Gap {
    minutes: i64,
    same_below_us: i64,
    new_from_us: i64,
    stays_below_us: u64,
}

impl Gap {
    /// A pause of more than `minutes` minutes starts a new session.
    #[must_use]
    pub const fn new(minutes: i64) -> Self {
        let same_below_us = minutes.saturating_mul(MINUTE_US);
        Self {
            minutes,
            same_below_us,
            new_from_us: same_below_us.saturating_add(MINUTE_US),
            stays_below_us: if same_below_us > 0 { same_below_us.cast_unsigned() } else { 0 },
        }
    }

    /// Whether two events are so surely of one session, and in order, that nothing more need be asked. With one
    /// subtraction, in which a time before the other becomes a long pause.
    #[inline]
    pub(super) const fn surely_stays(&self, previous_us: i64, time_us: i64) -> bool {
        time_us.wrapping_sub(previous_us).cast_unsigned() < self.stays_below_us
    }

    /// Whether an event at `time_us` starts a new session after one at `previous_us`, which is not later.
    #[inline]
    #[must_use]
    pub const fn splits(&self, previous_us: i64, time_us: i64) -> bool {
        // Minute boundaries crossed differ from whole minutes elapsed by at most one, so only a pause
        // within one minute of the limit needs the two divisions.
        let pause_us = time_us.saturating_sub(previous_us);
        if pause_us <= self.same_below_us {
            false
        } else if pause_us >= self.new_from_us && pause_us != i64::MAX {
            true
        } else {
            minutes_between(previous_us, time_us) > self.minutes
        }
    }
}

/// What model 1 says of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Minutes since the player's previous event; `None` on the first.
    pub minutes_since_last_event: Option<i64>,
    /// Whether the event starts a session.
    pub is_session_start: bool,
    /// The session's number, from 1.
    pub session_number: u64,
}

/// Walks over one player's events in time order; one clock per player.
#[derive(Debug, Clone)]
pub struct SessionClock {
    gap: Gap,
    previous_us: Option<i64>,
    session_number: u64,
}

impl SessionClock {
    /// A clock before the player's first event.
    #[must_use]
    pub const fn new(session_gap_minutes: i64) -> Self {
        Self { gap: Gap::new(session_gap_minutes), previous_us: None, session_number: 0 }
    }

    /// Takes the next event, which is not earlier than the one before.
    pub const fn step(&mut self, time_us: i64) -> Step {
        let (minutes_since_last_event, is_session_start) = match self.previous_us {
            None => (None, true),
            Some(previous_us) => {
                (Some(minutes_between(previous_us, time_us)), self.gap.splits(previous_us, time_us))
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

    proptest! {
        #[test]
        fn the_short_cut_agrees_with_the_definition(
            start in any::<i64>(),
            pause in prop_oneof![0..40 * MINUTE_US, 0..i64::MAX],
            minutes in 0..60_i64,
        ) {
            let end = start.saturating_add(pause);
            let gap = Gap::new(minutes);
            prop_assert_eq!(gap.splits(start, end), minutes_between(start, end) > minutes);
            prop_assert!(!gap.surely_stays(start, end) || !gap.splits(start, end));
            prop_assert!(!gap.surely_stays(end, start) || start == end);
        }
    }

    #[test]
    fn a_pause_of_exactly_the_limit_stays() {
        let mut clock = SessionClock::new(30);
        let minute = |m: i64, s: i64| m * MINUTE_US + s * 1_000_000;
        assert_eq!(clock.step(minute(0, 59)).session_number, 1);
        // 29 min 2 s elapsed, 30 boundaries crossed.
        assert_eq!(clock.step(minute(30, 1)).minutes_since_last_event, Some(30));
        // 30 min 59 s elapsed, still 30 boundaries.
        assert_eq!(clock.step(minute(60, 59)).session_number, 1);
        // 30 min 1 s elapsed, 31 boundaries.
        assert!(clock.step(minute(91, 0)).is_session_start);
    }
}
