//! What is kept of what there is, and what is left out on the way.

use plotters::prelude::DrawingBackend;

use crate::canvas::{Anchor, Area, Canvas, Ink, LABEL_PX};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::rect::Rect;
use crate::text;
use crate::theme::{Color, Theme};

const TOP_PX: f64 = 6.0;
const BAR_PX: f64 = 10.0;
/// Height of a line of text, pixels.
const LINE_PX: f64 = 18.0;
/// Room below a bar, pixels.
const BELOW_PX: f64 = 4.0;
/// Between two funnels, pixels.
const BETWEEN_PX: f64 = 16.0;

/// A part of what a funnel begins with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// What it is, in words: `Kept rows, without bots`.
    pub name: String,
    /// How many.
    pub count: u64,
    /// Its share in words; nothing for what is the whole.
    pub share: String,
}

/// One thing that is counted, before and after some of it is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Funnel {
    /// One of what is counted: `row`, `player`.
    pub unit: &'static str,
    /// All that there is.
    pub all: Part,
    /// What is left out, in the order of the bar, and whether for being of likely bots.
    pub dropped: Vec<(Part, bool)>,
    /// What is left.
    pub kept: Part,
}

/// Funnels below each other, each of its own unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Funnels {
    /// From the top.
    pub funnels: Vec<Funnel>,
}

impl Funnel {
    fn height_px(&self) -> f64 {
        2.0 * (LINE_PX + BAR_PX + BELOW_PX) + self.dropped.len() as f64 * LINE_PX
    }
}

impl Funnels {
    /// The height in pixels that all of them need.
    pub fn height_px(&self) -> u32 {
        let funnels = self.funnels.iter().take(100).map(|funnel| funnel.height_px() + BETWEEN_PX);
        (TOP_PX + funnels.sum::<f64>()).ceil() as u32
    }
}

/// Draws two bars a funnel, all that there is and what is kept of it, and a line for each thing that is left out.
/// Funnels for which the height has no room are left out. The frame's `x` is a share, `y` in pixels.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_funnels<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Funnels,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let plot = Rect { left: 0.0, top: 0.0, right: canvas.width, bottom: canvas.height };
    let x = Scale::linear((0.0, 1.0), (plot.left, plot.right));
    let y = Scale::linear((plot.top, plot.bottom), (plot.top, plot.bottom));
    let mut frame = Frame::new(plot, x, y);
    if data.funnels.iter().all(|funnel| funnel.all.count == 0) {
        canvas.no_data()?;
        return Ok(frame);
    }
    let mut top = TOP_PX;
    for funnel in &data.funnels {
        if top > TOP_PX && top + funnel.height_px() > canvas.height {
            break;
        }
        draw_funnel(&canvas, &mut frame, top, funnel)?;
        top += funnel.height_px() + BETWEEN_PX;
    }
    Ok(frame)
}

fn draw_funnel<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &mut Frame,
    top: f64,
    funnel: &Funnel,
) -> Result<(), Error> {
    let all = funnel.all.count.max(1) as f64;
    let x = frame.x;
    let px = |count: u64| x.px((count as f64 / all).min(1.0));
    let bar = |top: f64, (left, right): (f64, f64)| Rect { left, top, right, bottom: top + BAR_PX };
    let Theme { human, bot, muted, ink, .. } = *canvas.theme;
    let mut y = top;

    frame.marks.push(draw_line(canvas, y, (&funnel.all, funnel.unit), "", ink)?);
    canvas.soft_rect(bar(y + LINE_PX, (0.0, px(funnel.all.count))), muted, 0.55)?;
    y += LINE_PX + BAR_PX + BELOW_PX;

    frame.marks.push(draw_line(canvas, y, (&funnel.kept, funnel.unit), "", ink)?);
    let mut left = px(funnel.kept.count);
    canvas.soft_rect(bar(y + LINE_PX, (0.0, left)), human, 0.85)?;
    for (part, is_of_bots) in &funnel.dropped {
        let right = (left + px(part.count)).min(canvas.width);
        canvas.rect(bar(y + LINE_PX, (left, right)), if *is_of_bots { bot } else { muted }, 0.3)?;
        left = right;
    }
    y += LINE_PX + BAR_PX + BELOW_PX;

    for (part, is_of_bots) in &funnel.dropped {
        let color = if *is_of_bots { bot } else { muted };
        frame.marks.push(draw_line(canvas, y, (part, funnel.unit), "−", color)?);
        y += LINE_PX;
    }
    Ok(())
}

/// A part's name with its count and share at the right, as far as there is room for both.
fn draw_line<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    top: f64,
    (part, unit): (&Part, &str),
    sign: &str,
    color: Color,
) -> Result<Mark, Error> {
    let y = top + LINE_PX / 2.0;
    let count = format::count(part.count);
    let share = if part.share.is_empty() { String::new() } else { format!(" · {}", part.share) };
    let value = text::ellipsize_bold(&format!("{sign}{count}{share}"), canvas.width * 0.6, LABEL_PX);
    let bold = Ink { color, size_px: LABEL_PX, bold: true };
    canvas.text(&value, (canvas.width - 1.0, y), Anchor::End, bold)?;
    let room = canvas.width - text::bold_width(&value, LABEL_PX) - 12.0;
    let name = text::ellipsize(&part.name, room, LABEL_PX);
    if text::width(&name, LABEL_PX) <= room {
        canvas.text(&name, (0.0, y), Anchor::Start, Ink { color, size_px: LABEL_PX, bold: false })?;
    }
    let area = Rect { left: 0.0, top, right: canvas.width, bottom: top + LINE_PX };
    let reading = format!("{}{share}", format::counted(part.count, unit));
    Ok(Mark::new(area, text::printable(&part.name), text::printable(&reading)))
}
