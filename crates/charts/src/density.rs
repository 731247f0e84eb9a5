//! Where the limits fall: players by average and longest session.

use plotters::prelude::DrawingBackend;

use crate::axis::{
    FOOT_PX, Name, X_LABELS_PX, draw_below, draw_key_at, draw_title_below, key_width, label_margin,
};
use crate::canvas::{Anchor, Area, Canvas, TICK_PX};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::minutes;
use crate::picture::drawn_size_px;
use crate::rect::Rect;
use crate::text;
use crate::theme::Theme;

/// Size of a cell in pixels.
const CELL_PX: (f64, f64) = (8.0, 7.0);
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

/// Players laid out in the cells of a drawing: what does not change when a limit is moved, but for one beyond the
/// end of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct DensityCells {
    size_px: (u32, u32),
    /// The longest average and the longest session of any player, minutes.
    most_minutes: (f64, f64),
    frame: Frame,
    columns: u32,
    /// The cell of each player, in their order; cells count from the lower left corner, row by row.
    cell_of: Vec<u32>,
    /// Players in each cell.
    players: Vec<u32>,
}

impl DensityCells {
    /// Lays the players out for a drawing of this size.
    #[must_use]
    pub fn new(
        players: impl Iterator<Item = DensityPoint> + Clone,
        limits: DensityLimits,
        (width_px, height_px): (u32, u32),
    ) -> Self {
        let averages =
            players.clone().map(|player| player.average_minutes).filter(|minutes| minutes.is_finite());
        let longest = players.clone().map(|player| player.longest_minutes as f64);
        let most_minutes = (averages.fold(0.0, f64::max), longest.fold(0.0, f64::max));
        let size_px = drawn_size_px(width_px, height_px);
        let frame = frame(most_minutes, limits, size_px);
        let plot = &frame.plot;
        let columns = (plot.width() / CELL_PX.0).round().max(1.0);
        let rows = (plot.height() / CELL_PX.1).round().max(1.0);
        let place = |value: f64, end: f64, cells: f64| {
            (libm::log1p(value.max(0.0)) * cells / libm::log1p(end)).clamp(0.0, cells - 1.0) as u32
        };
        let columns_wide = columns as u32;
        let cell_of: Vec<u32> = players
            .map(|player| {
                let column = place(player.average_minutes, frame.x.end, columns);
                column + columns_wide * place(player.longest_minutes as f64, frame.y.end, rows)
            })
            .collect();
        let mut counts = vec![0; (columns * rows) as usize];
        for &cell in &cell_of {
            counts[cell as usize] += 1;
        }
        Self { size_px, most_minutes, frame, columns: columns_wide, cell_of, players: counts }
    }

    /// Whether they are laid out for these limits and this size.
    #[must_use]
    pub fn fit(&self, limits: DensityLimits, (width_px, height_px): (u32, u32)) -> bool {
        let size_px = drawn_size_px(width_px, height_px);
        self.size_px == size_px && self.frame == frame(self.most_minutes, limits, size_px)
    }

    /// The same cells with fewer players in them, so that what is left stays where it was; `is_shown` is told the
    /// players' places in their order.
    #[must_use]
    pub fn only(&self, is_shown: impl Fn(usize) -> bool) -> Self {
        Self { players: self.bots(is_shown), ..self.clone() }
    }

    /// How many of each cell's players are flagged; `is_bot` is told the players' places in their order.
    #[must_use]
    pub fn bots(&self, is_bot: impl Fn(usize) -> bool) -> Vec<u32> {
        let mut bots = vec![0; self.players.len()];
        for (player, &cell) in self.cell_of.iter().enumerate() {
            bots[cell as usize] += u32::from(is_bot(player));
        }
        bots
    }

    /// The cells with players, with how many players and how many of them flagged, from the lower left corner.
    fn filled(&self, bots: &[u32]) -> impl Iterator<Item = (Rect, u32, u32)> {
        let plot = self.frame.plot;
        let wide = plot.width() / f64::from(self.columns);
        let high = plot.height() * f64::from(self.columns) / self.players.len() as f64;
        let area = move |cell: u32| {
            let left = plot.left + f64::from(cell % self.columns) * wide;
            let bottom = plot.bottom - f64::from(cell / self.columns) * high;
            Rect { left, top: bottom - high, right: left + wide, bottom }
        };
        let cells = (0..).zip(self.players.iter().zip(bots));
        cells
            .filter(|(_, (players, _))| **players > 0)
            .map(move |(cell, (&players, &bots))| (area(cell), players, bots))
    }

