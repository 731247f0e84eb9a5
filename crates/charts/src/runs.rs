//! Days put together to runs of equal length, where single days would be denser than pixels allow.

/// A Monday in days since 1970: runs of a week and its multiples begin on Mondays.
const A_MONDAY: i64 = 4;

/// The runs that hold some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Runs {
    first: i64,
    /// How many days there are.
    days: u64,
    /// How many days a whole run has: 1, or 7 and its doubles.
    length: u64,
    /// How many days of the first run lie before the first day.
    before: u64,
}

/// A stretch of days that stand for one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// Its first day, in days since 1970.
    pub(crate) first: i64,
    /// How many of its days lie between the first and the last of all.
    pub(crate) days: u64,
    /// Whether these are all of its days.
    pub(crate) is_whole: bool,
}

impl Run {
    /// Its last day.
    pub(crate) const fn last(&self) -> i64 {
        self.first.saturating_add_unsigned(self.days - 1)
    }

    /// Where it begins, has its middle and ends on an axis of days.
    pub(crate) fn start(&self) -> f64 {
        self.first as f64
    }

    pub(crate) fn middle(&self) -> f64 {
        self.start() + self.days as f64 / 2.0
    }

    pub(crate) fn end(&self) -> f64 {
        self.start() + self.days as f64
    }
}

impl Runs {
    /// The runs for a drawing of a width in pixels.
    pub(crate) fn of_days(first: i64, last: i64, width_px: u32) -> Self {
        let days = last.abs_diff(first).saturating_add(1);
        let length = run_days(days, width_px);
        let before = match length {
            1 => 0,
            _ => first.saturating_sub(A_MONDAY).rem_euclid(i64::try_from(length).unwrap_or(i64::MAX)),
        };
        Self { first, days, length, before: before.unsigned_abs() }
    }

    /// Runs of one value each, as far as they are few.
    pub(crate) fn of_values(first: i64, last: i64) -> Self {
        let days = last.abs_diff(first).saturating_add(1);
        Self { first, days, length: run_days(days, 3_000), before: 0 }
    }

    pub(crate) const fn count(&self) -> usize {
        self.days.saturating_add(self.before).div_ceil(self.length) as usize
    }

    /// Which run holds a day. Days beyond the ends fall into the first or last run rather than out of the chart.
    pub(crate) fn place(&self, day: i64) -> usize {
        let after = day.max(self.first).abs_diff(self.first);
        ((after.saturating_add(self.before) / self.length) as usize).min(self.count() - 1)
    }

    /// The run at a place.
    pub(crate) fn run(&self, place: usize) -> Run {
        let after = |place: u64| place.saturating_mul(self.length).saturating_sub(self.before).min(self.days);
        let (start, end) = (after(place as u64), after(place as u64 + 1));
        let days = end.saturating_sub(start).max(1);
        Run { first: self.first.saturating_add_unsigned(start), days, is_whole: days == self.length }
    }
}

/// How many of so many days one point stands for at a width in pixels.
fn run_days(days: u64, width_px: u32) -> u64 {
    let points = (u64::from(width_px.saturating_sub(60)).max(1) / 3).max(1);
    let mut length = 1;
    while days.div_ceil(length) > points {
        length = if length == 1 { 7 } else { length.saturating_mul(2) };
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_days_while_they_fit_and_whole_weeks_from_monday_after_that() {
        // 1 January 2006 was a Sunday.
        let runs = |days: i64, width_px| Runs::of_days(13_149, 13_148 + days, width_px);
        assert_eq!(runs(180, 720).length, 1);
        assert_eq!(runs(1_106, 328).length, 14);
        let weeks = runs(1_106, 720);
        assert_eq!((weeks.length, weeks.count()), (7, 159));
        assert_eq!(weeks.run(0), Run { first: 13_149, days: 1, is_whole: false });
        assert_eq!(weeks.run(1), Run { first: 13_150, days: 7, is_whole: true });
        // 10 January 2009 was a Saturday.
        assert_eq!(weeks.run(158), Run { first: 14_249, days: 6, is_whole: false });
        assert_eq!([13_149, 13_150, 13_156, 13_157, 14_254].map(|day| weeks.place(day)), [0, 1, 1, 2, 158]);
    }

    #[test]
    fn runs_lie_side_by_side_and_hold_every_day() {
        for (first, days, width_px) in
            [(13_149, 1, 328), (-9_000, 9_001, 160), (3, 1_106, 720), (4, 700, 328)]
        {
            let runs = Runs::of_days(first, first + days - 1, width_px);
            let mut next = first;
            for place in 0..runs.count() {
                let run = runs.run(place);
                assert_eq!((run.first, runs.place(run.first), runs.place(run.last())), (next, place, place));
                next = run.last() + 1;
            }
            assert_eq!(next, first + days);
        }
    }
}
