//! Counts of two sets of data as two curves: that of the first is solid, that of the second dashed, so that nobody needs
//! to tell two colours apart.

use plotters::prelude::DrawingBackend;

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
use crate::runs::{Run, Runs};
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
    /// The counts of each, ascending; what is left out is not known: a day without events.
    pub counts: [Vec<(i64, u64)>; 2],
    /// What both sets of data are called.
    pub names: [String; 2],
    /// Days to mark, as far as they are among those shown; none on an axis of gaps.
    pub milestones: Vec<Milestone>,
}

/// A stretch of the axis with the means of what is known of both; no mean where nothing is.
struct Stretch {
    run: Run,
    means: [Option<f64>; 2],
}

impl Courses {
    fn range(&self) -> Option<(i64, i64)> {
        let ends = self.counts.iter().filter_map(|counts| Some((counts.first()?.0, counts.last()?.0)));
        ends.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    fn stretches(&self, width_px: u32) -> Vec<Stretch> {
        let Some((first, last)) = self.range() else { return Vec::new() };
        let runs = match self.axis {
            CoursesAxis::Days => Runs::of_days(first, last, width_px),
            CoursesAxis::Gaps => Runs::of_values(first, last),
        };
        let mut sums = vec![[(0.0, 0_u64); 2]; runs.count()];
        for (side, counts) in self.counts.iter().enumerate() {
            for &(at, count) in counts {
                let (sum, known) = &mut sums[runs.place(at)][side];
                *sum += count as f64;
                *known += 1;
            }
        }
        let mean = |(sum, known): (f64, u64)| (known > 0).then(|| sum / known as f64);
        let stretch =
            |(place, sums): (usize, [(f64, u64); 2])| Stretch { run: runs.run(place), means: sums.map(mean) };
        sums.into_iter().enumerate().map(stretch).collect()
    }

    fn mark(&self, frame: &Frame, stretch: &Stretch) -> Mark {
        let Run { first, days, .. } = stretch.run;
        let last = stretch.run.last();
        let (name, thing) = match self.axis {
            CoursesAxis::Days => (dates::days(first, last), "player"),
            CoursesAxis::Gaps => (format!("gap {}", minutes::range(first, last)), "session"),
        };
        let said = |(name, mean): (&String, Option<f64>)| match mean {
            Some(mean) => format!("{} {}", text::printable(name), format::averaged(mean, thing)),
            None => format!("{} –", text::printable(name)),
        };
        let means = if days > 1 { "daily mean: " } else { "" };
        let happened = milestones::read(&self.milestones, first, last);
        let said: Vec<String> = self.names.iter().zip(stretch.means).map(said).collect();
        let before = self.axis.before();
        let area = frame.column(stretch.run.start() - before, stretch.run.end() - before);
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
        let middle = |run: &Run| run.middle() - data.axis.before();
        let is_known = |stretch: &Stretch| stretch.means[side].is_some();
        for piece in stretches.chunk_by(|one, other| is_known(one) == is_known(other)) {
            let point = |stretch: &Stretch| {
                Some((frame.x.px(middle(&stretch.run)), frame.y.px(stretch.means[side]?)))
            };
            let mut points: Vec<_> = piece.iter().filter_map(point).collect();
            // What is known between two gaps is a stroke as long as it lasts.
            if let [(_, y)] = points[..] {
                let before = data.axis.before();
                let ends = [piece[0].run.start() - before, piece[0].run.end() - before];
                points = ends.map(|end| (frame.x.px(end), y)).into();
            }
            draw_curve(&canvas, &points, side)?;
        }
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
