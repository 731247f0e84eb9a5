//! What the limits do, in numbers.

use wow_charts::format;
use wow_engine::Params;

use super::limit::written_limits;
use super::standing::Tally;
use crate::share::percent;

/// The counts beside the sliders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Players that either rule flags.
    pub flagged: u64,
    /// Those that only the rule on the longest session flags.
    pub longest_only: u64,
    /// Those that only the rule on the average session flags.
    pub average_only: u64,
    /// Those that both rules flag.
    pub both: u64,
    /// Events of all others.
    pub kept_events: u64,
    /// Flagged players against those under the usual limits.
    pub flagged_note: String,
    /// Kept events as a share of all, against those under the usual limits.
    pub kept_note: String,
}

/// The counts of `now`, compared with those of `before`, which are those under the limits of `usual`.
#[must_use]
pub fn counts(now: &Tally, before: &Tally, usual: &Params) -> Counts {
    let share = percent(now.kept_events(), now.events);
    let [longest_only, average_only, both] = now.by_rule();
    Counts {
        flagged: now.flagged,
        longest_only,
        average_only,
        both,
        kept_events: now.kept_events(),
        flagged_note: change(now.flagged, before.flagged, usual),
        kept_note: format!("{share}, {}", change(now.kept_events(), before.kept_events(), usual)),
    }
}

fn change(now: u64, before: u64, usual: &Params) -> String {
    let limits = written_limits(usual);
    let size = format::count(now.abs_diff(before));
    match now.cmp(&before) {
        std::cmp::Ordering::Equal => format!("same as with {limits}"),
        std::cmp::Ordering::Greater => format!("+{size} against {limits}"),
        std::cmp::Ordering::Less => format!("−{size} against {limits}"),
    }
}
