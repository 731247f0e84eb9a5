//! Reads a drawn SVG back: its texts and where they lie.

use crate::canvas::UNITS_PER_PX;
use crate::picture::Picture;
use crate::text;

/// A text of a drawing and the box it is estimated to fill, in pixels.
#[derive(Debug, Clone)]
pub(crate) struct DrawnText {
    pub(crate) text: String,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) size_px: f64,
}

impl DrawnText {
    pub(crate) fn touches(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// Every text of a picture, in the order drawn.
pub(crate) fn texts(picture: &Picture) -> Vec<DrawnText> {
    texts_of(&picture.svg)
}

/// Every text of a document, or of a part of one.
pub(crate) fn texts_of(svg: &str) -> Vec<DrawnText> {
    svg.split("<text ").skip(1).map(parse).collect()
}

/// How many rectangles a picture has: each is a part of a path, and the only one that goes back.
pub(crate) fn rectangles(picture: &Picture) -> usize {
    picture.svg.matches("h-").count()
}

fn parse(element: &str) -> DrawnText {
    let (attributes, rest) = element.split_once('>').unwrap();
    let text = unescape(rest.split_once("</text>").unwrap().0.trim());
    let units = f64::from(UNITS_PER_PX);
    let number = |name: &str| attribute(attributes, name).unwrap().parse::<f64>().unwrap() / units;
    let (x, y, size_px) = (number("x"), number("y"), number("font-size"));
    let width = match attribute(attributes, "font-weight") {
        Some("bold") => text::bold_width(&text, size_px),
        _ => text::width(&text, size_px),
    };
    let left = match attribute(attributes, "text-anchor").unwrap() {
        "start" => x,
        "middle" => x - width / 2.0,
        "end" => x - width,
        other => panic!("{other}"),
    };
    let (top, bottom) = (y - size_px / 2.0, y + size_px / 2.0);
    DrawnText { text, left, right: left + width, top, bottom, size_px }
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let start = format!(" {name}=\"");
    let padded = attributes.find(&start).map(|at| &attributes[at + start.len()..]);
    let first = attributes.strip_prefix(&start[1..]);
    padded.or(first)?.split('"').next()
}

fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&apos;", "'").replace("&amp;", "&")
}
