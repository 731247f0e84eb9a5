//! A chart as an SVG document.

use plotters::prelude::IntoDrawingArea;
use plotters::style::RGBColor;

use crate::canvas::{Anchor, Area, Canvas, Ink, MIN_HEIGHT_PX, MIN_WIDTH_PX, UNITS_PER_PX};
use crate::error::Error;
use crate::frame::Frame;
use crate::rect::Rect;
use crate::surface::{SvgSurface, escape, hex};
use crate::text;
use crate::theme::Theme;

const MAX_SIDE_PX: u32 = 8_000;

/// What a sheet keeps free around its chart, pixels.
const SHEET_EDGE_PX: u32 = 16;
/// Size of a sheet's title, pixels.
const TITLE_PX: f64 = 14.5;
/// Size of the sentence below it, pixels.
const SAY_PX: f64 = 12.5;
/// Height of a line of the title and of the sentence, pixels.
const LINE_PX: u32 = 18;

/// Size of what stands at the foot of a sheet, and height of a line of it, pixels.
const FOOT_PX: f64 = 11.0;
const FOOT_LINE_PX: u32 = 16;
/// Height of the bar across a sheet that alarms, pixels.
const ALARM_PX: u32 = 20;
const ALARM: RGBColor = RGBColor(0xb3, 0x26, 0x1e);
const ON_ALARM: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// What is written about a chart that stands alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Words<'a> {
    /// Its title.
    pub title: &'a str,
    /// The sentence that says what it shows.
    pub say: &'a str,
    /// Where its numbers come from.
    pub foot: &'a str,
    /// What nobody may overlook, in a red bar across the top.
    pub alarm: Option<&'a str>,
}

/// A drawn chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The SVG document: no script, no style sheet, text from data escaped.
    pub svg: String,
    /// Where values lie in it.
    pub frame: Frame,
    /// Its width and height in pixels.
    pub size_px: (u32, u32),
}

impl Picture {
    /// The document with the colours of `theme`, in which it was drawn, as variables of the style sheet around it, such as
    /// `var(--human)`: it then follows the reader's own theme.
    #[must_use]
    pub fn in_variables(&self, theme: &Theme) -> String {
        // No text from data holds a quotation mark, so nothing but a paint is replaced.
        theme.variables().into_iter().fold(self.svg.clone(), |svg, (name, color)| {
            svg.replace(&format!("=\"{}\"", hex(color)), &format!("=\"var(--{name})\""))
        })
    }

