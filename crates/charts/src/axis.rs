//! Axes: grid lines, ticks that do not touch, titles and keys.

use plotters::prelude::DrawingBackend;

use crate::canvas::{Anchor, Canvas, Ink, TICK_PX};
use crate::error::Error;
use crate::frame::Frame;
use crate::rect::Rect;
use crate::text;
use crate::theme::{Color, Theme};
use crate::ticks::{CountAxis, GAP_PX, Tick, extent};

/// From the plot's lower edge to the middle of the tick labels.
const LABEL_DROP_PX: f64 = 14.0;
/// Size of the names of limits and other marks in pixels.
const LIMIT_PX: f64 = 11.5;
/// Room below a plot for its tick labels.
pub(crate) const X_LABELS_PX: f64 = 26.0;
/// Room below the tick labels for a title or a key.
pub(crate) const FOOT_PX: f64 = 20.0;

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

pub(crate) fn draw_title_at<DB: DrawingBackend>(
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

/// The key of the groups that are drawn.
pub(crate) fn key_of_groups(theme: &Theme, has_humans: bool, has_bots: bool) -> Vec<(Color, &'static str)> {
    let humans = has_humans.then_some((theme.human, "without bots"));
    humans.into_iter().chain(has_bots.then_some((theme.bot, "likely bots"))).collect()
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
