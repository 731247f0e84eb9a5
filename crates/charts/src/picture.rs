//! A chart as an SVG document.

use plotters::prelude::{IntoDrawingArea, SVGBackend};

use crate::canvas::{Area, UNITS_PER_PX};
use crate::error::Error;
use crate::frame::Frame;
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
    draw: impl FnOnce(&Area<SVGBackend<'_>>) -> Result<Frame, Error>,
) -> Result<Picture, Error> {
    let width = width_px.clamp(MIN_WIDTH_PX, MAX_SIDE_PX);
    let height = height_px.clamp(MIN_HEIGHT_PX, MAX_SIDE_PX);
    let (wide, high) = (width * UNITS_PER_PX, height * UNITS_PER_PX);
    let mut drawn = String::new();
    let frame = {
        let area = SVGBackend::with_string(&mut drawn, (wide, high)).into_drawing_area();
        let frame = draw(&area)?;
        area.present().map_err(|error| Error::Surface(error.to_string()))?;
        frame
    };
    // The backend's own opening tag gives the size in units and no name.
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    let name = escape(&text::printable(label));
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-label=\"{name}\">\n{body}"
    );
    Ok(Picture { svg, frame })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
