//! What sessions are like, and what another gap would make of them.

mod gap;
mod spread;
mod tiles;

#[cfg(test)]
mod tests;

pub use gap::{GapCounts, gap_counts, gaps, gaps_say, gaps_table, sessions_at};
pub use spread::{
    EVENT_BANDS, Spread, durations, durations_say, durations_table, events, events_label, events_say,
    events_table,
};
pub use tiles::tiles;
