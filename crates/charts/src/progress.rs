//! The level of one player over its days.

use plotters::prelude::DrawingBackend;

use crate::axis::{draw_below, draw_counts};
use crate::canvas::{Area, Canvas};
use crate::dates;
use crate::error::Error;
use crate::frame::Frame;
use crate::marks::Mark;
use crate::milestones::{self, DayPlot, Milestone};
use crate::theme::Theme;
use crate::ticks::count_axis;

/// The level of one player over its days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// A day, in days since 1970, and the highest level seen on it; ascending by day.
    pub levels: Vec<(i64, i64)>,
    /// Days to mark, as far as they are among those shown.
    pub milestones: Vec<Milestone>,
}

/// Days in a row on which a level holds.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    first: i64,
    last: i64,
    level: i64,
}

impl Progress {
    /// The level holds until another one is seen.
    fn stretches(&self) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for &(day, level) in &self.levels {
            match stretches.last_mut() {
                Some(last) if last.level == level => last.last = day,
                last => {
                    if let Some(before) = last {
                        before.last = before.last.max(day.saturating_sub(1));
                    }
                    stretches.push(Stretch { first: day, last: day, level });
                }
            }
        }
        stretches
    }
}

/// Draws the level as steps. The frame's `x` is in days since 1970, `y` in levels.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_progress<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Progress,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let stretches = data.stretches();
    // Levels below zero are damage, and are drawn at the foot.
    let height = |stretch: &Stretch| stretch.level.max(0) as f64;
    let greatest = stretches.iter().map(height).fold(0.0, f64::max);
    let first = stretches.first().map_or(0, |stretch| stretch.first);
    let last = stretches.last().map_or(0, |stretch| stretch.last);
    let days = (first as f64, last as f64 + 1.0);
    let axis_of = |length_px| (0.0, count_axis(greatest, length_px));
    let DayPlot { plot, x, counts: (_, axis), lines } =
        milestones::plot(&canvas, &data.milestones, days, 0.0, axis_of);
    let mut frame = Frame::upright(plot, x, (0.0, axis.top));
    if stretches.is_empty() {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    draw_below(&canvas, &frame, &dates::ticks(&frame.x, canvas.width), false)?;
    let mut line = Vec::with_capacity(stretches.len() * 2);
    for stretch in &stretches {
        let y = frame.y.px(height(stretch));
        line.push((frame.x.px(stretch.first as f64), y));
        line.push((frame.x.px(stretch.last as f64 + 1.0), y));
    }
    canvas.polyline(&line, theme.human, 1.75)?;
    lines.draw(&canvas, &plot)?;
    let mark = |&Stretch { first, last, level }: &Stretch| {
        let area = frame.column(first as f64, last as f64 + 1.0);
        Mark::new(area, dates::days(first, last), format!("level {level}"))
    };
    frame.marks = stretches.iter().map(mark).collect();
    Ok(frame)
}
