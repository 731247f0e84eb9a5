//! Where the limits fall: players by average and longest session.

mod cells;
mod legend;
#[cfg(test)]
mod tests;

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, Name, X_LABELS_PX, draw_below, draw_title_at, label_margin};
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
use legend::Legend;

/// The axes reach at least this far, so that small data are not blown up: from an hour to two days.
const MOST_START_MINUTES: f64 = 60.0;
const LEAST_END_MINUTES: f64 = 2_880.0;
/// Room above the plot for the name of the vertical axis, without further lines of the head.
const HEAD_PX: f64 = 24.0;
/// Room below all else for the players without any duration.
const LONE_PX: f64 = 18.0;

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

/// The values that the axes hold, and the limits whose groups the colours are scaled by. Players all of whose sessions are
/// single events lie on neither axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DensityEnds {
    /// The least and the greatest.
    average_minutes: (f64, f64),
    longest_minutes: (f64, f64),
    /// Whether there are players without any duration.
    has_lone: bool,
    usual: DensityLimits,
}

impl DensityEnds {
    /// Those of all players, and the `usual` limits: colours mean the same while others are tried.
    #[must_use]
    pub fn of(players: impl Iterator<Item = DensityPoint>, usual: DensityLimits) -> Self {
        let range = (MOST_START_MINUTES, LEAST_END_MINUTES);
        let least = Self { average_minutes: range, longest_minutes: range, has_lone: false, usual };
        let held = |(least, greatest): (f64, f64), minutes: f64| {
            if minutes.is_finite() {
                (least.min(minutes.max(0.0)), greatest.max(minutes))
            } else {
                (least, greatest)
            }
        };
        players.fold(least, |ends, player| match player.is_lone() {
            true => Self { has_lone: true, ..ends },
            false => Self {
                average_minutes: held(ends.average_minutes, player.average_minutes),
                longest_minutes: held(ends.longest_minutes, player.longest_minutes as f64),
                ..ends
            },
        })
    }

    /// These, and the limits as far as they lie beyond the greatest.
    #[must_use]
    pub const fn with(self, limits: DensityLimits) -> Self {
        let ((average, most_average), (longest, most_longest)) = (self.average_minutes, self.longest_minutes);
        Self {
            average_minutes: (average, most_average.max(limits.average_minutes as f64)),
            longest_minutes: (longest, most_longest.max(limits.longest_minutes as f64)),
            ..self
        }
    }
}

impl DensityPoint {
    /// Whether all of the player's sessions are single events.
    const fn is_lone(&self) -> bool {
        self.longest_minutes <= 0
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

/// Draws players as cells, darker where there are more of a group, each group on a scale of its own; a cell with both
/// kinds is divided between the colours. Both axes are logarithmic and begin with the shortest duration that there is. The frame's `x` is the average session and
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
    let frame = draw_density_axes(area, cells, groups, theme)?;
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
    groups: Groups,
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
    let [humans_at, bots_at] = cells.full_at();
    let humans = Legend { name: "without bots", color: theme.human, full_at: humans_at };
    let bots = Legend { name: "likely bots", color: theme.bot, full_at: bots_at };
    let legends: Vec<Legend> = [(groups.humans, humans), (groups.bots, bots)]
        .into_iter()
        .filter(|(is_shown, _)| *is_shown)
        .map(|(_, legend)| legend)
        .collect();
    legend::draw_head(&canvas, plot.right, &legends)?;
    let lone_px = if cells.lone_players() > 0 { LONE_PX } else { 0.0 };
    draw_title_at(&canvas, &plot, "average session (log scale) →", canvas.height - 9.0 - lone_px)?;
    if groups.humans {
        draw_lone(&canvas, cells)?;
    }
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

/// What the cell below the axes stands for.
fn draw_lone<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, cells: &DensityCells) -> Result<(), Error> {
    let (players, Rect { top, right, bottom, .. }) = (cells.lone_players(), cells.lone_area());
    if players == 0 {
        return Ok(());
    }
    let players = format::counted(players.into(), "player");
    let said = [format!("0 min: {players} with single events alone"), format!("0 min: {players}")];
    let fits = |said: &&String| right + 6.0 + text::width(said, TICK_PX) <= canvas.width - 2.0;
    let Some(said) = said.iter().find(fits) else { return Ok(()) };
    canvas.text(said, (right + 6.0, (top + bottom) / 2.0), Anchor::Start, canvas.tick_ink())
}

/// The drawing's plot and axes.
fn frame(ends: DensityEnds, (width_px, height_px): (u32, u32)) -> Frame {
    // A tenth of room keeps the outermost cells and the limits off the edge.
    let room = |(least, greatest): (f64, f64)| (least * 0.9, greatest * 1.1);
    let more_lines = legend::lines((width_px, height_px)) - 1;
    let top = HEAD_PX + f64::from(more_lines) * legend::LINE_PX;
    let lone_px = if ends.has_lone { LONE_PX } else { 0.0 };
    let bottom = f64::from(height_px) - X_LABELS_PX - FOOT_PX - lone_px;
    let y = Scale::log(room(ends.longest_minutes), (bottom, top));
    let labels = minutes::log_ticks_upright(&y);
    let left = label_margin(labels.iter().map(|tick| tick.label.as_str()));
    let plot = Rect { left, top, right: f64::from(width_px) - 14.0, bottom };
    Frame::new(plot, Scale::log(room(ends.average_minutes), (plot.left, plot.right)), y)
}

/// Draws cells, each divided between the colours by how many of its players are flagged.
fn draw_divided<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    cells: &DensityCells,
    drawn: impl Iterator<Item = FilledCell>,
) -> Result<(), Error> {
    let [humans_at, bots_at] = cells.full_at();
    let mut humans_of = vec![Vec::new(); STRENGTHS as usize + 1];
    let mut bots_of = humans_of.clone();
    for FilledCell { area, humans, bots } in drawn {
        let Rect { left, top, right, bottom } = area;
        let whole = Rect { left: left + 0.5, top: top + 0.5, right: right - 0.5, bottom: bottom - 0.5 };
        let middle = whole.right - share_of_bots(humans + bots, bots, whole.width()) * whole.width();
        if humans > 0 {
            humans_of[strength(humans, humans_at)].push(Rect { right: middle, ..whole });
        }
        if bots > 0 {
            bots_of[strength(bots, bots_at)].push(Rect { left: middle, ..whole });
        }
    }
    let draw = |cells: Vec<Vec<Rect>>, color: Color| -> Result<(), Error> {
        for (strength, cells) in (0..).zip(cells) {
            let alpha = alpha(f64::from(strength) / f64::from(STRENGTHS));
            cells.into_iter().try_for_each(|cell| canvas.rect(cell, color, alpha))?;
        }
        Ok(())
    };
    draw(humans_of, canvas.theme.human)?;
    draw(bots_of, canvas.theme.bot)
}

/// The strength of so many players of a group: one is the weakest, `full_at` and more are the strongest.
fn strength(players: u32, full_at: u32) -> usize {
    let share = libm::log(f64::from(players.max(1))) / libm::log(f64::from(full_at.max(2)));
    (share.min(1.0) * f64::from(STRENGTHS)).round() as usize
}

/// How opaque a strength between 0 and 1 is.
fn alpha(strength: f64) -> f64 {
    0.2 + 0.75 * strength
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
