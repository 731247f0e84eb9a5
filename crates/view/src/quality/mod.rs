//! Whether the numbers can be trusted: tests, rejected rows, freshness, parts.

mod checks;
mod definitions;
mod facts;
mod parts;
mod readings;
mod tested;
#[cfg(test)]
mod tests;

use wow_charts::format;
use wow_engine::Params;
use wow_engine::manifest::{Manifest, Rejected};
use wow_engine::pipeline::Report;
use wow_engine::time::{DAY_US, Micros};

pub use checks::{Check, Severity, Status, checks, summary};
pub use parts::{PartRow, PartState, parts};
pub use readings::{ColumnRow, ReadingRow, readings};
pub use tested::Tested;

use super::dataset::Dataset;
use super::filter::BotChoice;
use super::{share, time};
use crate::part_facts::PartFacts;

/// All that the page on quality is made of.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The statistics so far.
    pub report: Option<&'a Report>,
    /// What is loaded.
    pub dataset: Option<&'a Dataset>,
    /// The parts read so far, by their place.
    pub parts: &'a [(usize, PartFacts)],
    /// Whether all parts are in.
    pub is_complete: bool,
    /// The present time, as the log's clock counts.
    pub now_us: Micros,
}

impl<'a> Evidence<'a> {
    fn manifest(&self) -> Option<&'a Manifest> {
        self.dataset.and_then(Dataset::manifest)
    }
}

/// A figure with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Names it for tests.
    pub key: &'static str,
    /// What it counts.
    pub name: &'static str,
    /// The figure.
    pub value: String,
    /// How it comes about.
    pub note: String,
}

/// Events before and after bots are taken out, under these limits.
#[must_use]
pub fn removal(report: &Report, params: &Params) -> [Figure; 3] {
    let totals = report.totals(params);
    let figure = |key, name, value, note| Figure { key, name, value, note };
    [
        figure(
            "original_events",
            "Original events",
            format::count(totals.events),
            format!("of {} players", format::count(totals.players)),
        ),
        figure(
            "kept_events",
            "Events after bot removal",
            format::count(totals.kept_events()),
            format!("of {} players", format::count(totals.kept_players())),
        ),
        figure(
            "bot_share",
            "Events from bots",
            share::percent(totals.bot_events, totals.events),
            format!("{} of {} flagged players", format::count(totals.bot_events), format::count(totals.bots)),
        ),
    ]
}

/// What the tests and figures are about, where that is not the whole log; none without a filter.
#[must_use]
pub fn scope(report: &Report, bots: BotChoice) -> Option<String> {
    let events = (!report.filter.is_empty()).then(|| {
        format!(
            "The models are made of the {} of {} events that match the filter; parts, freshness and rejected rows \
             are those of the whole log.",
            format::count(report.rows),
            format::count(report.rows.saturating_add(report.left_out))
        )
    });
    let groups = (bots != BotChoice::In)
        .then(|| "Both groups of players are tested, whichever is shown elsewhere.".to_owned());
    let said: Vec<String> = events.into_iter().chain(groups).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// How old the data are: the whole log, as far as a manifest tells of it.
#[must_use]
pub fn freshness(evidence: &Evidence<'_>) -> Vec<Figure> {
    let (oldest_us, newest_us, whose) = match (evidence.report, evidence.manifest()) {
        (Some(report), Some(manifest)) if !report.filter.is_empty() => {
            (manifest.first_event_us, manifest.last_event_us, "")
        }
        (Some(report), None) if !report.filter.is_empty() => {
            (report.first_us, report.last_us, " that matches")
        }
        (Some(report), _) => (report.first_us, report.last_us, ""),
        (None, _) => (None, None, ""),
    };
    let newest = Figure {
        key: "newest_event",
        name: "Newest event",
        value: newest_us.map_or_else(|| "none yet".to_owned(), time::minute),
        note: oldest_us
            .map_or_else(String::new, |oldest_us| format!("the oldest{whose}: {}", time::minute(oldest_us))),
    };
    let exported = evidence.manifest().map(|manifest| Figure {
        key: "exported_at",
        name: "Exported",
        value: time::rfc3339(&manifest.exported_at),
        note: match &manifest.duckdb_version {
            Some(version) => format!("by wow {} with DuckDB {version}", manifest.tool_version),
            None => format!("by wow {} from files", manifest.tool_version),
        },
    });
    let age = evidence.manifest().zip(newest_us).and_then(|(manifest, newest_us)| {
        let exported_us = time::microseconds(&manifest.exported_at)?;
        let days = exported_us.get().saturating_sub(newest_us.get()).div_euclid(DAY_US);
        Some(Figure {
            key: "age_at_export",
            name: "Age when exported",
            value: match days {
                ..0 => "newer than the export".to_owned(),
                0 => "less than a day".to_owned(),
                1 => "1 day".to_owned(),
                days => format!("{} days", format::count(days.unsigned_abs())),
            },
            note: "from the newest event to the export".to_owned(),
        })
    });
    [Some(newest), exported, age].into_iter().flatten().collect()
}

/// Rows that no model can use, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Names the reason for tests.
    pub key: &'static str,
    /// The reason.
    pub reason: &'static str,
    /// How many the export left out; `None` without a manifest.
    pub on_export: Option<u64>,
    /// How many the reader left out.
    pub on_reading: u64,
}

/// Rejected rows by reason.
#[must_use]
pub fn rejected(evidence: &Evidence<'_>) -> [RejectedRow; 2] {
    let exported = evidence.manifest().map(|manifest| manifest.rejected);
    let read = evidence.report.map(|report| report.rejected).unwrap_or_default();
    let row = |key, reason, count: fn(Rejected) -> u64| RejectedRow {
        key,
        reason,
        on_export: exported.map(count),
        on_reading: count(read),
    };
    [
        row("null_player_id", "no player", |rejected| rejected.null_player_id),
        row("null_datetime", "no time", |rejected| rejected.null_datetime),
    ]
}
