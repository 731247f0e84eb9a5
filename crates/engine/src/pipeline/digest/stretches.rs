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

    /// Begins with the next player's.
    pub(super) fn next_player(&mut self) -> OfPlayer<'_> {
        OfPlayer { all: self, first_minute: None, last_minute: 0 }
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

/// Stretches of one player on their way in.
pub(super) struct OfPlayer<'a> {
    all: &'a mut Stretches,
    first_minute: Option<i64>,
    last_minute: i64,
}

impl OfPlayer<'_> {
    /// Adds the next stretch.
    pub(super) fn push(&mut self, &Session { start_us, end_us, events }: &Session) {
        let [start, end] = [start_us, end_us].map(|time| time.get().div_euclid(MINUTE_US));
        if self.first_minute.is_none() {
            (self.first_minute, self.last_minute) = (Some(start), start);
        }
        self.all.push([self.last_minute.abs_diff(start), start.abs_diff(end), events]);
        self.all.within.push([start_us, end_us].map(|time| time.get().rem_euclid(MINUTE_US)));
        self.last_minute = end;
    }

    /// The minute that the first of them begins in.
    pub(super) fn first_minute(&self) -> i64 {
        self.first_minute.unwrap_or(0)
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
