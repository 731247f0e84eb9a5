//! Axes: grid lines, ticks that do not touch, titles and keys.

use plotters::prelude::DrawingBackend;

use crate::canvas::{Anchor, Canvas, Ink, TICK_PX};
use crate::error::Error;
use crate::frame::{Frame, Rect, Scale};
use crate::text;
use crate::theme::Color;
use crate::ticks::CountAxis;

/// Least distance between two labels in pixels.
const GAP_PX: f64 = 18.0;
/// From the plot's lower edge to the middle of the tick labels.
const LABEL_DROP_PX: f64 = 14.0;
/// Size of the names of limits and other marks in pixels.
const LIMIT_PX: f64 = 11.5;
/// Room below a plot for its tick labels.
pub(crate) const X_LABELS_PX: f64 = 26.0;
/// Room below the tick labels for a title or a key.
pub(crate) const FOOT_PX: f64 = 20.0;

/// A value worth a label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: String,
}

/// Left margin that holds the labels of a vertical axis.
pub(crate) fn label_margin<'a>(labels: impl Iterator<Item = &'a str>) -> f64 {
    let widest = labels.map(|label| text::width(label, TICK_PX)).fold(0.0, f64::max);
    (widest + 10.0).ceil().max(24.0)
}

/// The plot of a chart with a count axis at its left and ticks below; `foot_px` is the room
/// kept below the ticks.
pub(crate) fn count_plot<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    axis: &CountAxis,
    foot_px: f64,
) -> Rect {
    Rect {
        left: label_margin(axis.ticks.iter().map(|tick| tick.label.as_str())),
        top: 10.0,
        right: canvas.width - 14.0,
        bottom: canvas.height - X_LABELS_PX - foot_px,
    }
}

/// The vertical room a chart's plot has before its margins are known in full.
pub(crate) fn plot_height<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, foot_px: f64) -> f64 {
    canvas.height - X_LABELS_PX - foot_px - 10.0
}

/// Grid lines and labels of a count axis.
pub(crate) fn draw_counts<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    axis: &CountAxis,
) -> Result<(), Error> {
    for tick in &axis.ticks {
        let y = frame.y.px(tick.value);
        canvas.row_line(y, (frame.plot.left, frame.plot.right), canvas.theme.grid)?;
        canvas.text(&tick.label, (frame.plot.left - 8.0, y), Anchor::End, canvas.tick_ink())?;
    }
    Ok(())
}

/// The labels of a horizontal axis, and grid lines above them if asked for.
pub(crate) fn draw_below<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    ticks: &[Tick],
    grid: bool,
) -> Result<(), Error> {
    for tick in ticks {
        if grid {
            let span = (frame.plot.top, frame.plot.bottom);
            canvas.column_line(frame.x.px(tick.value), span, canvas.theme.grid)?;
        }
        let (left, right) = extent(tick, &frame.x, canvas.width);
        let at = ((left + right) / 2.0, frame.plot.bottom + LABEL_DROP_PX);
        canvas.text(&tick.label, at, Anchor::Middle, canvas.tick_ink())?;
    }
    Ok(())
}

/// What the axis measures, below the tick labels and in the middle of the plot.
pub(crate) fn draw_title_below<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    plot: &Rect,
    title: &str,
) -> Result<(), Error> {
    draw_title_at(canvas, plot, title, canvas.height - 9.0)
}

fn draw_title_at<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    plot: &Rect,
    title: &str,
    y: f64,
) -> Result<(), Error> {
    let title = text::ellipsize(title, canvas.width - 8.0, TICK_PX);
    let half = text::width(&title, TICK_PX) / 2.0 + 2.0;
    let middle = ((plot.left + plot.right) / 2.0).min(canvas.width - half).max(half);
    canvas.text(&title, (middle, y), Anchor::Middle, canvas.tick_ink())
}

/// A title and a key below the tick labels: on one line where both have room there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Foot<'a> {
    title: &'a str,
    key: &'a [(Color, &'a str)],
    is_one_line: bool,
}

impl<'a> Foot<'a> {
    /// The foot of a chart of this width; without a key it is the title alone.
    pub(crate) fn new(title: &'a str, key: &'a [(Color, &'a str)], width_px: f64) -> Self {
        // The tick labels beside a plot are no wider than this.
        let left = 60.0;
        let title_left = (left + width_px - 14.0 - text::width(title, TICK_PX)) / 2.0;
        let is_one_line = key.is_empty() || left + key_width(key) + GAP_PX <= title_left;
        Self { title, key, is_one_line }
    }

    /// The room it needs.
    pub(crate) fn height_px(&self) -> f64 {
        if self.is_one_line { FOOT_PX } else { 2.0 * FOOT_PX }
    }

    pub(crate) fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, plot: &Rect) -> Result<(), Error> {
        let above = self.height_px() - FOOT_PX;
        draw_title_at(canvas, plot, self.title, canvas.height - 9.0 - above)?;
        draw_key(canvas, plot.left, self.key)
    }
}

/// Coloured squares with names, along the lower edge.
pub(crate) fn draw_key<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    left: f64,
    entries: &[(Color, &str)],
) -> Result<(), Error> {
    draw_key_at(canvas, (left, canvas.height - 9.0), entries)
}

