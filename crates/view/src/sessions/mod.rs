//! What sessions are like, and what another gap would make of them.

mod gap;
mod spread;
mod tiles;

#[cfg(test)]
mod tests;

use crate::ChartName;

pub use gap::{GapCounts, gap_counts, gaps, gaps_say, gaps_table, sessions_at};
pub use spread::{
    EVENT_BANDS, Spread, durations, durations_say, durations_table, events, events_label, events_say,
    events_table,
};
pub use tiles::tiles;

/// The chart of sessions by duration.
pub const DURATIONS: ChartName =
    ChartName { title: "Session duration", file: "session-duration", label: "Sessions by duration" };
/// The chart of sessions by how many events they have.
pub const EVENTS: ChartName = ChartName {
    title: "Events per session",
    file: "events-per-session",
    label: "Sessions by number of events",
};
/// The chart of sessions over the gap.
pub const GAPS: ChartName = ChartName {
    title: "Sessions with each gap",
    file: "sessions-with-each-gap",
    label: "Sessions with each gap",
};
