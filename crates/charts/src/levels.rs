//! Players by level.

use plotters::prelude::DrawingBackend;

use crate::axis::{count_plot, draw_below, draw_counts, plot_height};
use crate::canvas::{Area, Canvas};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::rect::Rect;
use crate::theme::Theme;
use crate::ticks::{Tick, count_axis, finest_that_fits, round_up};

const MOST_BARS: usize = 80;

/// Players by level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    /// The level of the first count.
    pub first_level: i64,
    /// Players of `first_level`, `first_level + 1` and so on.
    pub players: Vec<u64>,
}

/// Draws one bar a level, or a bar for every few levels where there are more than 80. The
/// frame's `x` is in levels (level 10 spans 10 to 11), `y` in players.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_levels<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Levels,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let width = round_up(data.players.len() as f64 / MOST_BARS as f64).max(1.0) as usize;
    let bars: Vec<f64> = data.players.chunks(width).map(sum).collect();
    let greatest = bars.iter().copied().fold(0.0, f64::max);
    let axis = count_axis(greatest, plot_height(&canvas, 0.0));
    let plot = count_plot(&canvas, &axis, 0.0);
    let first = data.first_level as f64;
    let end = first + (bars.len().max(1) * width) as f64;
    let x = Scale::linear((first, end), (plot.left, plot.right));
    let mut frame = Frame::upright(plot, x, (0.0, axis.top));
    if greatest == 0.0 {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    for (index, &players) in bars.iter().enumerate().filter(|&(_, &players)| players > 0.0) {
        let level = first + (index * width) as f64;
        let (left, right) = (frame.x.px(level), frame.x.px(level + width as f64));
        let gap = ((right - left) * 0.12).min(1.0);
        let top = frame.y.px(players).min(plot.bottom - 0.5);
        let bar = Rect { left: left + gap, top, right: right - gap, bottom: plot.bottom };
        canvas.rect(bar, theme.human, 0.8)?;
    }
    draw_below(&canvas, &frame, &level_ticks(&frame, width, canvas.width), false)?;
    frame.marks = (0..)
        .zip(&bars)
        .map(|(index, &players)| mark(&frame, index * width as i64, width, players))
        .collect();
    Ok(frame)
}

/// The bar of the levels that begin `offset` above the first.
fn mark(frame: &Frame, offset: i64, levels: usize, players: f64) -> Mark {
    let level = frame.x.start + offset as f64;
    let end = level + levels as f64;
    let name = match levels {
        1 => format!("level {level}"),
        _ => format!("levels {level}–{}", end - 1.0),
    };
    Mark::new(frame.column(level, end), name, format::counted(players as u64, "player"))
}

fn sum(players: &[u64]) -> f64 {
    players.iter().map(|&count| count as f64).sum()
}

/// The first level and the round ones, under the middle of their bars.
fn level_ticks(frame: &Frame, bar_levels: usize, width_px: f64) -> Vec<Tick> {
    let (first, end) = (frame.x.start, frame.x.end);
    let middle = bar_levels as f64 / 2.0;
    let tick = |level: f64| Tick { value: level + middle, label: format!("{level}") };
    let round = |step: f64| -> Vec<Tick> {
        let start = (first / step).floor() as i64 + 1;
        let last = ((end - 1.0) / step).floor() as i64;
        // A round level beside the first one would crowd it out.
        let far = move |level: &f64| *level >= first + step / 2.0;
        let levels = (start..=last).map(|index| index as f64 * step).filter(far);
        std::iter::once(first).chain(levels).map(tick).collect()
    };
    let steps = std::iter::successors(Some(1.0_f64), |step| Some(round_up(step * 1.5)));
    let sets = steps
        .skip_while(|step| *step < bar_levels as f64 || (end - first) / step > 100.0)
        .take_while(|step| *step <= (end - first).max(1.0))
        .map(round)
        .collect();
    finest_that_fits(sets, &frame.x, width_px)
}
