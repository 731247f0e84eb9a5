//! Lines on a chart that can be taken by hand.

use wow_charts::Frame;
use wow_engine::time::Minutes;

/// How far from a line it can be taken, pixels.
const REACH_PX: f64 = 7.0;

/// Along which axis a line moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// A line from top to bottom.
    X,
    /// A line from left to right.
    Y,
}

/// A line at a value of an axis, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its axis.
    pub along: Along,
    /// Where it is.
    pub minutes: Minutes,
}

impl Line {
    /// How far a place is from it, pixels; nothing outside the plot.
    fn distance_px(self, frame: &Frame, (x, y): (f64, f64)) -> Option<f64> {
        let plot = &frame.plot;
        let is_within = (plot.left - REACH_PX..=plot.right + REACH_PX).contains(&x)
            && (plot.top - REACH_PX..=plot.bottom + REACH_PX).contains(&y);
        let minutes = self.minutes.get() as f64;
        let distance = match self.along {
            Along::X => (frame.x.px(minutes) - x).abs(),
            Along::Y => (frame.y.px(minutes) - y).abs(),
        };
        is_within.then_some(distance)
    }

    /// The minutes at a place to which it is dragged, in steps of so many; never less than none.
    #[must_use]
    pub fn at(self, frame: &Frame, (x, y): (f64, f64), step: u32) -> Option<Minutes> {
        let plot = &frame.plot;
        let value = match self.along {
            Along::X => frame.x.value(x.clamp(plot.left, plot.right)),
            Along::Y => frame.y.value(y.clamp(plot.top, plot.bottom)),
        };
        let step = f64::from(step.max(1));
        Minutes::new(((value / step).round() * step).max(0.0) as i64)
    }
}

/// The place among the lines of the nearest one that is within reach.
#[must_use]
pub fn taken(lines: &[Line], frame: &Frame, at: (f64, f64)) -> Option<usize> {
    let near =
        lines.iter().enumerate().filter_map(|(place, line)| Some((place, line.distance_px(frame, at)?)));
    let near = near.filter(|(_, distance)| *distance <= REACH_PX);
    near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use wow_charts::{Rect, Scale, ScaleKind};

    use super::*;

    fn frame() -> Frame {
        let plot = Rect { left: 50.0, top: 10.0, right: 450.0, bottom: 310.0 };
        let scale =
            |start_px, end_px| Scale { start: 0.0, end: 1_000.0, start_px, end_px, kind: ScaleKind::Linear };
        Frame { plot, x: scale(50.0, 450.0), y: scale(310.0, 10.0), marks: Vec::new() }
    }

    #[test]
    fn the_nearest_line_is_taken_and_goes_where_it_is_dragged_in_steps() {
        let lines = [
            Line { along: Along::Y, minutes: Minutes::of(720) },
            Line { along: Along::X, minutes: Minutes::of(360) },
        ];
        let frame = frame();
        let (x, y) = (frame.x.px(360.0), frame.y.px(720.0));
        assert_eq!(taken(&lines, &frame, (x + 3.0, y + 60.0)), Some(1));
        assert_eq!(taken(&lines, &frame, (x + 60.0, y - 5.0)), Some(0));
        assert_eq!(taken(&lines, &frame, (x + 1.0, y + 2.0)), Some(1), "the nearer of two");
        assert_eq!(taken(&lines, &frame, (x + 60.0, y + 60.0)), None);
        assert_eq!(taken(&lines, &frame, (x, 400.0)), None, "outside the plot");
        assert_eq!(lines[1].at(&frame, (frame.x.px(493.0), y), 15), Some(Minutes::of(495)));
        assert_eq!(lines[0].at(&frame, (x, frame.y.px(493.0)), 1), Some(Minutes::of(493)));
        assert_eq!(lines[1].at(&frame, (-900.0, y), 15), Some(Minutes::of(0)));
        assert_eq!(lines[1].at(&frame, (9_000.0, y), 15), Some(Minutes::of(1_005)));
    }
}
