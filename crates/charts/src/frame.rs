//! Where values lie in a drawing.

use crate::marks::Mark;
use crate::rect::Rect;

/// How values spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleKind {
    /// Equal steps of the value are equal distances.
    Linear,
    /// Distances follow `ln(1 + value)`: logarithmic, yet zero has a place.
    Log,
}

impl ScaleKind {
    fn forward(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => libm::log1p(value.max(0.0)),
        }
    }

    fn backward(self, place: f64) -> f64 {
        match self {
            Self::Linear => place,
            Self::Log => libm::expm1(place),
        }
    }
}

/// One axis: a range of values laid on a range of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Value at `start_px`, in the chart's unit.
    pub start: f64,
    /// Value at `end_px`, in the chart's unit.
    pub end: f64,
    /// Pixel of `start`.
    pub start_px: f64,
    /// Pixel of `end`.
    pub end_px: f64,
    /// How values spread in between.
    pub kind: ScaleKind,
}

impl Scale {
    pub(crate) fn linear(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { start: values.0, end: values.1, start_px: pixels.0, end_px: pixels.1, kind: ScaleKind::Linear }
    }

    pub(crate) fn log(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { kind: ScaleKind::Log, ..Self::linear(values, pixels) }
    }

    /// The pixel of a value; values outside the range lie outside the pixels.
    pub fn px(&self, value: f64) -> f64 {
        let (start, end) = (self.kind.forward(self.start), self.kind.forward(self.end));
        if end == start {
            return self.start_px;
        }
        let share = (self.kind.forward(value) - start) / (end - start);
        self.start_px + share * (self.end_px - self.start_px)
    }

    /// The value at a pixel, the inverse of [`Scale::px`].
    pub fn value(&self, px: f64) -> f64 {
        if self.end_px == self.start_px {
            return self.start;
        }
        let (start, end) = (self.kind.forward(self.start), self.kind.forward(self.end));
        let share = (px - self.start_px) / (self.end_px - self.start_px);
        self.kind.backward(start + share * (end - start))
    }
}

/// The coordinate mapping of a drawn chart, in pixels of the drawing, and what lies in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Where the values are drawn, without axes and labels.
    pub plot: Rect,
    /// The horizontal axis; each chart says in which unit.
    pub x: Scale,
    /// The vertical axis; each chart says in which unit.
    pub y: Scale,
    /// What can be read off the chart, in the order of reading; nothing where there are no data.
    pub marks: Vec<Mark>,
}

impl Frame {
    /// A plot in which nothing is drawn yet.
    pub(crate) const fn new(plot: Rect, x: Scale, y: Scale) -> Self {
        Self { plot, x, y, marks: Vec::new() }
    }

    /// A plot whose axes fill it, with the first `y` value at the bottom.
    pub(crate) fn upright(plot: Rect, x: Scale, y_values: (f64, f64)) -> Self {
        Self::new(plot, x, Scale::linear(y_values, (plot.bottom, plot.top)))
    }

    /// The whole height of the plot between two values of `x`.
    pub(crate) fn column(&self, from: f64, to: f64) -> Rect {
        Rect { left: self.x.px(from), right: self.x.px(to), ..self.plot }
    }

    /// A row from the top (the first is 0), in the whole width of the drawing.
    pub(crate) fn row(&self, index: usize, width_px: f64) -> Rect {
        let top = index as f64;
        Rect { left: 0.0, top: self.y.px(top), right: width_px, bottom: self.y.px(top + 1.0) }
    }
}
