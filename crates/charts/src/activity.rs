//! Daily active players: those without bots, and likely bots on top of them.

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, draw_below, draw_counts, draw_key};
use crate::canvas::{Area, Canvas};
use crate::dates;
use crate::error::Error;
use crate::format;
use crate::frame::Frame;
use crate::marks::Mark;
use crate::milestones::{self, DayPlot, Milestone};
use crate::rect::Rect;
use crate::theme::Theme;
use crate::ticks::count_axis;

/// Who was seen on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityDay {
    /// Days since 1 January 1970.
    pub day: i64,
    /// Distinct players seen that day that are not flagged.
    pub humans: u64,
    /// Distinct players seen that day that are flagged.
    pub bots: u64,
}

/// Players seen per day over the whole period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// Ascending by day, each day at most once; a day left out is a day without players.
    pub days: Vec<ActivityDay>,
    /// Days to mark, as far as they are among those shown.
    pub milestones: Vec<Milestone>,
}

impl Activity {
    /// How many days one point stands for at a width in pixels: 1, or 7 and its doubles where
    /// single days would be denser than pixels allow. A point is the mean of its days.
    pub fn bucket_days(&self, width_px: u32) -> u64 {
        let days = self.range().map_or(1, |(first, last)| last.abs_diff(first).saturating_add(1));
        bucket_days(days, width_px)
    }

    fn range(&self) -> Option<(i64, i64)> {
        Some((self.days.first()?.day, self.days.last()?.day))
    }
}

/// How many of so many days one point stands for at a width in pixels.
pub(crate) fn bucket_days(days: u64, width_px: u32) -> u64 {
    let points = u64::from(width_px.saturating_sub(60)).max(1) / 3;
    let mut bucket = 1;
    while days.div_ceil(bucket) > points.max(1) {
        bucket = if bucket == 1 { 7 } else { bucket.saturating_mul(2) };
    }
    bucket
}

/// The mean of a run of days.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// First day of the run, in days since 1970.
    first: i64,
    days: u64,
    humans: f64,
    total: f64,
}

impl Bucket {
    /// Where the run begins, ends and has its middle on an axis of days.
    fn start(&self) -> f64 {
        self.first as f64
    }

    fn middle(&self) -> f64 {
        self.start() + self.days as f64 / 2.0
    }

    fn end(&self) -> f64 {
        self.start() + self.days as f64
    }

    fn mark(&self, frame: &Frame, milestones: &[Milestone]) -> Mark {
        let last = self.first.saturating_add_unsigned(self.days - 1);
        let (humans, bots) = (self.humans, self.total - self.humans);
        let means = if self.days > 1 { "daily mean: " } else { "" };
        let (humans, bots) = (format::averaged(humans, "player"), format::averaged(bots, "likely bot"));
        let area = frame.column(self.start(), self.end());
        let happened = milestones::read(milestones, self.first, last);
        Mark::new(
            area,
            dates::days(self.first, last),
            format!("{means}{humans} without bots · {bots}{happened}"),
        )
    }
}

/// Draws daily active players. The frame's `x` is in days since 1970, `y` in players.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_activity<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Activity,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let buckets = buckets(data, canvas.width as u32);
    let greatest = buckets.iter().map(|bucket| bucket.total).fold(0.0, f64::max);
    let (first, last) = data.range().unwrap_or((0, 0));
    let days = (first as f64, last as f64 + 1.0);
    let axis_of = |length_px| (0.0, count_axis(greatest, length_px));
    let DayPlot { plot, x, counts: (_, axis), lines } =
        milestones::plot(&canvas, &data.milestones, days, FOOT_PX, axis_of);
    let mut frame = Frame::upright(plot, x, (0.0, axis.top));
    if buckets.is_empty() {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    draw_below(&canvas, &frame, &dates::ticks(&frame.x, canvas.width), false)?;
    draw_areas(&canvas, &frame, &buckets)?;
    lines.draw(&canvas, &plot)?;
    draw_key(&canvas, plot.left, &[(theme.human, "without bots"), (theme.bot, "likely bots")])?;
    frame.marks = buckets.iter().map(|bucket| bucket.mark(&frame, &data.milestones)).collect();
    Ok(frame)
}

