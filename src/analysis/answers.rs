//! What follows from the workers' answers.

use std::sync::Arc;

use wow_engine::Error;
use wow_engine::contract::Reading;
use wow_engine::pipeline::{Partial, Report};

use super::events::Pass;
use super::plan::Content;
use super::recounts::Recounts;
use super::sources::Opened;
use super::work::{Arrived, Kept, News, Step, Work};
use crate::protocol::{Failure, JobId, KeepPlayers, PartFacts, Reply, check_build};
use wow_loading::Stage;

/// The least time between two reports of parts, for each is drawn anew.
const REPORT_MS: f64 = 1_000.0;
/// And its share of the time since the scan began: the longer it goes on, the less news one more brings, and the more it
/// takes from the workers, who may have no more processors than the page.
const REPORT_SHARE: f64 = 0.5;
/// The least time between two words on how far a unit is.
const PROGRESS_MS: f64 = 100.0;

impl<R: Recounts> Work<R> {
    /// Takes a worker's reply and the bytes that came with it. They are looked at once all that is to be sent is on its way,
    /// so that no worker need wait for that: [`Self::look`].
    pub(super) fn answered(&mut self, worker: usize, reply: Reply, bytes: Vec<u8>) -> Step<R> {
        if worker >= self.workers.len() {
            return Ok(Vec::new());
        }
        match reply {
            Reply::Ready { build } => {
                check_build(&build)?;
                self.workers[worker].is_ready = true;
                self.deal();
            }
            Reply::Opened { job, file, row_groups, reading } => {
                if self.settle(worker, job) && job == self.job {
                    self.sources.opened(file, Opened { row_groups, reading });
                    let news = self.scan_if_known()?;
                    self.deal();
                    return Ok(news);
                }
                self.deal();
            }
            Reply::Gathered { job, unit, reading } => {
                let is_awaited = self.settle(worker, job) && job == self.job;
                let news = if is_awaited { self.gathered(unit, reading)? } else { Vec::new() };
                self.deal();
                return Ok(news);
            }
            Reply::Players { job } => {
                if self.settle(worker, job) && job == self.job {
                    return self.counted(&bytes);
                }
            }
            Reply::SharedOut { job } => {
                if self.settle(worker, job) && job == self.job {
                    self.handed_on();
                }
            }
            Reply::Progress { job, unit, bytes, rows } if job == self.job => {
                return Ok(self.progressed(unit, bytes, rows));
            }
            Reply::Scanned { job, .. } | Reply::Recounted { job, .. } => {
                if self.settle(worker, job) {
                    if job == self.job && self.keep_players != KeepPlayers::Nothing {
                        self.workers[worker].keeps = Some(job);
                    }
                    self.arrived.push_back(Arrived { worker, reply, bytes });
                }
                self.deal();
            }
            Reply::Failed { job: None, failure } => return Err(failure),
            Reply::Failed { job: Some(job), failure } => {
                let is_awaited = self.settle(worker, job);
                let news = match is_awaited {
                    true if self.is_of_round(job) => self.not_recounted(),
                    true if job == self.job => self.refused(failure)?,
                    _ => Vec::new(),
                };
                self.deal();
                return Ok(news);
            }
            // Whoever asked for them waits elsewhere.
            Reply::Progress { .. }
            | Reply::History { .. }
            | Reply::Facts { .. }
            | Reply::Rows { .. }
            | Reply::Written { .. } => {}
        }
        Ok(Vec::new())
    }

    /// Takes note that a worker has one request less in hand; whether it had any of the job.
    fn settle(&mut self, worker: usize, job: JobId) -> bool {
        let worker = &mut self.workers[worker];
        if worker.recounting == Some(job) {
            worker.recounting = None;
        }
        let settled = worker.in_hand.iter().position(|in_hand| *in_hand == job);
        settled.map(|place| worker.in_hand.swap_remove(place)).is_some()
    }

    /// Looks at the first of what workers have found; nothing where there is none.
    pub(super) fn look(&mut self) -> Option<Step<R>> {
        let Arrived { worker, reply, bytes } = self.arrived.pop_front()?;
        Some(match reply {
            Reply::Recounted { job, units } => Ok(self.recounted(job, units, &bytes)),
            Reply::Scanned { job, unit, facts, readings } if job == self.job => {
                self.scanned(worker, unit, (facts, readings), &bytes)
            }
            _ => Ok(Vec::new()),
        })
    }