/// Width of a key in pixels.
pub(crate) fn key_width(entries: &[(Color, &str)]) -> f64 {
    entries.iter().map(|(_, name)| 29.0 + text::width(name, TICK_PX)).sum::<f64>() - 14.0
}

/// Coloured squares with names, from a left end on, or from further left if they would stick
/// out. Names that cannot fit are cut.
pub(crate) fn draw_key_at<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (left, y): (f64, f64),
    entries: &[(Color, &str)],
) -> Result<(), Error> {
    let right = canvas.width - 2.0;
    let mut x = left.min(right - key_width(entries)).max(2.0);
    for (color, name) in entries {
        let square = Rect { left: x, top: y - 5.0, right: x + 10.0, bottom: y + 5.0 };
        let name = text::ellipsize(name, right - x - 15.0, TICK_PX);
        canvas.soft_rect(square, *color, 1.0)?;
        canvas.text(&name, (x + 15.0, y), Anchor::Start, canvas.tick_ink())?;
        x += 29.0 + text::width(&name, TICK_PX);
    }
    Ok(())
}

/// A bold name and the room it takes between the plot's left edge and the drawing's right one.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) left: f64,
    pub(crate) right: f64,
}

impl Name {
    /// A name that would start at `left`; it starts further left where it would stick out, and
    /// is cut where it is wider than its room.
    pub(crate) fn place(text: &str, left: f64, plot: &Rect, width_px: f64) -> Self {
        let (least, most) = (plot.left + 3.0, width_px - 4.0);
        let text = text::ellipsize_bold(text, most - least, LIMIT_PX);
        let width = text::bold_width(&text, LIMIT_PX);
        let left = left.min(most - width).max(least);
        Self { text, left, right: left + width }
    }

    /// Draws it in the middle of a ground of the card's colour, so that shapes and lines do
    /// not run through it.
    pub(crate) fn draw<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        y: f64,
        color: Color,
    ) -> Result<(), Error> {
        let (left, right) = (self.left - 2.0, self.right + 2.0);
        let ground = Rect { left, top: y - 8.0, right, bottom: y + 8.0 };
        canvas.rect(ground, canvas.theme.surface, 0.8)?;
        let ink = Ink { color, size_px: LIMIT_PX, bold: true };
        canvas.text(&self.text, (self.left, y), Anchor::Start, ink)
    }
}

/// The finest set of ticks whose labels do not touch; the sets come from fine to coarse.
/// If even the coarsest is too dense, those of its ticks that fit.
pub(crate) fn finest_that_fits(mut sets: Vec<Vec<Tick>>, scale: &Scale, width_px: f64) -> Vec<Tick> {
    let fits = |ticks: &Vec<Tick>| {
        let extents: Vec<_> = ticks.iter().map(|tick| extent(tick, scale, width_px)).collect();
        let is_clear = |pair: &[(f64, f64)]| pair[0].1 + GAP_PX <= pair[1].0;
        extents.iter().all(|&(_, right)| right < width_px)
            && !ticks.is_empty()
            && extents.windows(2).all(is_clear)
    };
    match sets.iter().position(fits) {
        Some(index) => sets.swap_remove(index),
        None => most_important(sets.pop().unwrap_or_default(), scale, width_px),
    }
}

/// Of ticks in order of importance, those within the axis whose labels do not touch one that
/// is more important; in order of value.
pub(crate) fn most_important(ticks: Vec<Tick>, scale: &Scale, width_px: f64) -> Vec<Tick> {
    let mut kept: Vec<(Tick, (f64, f64))> = Vec::new();
    for tick in ticks {
        let (left, right) = extent(&tick, scale, width_px);
        let is_free = kept.iter().all(|(_, other)| right + GAP_PX <= other.0 || other.1 + GAP_PX <= left);
        let is_inside = (scale.start..=scale.end).contains(&tick.value) && right < width_px;
        if is_inside && is_free {
            kept.push((tick, (left, right)));
        }
    }
    let mut ticks: Vec<Tick> = kept.into_iter().map(|(tick, _)| tick).collect();
    ticks.sort_by(|a, b| a.value.total_cmp(&b.value));
    ticks
}

/// Left and right end of a label below its value, moved inside the drawing where it would
/// stick out.
fn extent(tick: &Tick, scale: &Scale, width_px: f64) -> (f64, f64) {
    let half = text::width(&tick.label, TICK_PX) / 2.0;
    let center = scale.px(tick.value).min(width_px - half - 1.0).max(half + 1.0);
    (center - half, center + half)
}
