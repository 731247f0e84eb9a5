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
pub const DURATIONS: ChartName = ChartName {
    title: "Session duration",
    file: "session-duration",
    label: "Sessions by duration",
    method: "A session's duration is the minutes from its first to its last event; a session of one event takes none.",
};
/// The chart of sessions by how many events they have.
pub const EVENTS: ChartName = ChartName {
    title: "Events per session",
    file: "events-per-session",
    label: "Sessions by number of events",
    method: "Sessions by how many events they have.",
};
/// The chart of sessions over the gap.
pub const GAPS: ChartName = ChartName {
    title: "Sessions with each gap",
    file: "sessions-with-each-gap",
    label: "Sessions with each gap",
    method: "A session ends where a player is away for longer than the gap. A longer gap makes fewer and longer sessions.",
};
