//! Days on which something happened, marked on an axis of days.

use plotters::prelude::DrawingBackend;

use crate::axis::{count_plot, plot_height};
use crate::canvas::Canvas;
use crate::frame::Scale;
use crate::named_lines::{NamedLine, NamedLines};
use crate::rect::Rect;
use crate::text;
use crate::ticks::CountAxis;

/// A day on which something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Days since 1 January 1970.
    pub day: i64,
    /// What happened, in a few words.
    pub name: String,
}

/// A plot over days, with an axis of counts at its left and room for names above.
pub(crate) struct DayPlot {
    /// The plot, below the names.
    pub(crate) plot: Rect,
    /// The axis of days.
    pub(crate) x: Scale,
    /// Where the axis of counts begins, and that axis.
    pub(crate) counts: (f64, CountAxis),
    /// The milestones.
    pub(crate) lines: NamedLines,
}

/// The plot of these days over a foot of some pixels; `axis_of` gives the axis of counts for a length in pixels.
pub(crate) fn plot<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    milestones: &[Milestone],
    days: (f64, f64),
    foot_px: f64,
    axis_of: impl Fn(f64) -> (f64, CountAxis),
) -> DayPlot {
    // The names take height from the axis, whose labels then take another width from the days.
    let placed = |names_px: f64| {
        let counts = axis_of(plot_height(canvas, foot_px) - names_px);
        let plot = count_plot(canvas, &counts.1, foot_px);
        let x = Scale::linear(days, (plot.left, plot.right));
        let lines = lines(milestones, canvas, &x, &plot);
        DayPlot { plot, x, counts, lines }
    };
    let names_px = placed(0.0).lines.height_px();
    let mut placed = placed(names_px);
    placed.plot.top += placed.lines.height_px();
    placed
}

/// Those that lie on an axis of days, as lines with their names above the plot.
pub(crate) fn lines<DB: DrawingBackend>(
    milestones: &[Milestone],
    canvas: &Canvas<'_, DB>,
    scale: &Scale,
    plot: &Rect,
) -> NamedLines {
    let line = |milestone: &Milestone| (milestone.day as f64, text::printable(&milestone.name));
    let is_shown = |(day, _): &(f64, String)| (scale.start..scale.end).contains(day);
    let shown: Vec<(f64, String)> = milestones.iter().map(line).filter(is_shown).collect();
    let color = canvas.theme.gold;
    let lines = shown.iter().map(|(value, name)| NamedLine { value: *value, name, color });
    NamedLines::place(lines, scale, plot, canvas.width)
}

/// What a mark of these days says beside its own reading.
pub(crate) fn read(milestones: &[Milestone], first: i64, last: i64) -> String {
    let within = milestones.iter().filter(|milestone| (first..=last).contains(&milestone.day));
    within.map(|milestone| format!(" · {}", text::printable(&milestone.name))).collect()
}
