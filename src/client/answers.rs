//! What follows from the workers' answers.

use std::sync::Arc;

use gloo::timers::callback::Timeout;
use web_sys::js_sys::Uint8Array;
use wow_engine::Error;
use wow_engine::pipeline::Partial;

use super::Update;
use super::rows::Waiting;
use super::run::{Run, measure, now_ms};
use super::search::Searches;
use super::sources::Opened;
use super::workers::{Heard, check_build};
use crate::plan::Content;
use crate::protocol::{Failure, JobId, PartFacts, Reply};
use wow_view::loading::Stage;

/// The least time between two reports of parts, for each is drawn anew.
const REPORT_MS: f64 = 400.0;
/// And its share of the time since the scan began: the longer it goes on, the less news one more brings, and the more it
/// takes from the workers, who may have no more processors than the page.
const REPORT_SHARE: f64 = 0.5;
/// The least time between two words on how far a unit is.
const PROGRESS_MS: f64 = 100.0;

impl Run {
    /// Takes what is heard of a worker.
    pub(super) fn heard(&mut self, worker: usize, heard: Heard) -> Vec<Update> {
        match heard {
            Heard::Reply(reply, attached) => self.answered(worker, reply, attached),
            Heard::Broken(failure) => self.fail(failure),
        }
    }

    /// Takes a worker's reply and the bytes that came with it.
    fn answered(&mut self, worker: usize, reply: Reply, attached: Vec<Uint8Array>) -> Vec<Update> {
        match reply {
            Reply::Ready { build } => {
                if let Err(failure) = check_build(&build) {
                    return self.fail(failure);
                }
                self.workers[worker].is_ready = true;
                self.deal();
                Vec::new()
            }
            Reply::Opened { job, file, row_groups, reading } => {
                self.workers[worker].in_hand -= 1;
                let mut updates = Vec::new();
                if self.is_current(job) {
                    self.sources.opened(file, Opened { row_groups, reading });
                    updates = self.scan_if_known();
                }
                self.deal();
                updates
            }
            Reply::Gathered { job, unit, reading } => {
                self.workers[worker].in_hand -= 1;
                let mut updates = Vec::new();
                if self.is_current(job) {
                    updates = self.gathered(unit, reading);
                }
                self.deal();
                updates
            }
            Reply::Players { job } => {
                self.workers[worker].in_hand -= 1;
                let counts = attached.first().map(Uint8Array::to_vec).unwrap_or_default();
                if self.is_current(job) { self.counted(&counts) } else { Vec::new() }
            }
            Reply::SharedOut { job } => {
                self.workers[worker].in_hand -= 1;
                if self.is_current(job) && self.sorting.handed(attached) {
                    self.scan_shares();
                }
                Vec::new()
            }
            // Nobody asks for it yet.
            Reply::Recounted { .. } => Vec::new(),
            Reply::Progress { job, unit, bytes, rows } => self.progressed((job, unit), bytes, rows),
            Reply::Scanned { job, unit, facts, readings } => {
                self.workers[worker].in_hand -= 1;
                // Before the bytes are looked at, so that the worker need not wait for that.
                self.deal();
                if !self.is_current(job) {
                    return Vec::new();
                }
                for (place, reading) in readings {
                    if let Err(failure) = self.sources.learn(place, reading) {
                        return self.fail(failure);
                    }
                }
                let bytes = attached.first().map(Uint8Array::to_vec).unwrap_or_default();
                self.scanned(worker, unit, facts, &bytes)
            }
            Reply::History { job, found } => {
                self.searches.answered(job, found);
                Vec::new()
            }
            Reply::Facts { job, found } => {
                self.asked_for_facts.answered(job, found);
                Vec::new()
            }
            Reply::Rows { job, made } => {
                self.rows.answered(job, made, attached);
                Vec::new()
            }
            // Whole files are made by workers of their own.
            Reply::Written { .. } => Vec::new(),
            Reply::Failed { job: None, failure } => self.fail(failure),
            Reply::Failed { job: Some(job), failure } => {
                self.workers[worker].in_hand -= 1;
                let updates = if self.is_current(job) { self.refused(failure) } else { Vec::new() };
                self.deal();
                updates
            }
        }
    }

    fn is_current(&self, job: JobId) -> bool {
        job == self.job && !self.is_over
    }

    fn progressed(&mut self, (job, unit): (JobId, usize), bytes: u64, rows: u64) -> Vec<Update> {
        let (Some(state), Some(announced)) = (self.units.get_mut(unit), self.plan.units.get(unit)) else {
            return Vec::new();
        };
        if job != self.job || self.is_over {
            return Vec::new();
        }
        // Neither more than was announced nor less than before, some of a file's bytes being read twice.
        state.done =
            (state.done.0.max(bytes.min(announced.bytes)), state.done.1.max(rows.min(announced.rows)));
        self.now_and_then()
    }

    /// How far the work is, if that was not told just now.
    pub(super) fn now_and_then(&mut self) -> Vec<Update> {
        let now_ms = now_ms();
        if now_ms - self.told_ms < PROGRESS_MS {
            return Vec::new();
        }
        self.told_ms = now_ms;
        vec![Update::Progress(self.so_far())]
    }

