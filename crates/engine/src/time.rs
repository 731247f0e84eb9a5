//! Times, days and spans of the log: naive, without a zone, and within what DuckDB's TIMESTAMP can hold.
//!
//! A number becomes one of these types where it is read, and is checked there. From then on no two units can be mixed
//! up, and the difference of any two times in minutes or days is exact.

use std::fmt;
use std::iter::Sum;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::Error;

/// Microseconds in a minute.
pub const MINUTE_US: i64 = 60_000_000;
/// Microseconds in an hour.
pub const HOUR_US: i64 = 60 * MINUTE_US;
/// Microseconds in a day.
pub const DAY_US: i64 = 24 * HOUR_US;

/// A whole number of a unit, from the least that it can be to the greatest.
macro_rules! whole {
    ($(#[$doc:meta])* $name:ident, $small:ty, $unit:literal, $least:expr, $most:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "i64", into = "i64")]
        #[repr(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The least of all.
            pub const MIN: Self = Self($least);
            /// The greatest of all.
            pub const MAX: Self = Self($most);

            /// `None` for a number outside [`Self::MIN`] and [`Self::MAX`].
            #[inline]
            #[must_use]
            pub const fn new(number: i64) -> Option<Self> {
                if Self::MIN.0 <= number && number <= Self::MAX.0 { Some(Self(number)) } else { None }
            }

            /// Of a number so small that it is always one.
            #[must_use]
            pub const fn of(number: $small) -> Self {
                Self(number as i64)
            }

            /// The number.
            #[inline]
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl TryFrom<i64> for $name {
            type Error = Error;

            fn try_from(number: i64) -> Result<Self, Error> {
                let (least, most) = (Self::MIN.0, Self::MAX.0);
                Self::new(number).ok_or(Error::OutOfDomain { number, unit: $unit, least, most })
            }
        }

        impl From<$name> for i64 {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

whole!(
    /// A time: microseconds since 1970-01-01T00:00:00. From 290309-12-22 BC, where DuckDB's TIMESTAMP begins, to the
    /// last number before those that it has for infinity.
    Micros, u32, "microseconds since 1970", -9_223_372_022_400_000_000, i64::MAX - 1
);
whole!(
    /// A calendar day: days since 1970-01-01. All of them begin with a [`Micros`].
    Day, u16, "days since 1970", Micros::MIN.day().0, Micros::MAX.day().0
);
whole!(
    /// A span in minutes, as far as two times can be from each other, to either side.
    Minutes, u32, "minutes", -Micros::MIN.minutes_to(Micros::MAX).0, Micros::MIN.minutes_to(Micros::MAX).0
);
whole!(
    /// A span in days, as far as two days can be from each other, to either side.
    Days, u16, "days", Day::MAX.days_to(Day::MIN).0, Day::MIN.days_to(Day::MAX).0
);

impl Micros {
    /// All of the numbers as times, in the same memory; given back where one of them is outside.
    ///
    /// # Errors
    /// The numbers, where not all of them are times.
    pub(crate) fn all(numbers: Vec<i64>) -> Result<Vec<Self>, Vec<i64>> {
        // Within 146,000 years of 1970, as real logs are, the sum has no sign: that is asked of several at once.
        const NEAR: i64 = 1 << 62;
        let signs = numbers.iter().fold(0, |signs, number| signs | number.wrapping_add(NEAR));
        let are_times = signs >= 0 || numbers.iter().all(|&number| Self::new(number).is_some());
        if are_times { Ok(numbers.into_iter().map(Self).collect()) } else { Err(numbers) }
    }

    /// So many microseconds later, or earlier where they are negative; the last or the first time where there is none.
    #[must_use]
    pub const fn saturating_add(self, us: i64) -> Self {
        let sum = self.0.saturating_add(us);
        if sum < Self::MIN.0 {
            Self::MIN
        } else if sum > Self::MAX.0 {
            Self::MAX
        } else {
            Self(sum)
        }
    }

    /// Minute boundaries crossed from this time to the other: DuckDB's `datediff('minute', a, b)`.
    #[inline]
    #[must_use]
    pub const fn minutes_to(self, other: Self) -> Minutes {
        Minutes(other.0.div_euclid(MINUTE_US) - self.0.div_euclid(MINUTE_US))
    }

    /// The calendar day.
    #[inline]
    #[must_use]
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_US))
    }

    /// The hour of the week: 0 is Monday 00:00, 167 is Sunday 23:00.
    #[must_use]
    pub const fn hour_of_week(self) -> usize {
        // 1970-01-01 was a Thursday: three days after Monday.
        (self.0.div_euclid(HOUR_US) + 3 * 24).rem_euclid(7 * 24) as usize
    }
}

impl Minutes {
    /// What each of so many has of it, rounded up; all of it where there is none.
    #[must_use]
    #[inline]
    pub fn div_ceil(self, parts: u64) -> Self {
        let parts = i64::try_from(parts).unwrap_or(i64::MAX).max(1);
        let whole = self.0.div_euclid(parts);
        // One division, for it is slow.
        Self(whole + i64::from(whole * parts < self.0))
    }

    /// Each number of minutes in a range.
    pub fn each(range: RangeInclusive<Self>) -> impl DoubleEndedIterator<Item = Self> {
        (range.start().0..=range.end().0).map(Self)
    }
}

impl Sum for Minutes {
    /// No longer than the longest span: parts of one are not.
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        let sum = parts.fold(0, |sum: i64, part| sum.saturating_add(part.0));
        Self(sum.clamp(Self::MIN.0, Self::MAX.0))
    }
}

