//! Shares of two sets of data as pairs of bars: those of the first are filled, those of the second outlines, so that
//! nobody needs to tell two colours apart.

use plotters::prelude::DrawingBackend;

use crate::axis::FOOT_PX;
use crate::bars::{draw_cut, draw_hidden, greatest, rows_that_fit};
use crate::canvas::{Anchor, Area, Canvas, LABEL_PX, TICK_PX};
use crate::error::Error;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::rect::Rect;
use crate::text;
use crate::theme::Theme;

/// Height of a row, of its least height, and of each of its two bars, pixels.
const ROW_PX: f64 = 34.0;
const LEAST_ROW_PX: f64 = 26.0;
const BAR_PX: f64 = 9.0;
/// From the middle of a row to the middle of a bar, pixels.
const BAR_OFF_PX: f64 = 6.0;
const TOP_PX: f64 = 4.0;
/// Room left of a label and between it and its bars.
const LABEL_GAPS_PX: f64 = 12.0;

/// Shares of the same thing in both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pair {
    /// What is counted; may come from the data and hold any text.
    pub label: String,
    /// The shares, 0 to 1, which the bars are as long as.
    pub shares: [f64; 2],
    /// The shares in words.
    pub shown: [String; 2],
    /// All that there is to say of both.
    pub reading: String,
    /// Whether it stands for all that has no row of its own. The others are not drawn smaller for it: where it is longer
    /// than they are, it is cut.
    pub is_rest: bool,
}

/// Pairs of bars below each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// From the top.
    pub rows: Vec<Pair>,
    /// What both sets of data are called.
    pub names: [String; 2],
}

impl Pairs {
    /// The height in pixels at which every row has its usual height.
    pub fn height_px(&self) -> u32 {
        let rows = self.rows.len().clamp(2, 1_000) as f64;
        (TOP_PX + rows * ROW_PX + FOOT_PX + 4.0).ceil() as u32
    }
}

/// Draws two bars a row, each with its share in words. If the rows do not fit the height, the last ones give way to a
/// line that says how many are missing. The frame's `x` is a share, `y` in rows from the top (the first is 0 to 1).
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_pairs<DB: DrawingBackend>(area: &Area<DB>, data: &Pairs, theme: &Theme) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let room = canvas.height - TOP_PX - FOOT_PX - 4.0;
    let shown = rows_that_fit(data.rows.len(), room, LEAST_ROW_PX);
    let lines = (shown + usize::from(shown < data.rows.len())).max(1) as f64;
    let row_px = (room / lines).min(ROW_PX);
    let rows = &data.rows[..shown];
    let shares = rows.iter().flat_map(|row| row.shares.map(|share| (share, row.is_rest)));
    let greatest = greatest(shares.filter(|(share, _)| share.is_finite()));
    let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
    let label_px = widest(&mut rows.iter().map(|row| text::width(&row.label, LABEL_PX)));
    let value_px = widest(&mut rows.iter().flat_map(|row| &row.shown).map(|text| text::width(text, TICK_PX)));
    let plot = Rect {
        left: label_px.min(canvas.width * 0.4) + LABEL_GAPS_PX,
        top: TOP_PX,
        right: canvas.width - value_px - 8.0,
        bottom: TOP_PX + row_px * lines,
    };
    let x = Scale::linear((0.0, if greatest > 0.0 { greatest } else { 1.0 }), (plot.left, plot.right));
    let y = Scale::linear((0.0, lines), (plot.top, plot.bottom));
    let mut frame = Frame::new(plot, x, y);
    if greatest == 0.0 {
        canvas.no_data()?;
        return Ok(frame);
    }
    for (index, row) in rows.iter().enumerate() {
        draw_pair(&canvas, &frame, index, row)?;
        let area = frame.row(index, canvas.width);
        frame.marks.push(Mark::new(area, text::printable(&row.label), row.reading.clone()));
    }
    draw_hidden(&canvas, &frame, shown, data.rows.len())?;
    draw_names(&canvas, plot.left, &data.names, |left, y, side| {
        let square = Rect { left, top: y - 5.0, right: left + 10.0, bottom: y + 5.0 };
        draw_bar(&canvas, square, side)
    })?;
    Ok(frame)
}

fn draw_pair<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    index: usize,
    row: &Pair,
) -> Result<(), Error> {
    let middle = frame.y.px(index as f64 + 0.5);
    let left = frame.plot.left;
    let label = text::ellipsize(&row.label, left - LABEL_GAPS_PX, LABEL_PX);
    canvas.text(&label, (left - 8.0, middle), Anchor::End, canvas.label_ink())?;
    for (side, y) in [middle - BAR_OFF_PX, middle + BAR_OFF_PX].into_iter().enumerate() {
        let share = if row.shares[side].is_finite() { row.shares[side].max(0.0) } else { 0.0 };
        // However few, they are seen.
        let right = frame.x.px(share).min(frame.plot.right).max(left + if share > 0.0 { 1.0 } else { 0.0 });
        if share > 0.0 {
            let bar = Rect { left, top: y - BAR_PX / 2.0, right, bottom: y + BAR_PX / 2.0 };
            draw_bar(canvas, bar, side)?;
            if frame.x.px(share) > frame.plot.right + 0.5 {
                draw_cut(canvas, bar)?;
            }
        }
        canvas.text(&row.shown[side], (right + 6.0, y), Anchor::Start, canvas.tick_ink())?;
    }
    Ok(())
}

/// A bar of the first set of data is filled, one of the second is an outline.
fn draw_bar<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, bar: Rect, side: usize) -> Result<(), Error> {
    if side == 0 {
        return canvas.soft_rect(bar, canvas.theme.human, 0.8);
    }
    let Rect { left, top, right, bottom } = bar;
    let (left, top, bottom) = (left + 0.5, top + 0.5, bottom - 0.5);
    let right = (right - 0.5).max(left);
    let outline = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.polyline(&outline, canvas.theme.ink, 1.0)
}

/// The names of both along the lower edge, each behind a sample that is 10 pixels wide.
pub(crate) fn draw_names<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    left: f64,
    names: &[String; 2],
    sample: impl Fn(f64, f64, usize) -> Result<(), Error>,
) -> Result<(), Error> {
    let y = canvas.height - 9.0;
    let names = names.each_ref().map(|name| text::ellipsize(name, canvas.width / 2.0 - 32.0, TICK_PX));
    let wide = names.each_ref().map(|name| 29.0 + text::width(name, TICK_PX));
    let mut x = left.min(canvas.width - 2.0 - wide[0] - wide[1] + 14.0).max(2.0);
    for (side, name) in names.iter().enumerate() {
        sample(x, y, side)?;
        canvas.text(name, (x + 15.0, y), Anchor::Start, canvas.tick_ink())?;
        x += wide[side];
    }
    Ok(())
}
