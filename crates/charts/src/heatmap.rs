//! When they play: events by weekday and hour.

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, X_LABELS_PX, draw_below, label_margin};
use crate::canvas::{Anchor, Area, Canvas, TICK_PX};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::rect::Rect;
use crate::text;
use crate::theme::Theme;
use crate::ticks::{Tick, finest_that_fits};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LEGEND_MOST_STEPS: f64 = 6.0;
const LEGEND_CELL_PX: f64 = 12.0;

/// Events by weekday and hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeekHeatmap {
    /// `events[weekday][hour]`: number of events, Monday and midnight first.
    pub events: [[u64; 24]; 7],
}

impl WeekHeatmap {
    fn range(&self) -> (u64, u64) {
        let all = || self.events.iter().flatten().copied();
        (all().min().unwrap_or(0), all().max().unwrap_or(0))
    }
}

/// Draws the heatmap with a legend that names its least and greatest value. The frame's `x` is
/// in hours (0 to 24), `y` in weekdays from the top (Monday is 0 to 1).
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_week_heatmap<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &WeekHeatmap,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let plot = Rect {
        left: label_margin(WEEKDAYS.into_iter()) + 4.0,
        top: 4.0,
        right: canvas.width - 8.0,
        bottom: canvas.height - X_LABELS_PX - FOOT_PX,
    };
    let x = Scale::linear((0.0, 24.0), (plot.left, plot.right));
    let mut frame = Frame::new(plot, x, Scale::linear((0.0, 7.0), (plot.top, plot.bottom)));
    let (least, greatest) = data.range();
    if greatest == 0 {
        canvas.no_data()?;
        return Ok(frame);
    }
    frame.marks = draw_cells(&canvas, &frame, data)?;
    draw_weekdays(&canvas, &frame)?;
    draw_below(&canvas, &frame, &hour_ticks(&frame.x, canvas.width), false)?;
    draw_legend(&canvas, plot.right, least, greatest)?;
    Ok(frame)
}

fn draw_cells<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    data: &WeekHeatmap,
) -> Result<Vec<Mark>, Error> {
    let (least, greatest) = data.range();
    let mut marks = Vec::with_capacity(7 * 24);
    for (weekday, hours) in data.events.iter().enumerate() {
        for (hour, &events) in hours.iter().enumerate() {
            let cell = Rect {
                left: frame.x.px(hour as f64) + 0.5,
                top: frame.y.px(weekday as f64) + 0.5,
                right: frame.x.px(hour as f64 + 1.0) - 0.5,
                bottom: frame.y.px(weekday as f64 + 1.0) - 0.5,
            };
            canvas.soft_rect(cell, canvas.theme.heat, strength(events, least, greatest))?;
            let name = format!("{} {hour:02}:00–{:02}:00", WEEKDAYS[weekday], hour + 1);
            marks.push(Mark::new(cell, name, format::counted(events, "event")));
        }
    }
    Ok(marks)
}

fn draw_weekdays<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, frame: &Frame) -> Result<(), Error> {
    // Rows lower than the text are labelled every other day.
    let every = (13.0 / (frame.plot.height() / 7.0)).ceil().clamp(1.0, 7.0) as usize;
    for (index, name) in WEEKDAYS.iter().enumerate().step_by(every) {
        let at = (frame.plot.left - 8.0, frame.y.px(index as f64 + 0.5));
        canvas.text(name, at, Anchor::End, canvas.tick_ink())?;
    }
    Ok(())
}

/// The scale with its two ends; with fewer steps, or left out, where there is no room for it.
fn draw_legend<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    right: f64,
    least: u64,
    greatest: u64,
) -> Result<(), Error> {
    let y = canvas.height - 9.0;
    let least = format::compact(least as f64);
    let most = format!("{} events", format::compact(greatest as f64));
    let cells_right = right - text::width(&most, TICK_PX) - 6.0;
    let room = cells_right - text::width(&least, TICK_PX) - 8.0;
    let steps = (room / LEGEND_CELL_PX).floor().clamp(0.0, LEGEND_MOST_STEPS) as u64;
    if steps < 2 {
        return Ok(());
    }
    let cells_left = cells_right - steps as f64 * LEGEND_CELL_PX;
    for step in 0..steps {
        let left = cells_left + step as f64 * LEGEND_CELL_PX;
        let cell = Rect { left, top: y - 5.0, right: left + LEGEND_CELL_PX - 1.0, bottom: y + 5.0 };
        canvas.soft_rect(cell, canvas.theme.heat, strength(step, 0, steps - 1))?;
    }
    canvas.text(&most, (right, y), Anchor::End, canvas.tick_ink())?;
    canvas.text(&least, (cells_left - 6.0, y), Anchor::End, canvas.tick_ink())
}

/// How strongly a value is coloured: the least faintly, the greatest fully.
fn strength(value: u64, least: u64, greatest: u64) -> f64 {
    let share = if greatest == least { 1.0 } else { (value - least) as f64 / (greatest - least) as f64 };
    0.08 + 0.9 * share
}

fn hour_ticks(scale: &Scale, width_px: f64) -> Vec<Tick> {
    // A label names the hour its cell begins, so it stands under the middle of the cell.
    let every = |step: usize| {
        let tick = |hour: u32| Tick { value: f64::from(hour) + 0.5, label: format!("{hour:02}") };
        (0..24).step_by(step).map(tick).collect()
    };
    finest_that_fits([2, 3, 6].map(every).into(), scale, width_px)
}
