//! The stretches of players, in few bytes each.

use std::ops::Range;

use crate::pipeline::sessions::{Session, Stretch};
use crate::time::{MINUTE_US, Micros};

const SECOND_US: i64 = 1_000_000;
/// Stands for a number that is too great, which is elsewhere.
const WIDE: u16 = u16::MAX;

/// Stretches, one player's behind the other's: six bytes for the minutes and the events of each, two for its seconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Stretches {
    narrow: Vec<Narrow>,
    /// The numbers that do not fit, by their stretches.
    wide: Vec<(usize, [u64; 3])>,
    within: Within,
}

/// Minutes from the end of the player's stretch before, minutes to its own end, and its events.
type Narrow = [u16; 3];

/// Where in its minute each stretch begins and ends.
#[derive(Debug, Clone)]
enum Within {
    Seconds(Vec<[u8; 2]>),
    Micros(Vec<[u32; 2]>),
}

impl Default for Within {
    fn default() -> Self {
        Self::Seconds(Vec::new())
    }
}

impl Stretches {
    pub(super) fn len(&self) -> usize {
        self.narrow.len()
    }

    /// The memory that they take.
    pub(super) fn bytes(&self) -> usize {
        let within = match &self.within {
            Within::Seconds(within) => within.capacity() * size_of::<[u8; 2]>(),
            Within::Micros(within) => within.capacity() * size_of::<[u32; 2]>(),
        };
        self.narrow.capacity() * size_of::<Narrow>()
            + self.wide.capacity() * size_of::<(usize, [u64; 3])>()
            + within
    }

    /// Adds a player's stretches. Gives the minute that the first of them begins in.
    pub(super) fn extend(&mut self, stretches: impl Iterator<Item = Session>) -> i64 {
        let minute = |time: Micros| time.get().div_euclid(MINUTE_US);
        let mut ended = None;
        let mut first_minute = 0;
        for Session { start_us, end_us, events } in stretches {
            let (start, end) = (minute(start_us), minute(end_us));
            let before = ended.replace(end).unwrap_or_else(|| {
                first_minute = start;
                start
            });
            self.push([before.abs_diff(start), start.abs_diff(end), events]);
            self.within.push([start_us, end_us].map(|time| time.get().rem_euclid(MINUTE_US)));
        }
        first_minute
    }

    fn push(&mut self, numbers: [u64; 3]) {
        let narrow = numbers.map(|number| u16::try_from(number).unwrap_or(WIDE));
        if narrow.contains(&WIDE) {
            self.wide.push((self.narrow.len(), numbers));
        }
        self.narrow.push(narrow);
    }

    /// A player's stretches, the first of which begins in `first_minute`.
    pub(super) fn of(&self, places: Range<usize>, first_minute: i64) -> impl Iterator<Item = Stretch> + '_ {
        let mut minute = first_minute;
        let start = places.start;
        let narrow = self.narrow.get(places).unwrap_or_default();
        narrow.iter().zip(start..).map(move |(&numbers, place)| {
            let [pause, length, events] = match numbers.contains(&WIDE) {
                false => numbers.map(u64::from),
                true => self.wide_at(place),
            };
            let start_minute = minute.wrapping_add_unsigned(pause);
            minute = start_minute.wrapping_add_unsigned(length);
            Stretch { start_minute, end_minute: minute, events }
        })
    }

    /// The minutes of the pauses before a player's stretches, with none before the first.
    pub(super) fn pauses(&self, places: Range<usize>) -> impl Iterator<Item = i64> + '_ {
        places.skip(1).map(|place| match self.narrow.get(place).map(|numbers| numbers[0]) {
            Some(WIDE) | None => i64::MAX,
            Some(pause) => i64::from(pause),
        })
    }

    #[cold]
    fn wide_at(&self, place: usize) -> [u64; 3] {
        let found = self.wide.binary_search_by_key(&place, |(place, _)| *place);
        found.map_or([0; 3], |index| self.wide[index].1)
    }

    /// When the session that is made of these stretches of a player begins and ends, whose first stretch begins in `first_minute`.
    pub(super) fn times(
        &self,
        places: Range<usize>,
        first_minute: i64,
        [first, last]: [usize; 2],
    ) -> (Micros, Micros) {
        let start = places.start;
        let mut minutes = self.of(places, first_minute).skip(first);
        let starts = minutes.next();
        let ends = if last > first { minutes.nth(last - first - 1) } else { starts };
        let time = |minute: Option<i64>, place: usize, end: usize| {
            let us = minute.unwrap_or(0).saturating_mul(MINUTE_US);
            Micros::MIN
                .max(Micros::new(us.saturating_add(self.within.us(start + place, end))).unwrap_or_default())
        };
        (
            time(starts.map(|stretch| stretch.start_minute), first, 0),
            time(ends.map(|stretch| stretch.end_minute), last, 1),
        )
    }
}

impl Within {
    fn push(&mut self, us: [i64; 2]) {
        if let Self::Seconds(seconds) = self {
            if us.iter().all(|us| us % SECOND_US == 0) {
                seconds.push(us.map(|us| (us / SECOND_US) as u8));
                return;
            }
            let as_micros = |seconds: &[u8; 2]| seconds.map(|second| u32::from(second) * SECOND_US as u32);
            *self = Self::Micros(seconds.iter().map(as_micros).collect());
        }
        if let Self::Micros(micros) = self {
            micros.push(us.map(|us| us as u32));
        }
    }

    /// Microseconds from the beginning of its minute to the start of a stretch, or to its end.
    fn us(&self, place: usize, end: usize) -> i64 {
        match self {
            Self::Seconds(seconds) => seconds.get(place).map_or(0, |of| i64::from(of[end]) * SECOND_US),
            Self::Micros(micros) => micros.get(place).map_or(0, |of| i64::from(of[end])),
        }
    }
}
