//! What charts have in common that draw how a count falls as a limit rises.

use plotters::prelude::DrawingBackend;

use crate::axis::Name;
use crate::canvas::Canvas;
use crate::error::Error;
use crate::frame::Frame;
use crate::theme::Color;

/// A count holds until the next value: the pixels of the line through values and counts, ascending by value.
pub(crate) fn steps(frame: &Frame, counts: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (value, count) in counts {
        let (x, y) = (frame.x.px(value), frame.y.px(count));
        if let Some(&(_, before)) = points.last() {
            points.push((x, before));
        }
        points.push((x, y));
    }
    points.push((frame.plot.right, points.last().map_or(frame.plot.bottom, |&(_, y)| y)));
    points
}

/// Marks the value in force: a dashed line, a dot on each curve, and a name above the highest. Nothing where the value
/// lies beyond the axis.
pub(crate) fn draw_current<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    value: f64,
    dots: &[(f64, Color)],
    text: &str,
) -> Result<(), Error> {
    let plot = frame.plot;
    if !(frame.x.start..=frame.x.end).contains(&value) {
        return Ok(());
    }
    let x = frame.x.px(value);
    canvas.dashed((x, plot.top), (x, plot.bottom), canvas.theme.ink)?;
    let mut highest = plot.bottom;
    for &(count, color) in dots {
        let y = frame.y.px(count);
        highest = highest.min(y);
        canvas.dot((x, y), color)?;
    }
    // The curves fall, so above and to the right of the dots is free ground.
    let mut name = Name::place(text, x + 8.0, &plot, canvas.width);
    if name.left < x {
        let left = x - 8.0 - (name.right - name.left);
        name = Name::place(text, left, &plot, canvas.width);
    }
    name.draw(canvas, (highest - 14.0).max(plot.top + 8.0), canvas.theme.ink)
}