    /// What a cell holds.
    fn mark(&self, area: Rect, players: u32, bots: u32) -> Mark {
        let average = (self.frame.x.value(area.left), self.frame.x.value(area.right));
        let longest = (self.frame.y.value(area.bottom), self.frame.y.value(area.top));
        // Averages have fractions, while a longest session is whole minutes below the next cell's first.
        let average = minutes::range(average.0.floor() as i64, average.1.ceil() as i64);
        let longest = minutes::range(whole_from(longest.0), whole_from(longest.1) - 1);
        let counts = [(players.saturating_sub(bots), "player"), (bots, "likely bot")];
        let counts = counts.into_iter().filter(|&(count, _)| count > 0);
        let counts: Vec<_> = counts.map(|(count, thing)| format::counted(count.into(), thing)).collect();
        Mark::new(area, format!("average {average}, longest {longest}"), counts.join(" · "))
    }
}

/// The first whole minute at or after the edge of a cell, which may be a hair off.
fn whole_from(edge: f64) -> i64 {
    (edge - 1e-6).ceil() as i64
}

/// Draws players as cells, darker where there are more; a cell with both kinds is divided
/// between the colours. Both axes are logarithmic. The frame's `x` is the average session and
/// `y` the longest session, in minutes. `bots` is what [`DensityCells::bots`] says.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_density<DB: DrawingBackend>(
    area: &Area<DB>,
    cells: &DensityCells,
    bots: &[u32],
    limits: DensityLimits,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let mut frame = cells.frame.clone();
    if cells.cell_of.is_empty() {
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
    draw_cells(&canvas, cells, bots)?;
    draw_limits(&canvas, &frame, limits)?;
    draw_head(&canvas, plot.right)?;
    draw_title_below(&canvas, &plot, "average session (log scale) →")?;
    frame.marks = cells.filled(bots).map(|(area, players, bots)| cells.mark(area, players, bots)).collect();
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

fn frame((widest, highest): (f64, f64), limits: DensityLimits, (width_px, height_px): (u32, u32)) -> Frame {
    // A tenth of room keeps the outermost cells and the limits off the edge.
    let end = |minutes: f64, limit: i64| minutes.max(limit as f64).max(LEAST_END_MINUTES) * 1.1;
    let x_end = end(widest, limits.average_minutes);
    let y_end = end(highest, limits.longest_minutes);
    let (top, bottom) = (HEAD_PX, f64::from(height_px) - X_LABELS_PX - FOOT_PX);
    let y = Scale::log((0.0, y_end), (bottom, top));
    let labels = minutes::log_ticks_upright(&y);
    let left = label_margin(labels.iter().map(|tick| tick.label.as_str()));
    let plot = Rect { left, top, right: f64::from(width_px) - 14.0, bottom };
    Frame::new(plot, Scale::log((0.0, x_end), (plot.left, plot.right)), y)
}

fn draw_cells<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    cells: &DensityCells,
    bots: &[u32],
) -> Result<(), Error> {
    let greatest = cells.players.iter().copied().max().unwrap_or(0).max(1);
    let mut humans_of = vec![Vec::new(); STRENGTHS as usize + 1];
    let mut bots_of = humans_of.clone();
    for (area, players, bots) in cells.filled(bots) {
        let Rect { left, top, right, bottom } = area;
        let whole = Rect { left: left + 0.5, top: top + 0.5, right: right - 0.5, bottom: bottom - 0.5 };
        let middle = whole.right - share_of_bots(players, bots, whole.width()) * whole.width();
        let strength = libm::log1p(f64::from(players)) / libm::log1p(f64::from(greatest));
        let strength = (strength * f64::from(STRENGTHS)).round() as usize;
        if bots < players {
            humans_of[strength].push(Rect { right: middle, ..whole });
        }
        if bots > 0 {
            bots_of[strength].push(Rect { left: middle, ..whole });
        }
    }
    for (cells, color) in [(humans_of, canvas.theme.human), (bots_of, canvas.theme.bot)] {
        for (strength, cells) in (0..).zip(cells) {
            let alpha = 0.2 + 0.75 * f64::from(strength) / f64::from(STRENGTHS);
            for cell in cells {
                canvas.rect(cell, color, alpha)?;
            }
        }
    }
    Ok(())
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
