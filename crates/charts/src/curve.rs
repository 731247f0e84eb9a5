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

/// A count at the value in force.
#[derive(Debug, Clone)]
pub(crate) struct Current {
    pub(crate) count: f64,
    pub(crate) color: Color,
    /// What stands beside its dot, and beside nothing else.
    pub(crate) text: String,
}

/// How far from each other two names of counts stand at least, pixels.
const NAME_PX: f64 = 18.0;

/// Marks the value in force: a dashed line, and a dot with its name on each curve. Nothing where the value lies beyond
/// the axis.
pub(crate) fn draw_current<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    value: f64,
    counts: &[Current],
) -> Result<(), Error> {
    let plot = frame.plot;
    if !(frame.x.start..=frame.x.end).contains(&value) {
        return Ok(());
    }
    let x = frame.x.px(value);
    canvas.dashed((x, plot.top), (x, plot.bottom), canvas.theme.ink)?;
    let mut counts: Vec<&Current> = counts.iter().collect();
    counts.sort_by(|a, b| b.count.total_cmp(&a.count));
    let mut lowest = plot.top - NAME_PX;
    for Current { count, color, text } in counts {
        let y = frame.y.px(*count);
        canvas.dot((x, y), *color)?;
        // The curves fall, so above and to the right of a dot is free ground; below it where another name is there.
        let mut name = Name::place(text, x + 8.0, &plot, canvas.width);
        if name.left < x {
            let left = x - 8.0 - (name.right - name.left);
            name = Name::place(text, left, &plot, canvas.width);
        }
        let above = (y - 14.0).max(plot.top + 8.0);
        let at = if above < lowest + NAME_PX { (y + 14.0).max(lowest + NAME_PX) } else { above };
        lowest = at;
        // A plot so low that there is no room below says it in its sentence alone.
        if at <= plot.bottom - 4.0 {
            name.draw(canvas, at, canvas.theme.ink)?;
        }
    }
    Ok(())
}
