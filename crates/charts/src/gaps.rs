//! How many sessions there are with each gap.

use plotters::prelude::DrawingBackend;

use crate::axis::{Foot, count_plot, draw_below, draw_counts, plot_height};
use crate::canvas::{Area, Canvas};
use crate::curve::{draw_current, steps};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::minutes;
use crate::theme::{Color, Theme};
use crate::ticks::log_count_axis;

/// Sessions with one gap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SessionsAtGap {
    /// The gap in minutes.
    pub gap_minutes: i64,
    /// Sessions of players that are not flagged.
    pub humans: u64,
    /// Sessions of likely bots.
    pub bots: u64,
}

impl SessionsAtGap {
    /// The minute around the gap.
    fn mark(&self, frame: &Frame) -> Mark {
        let gap = self.gap_minutes as f64;
        let area = frame.column((gap - 0.5).max(frame.x.start), (gap + 0.5).min(frame.x.end));
        let name = format!("gap {}", format::minutes(self.gap_minutes));
        Mark::new(area, name, format::sessions(self.humans, self.bots))
    }
}

/// Sessions over the gap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Ascending by gap.
    pub curve: Vec<SessionsAtGap>,
    /// The gap in force, in minutes; it is marked where the curve has it.
    pub current_minutes: i64,
}

impl Gaps {
    /// What is counted, in its colour; a group without sessions has no curve.
    fn curves(&self, theme: &Theme) -> impl Iterator<Item = (Count, Color)> + Clone {
        [(humans as Count, theme.human), (bots, theme.bot)]
            .into_iter()
            .filter(|(count, _)| self.curve.iter().any(|at| count(at) > 0.0))
    }
}

/// Draws a curve for players and one for likely bots over a logarithmic axis of counts, with the gap in force marked.
/// The frame's `x` is the gap in minutes, `y` is in sessions.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_gaps<DB: DrawingBackend>(area: &Area<DB>, data: &Gaps, theme: &Theme) -> Result<Frame, Error> {
    let frame = draw_gaps_curves(area, data, theme)?;
    draw_gaps_current(area, &frame, data, theme)?;
    Ok(frame)
}

/// Draws what of [`draw_gaps`] stays while the gap moves.
///
/// # Errors
/// Those of [`draw_gaps`].
pub fn draw_gaps_curves<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Gaps,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let key = [(theme.human, "without bots"), (theme.bot, "likely bots")];
    let foot = Foot::new("session gap", &key, canvas.width);
    let curves = data.curves(theme);
    let counts = data.curve.iter().flat_map(|at| curves.clone().map(move |(count, _)| count(at)));
    let axis = log_count_axis(counts, plot_height(&canvas, foot.height_px()));
    let plot = count_plot(&canvas, &axis.counts, foot.height_px());
    let first = data.curve.first().map_or(0, |at| at.gap_minutes);
    let last = data.curve.last().map_or(1, |at| at.gap_minutes);
    let range = (first as f64, last.max(first.saturating_add(1)) as f64);
    let x = Scale::linear(range, (plot.left, plot.right));
    let y = Scale::log((axis.start, axis.counts.top), (plot.bottom, plot.top));
    let mut frame = Frame::new(plot, x, y);
    if curves.clone().next().is_none() {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis.counts)?;
    draw_below(&canvas, &frame, &minutes::linear_ticks(&frame.x, canvas.width), false)?;
    foot.draw(&canvas, &plot)?;
    for (count, color) in curves {
        let points = data.curve.iter().map(|at| (at.gap_minutes as f64, count(at)));
        canvas.polyline(&steps(&frame, points), color, 1.5)?;
    }
    frame.marks = data.curve.iter().map(|at| at.mark(&frame)).collect();
    Ok(frame)
}

/// Draws what of [`draw_gaps`] moves with the gap, over curves of this frame.
///
/// # Errors
/// Those of [`draw_gaps`].
pub fn draw_gaps_current<DB: DrawingBackend>(
    area: &Area<DB>,
    frame: &Frame,
    data: &Gaps,
    theme: &Theme,
) -> Result<(), Error> {
    let canvas = Canvas::new(area, theme)?;
    let dots = |at: &SessionsAtGap| -> Vec<(f64, Color)> {
        data.curves(theme).map(|(count, color)| (count(at), color)).collect()
    };
    match data.curve.iter().find(|at| at.gap_minutes == data.current_minutes) {
        Some(at) if !frame.marks.is_empty() => {
            let sessions = at.humans.saturating_add(at.bots) as f64;
            let text = format!("{} → {}", format::minutes(at.gap_minutes), format::compact(sessions));
            draw_current(&canvas, frame, at.gap_minutes as f64, &dots(at), &text)
        }
        _ => Ok(()),
    }
}

type Count = fn(&SessionsAtGap) -> f64;

fn humans(at: &SessionsAtGap) -> f64 {
    at.humans as f64
}

fn bots(at: &SessionsAtGap) -> f64 {
    at.bots as f64
}