    /// The chart as a document that stands alone: on the ground of the card that it lies on in the page, with what is written
    /// about it.
    ///
    /// # Errors
    /// If the ground or the text refuses to be drawn.
    pub fn sheet(&self, words: &Words<'_>, theme: &Theme) -> Result<String, Error> {
        let (width, height) = self.size_px;
        let lines = text::lines(words.say, f64::from(width), SAY_PX);
        let foot = text::lines(words.foot, f64::from(width), FOOT_PX);
        let top_px = if words.alarm.is_some() { ALARM_PX } else { 0 };
        let head_px = top_px + SHEET_EDGE_PX + LINE_PX * (1 + lines.len() as u32) + 8;
        let foot_px = head_px + height + 8;
        let size_px = (width + 2 * SHEET_EDGE_PX, foot_px + FOOT_LINE_PX * foot.len() as u32 + 10);
        let title = words.title;
        let mut sheet = opened(size_px, title);
        let left = f64::from(SHEET_EDGE_PX);
        let line_at = |top_px: u32, line_px: u32, line: usize| {
            f64::from(top_px) + f64::from(line_px) * (line as f64 + 0.5)
        };
        let middle = |line: usize| line_at(top_px + SHEET_EDGE_PX, LINE_PX, line);
        on_surface(&mut sheet, size_px, |area| {
            let canvas = Canvas::new(area, theme)?;
            let ground = Rect { left: 0.0, top: 0.0, right: canvas.width, bottom: canvas.height };
            canvas.rect(ground, theme.surface, 1.0)?;
            if let Some(alarm) = words.alarm {
                let bar = Rect { bottom: f64::from(ALARM_PX), ..ground };
                canvas.rect(bar, ALARM, 1.0)?;
                let ink = Ink { color: ON_ALARM, size_px: FOOT_PX, bold: true };
                canvas.text(alarm, (canvas.width / 2.0, bar.bottom / 2.0), Anchor::Middle, ink)?;
            }
            let bold = Ink { color: theme.ink, size_px: TITLE_PX, bold: true };
            let title = text::ellipsize_bold(title, f64::from(width), TITLE_PX);
            canvas.text(&title, (left, middle(0)), Anchor::Start, bold)?;
            let ink = Ink { color: theme.muted, size_px: SAY_PX, bold: false };
            (1..)
                .zip(&lines)
                .try_for_each(|(line, text)| canvas.text(text, (left, middle(line)), Anchor::Start, ink))?;
            let ink = Ink { size_px: FOOT_PX, ..ink };
            foot.iter().enumerate().try_for_each(|(line, text)| {
                canvas.text(text, (left, line_at(foot_px, FOOT_LINE_PX, line)), Anchor::Start, ink)
            })
        })?;
        let chart = &self.svg;
        sheet += &format!(
            "<g transform=\"translate({} {}) scale({UNITS_PER_PX})\">\n{chart}</g>\n</svg>\n",
            SHEET_EDGE_PX * UNITS_PER_PX,
            head_px * UNITS_PER_PX
        );
        Ok(sheet)
    }
}

/// What of a chart stays while the reader moves something in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Still {
    /// What lies lowest.
    pub picture: Picture,
    /// SVG documents of the same size that lie on it, each seen where [`Moving::clips`] says.
    pub tints: Vec<String>,
}

impl From<Picture> for Still {
    fn from(picture: Picture) -> Self {
        Self { picture, tints: Vec::new() }
    }
}

/// What of a chart moves with the reader: small, so that it can be drawn anew for every picture on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Moving {
    /// An SVG document of the same size, on top of all.
    pub svg: String,
    /// The corners in pixels of what is seen of each of [`Still::tints`].
    pub clips: Vec<Vec<(f64, f64)>>,
}

impl From<Picture> for Moving {
    fn from(picture: Picture) -> Self {
        Self { svg: picture.svg, clips: Vec::new() }
    }
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
    let size_px = drawn_size_px(width_px, height_px);
    let mut svg = opened(size_px, label);
    let frame = on_surface(&mut svg, size_px, draw)?;
    svg.push_str("</svg>\n");
    Ok(Picture { svg, frame, size_px })
}

/// The beginning of a document of this size in pixels.
fn opened((width, height): (u32, u32), label: &str) -> String {
    let (wide, high) = (width * UNITS_PER_PX, height * UNITS_PER_PX);
    let name = escape(&text::printable(label));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-label=\"{name}\">\n"
    )
}

fn on_surface<T>(
    svg: &mut String,
    (width, height): (u32, u32),
    draw: impl FnOnce(&Area<SvgSurface<'_>>) -> Result<T, Error>,
) -> Result<T, Error> {
    let area = SvgSurface::new(svg, (width * UNITS_PER_PX, height * UNITS_PER_PX)).into_drawing_area();
    let drawn = draw(&area)?;
    area.present().map_err(|error| Error::Surface(error.to_string()))?;
    Ok(drawn)
}

/// The size that a chart is drawn at, for the size that is asked for.
pub(crate) fn drawn_size_px(width_px: u32, height_px: u32) -> (u32, u32) {
    (width_px.clamp(MIN_WIDTH_PX, MAX_SIDE_PX), height_px.clamp(MIN_HEIGHT_PX, MAX_SIDE_PX))
}
