//! The charts of the dashboard, one function each, generic over plotters' [`DrawingBackend`].
//!
//! A chart is drawn for the size it is shown at: text keeps its size, labels are thinned out
//! where they would touch. Every function returns a [`Frame`], which maps between the values
//! and the pixels of the drawing and says what can be read off where, so that a page can lay a
//! cursor and a tooltip over it.
//!
//! Nothing here knows a page or a file. Text widths are estimated by this crate: plotters
//! would ask the document for them, which a worker or a command line does not have.

mod activity;
mod axis;
mod bars;
mod canvas;
mod courses;
mod coverage;
mod curve;
pub mod dates;
mod density;
mod error;
mod flagged;
pub mod format;
mod frame;
mod funnel;
mod gaps;
mod heatmap;
mod histogram;
mod levels;
mod marks;
mod milestones;
mod minutes;
mod named_lines;
mod online;
mod pairs;
mod picture;
mod progress;
mod rect;
mod runs;
mod sparkline;
mod surface;
mod text;
mod theme;
mod ticks;
mod timeline;

#[cfg(test)]
mod tests;

pub use activity::{Activity, ActivityDay, draw_activity};
pub use bars::{Bar, Bars, draw_bars};
pub use canvas::{Area, MIN_HEIGHT_PX, MIN_WIDTH_PX, UNITS_PER_PX};
pub use courses::{Courses, CoursesAxis, draw_courses};
pub use coverage::{Coverage, draw_coverage};
pub use density::{
    DensityCells, DensityEnds, DensityLimits, DensityPoint, Groups, draw_density, draw_density_axes,
    draw_density_cells, draw_density_limits,
};
pub use error::Error;
pub use flagged::{Flagged, FlaggedAt, draw_flagged, draw_flagged_curve, draw_flagged_limit};
pub use frame::{Frame, Scale, ScaleKind};
pub use funnel::{Funnel, Funnels, Part, draw_funnels};
pub use gaps::{Gaps, SessionsAtGap, draw_gaps, draw_gaps_current, draw_gaps_curves};
pub use heatmap::{WeekHeatmap, draw_week_heatmap};
pub use histogram::{Histogram, HistogramAxis, HistogramCount, HistogramMark, draw_histogram};
pub use levels::{LevelCount, Levels, draw_levels};
pub use marks::Mark;
pub use milestones::Milestone;
pub use online::{Minutes, OnlineDays, draw_online_by_day, draw_online_by_hour};
pub use pairs::{Pair, Pairs, draw_pairs};
pub use picture::{Moving, Picture, Still, Words, svg};
pub use plotters::drawing::DrawingArea;
pub use plotters::prelude::DrawingBackend;
pub use progress::{Progress, draw_progress};
pub use rect::Rect;
pub use sparkline::{SPARKLINE, sparkline};
pub use surface::SvgSurface;
pub use text::printable;
pub use theme::{Color, Theme};
pub use timeline::{Timeline, TimelineSession, draw_timeline};
