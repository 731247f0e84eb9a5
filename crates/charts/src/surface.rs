//! What plotters draws on, as the elements of an SVG document.
//!
//! Plotters' own SVG backend writes an element a shape. A browser takes longer to read the thousands of cells of a
//! density than all else takes together, so here rectangles and lines that follow each other in the same style are
//! one path. By `benches/beside_crates` the densest chart, drawn in the same time, has 32 KB where theirs has 149.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters::prelude::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontStyle,
};

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Writes shapes to the end of a text.
pub struct SvgSurface<'a> {
    svg: &'a mut String,
    size: (u32, u32),
    /// The attributes of the path that is being written.
    path: Option<String>,
}

impl<'a> SvgSurface<'a> {
    pub(crate) const fn new(svg: &'a mut String, size: (u32, u32)) -> Self {
        Self { svg, size, path: None }
    }

    /// Goes on with the path of these attributes, or begins it. Writing to a text cannot fail.
    fn path(&mut self, attributes: String) -> &mut String {
        if self.path.as_ref() != Some(&attributes) {
            self.end_path();
            let _ = write!(self.svg, "<path {attributes} d=\"");
            self.path = Some(attributes);
        }
        self.svg
    }

    fn end_path(&mut self) {
        if self.path.take().is_some() {
            self.svg.push_str("\"/>\n");
        }
    }
}

fn filled(color: BackendColor) -> String {
    painted("fill", color)
}

fn stroked<S: BackendStyle>(style: &S) -> String {
    format!("fill=\"none\" stroke-width=\"{}\" {}", style.stroke_width(), painted("stroke", style.color()))
}

/// An opaque colour as an attribute has it.
pub(crate) fn hex((red, green, blue): (u8, u8, u8)) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

fn painted(with: &str, BackendColor { alpha, rgb }: BackendColor) -> String {
    let color = format!("{with}=\"{}\"", hex(rgb));
    if alpha < 1.0 { format!("{color} opacity=\"{alpha:.3}\"") } else { color }
}

/// Text that stands for itself in an element or an attribute.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl DrawingBackend for SvgSurface<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        self.end_path();
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        let _ = write!(self.path(filled(color)), "M{x} {y}h1v1h-1z");
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let attributes = if fill { filled(style.color()) } else { stroked(style) };
        let (width, height) = (right - left, bottom - top);
        let _ = write!(self.path(attributes), "M{left} {top}h{width}v{height}h-{width}z");
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let svg = self.path(stroked(style));
        for (place, (x, y)) in path.into_iter().enumerate() {
            let _ = write!(svg, "{}{x} {y}", if place == 0 { 'M' } else { 'L' });
        }
        Ok(())
    }

    // Polygons may turn either way, and two that turn in opposite ways would cancel out in one path.
    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.end_path();
        let _ = write!(self.svg, "<polygon {} points=\"", filled(style.color()));
        for (x, y) in corners {
            let _ = write!(self.svg, "{x},{y} ");
        }
        self.svg.push_str("\"/>\n");
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.end_path();
        let attributes = if fill { filled(style.color()) } else { stroked(style) };
        let _ = writeln!(self.svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {attributes}/>");
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        self.end_path();
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        let shift = match style.anchor().v_pos {
            VPos::Top => "0.76em",
            VPos::Center => "0.5ex",
            VPos::Bottom => "-0.5ex",
        };
        let weight = if matches!(style.style(), FontStyle::Bold) { " font-weight=\"bold\"" } else { "" };
        let (size, family) = (style.size(), escape(style.family().as_str()));
        let (fill, text) = (filled(style.color()), escape(text));
        let _ = writeln!(
            self.svg,
            "<text x=\"{x}\" y=\"{y}\" dy=\"{shift}\" text-anchor=\"{anchor}\" font-family=\"{family}\" \
             font-size=\"{size}\"{weight} {fill}>{text}</text>"
        );
        Ok(())
    }
}
