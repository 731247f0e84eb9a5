//! Upright lines through a plot, each with its name above it.

use plotters::prelude::DrawingBackend;

use crate::axis::Name;
use crate::canvas::Canvas;
use crate::error::Error;
use crate::frame::Scale;
use crate::rect::Rect;
use crate::theme::Color;

/// Height of a line of names in pixels.
const LINE_PX: f64 = 16.0;
/// However many names there are, the plot keeps this height in pixels.
const LEAST_PLOT_PX: f64 = 36.0;

/// A line to be drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamedLine<'a> {
    /// Where it lies on the axis.
    pub(crate) value: f64,
    /// Its name.
    pub(crate) name: &'a str,
    /// Its colour.
    pub(crate) color: Color,
}

/// Lines with a place for their names.
#[derive(Debug, Clone, Default)]
pub(crate) struct NamedLines(Vec<Place>);

/// A line and where its name stands.
#[derive(Debug, Clone)]
struct Place {
    x: f64,
    color: Color,
    name: Name,
    /// Lines from the top; none where there is no room for the name.
    line: Option<usize>,
}

impl Place {
    fn touches(&self, other: &Self) -> bool {
        let (one, two) = (&self.name, &other.name);
        one.left < two.right + 8.0 && two.left < one.right + 8.0
    }

    fn middle_px(line: usize) -> f64 {
        8.0 + line as f64 * LINE_PX
    }
}

impl NamedLines {
    /// Each name on the first line where it touches no other, as far as the plot can spare lines.
    pub(crate) fn place<'a>(
        lines: impl IntoIterator<Item = NamedLine<'a>>,
        scale: &Scale,
        plot: &Rect,
        width_px: f64,
    ) -> Self {
        let spared = ((plot.height() - LEAST_PLOT_PX) / LINE_PX).max(0.0) as usize;
        let mut places: Vec<Place> = Vec::new();
        for NamedLine { value, name, color } in lines {
            let x = scale.px(value).clamp(plot.left, plot.right);
            let place_at = |left| Name::place(name, left, plot, width_px);
            let first = place_at(x);
            let name = place_at(x - (first.right - first.left) / 2.0);
            let mut place = Place { x, color, name, line: None };
            let is_free =
                |line: &usize| places.iter().all(|other| other.line != Some(*line) || !place.touches(other));
            place.line = (0..spared).find(is_free);
            places.push(place);
        }
        Self(places)
    }

    /// The room that the names need above the plot, in pixels.
    pub(crate) fn height_px(&self) -> f64 {
        let lines = self.0.iter().filter_map(|place| place.line).max().map_or(0, |line| line + 1);
        lines as f64 * LINE_PX
    }

    /// Draws them through a plot that has left this room.
    pub(crate) fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, plot: &Rect) -> Result<(), Error> {
        for place in &self.0 {
            let top = place.line.map_or(plot.top, |line| Place::middle_px(line) + 9.0);
            canvas.dashed((place.x, top), (place.x, plot.bottom), place.color)?;
        }
        // Names come last, so that no line runs through them.
        for place in &self.0 {
            if let Some(line) = place.line {
                place.name.draw(canvas, Place::middle_px(line), place.color)?;
            }
        }
        Ok(())
    }
}
