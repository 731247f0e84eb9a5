//! Counts of two sets of data as two curves: that of the first is solid, that of the second dashed, so that nobody needs
//! to tell two colours apart.

use plotters::prelude::DrawingBackend;

use crate::activity::bucket_days;
use crate::axis::{FOOT_PX, draw_below, draw_counts};
use crate::canvas::{Area, Canvas};
use crate::dates;
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::milestones::{self, DayPlot, Milestone};
use crate::minutes;
use crate::pairs::draw_names;
use crate::text;
use crate::theme::Theme;
use crate::ticks::{count_axis, log_count_axis};

/// Width of a curve, pixels.
const CURVE_PX: f64 = 1.5;

/// What two curves run over, and what they count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CoursesAxis {
    /// Days since 1970, with the players of each; means of longer runs where days lie too close.
    #[default]
    Days,
    /// Gaps in minutes, with the sessions of each on a logarithmic axis.
    Gaps,
}

/// How counts of two sets of data run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Courses {
    /// What they run over.
    pub axis: CoursesAxis,
    /// The counts of each, ascending; what is left out between the first and the last is none.
    pub counts: [Vec<(i64, u64)>; 2],
    /// What both sets of data are called.
    pub names: [String; 2],
    /// Days to mark, as far as they are among those shown; none on an axis of gaps.
    pub milestones: Vec<Milestone>,
}

/// A stretch of the axis with the means of both counts; no mean outside of a set's own range.
struct Stretch {
    first: i64,
    length: u64,
    means: [Option<f64>; 2],
}

impl Stretch {
    fn last(&self) -> i64 {
        self.first.saturating_add_unsigned(self.length - 1)
    }

    /// How much of it lies between the first and the last value of a set, so that its ends do not drag a mean down.
    fn within(&self, first: i64, last: i64) -> u64 {
        self.last().min(last).abs_diff(self.first.max(first)).saturating_add(1)
    }
}

impl Courses {
    fn range(&self) -> Option<(i64, i64)> {
        let ends = self.counts.iter().filter_map(|counts| Some((counts.first()?.0, counts.last()?.0)));
        ends.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    fn stretches(&self, width_px: u32) -> Vec<Stretch> {
        let Some((first, last)) = self.range() else { return Vec::new() };
        let steps = last.abs_diff(first).saturating_add(1);
        let length = match self.axis {
            CoursesAxis::Days => bucket_days(steps, width_px),
            // Each has its point as far as they are few.
            CoursesAxis::Gaps => bucket_days(steps, 3_000),
        };
        let place = |at: i64| (at.saturating_sub(first).max(0).unsigned_abs() / length) as usize;
        let mut stretches: Vec<Stretch> = (0..steps.div_ceil(length))
            .map(|index| Stretch {
                first: first.saturating_add_unsigned(index * length),
                // The last one may be cut short by the end of the data.
                length: length.min(steps - index * length),
                means: [None; 2],
            })
            .collect();
        for (side, counts) in self.counts.iter().enumerate() {
            let (Some(start), Some(end)) = (counts.first(), counts.last()) else { continue };
            for stretch in stretches.iter_mut().take(place(end.0) + 1).skip(place(start.0)) {
                stretch.means[side] = Some(0.0);
            }
            for &(at, count) in counts {
                let Some(stretch) = stretches.get_mut(place(at)) else { continue };
                let share = count as f64 / stretch.within(start.0, end.0) as f64;
                stretch.means[side] = stretch.means[side].map(|mean| mean + share);
            }
        }
        stretches
    }

    fn mark(&self, frame: &Frame, stretch: &Stretch) -> Mark {
        let last = stretch.last();
        let (name, thing) = match self.axis {
            CoursesAxis::Days => (dates::days(stretch.first, last), "player"),
            CoursesAxis::Gaps => (format!("gap {}", minutes::range(stretch.first, last)), "session"),
        };
        let said = |(name, mean): (&String, Option<f64>)| match mean {
            Some(mean) => format!("{} {}", text::printable(name), format::averaged(mean, thing)),
            None => format!("{} –", text::printable(name)),
        };
        let means = if stretch.length > 1 { "daily mean: " } else { "" };
        let happened = milestones::read(&self.milestones, stretch.first, last);
        let said: Vec<String> = self.names.iter().zip(stretch.means).map(said).collect();
        let start = stretch.first as f64 - self.axis.before();
        let area = frame.column(start, start + stretch.length as f64);
        Mark::new(area, name, format!("{means}{}{happened}", said.join(" · ")))
    }
}

impl CoursesAxis {
    /// How far before a value its place on the axis begins: a day lasts, a gap is a point.
    const fn before(self) -> f64 {
        match self {
            Self::Days => 0.0,
            Self::Gaps => 0.5,
        }
    }
}

/// Draws a curve of each. The frame's `x` is in days or minutes, `y` in players or sessions.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_courses<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Courses,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let stretches = data.stretches(canvas.width as u32);
    let means = stretches.iter().flat_map(|stretch| stretch.means).flatten();
    let axis_of = |length_px: f64| match data.axis {
        CoursesAxis::Days => (0.0, count_axis(means.clone().fold(0.0, f64::max), length_px)),
        CoursesAxis::Gaps => {
            let axis = log_count_axis(means.clone(), length_px);
            (axis.start, axis.counts)
        }
    };
    let (first, last) = data.range().unwrap_or((0, 0));
    let start = first as f64 - data.axis.before();
    let range = (start, last as f64 + 1.0 - data.axis.before());
    let DayPlot { plot, x, counts: (bottom, axis), lines } =
        milestones::plot(&canvas, &data.milestones, range, FOOT_PX, axis_of);
    let upright = ((bottom, axis.top), (plot.bottom, plot.top));
    let y = match data.axis {
        CoursesAxis::Days => Scale::linear(upright.0, upright.1),
        CoursesAxis::Gaps => Scale::log(upright.0, upright.1),
    };
    let mut frame = Frame::new(plot, x, y);
    if means.clone().fold(0.0, f64::max) == 0.0 {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    let ticks = match data.axis {
        CoursesAxis::Days => dates::ticks(&frame.x, canvas.width),
        CoursesAxis::Gaps => minutes::linear_ticks(&frame.x, canvas.width),
    };
    draw_below(&canvas, &frame, &ticks, false)?;
    for side in [0, 1] {
        let middle =
            |stretch: &Stretch| stretch.first as f64 - data.axis.before() + stretch.length as f64 / 2.0;
        let point = |stretch: &Stretch| Some((frame.x.px(middle(stretch)), frame.y.px(stretch.means[side]?)));
        draw_curve(&canvas, &stretches.iter().filter_map(point).collect::<Vec<_>>(), side)?;
    }
    lines.draw(&canvas, &plot)?;
    draw_names(&canvas, plot.left, &data.names, |left, y, side| {
        draw_curve(&canvas, &[(left - 4.0, y), (left + 11.0, y)], side)
    })?;
    frame.marks = stretches.iter().map(|stretch| data.mark(&frame, stretch)).collect();
    Ok(frame)
}

/// The curve of the first set of data is solid, that of the second dashed.
fn draw_curve<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    points: &[(f64, f64)],
    side: usize,
) -> Result<(), Error> {
    match side {
        0 => canvas.polyline(points, canvas.theme.human, CURVE_PX),
        _ => canvas.dashed_curve(points, canvas.theme.ink, CURVE_PX),
    }
}
