//! How many players the strengths of a colour stand for.

use plotters::prelude::DrawingBackend;

use super::alpha;
use crate::axis::{draw_key_at, key_width};
use crate::canvas::{Anchor, Canvas, TICK_PX};
use crate::error::Error;
use crate::format;
use crate::rect::Rect;
use crate::text;
use crate::theme::Color;

/// Height of a line of the head, pixels.
pub(super) const LINE_PX: f64 = 18.0;
/// Middle of its first line, pixels.
const FIRST_PX: f64 = 8.0;
/// How many strengths a legend has, and how wide each is, pixels.
const STEPS: u32 = 5;
const STEP_PX: f64 = 11.0;
/// Between two pieces of a legend, and between two legends, pixels.
const GAP_PX: f64 = 6.0;
const BETWEEN_PX: f64 = 20.0;

/// The colour of a group.
#[derive(Debug, Clone)]
pub(super) struct Legend {
    pub(super) name: &'static str,
    pub(super) color: Color,
    /// From so many players in a cell on the colour is at its strongest.
    pub(super) full_at: u32,
}

impl Legend {
    fn most(&self) -> String {
        format!("{}+ in a cell", format::count(self.full_at.into()))
    }

    fn width_px(&self) -> f64 {
        let texts = [self.name, "1", &self.most()].map(|name| text::width(name, TICK_PX));
        texts.into_iter().sum::<f64>() + 3.0 * GAP_PX + f64::from(STEPS) * STEP_PX
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, (left, y): (f64, f64)) -> Result<(), Error> {
        let ink = canvas.tick_ink();
        let mut x = left;
        canvas.text(self.name, (x, y), Anchor::Start, ink)?;
        x += text::width(self.name, TICK_PX) + GAP_PX;
        canvas.text("1", (x, y), Anchor::Start, ink)?;
        x += text::width("1", TICK_PX) + GAP_PX;
        for step in 0..STEPS {
            let cell = Rect { left: x, top: y - 5.0, right: x + STEP_PX - 1.0, bottom: y + 5.0 };
            canvas.rect(cell, self.color, alpha(f64::from(step) / f64::from(STEPS - 1)))?;
            x += STEP_PX;
        }
        canvas.text(&self.most(), (x + GAP_PX, y), Anchor::Start, ink)
    }
}

/// How many lines the head of a drawing of this size has.
pub(super) const fn lines((width_px, height_px): (u32, u32)) -> u32 {
    match (width_px, height_px) {
        (_, ..240) | (720.., _) => 1,
        (500.., _) => 2,
        _ => 3,
    }
}

/// The name of the vertical axis, and the legends beside it or below it; where there is no room for legends, a key.
pub(super) fn draw_head<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    right: f64,
    legends: &[Legend],
) -> Result<(), Error> {
    let lines = lines((canvas.width as u32, canvas.height as u32));
    let widths = || legends.iter().map(Legend::width_px);
    let all = widths().sum::<f64>() + BETWEEN_PX * legends.len().saturating_sub(1) as f64;
    let title = |room: f64| {
        let titles = ["↑ longest session (log scale)", "↑ longest session"];
        titles.into_iter().find(|title| 4.0 + text::width(title, TICK_PX) + 12.0 <= room)
    };
    let key: Vec<_> = legends.iter().map(|legend| (legend.color, legend.name)).collect();
    let is_key = match lines {
        1 => title(right - all).is_none(),
        2 => all > right - 4.0,
        _ => widths().any(|width| width > right - 4.0),
    };
    let beside = if is_key { key_width(&key).max(0.0) } else { all };
    if let Some(title) = title(if lines == 1 { right - beside } else { right }) {
        canvas.text(title, (4.0, FIRST_PX), Anchor::Start, canvas.tick_ink())?;
    }
    let (mut x, mut y) = if lines == 1 { (right - beside, FIRST_PX) } else { (4.0, FIRST_PX + LINE_PX) };
    if is_key {
        return draw_key_at(canvas, (x, y), &key);
    }
    for legend in legends {
        legend.draw(canvas, (x, y))?;
        match lines {
            3 => y += LINE_PX,
            _ => x += legend.width_px() + BETWEEN_PX,
        }
    }
    Ok(())
}
