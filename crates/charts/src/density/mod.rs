//! Where the limits fall: players by average and longest session.

mod cells;
#[cfg(test)]
mod tests;

use plotters::prelude::DrawingBackend;

use crate::axis::{
    FOOT_PX, Name, X_LABELS_PX, draw_below, draw_key_at, draw_title_below, key_width, label_margin,
};
use crate::canvas::{Anchor, Area, Canvas, TICK_PX};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::minutes;
use crate::rect::Rect;
use crate::text;
use crate::theme::{Color, Theme};

pub use cells::DensityCells;
use cells::FilledCell;

/// The axes reach at least this far, so that small data are not blown up: two days.
const LEAST_END_MINUTES: f64 = 2_880.0;
/// Room above the plot for the name of the vertical axis.
const HEAD_PX: f64 = 24.0;

/// How finely the strength of a cell's colour is told apart: cells of one strength are drawn as one shape.
const STRENGTHS: u32 = 32;

/// One player.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DensityPoint {
    /// Mean session duration in minutes, not rounded.
    pub average_minutes: f64,
    /// The same, rounded up: above a limit in whole minutes just when the mean is.
    pub average_up_minutes: i64,
    /// Duration of the longest session in minutes.
    pub longest_minutes: i64,
}

/// What flags a player.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DensityLimits {
    /// A longest session above this flags a player, in minutes.
    pub longest_minutes: i64,
    /// An average session above this flags a player, in minutes.
    pub average_minutes: i64,
}

/// The greatest values that the axes hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DensityEnds {
    average_minutes: f64,
    longest_minutes: f64,
}

impl DensityEnds {
    /// Those of all players.
    #[must_use]
    pub fn of(players: impl Iterator<Item = DensityPoint>) -> Self {
        let least = Self { average_minutes: LEAST_END_MINUTES, longest_minutes: LEAST_END_MINUTES };
        players.fold(least, |ends, player| {
            let average_minutes = Some(player.average_minutes).filter(|minutes| minutes.is_finite());
            Self {
                average_minutes: ends.average_minutes.max(average_minutes.unwrap_or_default()),
                longest_minutes: ends.longest_minutes.max(player.longest_minutes as f64),
            }
        })
    }

    /// These, and the limits.
    #[must_use]
    pub const fn with(self, limits: DensityLimits) -> Self {
        Self {
            average_minutes: self.average_minutes.max(limits.average_minutes as f64),
            longest_minutes: self.longest_minutes.max(limits.longest_minutes as f64),
        }
    }
}

/// Which players are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Groups {
    /// Those that are not flagged.
    pub humans: bool,
    /// Those that are.
    pub bots: bool,
}

/// Draws players as cells, darker where there are more; a cell with both kinds is divided
/// between the colours. Both axes are logarithmic. The frame's `x` is the average session and
/// `y` the longest session, in minutes.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_density<DB: DrawingBackend>(
    area: &Area<DB>,
    cells: &DensityCells,
    limits: DensityLimits,
    groups: Groups,
    theme: &Theme,
) -> Result<Frame, Error> {
    let frame = draw_density_axes(area, cells, theme)?;
    if cells.is_empty() {
        return Ok(frame);
    }
    let canvas = Canvas::new(area, theme)?;
    draw_divided(&canvas, cells, cells.shown(limits, groups))?;
    draw_limits(&canvas, &frame, limits)?;
    Ok(Frame { marks: cells.marks(limits, groups), ..frame })
}

/// Draws what of [`draw_density`] lies below the players.
///
/// # Errors
/// Those of [`draw_density`].
pub fn draw_density_axes<DB: DrawingBackend>(
    area: &Area<DB>,
    cells: &DensityCells,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let frame = cells.frame().clone();
    if cells.is_empty() {
        canvas.no_data()?;
        return Ok(frame);
    }
    let plot = frame.plot;
    for tick in minutes::log_ticks_upright(&frame.y) {
        let y = frame.y.px(tick.value);
        canvas.row_line(y, (plot.left, plot.right), theme.grid)?;
        canvas.text(&tick.label, (plot.left - 8.0, y), Anchor::End, canvas.tick_ink())?;
    }
    draw_below(&canvas, &frame, &minutes::log_ticks(&frame.x, canvas.width), true)?;
    draw_head(&canvas, plot.right)?;
    draw_title_below(&canvas, &plot, "average session (log scale) →")?;
    Ok(frame)
}

/// Draws all cells as if none of their players were flagged, or as if all were. Of each, a page shows the part that
/// [`DensityCells::apart`] tells.
///
/// # Errors
/// Those of [`draw_density`].
pub fn draw_density_cells<DB: DrawingBackend>(
    area: &Area<DB>,
    cells: &DensityCells,
    are_bots: bool,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    // With limits below every player all are flagged, with the greatest none is.
    let minutes = if are_bots { i64::MIN } else { i64::MAX };
    let limits = DensityLimits { longest_minutes: minutes, average_minutes: minutes };
    draw_divided(&canvas, cells, cells.shown(limits, Groups { humans: true, bots: true }))?;
    Ok(cells.frame().clone())
}

/// Draws what of [`draw_density`] moves with the limits: their lines, and the cells that they cross.
///
/// # Errors
/// Those of [`draw_density`].
pub fn draw_density_limits<DB: DrawingBackend>(
    area: &Area<DB>,
    cells: &DensityCells,
    limits: DensityLimits,
    groups: Groups,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let frame = cells.frame().clone();
    if !cells.is_empty() {
        draw_divided(&canvas, cells, cells.shown_and_crossed(limits, groups))?;
        draw_limits(&canvas, &frame, limits)?;
    }
    Ok(frame)
}

