//! Days on which something happened, marked on an axis of days.

use plotters::prelude::DrawingBackend;

use crate::canvas::Canvas;
use crate::frame::{Rect, Scale};
use crate::named_lines::{NamedLine, NamedLines};
use crate::text;

/// A day on which something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Days since 1 January 1970.
    pub day: i64,
    /// What happened, in a few words.
    pub name: String,
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
