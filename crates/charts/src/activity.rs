//! Daily active players: those without bots, and likely bots on top of them.

use plotters::prelude::DrawingBackend;
use plotters::style::Color as _;

use crate::axis::{FOOT_PX, draw_below, draw_counts, draw_key, key_of_groups};
use crate::canvas::{Area, Canvas};
use crate::dates;
use crate::error::Error;
use crate::format;
use crate::frame::Frame;
use crate::marks::Mark;
use crate::milestones::{self, DayPlot, Milestone};
use crate::runs::{Run, Runs};
use crate::theme::Theme;
use crate::ticks::count_axis;

/// How much of its strength what stands for an incomplete run keeps.
const FAINT: f64 = 0.4;

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
    /// Ascending by day, each day at most once; a day left out is a day without events, of which nothing is known.
    pub days: Vec<ActivityDay>,
    /// Days to mark, as far as they are among those shown.
    pub milestones: Vec<Milestone>,
}

impl Activity {
    fn range(&self) -> Option<(i64, i64)> {
        Some((self.days.first()?.day, self.days.last()?.day))
    }

    fn has(&self, group: fn(&ActivityDay) -> u64) -> bool {
        self.days.iter().any(|day| group(day) > 0)
    }
}

/// A run of days and the means of those of them that have events.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    run: Run,
    /// How many days have events; with none there are no means.
    seen_days: u64,
    humans: f64,
    total: f64,
}

impl Bucket {
    fn mark(&self, frame: &Frame, milestones: &[Milestone]) -> Mark {
        let (first, last) = (self.run.first, self.run.last());
        let happened = milestones::read(milestones, first, last);
        let area = frame.column(self.run.start(), self.run.end());
        Mark::new(area, dates::days(first, last), self.reading() + &happened)
    }

    fn reading(&self) -> String {
        if self.seen_days == 0 {
            return "no events".to_owned();
        }
        let bots = self.total - self.humans;
        let bots_said = format::averaged(bots, "likely bot");
        let said = match (self.humans > 0.0, bots > 0.0) {
            (false, true) => bots_said,
            (true, true) => format!("{} · {bots_said}", format::averaged(self.total, "player")),
            (_, false) => format::averaged(self.total, "player"),
        };
        let means = if self.run.days > 1 { "daily mean: " } else { "" };
        let missing = match self.run.days - self.seen_days {
            0 => String::new(),
            _ => format!(" · of {} of {} days, the others have no events", self.seen_days, self.run.days),
        };
        format!("{means}{said}{missing}")
    }
}

/// Draws daily active players: a mean is one of the days that have events, runs without any are left blank, and what
/// stands for an incomplete run is faint. The frame's `x` is in days since 1970, `y` in players.
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
    let (has_humans, has_bots) = (data.has(|day| day.humans), data.has(|day| day.bots));
    for stretch in buckets.chunk_by(|one, other| (one.seen_days > 0) == (other.seen_days > 0)) {
        if stretch[0].seen_days > 0 {
            draw_stretch(&canvas, &frame, stretch, (has_humans, has_bots))?;
        }
    }
    lines.draw(&canvas, &plot)?;
    draw_key(&canvas, plot.left, &key_of_groups(theme, has_humans, has_bots))?;
    frame.marks = buckets.iter().map(|bucket| bucket.mark(&frame, &data.milestones)).collect();
    Ok(frame)
}

/// What is drawn at a place of the axis.
#[derive(Debug, Clone, Copy)]
struct Vertex {
    day: f64,
    humans: f64,
    total: f64,
}

impl Vertex {
    fn of(bucket: &Bucket, day: f64) -> Self {
        Self { day, humans: bucket.humans, total: bucket.total }
    }

    /// On the way from the middle of a run to that of another; at a gap, which has no other, level with the run.
    fn on_the_way(bucket: &Bucket, other: Option<&Bucket>, day: f64) -> Self {
        let Some(other) = other else { return Self::of(bucket, day) };
        let share = (day - bucket.run.middle()) / (other.run.middle() - bucket.run.middle());
        let at = |here: f64, there: f64| here + share * (there - here);
        Self { day, humans: at(bucket.humans, other.humans), total: at(bucket.total, other.total) }
    }
}