    fn scanned(&mut self, worker: usize, unit: usize, facts: PartFacts, bytes: &[u8]) -> Vec<Update> {
        let partial = match Partial::from_bytes(bytes) {
            Ok(partial) => partial,
            Err(error) => return self.fail(Failure::Worker { detail: error.to_string() }),
        };
        let state = &mut self.units[unit];
        let found = partial.first_player_id().zip(partial.last_player_id());
        let known = state.scanned.and_then(|(_, players)| players);
        state.scanned = Some((worker, hull(known, found)));
        state.done = (self.plan.units[unit].bytes, self.plan.units[unit].rows);
        if let Err(error) = self.merge.insert(unit, partial) {
            let failure = self.unmergeable(&error);
            return self.refused(failure);
        }
        let mut updates = self.learned(unit, facts);
        updates.extend(match self.is_again {
            true => self.now_and_then(),
            // A slow server may leave it at that for long.
            false => vec![Update::Progress(self.so_far())],
        });
        updates.extend(self.report(false));
        updates
    }

    /// A scan or a merge that cannot be. Files that are out of order, or have guild numbers of different types, are sorted; an
    /// export is always in order.
    fn refused(&mut self, failure: Failure) -> Vec<Update> {
        match failure {
            Failure::OutOfOrder { .. } | Failure::Mismatch { .. }
                if self.sources.may_be_sorted() && self.stage == Stage::Scanning =>
            {
                self.sort()
            }
            failure => self.fail(failure),
        }
    }

    fn unmergeable(&self, error: &Error) -> Failure {
        let (name, detail) = (self.sources.names().join(", "), error.to_string());
        match error {
            Error::OutOfOrder { .. } => Failure::OutOfOrder { name, detail },
            _ => Failure::Mismatch { detail },
        }
    }

    /// What is known of a part, or of a file once its last unit is scanned for the first time; of sorted files, whose
    /// players are shared out, once all shares are in.
    fn learned(&mut self, unit: usize, facts: PartFacts) -> Vec<Update> {
        if self.is_again {
            return Vec::new();
        }
        match self.plan.units[unit].content {
            Content::Part(place) => vec![Update::Facts { place, facts }],
            Content::RowGroups { file: place, .. } => {
                let (rows, waiting) = &mut self.files[place];
                *rows += facts.rows;
                *waiting -= 1;
                let facts = PartFacts { rows: *rows, ..self.sources.facts(place) };
                if *waiting == 0 { vec![Update::Facts { place, facts }] } else { Vec::new() }
            }
            Content::File(_) => Vec::new(),
            Content::Share if self.merge.is_complete() => (0..self.sources.files())
                .map(|place| Update::Facts { place, facts: self.sources.facts(place) })
                .collect(),
            Content::Share => Vec::new(),
        }
    }

    /// Shows what is merged, when there is something new and the last time is not too near; then it is shown later,
    /// or now when `at_once`. A scan with another query is shown only when it is whole, for the page has a whole
    /// picture already.
    pub(super) fn report(&mut self, at_once: bool) -> Vec<Update> {
        let is_complete = self.merge.is_complete();
        if self.is_over || !self.merge.has_news() || (self.is_again && !is_complete) {
            return Vec::new();
        }
        let now_ms = now_ms();
        let pause_ms = REPORT_MS.max((now_ms - self.begun_ms) * REPORT_SHARE);
        let wait_ms = self.reported_ms + pause_ms - now_ms;
        if !is_complete && !at_once && wait_ms > 0.0 {
            let this = self.this.clone();
            self.later.get_or_insert_with(|| {
                Timeout::new(wait_ms as u32, move || {
                    if let Some(run) = this.upgrade() {
                        Self::tell(&run, |run| run.report(true));
                    }
                })
            });
            return Vec::new();
        }
        self.later = None;
        self.reported_ms = now_ms;
        let report = self.merge.report();
        if is_complete {
            measure();
        }
        report.map(|report| Update::Report { report: Arc::new(report), is_complete }).into_iter().collect()
    }

    /// Ends the workers, and shows what is merged.
    pub(super) fn cancel(&mut self) -> Vec<Update> {
        self.end();
        let report = self.merge.take().map(Arc::new);
        report.map(|report| Update::Report { report, is_complete: false }).into_iter().collect()
    }

    /// Ends the workers with a failure, whose way out is to read anew; the first one counts.
    pub(super) fn fail(&mut self, failure: Failure) -> Vec<Update> {
        if self.is_over {
            return Vec::new();
        }
        self.end();
        vec![Update::Failed(failure)]
    }

    /// Nothing more is asked for, and what was begun ends with its worker.
    fn end(&mut self) {
        self.is_over = true;
        self.workers.clear();
        self.searches = Searches::default();
        self.rows = Waiting::default();
        self.later = None;
    }
}

/// The smallest range of players that holds both.
fn hull(a: Option<(i64, i64)>, b: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}
