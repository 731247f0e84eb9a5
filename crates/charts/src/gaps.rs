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

/// Draws a curve for players and one for likely bots over a logarithmic axis of counts, with the gap in force marked.
/// The frame's `x` is the gap in minutes, `y` is in sessions.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_gaps<DB: DrawingBackend>(area: &Area<DB>, data: &Gaps, theme: &Theme) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let key = [(theme.human, "players"), (theme.bot, "likely bots")];
    let foot = Foot::new("session gap", &key, canvas.width);
    // A group without sessions has no curve.
    let curves: Vec<(Count, Color)> = [humans as Count, bots as Count]
        .into_iter()
        .zip([theme.human, theme.bot])
        .filter(|(count, _)| data.curve.iter().any(|at| count(at) > 0.0))
        .collect();
    let counts = data.curve.iter().flat_map(|at| curves.iter().map(move |(count, _)| count(at)));
    let axis = log_count_axis(counts, plot_height(&canvas, foot.height_px()));
    let plot = count_plot(&canvas, &axis.counts, foot.height_px());
    let first = data.curve.first().map_or(0, |at| at.gap_minutes);
    let last = data.curve.last().map_or(1, |at| at.gap_minutes);
    let range = (first as f64, last.max(first.saturating_add(1)) as f64);
    let x = Scale::linear(range, (plot.left, plot.right));
    let y = Scale::log((axis.start, axis.counts.top), (plot.bottom, plot.top));
    let mut frame = Frame::new(plot, x, y);
    if curves.is_empty() {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis.counts)?;
    draw_below(&canvas, &frame, &minutes::linear_ticks(&frame.x, canvas.width), false)?;
    foot.draw(&canvas, &plot)?;
    for (count, color) in &curves {
        let points = data.curve.iter().map(|at| (at.gap_minutes as f64, count(at)));
        canvas.polyline(&steps(&frame, points), *color, 1.5)?;
    }
    frame.marks = data.curve.iter().map(|at| at.mark(&frame)).collect();
    let Some(current) = data.curve.iter().find(|at| at.gap_minutes == data.current_minutes) else {
        return Ok(frame);
    };
    let dots: Vec<(f64, Color)> = curves.iter().map(|(count, color)| (count(current), *color)).collect();
    let text = format!(
        "{} → {}",
        format::minutes(current.gap_minutes),
        format::compact(current.humans.saturating_add(current.bots) as f64)
    );
    draw_current(&canvas, &frame, current.gap_minutes as f64, &dots, &text)?;
    Ok(frame)
}

type Count = fn(&SessionsAtGap) -> f64;

fn humans(at: &SessionsAtGap) -> f64 {
    at.humans as f64
}

fn bots(at: &SessionsAtGap) -> f64 {
    at.bots as f64
}
