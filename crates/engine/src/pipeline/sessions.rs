//! Sessions: what model 1 (`stg_wowlogs_with_sessions`) computes for a player's events in time order.

use serde::{Deserialize, Serialize};

use crate::Error;
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

/// The gap that a player's events are kept by: the sessions of every longer one are made of whole sessions of this one. Most
/// pauses are shorter, so that there are few; realms are sampled every five or ten minutes.
pub const STRETCH_GAP: Minutes = Minutes::of(12);

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

    /// The gap that events are kept by where sessions of this gap are asked for.
    #[must_use]
    pub(super) fn of_stretches(minutes: Minutes) -> Self {
        Self::new(minutes.min(STRETCH_GAP))
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

/// An event on the way through [`split`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Passed {
    /// Its place among the times.
    pub(super) row: usize,
    /// The event before it; the event itself where it is the player's first.
    pub(super) previous_us: Micros,
    pub(super) time_us: Micros,
    /// Whether it is so long after the one before that it starts a session.
    pub(super) splits: bool,
}

/// Goes on with a player's next events: the one place where events become sessions. `open` is the session that the player
/// was last seen in, and what it has become is given back. `each` is told of every event, `ended` of every session that
/// will not go on.
///
/// # Errors
/// [`Error::OutOfOrder`] when a time goes back.
#[inline]
pub(super) fn split(
    (player_id, open): (i64, Option<Session>),
    gap: Gap,
    times_us: &[Micros],
    mut each: impl FnMut(Passed),
    mut ended: impl FnMut(Session),
) -> Result<Option<Session>, Error> {
    let Some(&first_us) = times_us.first() else { return Ok(open) };
    let mut session = open.unwrap_or(Session { start_us: first_us, end_us: first_us, events: 0 });
    let mut previous_us = session.end_us;
    // The session's first row here: events are counted where it ends.
    let mut first_row = 0;
    for (row, &time_us) in times_us.iter().enumerate() {
        // Of most events this is all that is asked.
        if gap.surely_stays(previous_us, time_us) {
            each(Passed { row, previous_us, time_us, splits: false });
            previous_us = time_us;
            continue;
        }
        if time_us < previous_us {
            return Err(Error::OutOfOrder { player_id });
        }
        let splits = gap.splits(previous_us, time_us);
        if splits {
            session.end_us = previous_us;
            session.events += (row - first_row) as u64;
            first_row = row;
            ended(std::mem::replace(&mut session, Session { start_us: time_us, end_us: time_us, events: 0 }));
        }
        each(Passed { row, previous_us, time_us, splits });
        previous_us = time_us;
    }
    session.end_us = previous_us;
    session.events += (times_us.len() - first_row) as u64;
    Ok(Some(session))
}

/// A stretch of a player's events, by the minutes that it begins and ends in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) start_minute: i64,
    pub(super) end_minute: i64,
    pub(super) events: u64,
}

impl From<&Session> for Stretch {
    fn from(session: &Session) -> Self {
        let minute = |time: Micros| time.get().div_euclid(MINUTE_US);
        Self {
            start_minute: minute(session.start_us),
            end_minute: minute(session.end_us),
            events: session.events,
        }
    }
}

/// A session by the stretches that it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Joined {
    /// The places of its first stretch and of its last.
    pub(super) stretches: [u32; 2],
    /// As [`Session::duration_minutes`].
    pub(super) duration_minutes: Minutes,
    /// How many events it has.
    pub(super) events: u64,
}

/// Tells each session that a player's stretches make up, which are sessions by a gap that is not above this one.
#[inline]
pub(super) fn join(
    stretches: impl Iterator<Item = Stretch>,
    gap_minutes: Minutes,
    mut each: impl FnMut(Joined),
) {
    let (mut first_minute, mut last_minute) = (0, 0);
    let mut open: Option<Joined> = None;
    for (place, Stretch { start_minute, end_minute, events }) in (0..).zip(stretches) {
        match &mut open {
            Some(session) if start_minute - last_minute <= gap_minutes.get() => {
                session.stretches[1] = place;
                session.duration_minutes = minutes_between(first_minute, end_minute);
                session.events += events;
            }
            _ => {
                first_minute = start_minute;
                let duration_minutes = minutes_between(start_minute, end_minute);
                open.replace(Joined { stretches: [place; 2], duration_minutes, events })
                    .into_iter()
                    .for_each(&mut each);
            }
        }
        last_minute = end_minute;
    }
    open.into_iter().for_each(each);
}

/// The span between two minutes of times, which is none too long.
fn minutes_between(first: i64, last: i64) -> Minutes {
    Minutes::new(last - first).unwrap_or(Minutes::MAX)
}

/// How far a player has got, for what is said of each event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// The player.
    pub player_id: i64,
    gap: Gap,
    open: Option<Session>,
    session_number: u64,
}

impl Walk {
    /// Before the player's first event.
    #[must_use]
    pub const fn new(player_id: i64, session_gap_minutes: Minutes) -> Self {
        Self { player_id, gap: Gap::new(session_gap_minutes), open: None, session_number: 0 }
    }

    /// Goes on to an event of a player: the same one, or the next in order.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when that is the one before.
    pub fn enter(walk: &mut Option<Self>, player_id: i64, gap_minutes: Minutes) -> Result<&mut Self, Error> {
        match walk.as_ref().map(|walk| walk.player_id) {
            Some(before) if before > player_id => return Err(Error::OutOfOrder { player_id }),
            Some(before) if before == player_id => {}
            _ => *walk = None,
        }
        Ok(walk.get_or_insert_with(|| Self::new(player_id, gap_minutes)))
    }

    /// Takes the player's next events and says of each what model 1 does.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when one is earlier than the one before.
    #[inline]
    pub fn extend(&mut self, times_us: &[Micros], mut each: impl FnMut(Step)) -> Result<(), Error> {
        let mut is_first = self.open.is_none();
        let mut session_number = self.session_number;
        let tell = |passed: Passed| {
            let is_session_start = passed.splits || is_first;
            session_number = session_number.saturating_add(u64::from(is_session_start));
            let minutes = || passed.previous_us.minutes_to(passed.time_us);
            each(Step {
                minutes_since_last_event: (!is_first).then(minutes),
                is_session_start,
                session_number,
            });
            is_first = false;
        };
        self.open = split((self.player_id, self.open), self.gap, times_us, tell, |_| ())?;
        self.session_number = session_number;
        Ok(())
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
        let minute = |m: i64, s: i64| at(m * MINUTE_US + s * 1_000_000);
        let mut steps = Vec::new();
        // 29 min 2 s elapsed, 30 boundaries crossed; 30 min 59 s, still 30; 30 min 1 s, 31.
        let times = [minute(0, 59), minute(30, 1), minute(60, 59), minute(91, 0)];
        Walk::new(7, Minutes::of(30)).extend(&times, |step| steps.push(step)).unwrap();
        let minutes =
            |minutes: &[u32]| minutes.iter().copied().map(Minutes::of).map(Some).collect::<Vec<_>>();
        assert_eq!(steps[0].minutes_since_last_event, None);
        let pauses: Vec<_> = steps[1..].iter().map(|step| step.minutes_since_last_event).collect();
        assert_eq!(pauses, minutes(&[30, 30, 31]));
        assert_eq!(steps.iter().map(|step| step.session_number).collect::<Vec<_>>(), [1, 1, 1, 2]);
        assert_eq!(
            steps.iter().map(|step| step.is_session_start).collect::<Vec<_>>(),
            [true, false, false, true]
        );
    }
}