/// The name of the vertical axis, and the key at the right as far as there is room.
fn draw_head<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, right: f64) -> Result<(), Error> {
    let key = [(canvas.theme.human, "without bots"), (canvas.theme.bot, "likely bots")];
    let key_left = right - key_width(&key);
    let fits = |title: &str| 4.0 + text::width(title, TICK_PX) + 12.0 <= key_left;
    let titles = ["↑ longest session (log scale)", "↑ longest session"];
    if let Some(title) = titles.into_iter().find(|title| fits(title)) {
        canvas.text(title, (4.0, 8.0), Anchor::Start, canvas.tick_ink())?;
    }
    draw_key_at(canvas, (key_left, 8.0), &key)
}

/// The drawing's plot and axes.
fn frame(ends: DensityEnds, (width_px, height_px): (u32, u32)) -> Frame {
    // A tenth of room keeps the outermost cells and the limits off the edge.
    let (x_end, y_end) = (ends.average_minutes * 1.1, ends.longest_minutes * 1.1);
    let (top, bottom) = (HEAD_PX, f64::from(height_px) - X_LABELS_PX - FOOT_PX);
    let y = Scale::log((0.0, y_end), (bottom, top));
    let labels = minutes::log_ticks_upright(&y);
    let left = label_margin(labels.iter().map(|tick| tick.label.as_str()));
    let plot = Rect { left, top, right: f64::from(width_px) - 14.0, bottom };
    Frame::new(plot, Scale::log((0.0, x_end), (plot.left, plot.right)), y)
}

/// Draws cells, each divided between the colours by how many of its players are flagged.
fn draw_divided<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    cells: &DensityCells,
    drawn: impl Iterator<Item = FilledCell>,
) -> Result<(), Error> {
    let greatest = cells.greatest().max(1);
    let mut humans_of = vec![Vec::new(); STRENGTHS as usize + 1];
    let mut bots_of = humans_of.clone();
    for FilledCell { area, humans, bots, players } in drawn {
        let Rect { left, top, right, bottom } = area;
        let whole = Rect { left: left + 0.5, top: top + 0.5, right: right - 0.5, bottom: bottom - 0.5 };
        let middle = whole.right - share_of_bots(humans + bots, bots, whole.width()) * whole.width();
        let strength = libm::log1p(f64::from(players)) / libm::log1p(f64::from(greatest));
        let strength = (strength * f64::from(STRENGTHS)).round() as usize;
        if humans > 0 {
            humans_of[strength].push(Rect { right: middle, ..whole });
        }
        if bots > 0 {
            bots_of[strength].push(Rect { left: middle, ..whole });
        }
    }
    let draw = |cells: Vec<Vec<Rect>>, color: Color| -> Result<(), Error> {
        for (strength, cells) in (0..).zip(cells) {
            let alpha = 0.2 + 0.75 * f64::from(strength) / f64::from(STRENGTHS);
            cells.into_iter().try_for_each(|cell| canvas.rect(cell, color, alpha))?;
        }
        Ok(())
    };
    draw(humans_of, canvas.theme.human)?;
    draw(bots_of, canvas.theme.bot)
}

/// How much of a cell is drawn in the colour of bots.
fn share_of_bots(players: u32, bots: u32, width: f64) -> f64 {
    let least = 1.5 / width.max(1.5);
    match bots {
        0 => 0.0,
        bots if bots >= players => 1.0,
        // However few, either kind stays visible.
        bots => (f64::from(bots) / f64::from(players)).clamp(least, (1.0 - least).max(least)),
    }
}

/// The two limits as dashed lines with names that stay clear of each other.
fn draw_limits<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    limits: DensityLimits,
) -> Result<(), Error> {
    let (plot, ink) = (frame.plot, canvas.theme.ink);
    let x = frame.x.px(limits.average_minutes as f64).clamp(plot.left, plot.right);
    let y = frame.y.px(limits.longest_minutes as f64).clamp(plot.top, plot.bottom);
    canvas.dashed((plot.left, y), (plot.right, y), ink)?;
    canvas.dashed((x, plot.top), (x, plot.bottom), ink)?;

    let name = |text: &str, left: f64| Name::place(text, left, &plot, canvas.width);
    let text = format!("longest {}", format::minutes(limits.longest_minutes));
    let mut longest = name(&text, plot.left);
    if longest.right + 8.0 > x {
        longest = name(&text, canvas.width);
    }
    let is_high = y < plot.top + 18.0;
    let longest_y = if is_high { y + 10.0 } else { y - 10.0 };
    longest.draw(canvas, longest_y, ink)?;

    let text = format!("average {}", format::minutes(limits.average_minutes));
    let mut average = name(&text, x + 6.0);
    if average.left < x + 4.0 {
        average = name(&text, x - 6.0 - (average.right - average.left));
    }
    let is_low = y > plot.bottom - 40.0;
    let average_y = if is_low { plot.top + 8.0 } else { plot.bottom - 12.0 };
    // A plot so low that there is no free corner shows the axis alone.
    if (average_y - longest_y).abs() < 16.0 { Ok(()) } else { average.draw(canvas, average_y, ink) }
}
