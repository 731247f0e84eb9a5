//! Sessions by a whole number: their minutes, or their events.

use plotters::prelude::DrawingBackend;

use crate::axis::{Foot, count_plot, draw_below, draw_counts, plot_height};
use crate::canvas::{Area, Canvas};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::minutes;
use crate::named_lines::{NamedLine, NamedLines};
use crate::rect::Rect;
use crate::theme::Theme;
use crate::ticks::{Tick, count_axis, log_count_ticks};

/// Bars aim at this width in pixels.
const BAR_PX: f64 = 14.0;

/// What the sessions are counted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HistogramAxis {
    /// Minutes, from 0.
    #[default]
    Minutes,
    /// Events, from 1.
    Events,
}

impl HistogramAxis {
    /// The least number there can be.
    const fn start(self) -> i64 {
        match self {
            Self::Minutes => 0,
            Self::Events => 1,
        }
    }

    /// The axis reaches at least this far, so that small data are not blown up: a day, or a hundred events.
    const fn least_end(self) -> f64 {
        match self {
            Self::Minutes => 1_440.0,
            Self::Events => 100.0,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Minutes => "session duration (log scale)",
            Self::Events => "events of a session (log scale)",
        }
    }

    /// The numbers from `first` to `last` in words.
    fn range(self, first: i64, last: i64) -> String {
        match self {
            Self::Minutes => minutes::range(first, last),
            Self::Events if first >= last => format::counted(first.unsigned_abs(), "event"),
            Self::Events => {
                let [first, last] = [first, last].map(|events| format::count(events.unsigned_abs()));
                format!("{first}–{last} events")
            }
        }
    }

    fn ticks(self, scale: &Scale, width_px: f64) -> Vec<Tick> {
        match self {
            Self::Minutes => minutes::log_ticks(scale, width_px),
            Self::Events => log_count_ticks(scale, width_px),
        }
    }
}

/// How many sessions have one number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HistogramCount {
    /// The number, in the axis's unit.
    pub value: i64,
    /// Sessions of players that are not flagged.
    pub humans: u64,
    /// Sessions of likely bots.
    pub bots: u64,
}

/// A number marked by a line: a median, a percentile, a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct HistogramMark {
    /// Short name with its value: `median 34 min`.
    pub label: String,
    /// Where it lies, in the axis's unit.
    pub value: f64,
    /// Whether it is a limit, drawn in ink, rather than a figure of the data, drawn in gold.
    pub is_limit: bool,
}

/// Sessions by a whole number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histogram {
    /// What they are counted by.
    pub axis: HistogramAxis,
    /// In any order.
    pub counts: Vec<HistogramCount>,
    /// Lines to draw in.
    pub marks: Vec<HistogramMark>,
}

impl Histogram {
    fn lines(&self, theme: &Theme) -> impl Iterator<Item = NamedLine<'_>> {
        let (limit, figure) = (theme.ink, theme.gold);
        let marks = self.marks.iter().filter(|mark| mark.value.is_finite());
        marks.map(move |mark| NamedLine {
            value: mark.value,
            name: &mark.label,
            color: if mark.is_limit { limit } else { figure },
        })
    }
}

/// Sessions of one bar.
#[derive(Debug, Clone, Copy, Default)]
struct Bar {
    humans: f64,
    bots: f64,
}

impl Bar {
    fn total(self) -> f64 {
        self.humans + self.bots
    }

    /// The bar between two edges, of which the second belongs to the next one.
    fn mark(self, axis: HistogramAxis, frame: &Frame, edges: &[f64]) -> Mark {
        let (from, to) = (edges[0], edges[1]);
        let name = axis.range(from as i64, to as i64 - 1);
        Mark::new(frame.column(from, to), name, format::sessions(self.humans as u64, self.bots as u64))
    }
}

