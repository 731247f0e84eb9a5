//! Shapes and text in pixels, on top of a plotters drawing area.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, ShapeStyle, TextStyle};

use crate::error::Error;
use crate::rect::Rect;
use crate::text;
use crate::theme::{Color, Theme};

/// Drawing units per pixel. plotters places everything on whole units; four to a pixel make
/// lines smooth. An area handed to a `draw_*` function is this many times its size in pixels.
pub const UNITS_PER_PX: u32 = 4;

/// Smallest width a chart is drawn at, in pixels.
pub const MIN_WIDTH_PX: u32 = 160;
/// Smallest height a chart is drawn at, in pixels.
pub const MIN_HEIGHT_PX: u32 = 80;

/// Size of tick labels in pixels.
pub(crate) const TICK_PX: f64 = 11.0;
/// Size of category labels and limits in pixels.
pub(crate) const LABEL_PX: f64 = 12.0;

/// Length of a dash, and of the gap after it, of a dashed curve in pixels.
const DASH_PX: f64 = 4.0;

const FAMILY: &str = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/// The area a chart is drawn on, [`UNITS_PER_PX`] units to a pixel.
pub type Area<DB> = DrawingArea<DB, Shift>;

/// How a piece of text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ink {
    pub(crate) color: Color,
    pub(crate) size_px: f64,
    pub(crate) bold: bool,
}

/// Which point of a text lies at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing area addressed in pixels.
pub(crate) struct Canvas<'a, DB: DrawingBackend> {
    area: &'a Area<DB>,
    /// Width in pixels.
    pub(crate) width: f64,
    /// Height in pixels.
    pub(crate) height: f64,
    pub(crate) theme: &'a Theme,
}

impl<'a, DB: DrawingBackend> Canvas<'a, DB> {
    pub(crate) fn new(area: &'a Area<DB>, theme: &'a Theme) -> Result<Self, Error> {
        let (width, height) = area.dim_in_pixel();
        let (width_px, height_px) = (width / UNITS_PER_PX, height / UNITS_PER_PX);
        if width_px < MIN_WIDTH_PX || height_px < MIN_HEIGHT_PX {
            let (min_width_px, min_height_px) = (MIN_WIDTH_PX, MIN_HEIGHT_PX);
            return Err(Error::TooSmall { width_px, height_px, min_width_px, min_height_px });
        }
        Ok(Self { area, width: f64::from(width_px), height: f64::from(height_px), theme })
    }

    /// Tick labels.
    pub(crate) fn tick_ink(&self) -> Ink {
        Ink { color: self.theme.muted, size_px: TICK_PX, bold: false }
    }

    /// Category labels.
    pub(crate) fn label_ink(&self) -> Ink {
        Ink { color: self.theme.ink, size_px: LABEL_PX, bold: false }
    }

    pub(crate) fn rect(&self, rect: Rect, color: Color, alpha: f64) -> Result<(), Error> {
        let corners = [units(rect.left, rect.top), units(rect.right, rect.bottom)];
        self.draw(&Rectangle::new(corners, color.mix(alpha).filled()))
    }

    /// A rectangle with slightly rounded corners, as far as it is large enough for them.
    pub(crate) fn soft_rect(&self, rect: Rect, color: Color, alpha: f64) -> Result<(), Error> {
        let radius = 2.0_f64.min(rect.width() / 3.0).min(rect.height() / 3.0);
        if radius < 0.75 {
            return self.rect(rect, color, alpha);
        }
        // Each corner is an arc of a few short lines; 0.3 is 1 − cos 45°.
        let (near, far) = (0.3 * radius, radius);
        let Rect { left, top, right, bottom } = rect;
        let outline = [
            (left + far, top),
            (right - far, top),
            (right - near, top + near),
            (right, top + far),
            (right, bottom - far),
            (right - near, bottom - near),
            (right - far, bottom),
            (left + far, bottom),
            (left + near, bottom - near),
            (left, bottom - far),
            (left, top + far),
            (left + near, top + near),
        ];
        self.polygon(&outline, color, alpha)
    }

    pub(crate) fn polygon(&self, points: &[(f64, f64)], color: Color, alpha: f64) -> Result<(), Error> {
        let points: Vec<_> = points.iter().map(|&(x, y)| units(x, y)).collect();
        self.draw(&Polygon::new(points, color.mix(alpha).filled()))
    }

    pub(crate) fn polyline(
        &self,
        points: &[(f64, f64)],
        color: impl plotters::style::Color,
        width_px: f64,
    ) -> Result<(), Error> {
        let points: Vec<_> = points.iter().map(|&(x, y)| units(x, y)).collect();
        self.draw(&PathElement::new(points, stroke(color, width_px)))
    }