fn draw_areas<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    buckets: &[Bucket],
) -> Result<(), Error> {
    let Rect { left, right, bottom, .. } = frame.plot;
    let line = |height: fn(&Bucket) -> f64| {
        let points = buckets.iter().map(|bucket| (frame.x.px(bucket.middle()), frame.y.px(height(bucket))));
        to_edges(points.collect(), left, right)
    };
    let humans = line(|bucket| bucket.humans);
    let total = line(|bucket| bucket.total);
    let below: Vec<_> = humans.iter().copied().chain([(right, bottom), (left, bottom)]).collect();
    let between: Vec<_> = total.iter().chain(humans.iter().rev()).copied().collect();
    canvas.polygon(&below, canvas.theme.human, 0.14)?;
    canvas.polygon(&between, canvas.theme.bot, 0.16)?;
    canvas.polyline(&total, canvas.theme.bot, 1.5)?;
    canvas.polyline(&humans, canvas.theme.human, 1.5)
}

/// Points stand in the middle of their days; the line runs on to the plot's edges.
fn to_edges(points: Vec<(f64, f64)>, left: f64, right: f64) -> Vec<(f64, f64)> {
    let start = points.first().map(|&(_, y)| (left, y));
    let end = points.last().map(|&(_, y)| (right, y));
    start.into_iter().chain(points).chain(end).collect()
}

fn buckets(data: &Activity, width_px: u32) -> Vec<Bucket> {
    let Some((first, last)) = data.range() else {
        return Vec::new();
    };
    let length = data.bucket_days(width_px);
    let days = last.abs_diff(first).saturating_add(1);
    let mut sums = vec![(0.0, 0.0); days.div_ceil(length) as usize];
    for day in &data.days {
        // Days out of order fall into the first or last bucket rather than out of the chart.
        let index = (day.day.saturating_sub(first).max(0).unsigned_abs() / length) as usize;
        let index = index.min(sums.len() - 1);
        sums[index].0 += day.humans as f64;
        sums[index].1 += day.humans as f64 + day.bots as f64;
    }
    let mean = |(index, (humans, total)): (usize, (f64, f64))| {
        let start = index as u64 * length;
        // The last run may be cut short by the end of the data.
        let count = length.min(days - start);
        Bucket {
            first: first.saturating_add_unsigned(start),
            days: count,
            humans: humans / count as f64,
            total: total / count as f64,
        }
    };
    sums.into_iter().enumerate().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(days: i64) -> Activity {
        let days = (0..days).map(|day| ActivityDay { day, humans: 90, bots: 10 });
        Activity { days: days.collect(), ..Activity::default() }
    }

    #[test]
    fn points_are_days_while_they_fit_and_weekly_means_after_that() {
        assert_eq!(steady(180).bucket_days(720), 1);
        assert_eq!(steady(1_106).bucket_days(720), 7);
        assert_eq!(steady(1_106).bucket_days(328), 14);
        assert_eq!(Activity::default().bucket_days(0), 1);
    }

    #[test]
    fn means_are_not_dragged_down_by_a_short_last_run() {
        for bucket in buckets(&steady(1_100), 328) {
            assert_eq!((bucket.humans, bucket.total), (90.0, 100.0));
        }
    }

    #[test]
    fn a_missing_day_counts_as_empty() {
        let mut data = steady(10);
        data.days.remove(5);
        assert_eq!(buckets(&data, 720)[5].total, 0.0);
    }

    #[test]
    fn an_absurd_range_stays_small() {
        let day = |day| ActivityDay { day, humans: 1, bots: 0 };
        let data = Activity { days: vec![day(i64::MIN), day(0), day(i64::MAX)], ..Activity::default() };
        assert!(buckets(&data, 1_400).len() <= 1_400);
    }
}
