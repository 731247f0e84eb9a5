//! The hours of a log that have no events: a column for each day, midnight at the top.

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, X_LABELS_PX, draw_below, draw_key, label_margin};
use crate::canvas::{Anchor, Area, Canvas};
use crate::dates;
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::rect::Rect;
use crate::runs::Runs;
use crate::theme::Theme;

const HOURS: usize = 24;
/// The hours that are named at the left.
const NAMED_HOURS: [usize; 4] = [0, 6, 12, 18];

/// The hours without events, day by day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The first day, in days since 1970.
    pub first_day: i64,
    /// For each day from that on its hours without events, midnight as the lowest of 24 bits.
    pub missing: Vec<u32>,
}

/// Draws the hours without events on those that have some. The frame's `x` is in days since 1970, `y` in hours from the top.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_coverage<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Coverage,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let labels = NAMED_HOURS.map(|hour| format!("{hour:02}"));
    let plot = Rect {
        left: label_margin(labels.iter().map(String::as_str)) + 4.0,
        top: 4.0,
        right: canvas.width - 8.0,
        bottom: canvas.height - X_LABELS_PX - FOOT_PX,
    };
    let first = data.first_day as f64;
    let x = Scale::linear((first, first + data.missing.len() as f64), (plot.left, plot.right));
    let mut frame = Frame::new(plot, x, Scale::linear((0.0, HOURS as f64), (plot.top, plot.bottom)));
    if data.missing.is_empty() {
        canvas.no_data()?;
        return Ok(frame);
    }
    canvas.rect(plot, theme.human, 0.16)?;
    let last_day = data.first_day.saturating_add(data.missing.len() as i64 - 1);
    let runs = Runs::of_days(data.first_day, last_day, canvas.width as u32);
    let mut rest = data.missing.as_slice();
    for run in (0..runs.count()).map(|place| runs.run(place)) {
        let (days, later) = rest.split_at(rest.len().min(run.days as usize));
        rest = later;
        let column = frame.column(run.start(), run.end());
        draw_missing(&canvas, &frame, column, days)?;
        let missing: u64 = days.iter().map(|hours| u64::from(hours.count_ones())).sum();
        let said = match missing {
            0 => "events in every hour".to_owned(),
            _ => format!(
                "{} of {} without events",
                format::count(missing),
                format::counted((days.len() * HOURS) as u64, "hour")
            ),
        };
        frame.marks.push(Mark::new(column, dates::days(run.first, run.last()), said));
    }
    for (hour, label) in NAMED_HOURS.into_iter().zip(&labels) {
        let at = (plot.left - 8.0, frame.y.px(hour as f64 + 0.5));
        canvas.text(label, at, Anchor::End, canvas.tick_ink())?;
    }
    draw_below(&canvas, &frame, &dates::ticks(&frame.x, canvas.width), true)?;
    draw_key(&canvas, plot.left, &[(theme.human, "events"), (theme.bot, "none")])?;
    Ok(frame)
}

/// A column of some days: an hour is as strong as the share of them that lack it.
fn draw_missing<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    column: Rect,
    days: &[u32],
) -> Result<(), Error> {
    let lacking = |hour: usize| days.iter().filter(|hours| *hours >> hour & 1 == 1).count();
    let counts: Vec<usize> = (0..HOURS).map(lacking).collect();
    let mut hour = 0;
    for alike in counts.chunk_by(|a, b| a == b) {
        if alike[0] > 0 {
            let [top, bottom] = [hour, hour + alike.len()].map(|hour| frame.y.px(hour as f64));
            let share = alike[0] as f64 / days.len() as f64;
            canvas.rect(Rect { top, bottom, ..column }, canvas.theme.bot, 0.3 + 0.7 * share)?;
        }
        hour += alike.len();
    }
    Ok(())
}
