//! How many players each limit would flag.

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, count_plot, draw_below, draw_counts, draw_title_below, plot_height};
use crate::canvas::{Area, Canvas};
use crate::curve::{Current, draw_current, steps};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::minutes;
use crate::theme::Theme;
use crate::ticks::count_axis;

/// How many players one limit flags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FlaggedAt {
    /// The limit in minutes.
    pub limit_minutes: i64,
    /// Players above it.
    pub players: u64,
}

/// Flagged players over one of the two limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flagged {
    /// Which limit it is, as the axis names it: `longest session`.
    pub limit_name: String,
    /// Ascending by limit.
    pub curve: Vec<FlaggedAt>,
    /// The limit in force.
    pub current: FlaggedAt,
}

/// Draws the curve as steps, with the limit in force marked. The frame's `x` is the limit in
/// minutes, `y` is in players.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_flagged<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Flagged,
    theme: &Theme,
) -> Result<Frame, Error> {
    let frame = draw_flagged_curve(area, data, theme)?;
    draw_flagged_limit(area, &frame, data.current, theme)?;
    Ok(frame)
}

/// Draws what of [`draw_flagged`] stays while the limit moves.
///
/// # Errors
/// Those of [`draw_flagged`].
pub fn draw_flagged_curve<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Flagged,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let greatest = data.curve.iter().map(|at| at.players).max().unwrap_or(0);
    let axis = count_axis(greatest as f64, plot_height(&canvas, FOOT_PX));
    let plot = count_plot(&canvas, &axis, FOOT_PX);
    let first = data.curve.first().map_or(0, |at| at.limit_minutes);
    let last = data.curve.last().map_or(1, |at| at.limit_minutes);
    let range = (first as f64, last.max(first.saturating_add(1)) as f64);
    let x = Scale::linear(range, (plot.left, plot.right));
    let mut frame = Frame::upright(plot, x, (0.0, axis.top));
    if data.curve.is_empty() {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    draw_below(&canvas, &frame, &minutes::linear_ticks(&frame.x, canvas.width), false)?;
    draw_title_below(&canvas, &plot, &data.limit_name)?;
    let points = data.curve.iter().map(|at| (at.limit_minutes as f64, at.players as f64));
    canvas.polyline(&steps(&frame, points), theme.bot, 1.5)?;
    frame.marks = marks(&frame, &data.curve);
    Ok(frame)
}

/// Draws what of [`draw_flagged`] moves with the limit, over a curve of this frame.
///
/// # Errors
/// Those of [`draw_flagged`].
pub fn draw_flagged_limit<DB: DrawingBackend>(
    area: &Area<DB>,
    frame: &Frame,
    FlaggedAt { limit_minutes, players }: FlaggedAt,
    theme: &Theme,
) -> Result<(), Error> {
    // A curve has marks.
    if frame.marks.is_empty() {
        return Ok(());
    }
    let canvas = Canvas::new(area, theme)?;
    let (limit, players) = (limit_minutes as f64, players as f64);
    let text = format!("{} → {}", format::minutes(limit_minutes), format::compact(players));
    draw_current(&canvas, frame, limit, &[Current { count: players, color: theme.bot, text }])
}

/// Each limit of the curve, up to the next one.
fn marks(frame: &Frame, curve: &[FlaggedAt]) -> Vec<Mark> {
    let ends = curve.iter().skip(1).chain(curve.last());
    let mark = |(at, next): (&FlaggedAt, &FlaggedAt)| {
        let area = frame.column(at.limit_minutes as f64, next.limit_minutes as f64);
        let players = format::counted(at.players, "player");
        Mark::new(area, format!("limit {}", format::minutes(at.limit_minutes)), format!("{players} flagged"))
    };
    curve.iter().zip(ends).map(mark).collect()
}