/// Draws runs between two gaps, incomplete ones apart from the others, so that they can be faint.
fn draw_stretch<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    stretch: &[Bucket],
    has: (bool, bool),
) -> Result<(), Error> {
    let mut place = 0_usize;
    for piece in stretch.chunk_by(|one, other| one.run.is_whole == other.run.is_whole) {
        let (first, last) = (&piece[0], &piece[piece.len() - 1]);
        let before = place.checked_sub(1).and_then(|before| stretch.get(before));
        place += piece.len();
        let start = Vertex::on_the_way(first, before, first.run.start());
        let end = Vertex::on_the_way(last, stretch.get(place), last.run.end());
        let middles = piece.iter().map(|bucket| Vertex::of(bucket, bucket.run.middle()));
        let vertices: Vec<Vertex> = std::iter::once(start).chain(middles).chain([end]).collect();
        draw_piece(canvas, frame, &vertices, has, if first.run.is_whole { 1.0 } else { FAINT })?;
    }
    Ok(())
}

fn draw_piece<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    vertices: &[Vertex],
    (has_humans, has_bots): (bool, bool),
    strength: f64,
) -> Result<(), Error> {
    let line = |height: fn(&Vertex) -> f64| -> Vec<(f64, f64)> {
        vertices.iter().map(|vertex| (frame.x.px(vertex.day), frame.y.px(height(vertex)))).collect()
    };
    let (none, humans, total) = (line(|_| 0.0), line(|vertex| vertex.humans), line(|vertex| vertex.total));
    let Theme { human, bot, .. } = *canvas.theme;
    if has_humans {
        canvas.polygon(&around(&humans, &none), human, 0.14 * strength)?;
    }
    if has_bots {
        canvas.polygon(&around(&total, &humans), bot, 0.16 * strength)?;
        canvas.polyline(&total, bot.mix(strength), 1.5)?;
    }
    if has_humans { canvas.polyline(&humans, human.mix(strength), 1.5) } else { Ok(()) }
}

/// There along one line, and back along another.
fn around(there: &[(f64, f64)], back: &[(f64, f64)]) -> Vec<(f64, f64)> {
    there.iter().chain(back.iter().rev()).copied().collect()
}

fn buckets(data: &Activity, width_px: u32) -> Vec<Bucket> {
    let Some((first, last)) = data.range() else {
        return Vec::new();
    };
    let runs = Runs::of_days(first, last, width_px);
    let mut sums = vec![(0, 0.0, 0.0); runs.count()];
    for day in &data.days {
        let (seen_days, humans, total) = &mut sums[runs.place(day.day)];
        *seen_days += 1;
        *humans += day.humans as f64;
        *total += day.humans as f64 + day.bots as f64;
    }
    let mean = |(place, (seen_days, humans, total)): (usize, (u64, f64, f64))| {
        let count = seen_days.max(1) as f64;
        Bucket { run: runs.run(place), seen_days, humans: humans / count, total: total / count }
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
    fn a_mean_is_one_of_the_days_that_have_events() {
        let mut data = steady(1_100);
        // Of the second week five days are missing, of the third all.
        data.days.retain(|day| !(13..25).contains(&day.day));
        let buckets = buckets(&data, 720);
        for bucket in buckets.iter().filter(|bucket| bucket.seen_days > 0) {
            assert_eq!((bucket.humans, bucket.total), (90.0, 100.0));
        }
        let seen: Vec<u64> = buckets.iter().take(5).map(|bucket| bucket.seen_days).collect();
        assert_eq!(seen, [4, 7, 2, 0, 7]);
        assert_eq!(
            buckets[2].reading(),
            "daily mean: 100 players · 10 likely bots · of 2 of 7 days, the others have no events"
        );
        assert_eq!(buckets[3].reading(), "no events");
    }

    #[test]
    fn a_missing_day_is_no_day_without_players() {
        let mut data = steady(10);
        data.days.remove(5);
        data.days[6].humans = 0;
        data.days[6].bots = 0;
        let read: Vec<String> = buckets(&data, 720)[5..8].iter().map(Bucket::reading).collect();
        assert_eq!(read, ["no events", "100 players · 10 likely bots", "0 players"]);
    }

    #[test]
    fn an_absurd_range_stays_small() {
        let day = |day| ActivityDay { day, humans: 1, bots: 0 };
        let data = Activity { days: vec![day(i64::MIN), day(0), day(i64::MAX)], ..Activity::default() };
        assert!(buckets(&data, 1_400).len() <= 1_400);
    }
}
