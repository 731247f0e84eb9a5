//! What each step keeps of all rows.

use plotters::prelude::DrawingBackend;

use crate::canvas::{Anchor, Area, Canvas, Ink, LABEL_PX};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::rect::Rect;
use crate::text;
use crate::theme::Theme;

const TOP_PX: f64 = 10.0;
const BAR_PX: f64 = 8.0;
/// Size of the counts, pixels.
const COUNT_PX: f64 = 13.0;
/// From a bar's middle to that of the line below it, pixels.
const COUNT_DROP_PX: f64 = 16.0;
/// Height of a step with its name beside its bar, pixels.
const STEP_PX: f64 = 42.0;
/// What a step grows by where its name stands above its bar, pixels.
const NAME_PX: f64 = 18.0;
/// From this width on there is room for the names beside the bars, pixels.
const WIDE_PX: f64 = 380.0;
/// Between a name and its bar, pixels.
const NAME_GAP_PX: f64 = 12.0;

/// A step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// What does it.
    pub name: String,
    /// What it has.
    pub count: u64,
    /// What is counted.
    pub unit: String,
    /// The share of all rows that this stands for, 0 to 1.
    pub share: f64,
    /// The share in words.
    pub of_all: String,
    /// Whether it is about bots, which have their colour.
    pub is_bots: bool,
}

/// Steps below each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Funnel {
    /// From the top.
    pub steps: Vec<Step>,
}

impl Funnel {
    /// The height in pixels at which every step has its usual height in a drawing of a width in pixels.
    pub fn height_px(&self, width_px: u32) -> u32 {
        let steps = self.steps.len().clamp(1, 100) as f64;
        (TOP_PX + steps * step_px(f64::from(width_px))).ceil() as u32
    }
}

fn step_px(width_px: f64) -> f64 {
    if width_px < WIDE_PX { STEP_PX + NAME_PX } else { STEP_PX }
}

/// Draws a bar a step with its count and its unit. Steps for which the height has no room are left out. The frame's
/// `x` is a share, `y` in steps from the top (the first is 0 to 1).
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_funnel<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Funnel,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let step_px = step_px(canvas.width);
    let fitting = ((canvas.height - TOP_PX) / step_px).floor().max(1.0) as usize;
    let steps = &data.steps[..data.steps.len().min(fitting)];
    let widest = steps.iter().map(|step| text::width(&step.name, LABEL_PX)).fold(0.0, f64::max);
    let is_beside = canvas.width >= WIDE_PX;
    let left = if is_beside { widest.min(canvas.width * 0.4) + NAME_GAP_PX } else { 0.0 };
    let bottom = TOP_PX + step_px * steps.len().max(1) as f64;
    let plot = Rect { left, top: TOP_PX, right: canvas.width, bottom };
    let x = Scale::linear((0.0, 1.0), (plot.left, plot.right));
    let y = Scale::linear((0.0, steps.len().max(1) as f64), (plot.top, plot.bottom));
    let mut frame = Frame::new(plot, x, y);
    if steps.iter().all(|step| step.count == 0) {
        canvas.no_data()?;
        return Ok(frame);
    }
    for (index, step) in steps.iter().enumerate() {
        let area = frame.row(index, canvas.width);
        let top = area.top;
        draw_step(&canvas, &frame, top + if is_beside { 0.0 } else { NAME_PX }, step)?;
        let middle = if is_beside { top + STEP_PX * 0.36 } else { top + 6.0 };
        let room = if is_beside { left - NAME_GAP_PX } else { canvas.width };
        let name = text::ellipsize(&step.name, room, LABEL_PX);
        let ink = Ink { size_px: LABEL_PX, ..canvas.tick_ink() };
        canvas.mono_text(&name, (0.0, middle), Anchor::Start, ink)?;
        let count = format!("{} {} · {} of all rows", format::count(step.count), step.unit, step.of_all);
        frame.marks.push(Mark::new(area, text::printable(&step.name), text::printable(&count)));
    }
    Ok(frame)
}

fn draw_step<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    top: f64,
    step: &Step,
) -> Result<(), Error> {
    let Rect { left, right, .. } = frame.plot;
    let share = if step.share.is_finite() { step.share.clamp(0.0, 1.0) } else { 0.0 };
    let color = if step.is_bots { canvas.theme.bot } else { canvas.theme.human };
    canvas.soft_rect(Rect { left, top, right, bottom: top + BAR_PX }, canvas.theme.grid, 1.0)?;
    let end = frame.x.px(share);
    if end > left {
        canvas.soft_rect(Rect { left, top, right: end, bottom: top + BAR_PX }, color, 1.0)?;
    }
    let y = top + BAR_PX / 2.0 + COUNT_DROP_PX;
    let count = text::ellipsize_bold(&format::count(step.count), right - left, COUNT_PX);
    let bold = Ink { color: canvas.theme.ink, size_px: COUNT_PX, bold: true };
    canvas.text(&count, (left, y), Anchor::Start, bold)?;
    let room = right - left - text::bold_width(&count, COUNT_PX) - 8.0;
    let unit = text::ellipsize(&step.unit, room, LABEL_PX);
    if text::width(&unit, LABEL_PX) > room {
        return Ok(());
    }
    let ink = Ink { size_px: LABEL_PX, ..canvas.tick_ink() };
    canvas.text(&unit, (right - 1.0, y), Anchor::End, ink)
}
