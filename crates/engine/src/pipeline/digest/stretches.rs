//! The stretches of players, in few bytes each.

use std::ops::Range;

use super::pauses::PauseSet;
use crate::pipeline::sessions::{Session, Stretch};
use crate::time::{MINUTE_US, Micros};

const SECOND_US: i64 = 1_000_000;
/// Bits of the numbers of a stretch, lowest first: minutes from the end of the player's stretch before, minutes to its own end, and its
/// events. A number of ones alone stands for one that does not fit, which is elsewhere.
const BITS: [u32; 3] = [14, 11, 11];
/// Bits of the seconds in which it begins and ends, which come next.
const SECOND_BITS: u32 = 6;

/// Bytes of a stretch that begins and ends at whole seconds, and of any other, whose microseconds within the minute follow.
const SECONDS_BYTES: usize = 6;
const MICROS_BYTES: usize = SECONDS_BYTES + 8;

/// What is known of all stretches, one player's behind the other's, whose bytes may be elsewhere. Each has equally many.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    len: usize,
    /// The numbers that do not fit, by their stretches.
    wide: Vec<(usize, [u64; 3])>,
    /// Whether any begins or ends within a second.
    has_micros: bool,
}

/// The stretches of a player.
#[derive(Clone, Copy)]
pub(super) struct OfPlayer<'a> {
    all: &'a Stretches,
    first_place: usize,
    /// The minute that the first of them begins in.
    first_minute: i64,
    bytes: &'a [u8],
}

impl Stretches {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Where the bytes of some stretches are among those of all.
    pub(super) const fn bytes_of(&self, places: &Range<usize>) -> Range<usize> {
        let each = self.bytes_each();
        places.start.saturating_mul(each)..places.end.saturating_mul(each)
    }

    const fn bytes_each(&self) -> usize {
        if self.has_micros { MICROS_BYTES } else { SECONDS_BYTES }
    }

    /// The stretches of a player at these places, the first of which begins in `first_minute`, from their bytes; `None` where these
    /// are too few or too many.
    pub(super) fn of<'a>(
        &'a self,
        places: &Range<usize>,
        first_minute: i64,
        bytes: &'a [u8],
    ) -> Option<OfPlayer<'a>> {
        let is_whole = self.bytes_of(&(0..places.len())).end == bytes.len();
        is_whole.then_some(OfPlayer { all: self, first_place: places.start, first_minute, bytes })
    }

    /// Adds the next stretch of a player whose stretch before ended in `last_minute`, and gives the minute in which it ends.
    pub(super) fn push(
        &mut self,
        bytes: &mut Vec<u8>,
        last_minute: Option<i64>,
        &Session { start_us, end_us, events }: &Session,
    ) -> i64 {
        let [start, end] = [start_us, end_us].map(|time| time.get().div_euclid(MINUTE_US));
        let numbers = [last_minute.map_or(0, |last| last.abs_diff(start)), start.abs_diff(end), events];
        let us = [start_us, end_us].map(|time| time.get().rem_euclid(MINUTE_US));
        if !self.has_micros && us.iter().any(|us| us % SECOND_US != 0) {
            self.has_micros = true;
            *bytes = with_micros(bytes);
        }
        let narrow = [0, 1, 2].map(|number| numbers[number].min(ones(BITS[number])));
        if is_wide(narrow) {
            self.wide.push((self.len, numbers));
        }
        self.len += 1;
        let [pause, length, events] = narrow;
        let [first_second, last_second] = us.map(|us| (us / SECOND_US).cast_unsigned());
        let fields = [(SECOND_BITS, first_second), (BITS[2], events), (BITS[1], length), (BITS[0], pause)];
        let packed = fields.iter().fold(last_second, |packed, (bits, field)| packed << bits | field);
        bytes.extend_from_slice(&packed.to_le_bytes()[..SECONDS_BYTES]);
        if self.has_micros {
            bytes.extend(us.iter().flat_map(|us| (*us as u32).to_le_bytes()));
        }
        end
    }

    #[cold]
    fn wide_at(&self, place: usize) -> [u64; 3] {
        let found = self.wide.binary_search_by_key(&place, |(place, _)| *place);
        found.map_or([0; 3], |index| self.wide[index].1)
    }
}

