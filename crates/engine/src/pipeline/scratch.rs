//! A player's sessions, in memory that is used for one player after the other.

use super::players::SessionRow;
use super::sessions::{Joined, Stretch, join};
use crate::time::{Micros, Minutes};

/// The sessions of a player. Those of a lone event are no more than counted, for with short gaps most are.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Those of more than one event, in order of time.
    pub(super) longer: Vec<Joined>,
    /// How many are of one event.
    pub(super) lone: u64,
    /// The stretch of the first of these.
    first_lone: u32,
    durations: Vec<Minutes>,
}

impl Scratch {
    /// Takes the sessions that a player's stretches make up in the place of those before.
    pub(super) fn take(&mut self, stretches: impl Iterator<Item = Stretch>, gap_minutes: Minutes) {
        self.longer.clear();
        self.lone = 0;
        join(stretches, gap_minutes, |session| {
            if session.events > 1 {
                self.longer.push(session);
            } else {
                if self.lone == 0 {
                    self.first_lone = session.stretches[0];
                }
                self.lone += 1;
            }
        });
    }

    /// What the sessions are like. `times` gives the start and the end of a session by its first and last stretch.
    pub(super) fn row(&mut self, times: impl FnOnce([usize; 2]) -> (Micros, Micros)) -> SessionRow {
        let Some(longest) = self.longest() else { return SessionRow::default() };
        let Self { longer, lone, durations, .. } = self;
        durations.clear();
        durations.extend(longer.iter().map(|session| session.duration_minutes));
        let shortest = durations.iter().copied().min();
        let (longest_start_us, longest_end_us) = times(longest.stretches.map(|place| place as usize));
        SessionRow {
            sessions: longer.len() as u64 + *lone,
            duration_sum_minutes: durations.iter().copied().sum(),
            duration_median_twice_minutes: median_twice(durations, *lone),
            duration_max_minutes: longest.duration_minutes,
            duration_min_minutes: shortest.filter(|_| *lone == 0).unwrap_or_default(),
            events_max: longer.iter().map(|session| session.events).max().unwrap_or(1),
            longest_start_us,
            longest_end_us,
            longest_events: longest.events,
        }
    }

    /// The longest session, the first of several; `None` without events.
    fn longest(&self) -> Option<Joined> {
        let place = self.first_lone;
        let lone = Joined { stretches: [place; 2], duration_minutes: Minutes::default(), events: 1 };
        let lone = (self.lone > 0).then_some(lone);
        let longer = self.longer.iter().copied().reduce(|longest, session| {
            if session.duration_minutes > longest.duration_minutes { session } else { longest }
        });
        match (longer, lone) {
            (Some(longer), Some(lone)) => {
                let is_lone = longer.duration_minutes == lone.duration_minutes && place < longer.stretches[0];
                Some(if is_lone { lone } else { longer })
            }
            (longer, lone) => longer.or(lone),
        }
    }
}

/// Twice the interpolated median of the values and of so many zeros, which are not above any of them; reorders the values.
fn median_twice(values: &mut [Minutes], zeros: u64) -> i64 {
    let zeros = usize::try_from(zeros).unwrap_or(usize::MAX);
    let len = values.len().saturating_add(zeros);
    let Some(upper) = (len / 2).checked_sub(zeros) else { return 0 };
    if upper >= values.len() {
        return 0;
    }
    let (below, upper_value, _) = values.select_nth_unstable(upper);
    let upper_value = upper_value.get();
    if len % 2 == 1 {
        return upper_value.saturating_mul(2);
    }
    let lower = match below.iter().max() {
        Some(lower) => lower.get(),
        // The one below is a zero.
        None if zeros > 0 => 0,
        None => upper_value,
    };
    lower.saturating_add(upper_value)
}
