//! How a headline figure went over the log, coarse enough for its tile.

use wow_engine::pipeline::Report;

/// As many points as a tile has room for.
const MOST_POINTS: i64 = 60;
const WEEK: i64 = 7;

/// The log's days in stretches of the same length. The newest ends with the log; days before the oldest whole one are left
/// out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretches {
    last_day: i64,
    days: i64,
    count: usize,
}

impl Stretches {
    /// Weeks or longer ones; days where there are few. None without events.
    pub(super) fn of(report: &Report) -> Option<Self> {
        let (first, last) = (report.first_us?.day().get(), report.last_us?.day().get());
        let span = last.saturating_sub(first).saturating_add(1);
        let days = match span {
            ..=MOST_POINTS => 1,
            // A whole number of weeks, for days of a week differ.
            _ => ((span - 1) / (MOST_POINTS * WEEK) + 1).saturating_mul(WEEK),
        };
        Some(Self { last_day: last, days, count: usize::try_from(span / days).ok()? })
    }

    /// The stretch that a day is in.
    fn place(&self, day: i64) -> Option<usize> {
        let back = usize::try_from(self.last_day.checked_sub(day)? / self.days).ok()?;
        (day <= self.last_day && back < self.count).then(|| self.count - 1 - back)
    }

    /// The mean of what was counted on days; none in stretches without any.
    pub(super) fn means(&self, counted: impl Iterator<Item = (i64, u64)>) -> Vec<Option<f64>> {
        let mut sums = vec![(0_u64, 0_u64); self.count];
        for (day, count) in counted {
            if let Some(place) = self.place(day) {
                sums[place].0 = sums[place].0.saturating_add(count);
                sums[place].1 += 1;
            }
        }
        sums.into_iter().map(|(sum, days)| (days > 0).then(|| sum as f64 / days as f64)).collect()
    }

    /// How often each stretch was met.
    pub(super) fn counts(&self, days: impl Iterator<Item = i64>) -> Vec<Option<f64>> {
        let mut counts = vec![0.0; self.count];
        for place in days.filter_map(|day| self.place(day)) {
            counts[place] += 1.0;
        }
        counts.into_iter().map(Some).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use wow_engine::time::{DAY_US, Micros};

    fn stretches(days: i64) -> Stretches {
        let mut report = sample::report(&[]);
        report.first_us = Micros::new(0);
        report.last_us = Micros::new((days - 1) * DAY_US);
        Stretches::of(&report).unwrap()
    }

    #[test]
    fn a_long_log_is_shown_by_whole_weeks_that_end_with_it() {
        let year = stretches(366);
        assert_eq!((year.days, year.count), (7, 52));
        assert_eq!((year.place(365), year.place(359), year.place(358)), (Some(51), Some(51), Some(50)));
        // Two days are over.
        assert_eq!((year.place(2), year.place(1), year.place(366)), (Some(0), None, None));
        assert_eq!(stretches(1_106).days, 21);
        assert_eq!(stretches(10).days, 1);
    }

    #[test]
    fn a_stretch_without_days_is_a_gap_and_no_zero() {
        let few = stretches(4);
        let means = few.means([(0, 10), (1, 20), (3, 30)].into_iter());
        assert_eq!(means, [Some(10.0), Some(20.0), None, Some(30.0)]);
        assert_eq!(few.counts([3, 3, 9].into_iter()), [Some(0.0), Some(0.0), Some(0.0), Some(2.0)]);
        let weeks = stretches(70);
        assert_eq!(weeks.means([(0, 7), (1, 9)].into_iter())[0], Some(8.0));
    }
}
