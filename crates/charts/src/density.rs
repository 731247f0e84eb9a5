//! Where the limits fall: players by average and longest session.

use std::collections::BTreeMap;

use plotters::prelude::DrawingBackend;

use crate::axis::{
    FOOT_PX, Name, X_LABELS_PX, draw_below, draw_key_at, draw_title_below, key_width, label_margin,
};
use crate::canvas::{Anchor, Area, Canvas, TICK_PX};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Rect, Scale};
use crate::minutes;
use crate::text;
use crate::theme::Theme;

/// Size of a cell in pixels.
const CELL_PX: (f64, f64) = (8.0, 7.0);
/// The axes reach at least this far, so that small data are not blown up: two days.
const LEAST_END_MINUTES: f64 = 2_880.0;
/// Room above the plot for the name of the vertical axis.
const HEAD_PX: f64 = 24.0;

/// One player.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DensityPoint {
    /// Mean session duration in minutes, not rounded.
    pub average_minutes: f64,
    /// Duration of the longest session in minutes.
    pub longest_minutes: i64,
    /// Whether the player is flagged under the limits shown.
    pub is_bot: bool,
}

/// All players, and the limits that flag them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Density {
    /// One entry a player, in any order.
    pub players: Vec<DensityPoint>,
    /// A longest session above this flags a player, in minutes.
    pub longest_limit_minutes: i64,
    /// An average session above this flags a player, in minutes.
    pub average_limit_minutes: i64,
}

/// Players in one cell.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    humans: u64,
    bots: u64,
}

impl Cell {
    fn total(self) -> f64 {
        self.humans as f64 + self.bots as f64
    }
}

/// Draws players as cells, darker where there are more; a cell with both kinds is divided
/// between the colours. Both axes are logarithmic. The frame's `x` is the average session and
/// `y` the longest session, in minutes.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_density<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Density,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let frame = frame(data, &canvas);
    if data.players.is_empty() {
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
    draw_cells(&canvas, &frame, data)?;
    draw_limits(&canvas, &frame, data)?;
    draw_head(&canvas, plot.right)?;
    draw_title_below(&canvas, &plot, "average session (log scale) →")?;
    Ok(frame)
}

/// The name of the vertical axis, and the key at the right as far as there is room.
fn draw_head<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, right: f64) -> Result<(), Error> {
    let key = [(canvas.theme.human, "players"), (canvas.theme.bot, "likely bots")];
    let key_left = right - key_width(&key);
    let fits = |title: &str| 4.0 + text::width(title, TICK_PX) + 12.0 <= key_left;
    let titles = ["↑ longest session (log scale)", "↑ longest session"];
    if let Some(title) = titles.into_iter().find(|title| fits(title)) {
        canvas.text(title, (4.0, 8.0), Anchor::Start, canvas.tick_ink())?;
    }
    draw_key_at(canvas, (key_left, 8.0), &key)
}

fn frame<DB: DrawingBackend>(data: &Density, canvas: &Canvas<'_, DB>) -> Frame {
    let widest =
        data.players.iter().map(|player| player.average_minutes).filter(|minutes| minutes.is_finite());
    let highest = data.players.iter().map(|player| player.longest_minutes as f64);
    // A tenth of room keeps the outermost cells and the limits off the edge.
    let end = |minutes: f64, limit: i64| minutes.max(limit as f64).max(LEAST_END_MINUTES) * 1.1;
    let x_end = end(widest.fold(0.0, f64::max), data.average_limit_minutes);
    let y_end = end(highest.fold(0.0, f64::max), data.longest_limit_minutes);
    let (top, bottom) = (HEAD_PX, canvas.height - X_LABELS_PX - FOOT_PX);
    let y = Scale::log((0.0, y_end), (bottom, top));
    let labels = minutes::log_ticks_upright(&y);
    let left = label_margin(labels.iter().map(|tick| tick.label.as_str()));
    let plot = Rect { left, top, right: canvas.width - 14.0, bottom };
    Frame { plot, x: Scale::log((0.0, x_end), (plot.left, plot.right)), y }
}