/// Draws a histogram over a logarithmic axis, likely bots on top of the others. The frame's `x` is in the axis's unit,
/// `y` in sessions a bar.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_histogram<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Histogram,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let greatest_value = data.counts.iter().map(|count| count.value as f64).fold(0.0, f64::max);
    let furthest = data.marks.iter().map(|mark| mark.value).filter(|value| value.is_finite());
    let end = furthest.fold(greatest_value.max(data.axis.least_end()), f64::max) + 1.0;
    let edges = bar_edges(data.axis.start() as f64, end, canvas.width - 60.0);
    let bars = count_into(&edges, &data.counts);
    let greatest = bars.iter().map(|bar| bar.total()).fold(0.0, f64::max);
    let key = [(theme.human, "without bots"), (theme.bot, "likely bots")];
    let has_bots = data.counts.iter().any(|count| count.bots > 0);
    let foot = Foot::new(data.axis.title(), if has_bots { &key } else { &[] }, canvas.width);
    let axis = count_axis(greatest, plot_height(&canvas, foot.height_px()));
    let mut plot = count_plot(&canvas, &axis, foot.height_px());
    let last_edge = edges.last().copied().unwrap_or(end);
    let x = Scale::log((data.axis.start() as f64, last_edge), (plot.left, plot.right));
    let lines = NamedLines::place(data.lines(theme), &x, &plot, canvas.width);
    plot.top += lines.height_px();
    let axis = count_axis(greatest, plot.height());
    let mut frame = Frame::upright(plot, x, (0.0, axis.top));
    if greatest == 0.0 {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    for (pair, bar) in edges.windows(2).zip(&bars) {
        draw_bar(&canvas, &frame, (pair[0], pair[1]), *bar)?;
    }
    draw_below(&canvas, &frame, &data.axis.ticks(&frame.x, canvas.width), false)?;
    foot.draw(&canvas, &plot)?;
    lines.draw(&canvas, &plot)?;
    frame.marks = edges.windows(2).zip(&bars).map(|(pair, bar)| bar.mark(data.axis, &frame, pair)).collect();
    Ok(frame)
}

fn draw_bar<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    (from, to): (f64, f64),
    bar: Bar,
) -> Result<(), Error> {
    if bar.total() <= 0.0 {
        return Ok(());
    }
    let bottom = frame.plot.bottom;
    let (left, right) = (frame.x.px(from) + 0.5, frame.x.px(to) - 0.5);
    // However few, they are seen.
    let top = frame.y.px(bar.total()).min(bottom - 0.5);
    let middle = if bar.humans > 0.0 { frame.y.px(bar.humans).max(top) } else { bottom };
    if bar.bots > 0.0 {
        canvas.rect(Rect { left, top, right, bottom: middle }, canvas.theme.bot, 0.85)?;
    }
    if bar.humans > 0.0 {
        canvas.rect(Rect { left, top: middle, right, bottom }, canvas.theme.human, 0.8)?;
    }
    Ok(())
}

/// Whole numbers at which bars begin, the end of the last one included: about equally wide on
/// the axis, yet never narrower than one, or every other bar would be empty.
fn bar_edges(start: f64, end: f64, width_px: f64) -> Vec<f64> {
    let bars = (width_px / BAR_PX).floor().max(4.0);
    let ratio = libm::exp((libm::log1p(end) - libm::log1p(start)) / bars);
    let mut edges = vec![start];
    let mut edge = start;
    while edge < end {
        edge = ((edge + 1.0) * ratio - 1.0).round().max(edge + 1.0);
        edges.push(edge);
    }
    edges
}

/// What lies before the first bar or behind the last falls into them.
fn count_into(edges: &[f64], counts: &[HistogramCount]) -> Vec<Bar> {
    let mut bars = vec![Bar::default(); edges.len().saturating_sub(1)];
    for count in counts {
        let after = edges.partition_point(|edge| *edge <= count.value as f64);
        let last = bars.len().saturating_sub(1);
        let bar = &mut bars[after.saturating_sub(1).min(last)];
        bar.humans += count.humans as f64;
        bar.bots += count.bots as f64;
    }
    bars
}
