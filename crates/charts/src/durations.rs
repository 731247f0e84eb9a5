//! Sessions by duration.

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, Name, count_plot, draw_below, draw_counts, draw_title_below, plot_height};
use crate::canvas::{Area, Canvas};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Rect, Scale};
use crate::marks::Mark;
use crate::minutes;
use crate::theme::{Color, Theme};
use crate::ticks::count_axis;

/// Height of a line of mark labels in pixels.
const MARK_LINE_PX: f64 = 16.0;
/// The axis reaches at least this far, so that small data are not blown up: one day.
const LEAST_END_MINUTES: f64 = 1_440.0;
/// However many names there are, the plot keeps this height in pixels.
const LEAST_PLOT_PX: f64 = 36.0;
/// Bars aim at this width in pixels.
const BAR_PX: f64 = 14.0;

/// A duration marked by a line: a median, a percentile, a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationMark {
    /// Short name with its value: `median 34 min`.
    pub label: String,
    /// Where it lies, in minutes.
    pub minutes: f64,
    /// Whether it is a limit, drawn in ink, rather than a figure of the data, drawn in gold.
    pub is_limit: bool,
}

/// Sessions by duration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Durations {
    /// Duration in minutes and number of sessions of that duration, in any order.
    pub sessions: Vec<(i64, u64)>,
    /// Lines to draw in.
    pub marks: Vec<DurationMark>,
}

/// Draws a histogram over a logarithmic axis. The frame's `x` is in minutes, `y` in sessions
/// a bar.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_durations<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Durations,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let longest = data.sessions.iter().map(|&(minutes, _)| minutes as f64).fold(0.0, f64::max);
    let furthest = data.marks.iter().map(|mark| mark.minutes).filter(|minutes| minutes.is_finite());
    let end = furthest.fold(longest.max(LEAST_END_MINUTES), f64::max) + 1.0;
    let edges = bar_edges(end, canvas.width - 60.0);
    let bars = count_into(&edges, &data.sessions);
    let greatest = bars.iter().copied().fold(0.0, f64::max);
    let axis = count_axis(greatest, plot_height(&canvas, FOOT_PX));
    let mut plot = count_plot(&canvas, &axis, FOOT_PX);
    let last_edge = edges.last().copied().unwrap_or(end);
    let x = Scale::log((0.0, last_edge), (plot.left, plot.right));
    let places = place_marks(&canvas, &data.marks, &x, &plot);
    let lines = places.iter().filter_map(|place| place.line).max().map_or(0, |line| line + 1);
    plot.top += lines as f64 * MARK_LINE_PX;
    let axis = count_axis(greatest, plot.height());
    let mut frame = Frame::upright(plot, x, (0.0, axis.top));
    if greatest == 0.0 {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    for (pair, &sessions) in edges.windows(2).zip(&bars).filter(|(_, sessions)| **sessions > 0.0) {
        let (left, right) = (frame.x.px(pair[0]) + 0.5, frame.x.px(pair[1]) - 0.5);
        let top = frame.y.px(sessions).min(plot.bottom - 0.5);
        canvas.rect(Rect { left, top, right, bottom: plot.bottom }, theme.human, 0.8)?;
    }
    draw_below(&canvas, &frame, &minutes::log_ticks(&frame.x, canvas.width), false)?;
    draw_title_below(&canvas, &plot, "session duration (log scale)")?;
    draw_marks(&canvas, &frame, &places)?;
    frame.marks = edges.windows(2).zip(&bars).map(|(pair, &sessions)| mark(&frame, pair, sessions)).collect();
    Ok(frame)
}

/// The bar between two edges, of which the second belongs to the next one.
fn mark(frame: &Frame, edges: &[f64], sessions: f64) -> Mark {
    let (from, to) = (edges[0], edges[1]);
    let name = minutes::range(from as i64, to as i64 - 1);
    Mark::new(frame.column(from, to), name, format::counted(sessions as u64, "session"))
}

/// Whole minutes at which bars begin, the end of the last one included: about equally wide on
/// the axis, yet never narrower than a minute, or every other bar would be empty.
fn bar_edges(end: f64, width_px: f64) -> Vec<f64> {
    let bars = (width_px / BAR_PX).floor().max(4.0);
    let ratio = (end.ln_1p() / bars).exp();
    let mut edges = vec![0.0];
    let mut edge = 0.0;
    while edge < end {
        edge = ((edge + 1.0) * ratio - 1.0).round().max(edge + 1.0);
        edges.push(edge);
    }
    edges
}

fn count_into(edges: &[f64], sessions: &[(i64, u64)]) -> Vec<f64> {
    let mut bars = vec![0.0; edges.len().saturating_sub(1)];
    for &(minutes, count) in sessions {
        let after = edges.partition_point(|edge| *edge <= minutes.max(0) as f64);
        let index = after.saturating_sub(1).min(bars.len().saturating_sub(1));
        bars[index] += count as f64;
    }
    bars
}

/// A mark and where its name stands.
#[derive(Debug, Clone)]
struct Place {
    x: f64,
    color: Color,
    name: Name,
    /// Lines from the top; none where there is no room for the name.
    line: Option<usize>,
}

impl Place {
    fn touches(&self, other: &Self) -> bool {
        let (one, two) = (&self.name, &other.name);
        one.left < two.right + 8.0 && two.left < one.right + 8.0
    }

    fn middle_px(line: usize) -> f64 {
        8.0 + line as f64 * MARK_LINE_PX
    }
}

/// Each name on the first line where it touches no other, as far as the plot can spare lines.
fn place_marks<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    marks: &[DurationMark],
    scale: &Scale,
    plot: &Rect,
) -> Vec<Place> {
    let lines = ((plot.height() - LEAST_PLOT_PX) / MARK_LINE_PX).max(0.0) as usize;
    let mut places: Vec<Place> = Vec::new();
    for mark in marks.iter().filter(|mark| mark.minutes.is_finite()) {
        let x = scale.px(mark.minutes).clamp(plot.left, plot.right);
        let place_at = |left| Name::place(&mark.label, left, plot, canvas.width);
        let first = place_at(x);
        let name = place_at(x - (first.right - first.left) / 2.0);
        let color = if mark.is_limit { canvas.theme.ink } else { canvas.theme.gold };
        let mut place = Place { x, color, name, line: None };
        let is_free =
            |line: &usize| places.iter().all(|other| other.line != Some(*line) || !place.touches(other));
        place.line = (0..lines).find(is_free);
        places.push(place);
    }
    places
}

fn draw_marks<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    places: &[Place],
) -> Result<(), Error> {
    let plot = frame.plot;
    for place in places {
        let top = place.line.map_or(plot.top, |line| Place::middle_px(line) + 9.0);
        canvas.dashed((place.x, top), (place.x, plot.bottom), place.color)?;
    }
    // Names come last, so that no line runs through them.
    for place in places {
        if let Some(line) = place.line {
            place.name.draw(canvas, Place::middle_px(line), place.color)?;
        }
    }
    Ok(())
}
