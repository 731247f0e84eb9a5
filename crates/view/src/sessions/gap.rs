//! The pause that ends a session, and how many sessions another one would give.

use wow_charts::{Gaps, SessionsAtGap, format};
use wow_engine::Params;
use wow_engine::pipeline::{BOT, COUNTED_GAPS_MINUTES, HUMAN, Report};
use wow_engine::time::Minutes;

use crate::Table;
use crate::filter::BotChoice;
use crate::share::percent;

/// The table behind the curve has a row for every so many minutes.
const TABLE_STEP_MINUTES: i64 = 5;

/// What the chosen gap gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapCounts {
    /// Sessions of the players shown; `None` for a gap that is not counted and that the events were not scanned with.
    pub sessions: Option<u64>,
    /// The same against the usual gap.
    pub note: String,
}

/// How many sessions of the players shown the gap of `params` gives, whichever gap `report` was made with, against that of
/// `usual`.
#[must_use]
pub fn gap_counts(report: &Report, params: &Params, usual: &Params, bots: BotChoice) -> GapCounts {
    let usual_minutes = usual.session_gap_minutes;
    let sessions = sessions_at(report, params.session_gap_minutes, bots);
    let note = match (sessions, sessions_at(report, usual_minutes, bots)) {
        (Some(now), Some(usual)) => change(now, usual, usual_minutes),
        (Some(_), None) => {
            format!("not counted with the usual {}", format::minutes(usual_minutes.get()))
        }
        (None, _) => "known once the events are scanned with this gap".to_owned(),
    };
    GapCounts { sessions, note }
}

/// How many sessions of the players shown a gap gives; `None` for one that is not counted.
#[must_use]
pub fn sessions_at(report: &Report, gap_minutes: Minutes, bots: BotChoice) -> Option<u64> {
    let sum = |counts: [u64; 2]| {
        let (humans, bots) = bots.split(counts[HUMAN], counts[BOT]);
        humans.saturating_add(bots)
    };
    let scanned = || report.sessions.durations.iter().map(|(_, counts)| sum(counts)).sum();
    let counted = report.sessions.with_gap(gap_minutes).map(sum);
    counted.or_else(|| (gap_minutes == report.params.session_gap_minutes).then(scanned))
}

fn change(now: u64, usual: u64, usual_minutes: Minutes) -> String {
    let usual_gap = format::minutes(usual_minutes.get());
    let share = percent(now.abs_diff(usual), usual);
    let size = format::count(now.abs_diff(usual));
    match now.cmp(&usual) {
        std::cmp::Ordering::Equal => format!("same as with {usual_gap}"),
        std::cmp::Ordering::Greater => format!("+{size} ({share}) against {usual_gap}"),
        std::cmp::Ordering::Less => format!("−{size} ({share}) against {usual_gap}"),
    }
}

/// The curve of sessions over the gap.
#[must_use]
pub fn gaps(report: &Report, params: &Params, bots: BotChoice) -> Gaps {
    let at = |gap_minutes: Minutes| {
        let counts = report.sessions.with_gap(gap_minutes)?;
        let (humans, bots) = bots.split(counts[HUMAN], counts[BOT]);
        Some(SessionsAtGap { gap_minutes: gap_minutes.get(), humans, bots })
    };
    let curve = Minutes::each(COUNTED_GAPS_MINUTES).filter_map(at).collect();
    Gaps { curve, current_minutes: params.session_gap_minutes.get() }
}

/// What the curve shows.
#[must_use]
pub fn gaps_say(data: &Gaps) -> String {
    let total = |at: &SessionsAtGap| format::count(at.humans.saturating_add(at.bots));
    match (data.curve.first(), data.curve.last()) {
        (Some(first), Some(last)) => format!(
            "From {} sessions with {} to {} with {}.",
            total(first),
            format::minutes(first.gap_minutes),
            total(last),
            format::minutes(last.gap_minutes)
        ),
        _ => "Sessions by the longest pause that still belongs to one.".to_owned(),
    }
}

/// The curve by five minutes.
#[must_use]
pub fn gaps_table(data: &Gaps) -> Table {
    let row = |at: &SessionsAtGap| {
        vec![
            format::minutes(at.gap_minutes),
            format::count(at.humans),
            format::count(at.bots),
            format::count(at.humans.saturating_add(at.bots)),
        ]
    };
    let some = data.curve.iter().filter(|at| at.gap_minutes % TABLE_STEP_MINUTES == 0);
    Table {
        head: ["gap", "without bots", "likely bots", "all sessions"].map(str::to_owned).into(),
        rows: some.map(row).collect(),
    }
}