fn draw_cells<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    data: &Density,
) -> Result<(), Error> {
    let plot = frame.plot;
    let columns = (plot.width() / CELL_PX.0).round().max(1.0);
    let rows = (plot.height() / CELL_PX.1).round().max(1.0);
    let (wide, high) = (plot.width() / columns, plot.height() / rows);
    let mut cells: BTreeMap<(u32, u32), Cell> = BTreeMap::new();
    for player in &data.players {
        let column = ((frame.x.px(player.average_minutes) - plot.left) / wide).clamp(0.0, columns - 1.0);
        let row = ((plot.bottom - frame.y.px(player.longest_minutes as f64)) / high).clamp(0.0, rows - 1.0);
        let cell = cells.entry((column as u32, row as u32)).or_default();
        if player.is_bot { cell.bots += 1 } else { cell.humans += 1 }
    }
    let greatest = cells.values().map(|cell| cell.total()).fold(1.0, f64::max);
    for ((column, row), cell) in cells {
        let left = plot.left + f64::from(column) * wide + 0.5;
        let bottom = plot.bottom - f64::from(row) * high - 0.5;
        let whole = Rect { left, top: bottom - high + 1.0, right: left + wide - 1.0, bottom };
        draw_cell(canvas, whole, cell, 0.2 + 0.75 * cell.total().ln_1p() / greatest.ln_1p())?;
    }
    Ok(())
}

fn draw_cell<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    whole: Rect,
    cell: Cell,
    strength: f64,
) -> Result<(), Error> {
    let theme = canvas.theme;
    let least = 1.5 / whole.width().max(1.5);
    let share = match cell {
        Cell { bots: 0, .. } => 0.0,
        Cell { humans: 0, .. } => 1.0,
        // However few, either kind stays visible.
        cell => (cell.bots as f64 / cell.total()).clamp(least, (1.0 - least).max(least)),
    };
    let middle = whole.right - share * whole.width();
    if share < 1.0 {
        canvas.rect(Rect { right: middle, ..whole }, theme.human, strength)?;
    }
    if share > 0.0 {
        canvas.rect(Rect { left: middle, ..whole }, theme.bot, strength)?;
    }
    Ok(())
}

/// The two limits as dashed lines with names that stay clear of each other.
fn draw_limits<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    data: &Density,
) -> Result<(), Error> {
    let (plot, ink) = (frame.plot, canvas.theme.ink);
    let x = frame.x.px(data.average_limit_minutes as f64).clamp(plot.left, plot.right);
    let y = frame.y.px(data.longest_limit_minutes as f64).clamp(plot.top, plot.bottom);
    canvas.dashed((plot.left, y), (plot.right, y), ink)?;
    canvas.dashed((x, plot.top), (x, plot.bottom), ink)?;

    let name = |text: &str, left: f64| Name::place(text, left, &plot, canvas.width);
    let text = format!("longest {}", format::minutes(data.longest_limit_minutes));
    let mut longest = name(&text, plot.left);
    if longest.right + 8.0 > x {
        longest = name(&text, canvas.width);
    }
    let is_high = y < plot.top + 18.0;
    let longest_y = if is_high { y + 10.0 } else { y - 10.0 };
    longest.draw(canvas, longest_y, ink)?;

    let text = format!("average {}", format::minutes(data.average_limit_minutes));
    let mut average = name(&text, x + 6.0);
    if average.left < x + 4.0 {
        average = name(&text, x - 6.0 - (average.right - average.left));
    }
    let is_low = y > plot.bottom - 40.0;
    let average_y = if is_low { plot.top + 8.0 } else { plot.bottom - 12.0 };
    // A plot so low that there is no free corner shows the axis alone.
    if (average_y - longest_y).abs() < 16.0 { Ok(()) } else { average.draw(canvas, average_y, ink) }
}
