//! Horizontal bars: classes, races, zones.

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, draw_key};
use crate::canvas::{Anchor, Area, Canvas, LABEL_PX, TICK_PX};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::rect::Rect;
use crate::text;
use crate::theme::Theme;

const ROW_PX: f64 = 26.0;
const LEAST_ROW_PX: f64 = 16.0;
const TOP_PX: f64 = 4.0;
/// Room left of a label and between it and its bar.
const LABEL_GAPS_PX: f64 = 12.0;

/// One bar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bar {
    /// What is counted; may come from the data and hold any text.
    pub label: String,
    /// Count of the blue part, in the chart's unit (players, events).
    pub humans: u64,
    /// Count of the orange part that follows it; zero where bots are left out.
    pub bots: u64,
}

impl Bar {
    fn total(&self) -> u64 {
        self.humans.saturating_add(self.bots)
    }
}

/// Bars below each other, in the order they are drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bars {
    /// From the top.
    pub rows: Vec<Bar>,
    /// One of what is counted: `player`, `event`.
    pub unit: &'static str,
}

impl Bars {
    /// The height in pixels at which every row has its usual height.
    pub fn height_px(&self) -> u32 {
        let rows = self.rows.len().clamp(1, 1_000) as f64;
        (TOP_PX + rows * ROW_PX + self.foot_px()).ceil() as u32
    }

    fn has_bots(&self) -> bool {
        self.rows.iter().any(|row| row.bots > 0)
    }

    fn reading(&self, row: &Bar) -> String {
        let all = format::counted(row.total(), self.unit);
        match self.has_bots() {
            true => format!("{all} · likely bots: {}", format::count(row.bots)),
            false => all,
        }
    }

    fn foot_px(&self) -> f64 {
        if self.has_bots() { FOOT_PX + 4.0 } else { 4.0 }
    }
}

/// Draws one row a bar with its label and its total. If the rows do not fit the height, the
/// last ones give way to a line that says how many are missing. The frame's `x` is in the
/// chart's unit, `y` in rows from the top (the first is 0 to 1).
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_bars<DB: DrawingBackend>(area: &Area<DB>, data: &Bars, theme: &Theme) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let room = canvas.height - TOP_PX - data.foot_px();
    let shown = rows_that_fit(data.rows.len(), room, LEAST_ROW_PX);
    let lines = shown + usize::from(shown < data.rows.len());
    let row_px = (room / lines.max(1) as f64).min(ROW_PX);
    let rows = &data.rows[..shown];
    let greatest = rows.iter().map(Bar::total).max().unwrap_or(0);
    let plot = Rect {
        left: label_room(rows, canvas.width) + LABEL_GAPS_PX,
        top: TOP_PX,
        right: canvas.width - value_room(rows) - 8.0,
        bottom: TOP_PX + row_px * lines.max(1) as f64,
    };
    let x = Scale::linear((0.0, greatest.max(1) as f64), (plot.left, plot.right));
    let y = Scale::linear((0.0, lines.max(1) as f64), (plot.top, plot.bottom));
    let mut frame = Frame::new(plot, x, y);
    if rows.is_empty() {
        canvas.no_data()?;
        return Ok(frame);
    }
    for (index, row) in rows.iter().enumerate() {
        draw_row(&canvas, &frame, index, row)?;
        let area = frame.row(index, canvas.width);
        frame.marks.push(Mark::new(area, text::printable(&row.label), data.reading(row)));
    }
    draw_hidden(&canvas, &frame, shown, data.rows.len())?;
    if data.has_bots() {
        draw_key(&canvas, plot.left, &[(theme.human, "without bots"), (theme.bot, "likely bots")])?;
    }
    Ok(frame)
}

fn draw_row<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    index: usize,
    row: &Bar,
) -> Result<(), Error> {
    let y = frame.y.px(index as f64 + 0.5);
    let half = ((frame.y.px(1.0) - frame.y.px(0.0)) * 0.3).min(7.5);
    let label = text::ellipsize(&row.label, frame.plot.left - LABEL_GAPS_PX, LABEL_PX);
    canvas.text(&label, (frame.plot.left - 8.0, y), Anchor::End, canvas.label_ink())?;
    let middle = frame.x.px(row.humans as f64);
    let end = frame.x.px(row.total() as f64);
    let part = |left, right| Rect { left, top: y - half, right, bottom: y + half };
    if row.humans > 0 {
        canvas.soft_rect(part(frame.plot.left, middle), canvas.theme.human, 0.8)?;
    }
    if row.bots > 0 {
        canvas.soft_rect(part(middle, end), canvas.theme.bot, 0.85)?;
    }
    let value = format::compact(row.total() as f64);
    canvas.text(&value, (end + 6.0, y), Anchor::Start, canvas.tick_ink())
}

/// How many of `count` rows fit, leaving a line for the note on the others if not all do.
pub(crate) fn rows_that_fit(count: usize, room_px: f64, least_row_px: f64) -> usize {
    let lines = (room_px / least_row_px).floor().max(1.0) as usize;
    if count <= lines { count } else { lines.saturating_sub(1).max(1) }
}

/// The note on the rows that are not among the first `shown`, in the line below these.
pub(crate) fn draw_hidden<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    shown: usize,
    count: usize,
) -> Result<(), Error> {
    if shown == count {
        return Ok(());
    }
    let at = (frame.plot.left, frame.y.px(shown as f64 + 0.5));
    let hidden = format!("and {} more", format::count((count - shown) as u64));
    canvas.text(&hidden, at, Anchor::Start, canvas.tick_ink())
}

/// Labels get what they need, but never more than two fifths of the width.
fn label_room(rows: &[Bar], width_px: f64) -> f64 {
    let widest = rows.iter().map(|row| text::width(&row.label, LABEL_PX)).fold(0.0, f64::max);
    widest.min(width_px * 0.4)
}

fn value_room(rows: &[Bar]) -> f64 {
    rows.iter().map(|row| text::width(&format::compact(row.total() as f64), TICK_PX)).fold(0.0, f64::max)
}