    /// A horizontal hairline, centred on a row of pixels so that it is crisp.
    pub(crate) fn row_line(&self, y: f64, (from, to): (f64, f64), color: Color) -> Result<(), Error> {
        self.polyline(&[(from, y.floor() + 0.5), (to, y.floor() + 0.5)], color, 1.0)
    }

    /// A vertical hairline, centred on a column of pixels so that it is crisp.
    pub(crate) fn column_line(&self, x: f64, (from, to): (f64, f64), color: Color) -> Result<(), Error> {
        self.polyline(&[(x.floor() + 0.5, from), (x.floor() + 0.5, to)], color, 1.0)
    }

    /// A dashed line along one axis, as limits are drawn.
    pub(crate) fn dashed(&self, from: (f64, f64), to: (f64, f64), color: Color) -> Result<(), Error> {
        let length = libm::hypot(to.0 - from.0, to.1 - from.1);
        if length <= 0.0 {
            return Ok(());
        }
        let at = |along: f64| {
            let share = along.min(length) / length;
            (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
        };
        let mut along = 0.0;
        while along < length {
            self.polyline(&[at(along), at(along + 4.0)], color, 1.25)?;
            along += 7.0;
        }
        Ok(())
    }

    /// A dashed line through points.
    pub(crate) fn dashed_curve(
        &self,
        points: &[(f64, f64)],
        color: Color,
        width_px: f64,
    ) -> Result<(), Error> {
        let (mut dash, mut left, mut is_drawn) = (Vec::from_iter(points.first().copied()), DASH_PX, true);
        for pair in points.windows(2) {
            let (mut from, to) = (pair[0], pair[1]);
            loop {
                let length = libm::hypot(to.0 - from.0, to.1 - from.1);
                if length <= left || !length.is_finite() {
                    left -= length;
                    dash.push(to);
                    break;
                }
                let share = left / length;
                from = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
                dash.push(from);
                if is_drawn {
                    self.polyline(&dash, color, width_px)?;
                }
                (dash, left, is_drawn) = (vec![from], DASH_PX, !is_drawn);
            }
        }
        if is_drawn { self.polyline(&dash, color, width_px) } else { Ok(()) }
    }

    /// A dot with a rim in the card's colour.
    pub(crate) fn dot(&self, (x, y): (f64, f64), color: Color) -> Result<(), Error> {
        for (radius, color) in [(5, self.theme.surface), (4, color)] {
            self.draw(&Circle::new(units(x, y), radius * UNITS_PER_PX, color.filled()))?;
        }
        Ok(())
    }

    /// A text whose vertical middle lies at `y`.
    pub(crate) fn text(&self, text: &str, (x, y): (f64, f64), anchor: Anchor, ink: Ink) -> Result<(), Error> {
        let style = if ink.bold { FontStyle::Bold } else { FontStyle::Normal };
        let size = ink.size_px * f64::from(UNITS_PER_PX);
        let horizontal = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let font = FontDesc::new(FontFamily::Name(FAMILY), size, style);
        let style = TextStyle::from(font).color(&ink.color).pos(Pos::new(horizontal, VPos::Center));
        self.area.draw_text(&text::printable(text), &style, units(x, y)).map_err(surface)
    }

    /// The sentence that stands where there is nothing to draw.
    pub(crate) fn no_data(&self) -> Result<(), Error> {
        let ink = Ink { color: self.theme.muted, size_px: 13.0, bold: false };
        self.text("No data", (self.width / 2.0, self.height / 2.0), Anchor::Middle, ink)
    }

    fn draw<E>(&self, element: &E) -> Result<(), Error>
    where
        for<'b> &'b E: PointCollection<'b, (i32, i32)>,
        E: Drawable<DB>,
    {
        self.area.draw(element).map_err(surface)
    }
}

fn stroke(color: impl plotters::style::Color, width_px: f64) -> ShapeStyle {
    let width = (width_px * f64::from(UNITS_PER_PX)).round() as u32;
    color.stroke_width(width.max(1))
}

fn units(x: f64, y: f64) -> (i32, i32) {
    (unit(x), unit(y))
}

/// Pixels as whole units; a value that is no number becomes zero, a huge one stays drawable.
fn unit(px: f64) -> i32 {
    (px.clamp(-100_000.0, 100_000.0) * f64::from(UNITS_PER_PX)).round() as i32
}

fn surface<E: std::error::Error + Send + Sync>(error: plotters::drawing::DrawingAreaErrorKind<E>) -> Error {
    Error::Surface(error.to_string())
}