/// The greatest number of so many bits.
const fn ones(bits: u32) -> u64 {
    (1 << bits) - 1
}

/// Whether any of these numbers stands for one that is elsewhere.
const fn is_wide([pause, length, events]: [u64; 3]) -> bool {
    pause == ones(BITS[0]) || length == ones(BITS[1]) || events == ones(BITS[2])
}

/// A stretch's numbers and its seconds, from its bytes.
#[inline]
fn unpacked(record: &[u8]) -> ([u64; 3], [u64; 2]) {
    let [a, b, c, d, e, f] = record.first_chunk().copied().unwrap_or_default();
    let mut rest = u64::from_le_bytes([a, b, c, d, e, f, 0, 0]);
    let mut next = |bits: u32| {
        let field = rest & ones(bits);
        rest >>= bits;
        field
    };
    (BITS.map(&mut next), [SECOND_BITS; 2].map(next))
}

/// The same stretches, with the microseconds of their whole seconds.
fn with_micros(bytes: &[u8]) -> Vec<u8> {
    let mut micros = Vec::with_capacity(bytes.len() / SECONDS_BYTES * MICROS_BYTES);
    for stretch in bytes.as_chunks::<SECONDS_BYTES>().0 {
        let seconds = unpacked(stretch).1;
        micros.extend_from_slice(stretch);
        micros.extend(seconds.iter().flat_map(|&second| (second as u32 * SECOND_US as u32).to_le_bytes()));
    }
    micros
}

impl<'a> OfPlayer<'a> {
    pub(super) fn iter(self) -> impl Iterator<Item = Stretch> + 'a {
        let mut minute = self.first_minute;
        self.numbers().map(move |[pause, length, events]| {
            let start_minute = minute.wrapping_add_unsigned(pause);
            minute = start_minute.wrapping_add_unsigned(length);
            Stretch { start_minute, end_minute: minute, events }
        })
    }

    /// The pauses between them.
    pub(super) fn pauses(self) -> PauseSet {
        self.numbers().skip(1).map(|[pause, ..]| i64::try_from(pause).unwrap_or(i64::MAX)).collect()
    }

    #[inline]
    fn numbers(self) -> impl Iterator<Item = [u64; 3]> + 'a {
        let records = self.bytes.chunks_exact(self.all.bytes_each());
        records.zip(self.first_place..).map(move |(record, place)| {
            let numbers = unpacked(record).0;
            if is_wide(numbers) { self.all.wide_at(place) } else { numbers }
        })
    }

    /// When the session that is made of these of them begins and ends.
    pub(super) fn times(self, [first, last]: [usize; 2]) -> (Micros, Micros) {
        let mut minutes = self.iter().skip(first);
        let starts = minutes.next();
        let ends = if last > first { minutes.nth(last - first - 1) } else { starts };
        let time = |minute: Option<i64>, place: usize, end: usize| {
            let us = minute.unwrap_or(0).saturating_mul(MINUTE_US);
            Micros::MIN.max(Micros::new(us.saturating_add(self.us_within(place, end))).unwrap_or_default())
        };
        (
            time(starts.map(|stretch| stretch.start_minute), first, 0),
            time(ends.map(|stretch| stretch.end_minute), last, 1),
        )
    }

    /// Microseconds from the beginning of its minute to the start of a stretch, or to its end.
    fn us_within(self, place: usize, end: usize) -> i64 {
        let record = self.bytes.chunks_exact(self.all.bytes_each()).nth(place).unwrap_or_default();
        match self.all.has_micros {
            true => {
                let micros = record.get(SECONDS_BYTES..).unwrap_or_default();
                micros.as_chunks().0.get(end).map_or(0, |&us| u32::from_le_bytes(us).into())
            }
            false => unpacked(record).1[end].cast_signed() * SECOND_US,
        }
    }
}

const _: () = assert!(
    BITS[0] + BITS[1] + BITS[2] + 2 * SECOND_BITS == 8 * SECONDS_BYTES as u32,
    "a stretch fills its bytes"
);
