//! What an analysis has published, as signals.

use std::sync::Arc;

use leptos::prelude::*;
use wow_engine::pipeline::Report;

use crate::analysis::{Change, Pending, Status};
use crate::protocol::PartFacts;
use wow_loading::Progress;

/// The statistics in sight, and how they stand to what is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Published {
    /// The statistics so far; none before the first part is in.
    pub(crate) report: RwSignal<Option<Arc<Report>>>,
    /// Whether the statistics are of all parts.
    pub(crate) is_complete: RwSignal<bool>,
    /// What is known of the parts read so far, in order.
    pub(crate) parts: RwSignal<Vec<(usize, PartFacts)>>,
    /// Whether the rows were not in order and were sorted here.
    pub(crate) is_sorted_here: RwSignal<bool>,
    /// Where the reading stands.
    pub(crate) status: RwSignal<Status>,
    /// What the statistics lack.
    pub(crate) pending: RwSignal<Pending>,
}

impl Published {
    pub(crate) fn new() -> Self {
        Self {
            report: RwSignal::new(None),
            is_complete: RwSignal::new(false),
            parts: RwSignal::new(Vec::new()),
            is_sorted_here: RwSignal::new(false),
            status: RwSignal::new(Status::Loading(Progress::default())),
            pending: RwSignal::new(Pending::default()),
        }
    }

    /// Shows what is new.
    pub(crate) fn take(self, change: Change) {
        match change {
            Change::Status(status) => self.status.set(status),
            Change::Pending(pending) => self.pending.set(pending),
            Change::Report { report, is_complete } => {
                self.report.set(Some(report));
                // Whoever waits for this is told once, not after every scan.
                if is_complete != self.is_complete.get_untracked() {
                    self.is_complete.set(is_complete);
                }
            }
            Change::Facts { place, facts } => {
                self.parts.update(|parts| match parts.binary_search_by_key(&place, |(place, _)| *place) {
                    Ok(index) => parts[index].1 = facts,
                    Err(index) => parts.insert(index, (place, facts)),
                });
            }
            Change::Forgotten => {
                self.is_complete.set(false);
                self.is_sorted_here.set(false);
                self.report.set(None);
                self.parts.set(Vec::new());
            }
            Change::Sorting => self.is_sorted_here.set(true),
            // What is chosen is no part of this.
            Change::GoBack(_) => {}
        }
    }
}