    fn progressed(&mut self, unit: usize, bytes: u64, rows: u64) -> Vec<News<R>> {
        let (Some(state), Some(announced)) = (self.units.get_mut(unit), self.plan.units.get(unit)) else {
            return Vec::new();
        };
        // Neither more than was announced nor less than before, some of a file's bytes being read twice.
        state.done =
            (state.done.0.max(bytes.min(announced.bytes)), state.done.1.max(rows.min(announced.rows)));
        self.now_and_then()
    }

    /// How far the work is, if that was not said just now.
    pub(super) fn now_and_then(&mut self) -> Vec<News<R>> {
        if self.now_ms - self.progressed_ms < PROGRESS_MS {
            return Vec::new();
        }
        self.progressed_ms = self.now_ms;
        vec![News::Progress(self.so_far())]
    }

    fn scanned(
        &mut self,
        worker: usize,
        unit: usize,
        (facts, readings): (PartFacts, Vec<(usize, Reading)>),
        bytes: &[u8],
    ) -> Step<R> {
        for (place, reading) in readings {
            self.sources.learn(place, reading)?;
        }
        let broken = |detail: String| Failure::Worker { detail };
        let partial = Partial::from_bytes(bytes).map_err(|error| broken(error.to_string()))?;
        let Some(state) = self.units.get_mut(unit) else {
            return Err(broken(format!("it scanned unit {unit}, which there is not")));
        };
        let found = partial.first_player_id().zip(partial.last_player_id());
        let known = state.scanned.and_then(|(_, players)| players);
        state.scanned = Some((worker, hull(known, found)));
        state.done = (self.plan.units[unit].bytes, self.plan.units[unit].rows);
        if let Err(error) = self.merge.insert(unit, partial) {
            let failure = self.unmergeable(&error);
            return self.refused(failure);
        }
        let mut news = self.learned(unit, facts);
        news.extend(match self.is_again {
            true => self.now_and_then(),
            // A slow server may leave it at that for long.
            false => vec![News::Progress(self.so_far())],
        });
        news.extend(self.report(false));
        Ok(news)
    }

    /// A scan or a merge that cannot be. Files that are out of order, or have guild numbers of different types, are sorted; an
    /// export is always in order.
    fn refused(&mut self, failure: Failure) -> Step<R> {
        match failure {
            Failure::OutOfOrder { .. } | Failure::Mismatch { .. }
                if self.sources.may_be_sorted() && self.stage == Stage::Scanning =>
            {
                self.sort()
            }
            failure => Err(failure),
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
    fn learned(&mut self, unit: usize, facts: PartFacts) -> Vec<News<R>> {
        if self.is_again {
            return Vec::new();
        }
        match self.plan.units[unit].content {
            Content::Part(place) => vec![News::Facts { place, facts }],
            Content::RowGroups { file: place, .. } => {
                let (rows, waiting) = &mut self.files[place];
                *rows += facts.rows;
                *waiting -= 1;
                let facts = PartFacts { rows: *rows, ..self.sources.facts(place) };
                if *waiting == 0 { vec![News::Facts { place, facts }] } else { Vec::new() }
            }
            Content::File(_) => Vec::new(),
            Content::Share if self.merge.is_complete() => (0..self.sources.files())
                .map(|place| News::Facts { place, facts: self.sources.facts(place) })
                .collect(),
            Content::Share => Vec::new(),
        }
    }

    /// Shows what is merged, when there is something new and the last time is not too near; then it is shown later,
    /// or now when `at_once`. A scan with another query is shown only when it is whole, for the page has a whole
    /// picture already.
    pub(super) fn report(&mut self, at_once: bool) -> Vec<News<R>> {
        let is_complete = self.merge.is_complete();
        if !self.merge.has_news() || (self.is_again && !is_complete) {
            return Vec::new();
        }
        let pause_ms = REPORT_MS.max((self.now_ms - self.begun_ms) * REPORT_SHARE);
        let report_at_ms = self.reported_ms + pause_ms;
        if !is_complete && !at_once && report_at_ms > self.now_ms {
            self.report_at_ms.get_or_insert(report_at_ms);
            return Vec::new();
        }
        self.report_at_ms = None;
        self.reported_ms = self.now_ms;
        let report = self.merge.report();
        let mut news = Vec::new();
        if is_complete {
            if self.keep_players != KeepPlayers::Nothing {
                self.kept = Some(Kept { job: self.job, query: self.query.clone() });
            }
            news.push(News::Ended(Pass::Scan));
        }
        news.extend(report.map(|report| News::Report { report: Arc::new(report), is_complete }));
        news
    }

    /// What is merged, when nothing more will be.
    pub(super) fn merged(&mut self) -> Option<Report> {
        self.merge.take()
    }
}

/// The smallest range of players that holds both.
fn hull(a: Option<(i64, i64)>, b: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}
