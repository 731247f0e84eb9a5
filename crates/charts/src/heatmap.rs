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
use crate::theme::{Color, Theme};
use crate::ticks::{Tick, finest_that_fits};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LEGEND_MOST_STEPS: f64 = 7.0;
const LEGEND_CELL_PX: f64 = 12.0;
/// Hours that all lie within this share of their mean show no pattern.
const EVEN_WITHIN: f64 = 0.1;

/// Events by weekday and hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeekHeatmap {
    /// `events[weekday][hour]`: number of events, Monday and midnight first.
    pub events: [[u64; 24]; 7],
}

impl WeekHeatmap {
    fn greatest(&self) -> u64 {
        self.events.iter().flatten().copied().max().unwrap_or(0)
    }

    fn mean(&self) -> f64 {
        self.events.iter().flatten().map(|&events| events as f64).sum::<f64>() / (7.0 * 24.0)
    }

    /// By how much of the mean the hour furthest from it differs, where all lie close to it: then there is no pattern to
    /// be seen, and the colours show how far each hour is from the mean.
    #[must_use]
    pub fn even_within(&self) -> Option<f64> {
        let mean = self.mean();
        let far = |&events: &u64| (events as f64 / mean - 1.0).abs();
        let furthest = self.events.iter().flatten().map(far).fold(0.0, f64::max);
        (mean > 0.0 && furthest <= EVEN_WITHIN).then_some(furthest)
    }
}

/// What a colour stands for.
#[derive(Debug, Clone, Copy)]
enum Shades {
    /// Counts from zero up to this one.
    FromZero(f64),
    /// Counts around a mean, up to this share of it in either direction.
    Around { mean: f64, share: f64 },
}

impl Shades {
    fn of(data: &WeekHeatmap) -> Self {
        match data.even_within() {
            // A tenth of a per cent at least, so that equal counts have a scale.
            Some(share) => Self::Around { mean: data.mean(), share: share.max(0.001) },
            None => Self::FromZero(data.greatest() as f64),
        }
    }

    /// The colour of a count and its strength.
    fn of_count(self, events: f64, theme: &Theme) -> (Color, f64) {
        match self {
            Self::FromZero(greatest) => (theme.heat, strength(events / greatest)),
            Self::Around { mean, share } => shade_around((events / mean - 1.0) / share, theme),
        }
    }

    /// The colour of a place of the legend, 0 to 1, and its strength.
    fn of_place(self, place: f64, theme: &Theme) -> (Color, f64) {
        match self {
            Self::FromZero(_) => (theme.heat, strength(place)),
            Self::Around { .. } => shade_around(2.0 * place - 1.0, theme),
        }
    }

    /// What stands at either end of the legend.
    fn ends(self) -> (String, String) {
        match self {
            Self::FromZero(greatest) => ("0".to_owned(), format!("{} events", format::compact(greatest))),
            Self::Around { share, .. } => {
                let share = format::fixed(share * 100.0, 1);
                (format!("−{share} %"), format!("+{share} % of the mean"))
            }
        }
    }
}

/// How strong a colour is for a share of the greatest value: what is nothing can be seen as a cell, too.
fn strength(share: f64) -> f64 {
    0.06 + 0.92 * share
}

/// The colour for a place between −1 and 1.
fn shade_around(place: f64, theme: &Theme) -> (Color, f64) {
    (if place < 0.0 { theme.cool } else { theme.heat }, strength(place.abs().min(1.0)))
}

/// Draws the heatmap with a legend that names both ends of its scale. It begins at zero; counts that all lie close
/// together are drawn by how far they are from their mean. The frame's `x` is in hours (0 to 24), `y` in weekdays from
/// the top (Monday is 0 to 1).
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
    if data.greatest() == 0 {
        canvas.no_data()?;
        return Ok(frame);
    }
    let shades = Shades::of(data);
    frame.marks = draw_cells(&canvas, &frame, data, shades)?;
    draw_weekdays(&canvas, &frame)?;
    draw_below(&canvas, &frame, &hour_ticks(&frame.x, canvas.width), false)?;
    draw_legend(&canvas, plot.right, shades)?;
    Ok(frame)
}

fn draw_cells<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    data: &WeekHeatmap,
    shades: Shades,
) -> Result<Vec<Mark>, Error> {
    let mut marks = Vec::with_capacity(7 * 24);
    for (weekday, hours) in data.events.iter().enumerate() {
        for (hour, &events) in hours.iter().enumerate() {
            let cell = Rect {
                left: frame.x.px(hour as f64) + 0.5,
                top: frame.y.px(weekday as f64) + 0.5,
                right: frame.x.px(hour as f64 + 1.0) - 0.5,
                bottom: frame.y.px(weekday as f64 + 1.0) - 0.5,
            };
            let (color, alpha) = shades.of_count(events as f64, canvas.theme);
            canvas.soft_rect(cell, color, alpha)?;
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
fn draw_legend<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, right: f64, shades: Shades) -> Result<(), Error> {
    let y = canvas.height - 9.0;
    let (least, most) = shades.ends();
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
        let (color, alpha) = shades.of_place(step as f64 / (steps - 1) as f64, canvas.theme);
        canvas.soft_rect(cell, color, alpha)?;
    }
    canvas.text(&most, (right, y), Anchor::End, canvas.tick_ink())?;
    canvas.text(&least, (cells_left - 6.0, y), Anchor::End, canvas.tick_ink())
}

fn hour_ticks(scale: &Scale, width_px: f64) -> Vec<Tick> {
    // A label names the hour its cell begins, so it stands under the middle of the cell.
    let every = |step: usize| {
        let tick = |hour: u32| Tick { value: f64::from(hour) + 0.5, label: format!("{hour:02}") };
        (0..24).step_by(step).map(tick).collect()
    };
    finest_that_fits([2, 3, 6].map(every).into(), scale, width_px)
}
