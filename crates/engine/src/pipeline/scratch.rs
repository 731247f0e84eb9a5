//! Memory to work in where players are finished one after the other.

use super::players::SessionRow;
use super::sessions::Joined;
use crate::time::{Micros, Minutes};

/// A player's sessions, and their durations in whatever order.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) sessions: Vec<Joined>,
    durations: Vec<Minutes>,
}

impl Scratch {
    /// What the sessions are like. `times` gives the start and the end of a session by its first and last stretch.
    pub(super) fn row(&mut self, times: impl FnOnce([usize; 2]) -> (Micros, Micros)) -> SessionRow {
        let Self { sessions, durations } = self;
        durations.clear();
        durations.extend(sessions.iter().map(|session| session.duration_minutes));
        let (mut longest, mut longest_minutes) = (0, Minutes::MIN);
        let (mut shortest_minutes, mut events_max) = (Minutes::MAX, 0);
        for (place, (session, &minutes)) in sessions.iter().zip(durations.iter()).enumerate() {
            events_max = events_max.max(session.events);
            shortest_minutes = shortest_minutes.min(minutes);
            if minutes > longest_minutes {
                (longest, longest_minutes) = (place, minutes);
            }
        }
        let Some(longest) = sessions.get(longest) else { return SessionRow::default() };
        let (longest_start_us, longest_end_us) = times(longest.stretches.map(|place| place as usize));
        SessionRow {
            sessions: sessions.len() as u64,
            duration_sum_minutes: durations.iter().copied().sum(),
            duration_median_twice_minutes: median_twice(durations),
            duration_max_minutes: longest_minutes,
            duration_min_minutes: shortest_minutes,
            events_max,
            longest_start_us,
            longest_end_us,
            longest_events: longest.events,
        }
    }
}

/// Twice the interpolated median; reorders the values.
fn median_twice(values: &mut [Minutes]) -> i64 {
    let len = values.len();
    if len == 0 {
        return 0;
    }
    let (below, upper, _) = values.select_nth_unstable(len / 2);
    let upper = upper.get();
    if len % 2 == 1 {
        return upper.saturating_mul(2);
    }
    let lower = below.iter().max().map_or(upper, |lower| lower.get());
    lower.saturating_add(upper)
}
