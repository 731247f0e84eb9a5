//! A chart as an SVG document.

use plotters::prelude::IntoDrawingArea;

use crate::canvas::{Area, UNITS_PER_PX};
use crate::error::Error;
use crate::frame::Frame;
use crate::surface::{SvgSurface, escape};
use crate::text;

/// Smallest width a chart is drawn at, in pixels.
pub const MIN_WIDTH_PX: u32 = 160;
/// Smallest height a chart is drawn at, in pixels.
pub const MIN_HEIGHT_PX: u32 = 80;
const MAX_SIDE_PX: u32 = 8_000;

/// A drawn chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The SVG document: no script, no style sheet, text from data escaped.
    pub svg: String,
    /// Where values lie in it.
    pub frame: Frame,
}

/// Draws a chart as SVG of the given size in pixels.
///
/// `label` is the name that a screen reader speaks. A size smaller than
/// [`MIN_WIDTH_PX`] × [`MIN_HEIGHT_PX`] is drawn at that size, which a page that is still
/// hidden needs not treat apart.
///
/// # Errors
/// Those of `draw`.
pub fn svg(
    width_px: u32,
    height_px: u32,
    label: &str,
    draw: impl FnOnce(&Area<SvgSurface<'_>>) -> Result<Frame, Error>,
) -> Result<Picture, Error> {
    let (width, height) = drawn_size_px(width_px, height_px);
    let (wide, high) = (width * UNITS_PER_PX, height * UNITS_PER_PX);
    let name = escape(&text::printable(label));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-label=\"{name}\">\n"
    );
    let frame = {
        let area = SvgSurface::new(&mut svg, (wide, high)).into_drawing_area();
        let frame = draw(&area)?;
        area.present().map_err(|error| Error::Surface(error.to_string()))?;
        frame
    };
    svg.push_str("</svg>\n");
    Ok(Picture { svg, frame })
}

/// The size that a chart is drawn at, for the size that is asked for.
pub(crate) fn drawn_size_px(width_px: u32, height_px: u32) -> (u32, u32) {
    (width_px.clamp(MIN_WIDTH_PX, MAX_SIDE_PX), height_px.clamp(MIN_HEIGHT_PX, MAX_SIDE_PX))
}
