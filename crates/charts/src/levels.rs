//! Players by level.

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, count_plot, draw_below, draw_counts, draw_key, key_of_groups, plot_height};
use crate::bars::draw_stacked;
use crate::canvas::{Area, Canvas};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::theme::Theme;
use crate::ticks::{Tick, count_axis, finest_that_fits, round_up};

const MOST_BARS: usize = 80;

/// Players of one level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LevelCount {
    /// Those that are not flagged.
    pub humans: u64,
    /// Likely bots.
    pub bots: u64,
}

impl LevelCount {
    /// Both groups.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.humans.saturating_add(self.bots)
    }
}

/// Players by level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    /// The level of the first count.
    pub first_level: i64,
    /// Players of `first_level`, `first_level + 1` and so on.
    pub counts: Vec<LevelCount>,
}

/// Draws one bar a level, likely bots on top of the others, or a bar for every few levels where there are more than
/// 80. The frame's `x` is in levels (level 10 spans 10 to 11), `y` in players.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_levels<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Levels,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let width = round_up(data.counts.len() as f64 / MOST_BARS as f64).max(1.0) as usize;
    let bars: Vec<LevelCount> = data.counts.chunks(width).map(sum).collect();
    let greatest = bars.iter().map(|bar| bar.total()).max().unwrap_or(0) as f64;
    let has_bots = bars.iter().any(|bar| bar.bots > 0);
    let key = key_of_groups(theme, bars.iter().any(|bar| bar.humans > 0), has_bots);
    let foot_px = if has_bots { FOOT_PX } else { 0.0 };
    let axis = count_axis(greatest, plot_height(&canvas, foot_px));
    let plot = count_plot(&canvas, &axis, foot_px);
    let first = data.first_level as f64;
    let end = first + (bars.len().max(1) * width) as f64;
    let x = Scale::linear((first, end), (plot.left, plot.right));
    let mut frame = Frame::upright(plot, x, (0.0, axis.top));
    if greatest == 0.0 {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    for (index, &bar) in bars.iter().enumerate().filter(|(_, bar)| bar.total() > 0) {
        let level = first + (index * width) as f64;
        let (left, right) = (frame.x.px(level), frame.x.px(level + width as f64));
        let gap = ((right - left) * 0.12).min(1.0);
        draw_stacked(&canvas, &frame, (left + gap, right - gap), (bar.humans as f64, bar.bots as f64))?;
    }
    draw_below(&canvas, &frame, &level_ticks(&frame, width, canvas.width), false)?;
    if has_bots {
        draw_key(&canvas, plot.left, &key)?;
    }
    frame.marks =
        (0..).zip(&bars).map(|(index, &bar)| mark(&frame, index * width as i64, width, bar)).collect();
    Ok(frame)
}

/// The bar of the levels that begin `offset` above the first.
fn mark(frame: &Frame, offset: i64, levels: usize, bar: LevelCount) -> Mark {
    let level = frame.x.start + offset as f64;
    let end = level + levels as f64;
    let name = match levels {
        1 => format!("level {level}"),
        _ => format!("levels {level}–{}", end - 1.0),
    };
    Mark::new(frame.column(level, end), name, format::players(bar.humans, bar.bots))
}

fn sum(counts: &[LevelCount]) -> LevelCount {
    counts.iter().fold(LevelCount::default(), |sum, count| LevelCount {
        humans: sum.humans.saturating_add(count.humans),
        bots: sum.bots.saturating_add(count.bots),
    })
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