impl Day {
    /// Its midnight.
    #[must_use]
    pub const fn start(self) -> Micros {
        Micros(self.0 * DAY_US)
    }

    /// The day after; `None` after the last.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        Self::new(self.0 + 1)
    }

    /// Days from this day to the other: DuckDB's `datediff('day', a, b)`.
    #[must_use]
    pub const fn days_to(self, other: Self) -> Days {
        Days(other.0 - self.0)
    }
}

const _: () = assert!(Day::MIN.start().0 == Micros::MIN.0, "every day begins with a time");

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time_us: i64) -> Micros {
        Micros::new(time_us).unwrap()
    }

    #[test]
    fn a_time_is_what_the_database_can_hold() {
        // `epoch_us` of the ends of DuckDB's TIMESTAMP: '290309-12-22 (BC) 00:00:00' and
        // '294247-01-10 04:00:54.775806'. One more to either side, and it refuses or calls it infinity.
        let ends = [-9_223_372_022_400_000_000, 9_223_372_036_854_775_806];
        assert_eq!([Micros::MIN, Micros::MAX].map(Micros::get), ends);
        assert!(ends.into_iter().all(|end| Micros::new(end).is_some()));
        let outside = [i64::MIN, -i64::MAX, ends[0] - 1, ends[1] + 1];
        assert!(outside.into_iter().all(|time_us| Micros::new(time_us).is_none()));
    }

    #[test]
    fn numbers_are_times_together_when_each_is_one() {
        let ends = [Micros::MIN, Micros::MAX].map(Micros::get);
        let near = [-1_i64 << 62, (-1 << 62) - 1, (1 << 62) - 1, 1 << 62, 0, ends[0], ends[1]];
        let all = near.map(at);
        assert_eq!(Micros::all(near.to_vec()).unwrap(), all);
        for outside in [i64::MIN, ends[0] - 1, i64::MAX] {
            let numbers = vec![0, outside, 1];
            assert_eq!(Micros::all(numbers.clone()), Err(numbers));
        }
    }

    #[test]
    fn minutes_are_boundaries_crossed() {
        let minutes = |a, b| at(a).minutes_to(at(b)).get();
        assert_eq!(minutes(59_000_000, 60_000_000), 1);
        assert_eq!(minutes(0, 59_999_999), 0);
        assert_eq!(minutes(-1, 0), 1);
        // DuckDB's `datediff('minute', …)` of the two ends.
        assert_eq!(Micros::MIN.minutes_to(Micros::MAX).get(), 307_445_734_320);
        assert_eq!(Minutes::MAX.get(), 307_445_734_320);
    }

    #[test]
    fn days_and_hours_before_1970_are_floored() {
        assert_eq!(at(-1).day(), Day::new(-1).unwrap());
        assert_eq!(at(0).hour_of_week(), 72);
        assert_eq!(at(-1).hour_of_week(), 71);
        assert_eq!(at(4 * DAY_US).hour_of_week(), 0);
    }

    #[test]
    fn the_last_day_has_none_after_it() {
        assert_eq!(Day::of(1).next(), Some(Day::of(2)));
        assert_eq!((Day::MAX.next(), Day::MIN.start()), (None, Micros::MIN));
        assert_eq!(Day::MIN.days_to(Day::MAX), Days::MAX);
    }

    #[test]
    fn a_number_outside_says_what_would_be_inside() {
        let said = Day::try_from(i64::MAX).unwrap_err().to_string();
        assert_eq!(
            said,
            "9223372036854775807 is no number of days since 1970: those are from -106751991 to 106751991"
        );
    }
}
