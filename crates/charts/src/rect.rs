//! Rectangles in a drawing.

/// A rectangle in pixels from the drawing's upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge in pixels.
    pub left: f64,
    /// Upper edge in pixels.
    pub top: f64,
    /// Right edge in pixels.
    pub right: f64,
    /// Lower edge in pixels.
    pub bottom: f64,
}

impl Rect {
    /// Width in pixels, never negative.
    pub fn width(&self) -> f64 {
        (self.right - self.left).max(0.0)
    }

    /// Height in pixels, never negative.
    pub fn height(&self) -> f64 {
        (self.bottom - self.top).max(0.0)
    }
}
