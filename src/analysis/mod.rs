//! What is opened, what is wanted of it and what is shown: all that the page decides about its data, without the browser.
//!
//! An [`Analysis`] is told what happens, a command of the reader or something that is heard of a worker, and when. It says
//! what is to be done about it, an [`Effect`] after the other. It neither waits nor sends nor reads a clock, so that any order
//! of events can be tried natively. The page's own data and those that Compare puts beside them are an analysis each.
//!
//! Units are dealt to whichever worker is free, and merged in their order; what is merged so far is shown while
//! the rest is being read. Every unit is scanned as if the data were in order. Files that turn out not to be are
//! read again and sorted. Cancelling ends the workers, which also gives back their memory.

mod answers;
mod events;
pub mod merge;
pub mod plan;
pub mod queue;
mod recounts;
mod round;
mod sorting;
mod sources;
mod status;
#[cfg(test)]
mod tests;
mod work;

use std::collections::VecDeque;
use std::sync::Arc;

use wow_engine::Query;
use wow_engine::pipeline::Report;

pub use events::{Attempt, Change, Effect, Event, Heard, Packs, Pass, Post};
pub use recounts::Recounts;
pub use sources::Data;
pub use status::{Pending, Status};
pub use work::IN_HAND;

use crate::protocol::{Failure, UnitSource};
use work::{News, Step, Work};
use wow_loading::Progress;

/// What is opened, wanted and shown.
#[derive(Debug)]
pub struct Analysis<R> {
    /// As many workers are started.
    cores: usize,
    /// How long what is wanted must rest before all events are read for it, if something else was wanted just before, as on
    /// a slider.
    rest_ms: f64,
    now_ms: f64,
    attempt: Attempt,
    work: Option<Work<R>>,
    wanted: Query,
    /// When something was chosen last that takes the events.
    chosen_ms: f64,
    /// From when on they may be read for that.
    rested_ms: f64,
    /// When all events are to be read for what is wanted.
    scan_at_ms: Option<f64>,
    report: Option<Arc<Report>>,
    is_complete: bool,
    /// Whether the report is that of an earlier visit, and the data are read for the first time.
    is_known: bool,
    status: Status,
    pending: Pending,
    effects: VecDeque<Effect>,
}

impl<R: Recounts> Analysis<R> {
    /// Nothing is opened yet.
    #[must_use]
    pub fn new(cores: usize, rest_ms: f64) -> Self {
        Self {
            cores,
            rest_ms,
            now_ms: 0.0,
            attempt: 0,
            work: None,
            wanted: Query::default(),
            chosen_ms: f64::NEG_INFINITY,
            rested_ms: f64::NEG_INFINITY,
            scan_at_ms: None,
            report: None,
            is_complete: false,
            is_known: false,
            status: Status::Loading(Progress::default()),
            pending: Pending::Nothing,
            effects: VecDeque::new(),
        }
    }

    /// Takes note of what happens.
    pub fn take(&mut self, event: Event, now_ms: f64) {
        self.now_ms = now_ms;
        if let Some(work) = &mut self.work {
            work.now_ms = now_ms;
        }
        match event {
            Event::Open => {
                self.forget();
                self.read(false);
            }
            Event::Retry => {
                // A whole picture stays until the next one is there.
                if !self.is_complete {
                    self.forget();
                }
                self.read(self.status.failure().is_some());
            }
            Event::Refuse(failure) => self.fail(failure),
            Event::Choose(query) => {
                if query != self.wanted {
                    self.wanted = query;
                    if self.work.as_ref().is_some_and(|work| !work.can_recount(&self.wanted)) {
                        let is_one_of_many = self.now_ms - self.chosen_ms < self.rest_ms;
                        self.rested_ms =
                            if is_one_of_many { self.now_ms + self.rest_ms } else { self.now_ms };
                        self.chosen_ms = self.now_ms;
                    }
                    self.keep_up();
                }
            }
            Event::Cancel => self.cancel(),
            Event::Tick => self.tick(),
            Event::Heard(attempt, heard) if attempt == self.attempt => self.hear(heard),
            Event::Heard(..) => {}
        }
        self.compare();
    }

    /// What is to be done next. What takes long comes after all that is to be sent.
    pub fn next_effect(&mut self) -> Option<Effect> {
        loop {
            if let Some(effect) = self.effects.pop_front() {
                return Some(effect);
            }
            let step = self.work.as_mut()?.look()?;
            self.step(step);
            self.compare();
        }
    }

    /// When [`Event::Tick`] is due, if it is.
    #[must_use]
    pub fn deadline_ms(&self) -> Option<f64> {
        let report_at_ms = self.work.as_ref().and_then(|work| work.report_at_ms);
        self.scan_at_ms.into_iter().chain(report_at_ms).reduce(f64::min)
    }

    /// The attempt of which something may be heard.
    #[must_use]
    pub const fn attempt(&self) -> Attempt {
        self.attempt
    }

    /// The worker to ask about a unit, and the first and the last player that were found in it; nothing where none was.
    #[must_use]
    pub fn found_at(&self, unit: usize) -> Option<(usize, (i64, i64))> {
        self.work.as_ref()?.found_at(unit)
    }

    /// How many units there are.
    #[must_use]
    pub fn units(&self) -> usize {
        self.work.as_ref().map_or(0, |work| work.units.len())
    }

    /// What a worker must know to read a unit, and the places of the files that it needs.
    #[must_use]
    pub fn source_of(&self, unit: usize) -> Option<(UnitSource, Vec<usize>)> {
        self.work.as_ref()?.source_of(unit)
    }

    /// A worker that listens.
    #[must_use]
    pub fn listener(&self) -> Option<usize> {
        self.work.as_ref()?.workers.iter().position(|worker| worker.is_ready)
    }

    /// Reads the data from the start.
    fn read(&mut self, is_fetched_anew: bool) {
        self.stop(Effect::LeaveWorkers);
        self.show(Status::Loading(Progress::default()));
        self.effects.push_back(Effect::Look { attempt: self.attempt, is_fetched_anew });
    }

    /// Nothing more is heard of this attempt; what is there stays.
    fn stop(&mut self, workers: Effect) {
        self.attempt = self.attempt.wrapping_add(1);
        self.scan_at_ms = None;
        self.is_known = false;
        if self.work.take().is_some() {
            self.effects.push_back(workers);
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.stop(Effect::EndWorkers);
        self.show(Status::Failed(failure));
    }

    fn forget(&mut self) {
        self.report = None;
        self.is_complete = false;
        self.publish(Change::Forgotten);
    }

    fn hear(&mut self, heard: Heard) {
        let step = match (heard, &mut self.work) {
            (Heard::Found { data, is_same, query, known }, None) => {
                return self.begin(data, is_same, query, known);
            }
            (Heard::Failed(failure), _) => Err(failure),
            (Heard::Fetching { bytes, of }, Some(work)) => Ok(work.fetching(bytes, of)),
            (Heard::Fetched { name, bytes }, Some(work)) => {
                work.open_fetched(name, bytes);
                Ok(Vec::new())
            }
            (Heard::Reply { worker, reply, bytes }, Some(work)) => work.answered(worker, reply, bytes),
            _ => return,
        };
        self.step(step);
    }

    fn begin(&mut self, data: Data, is_same: bool, query: Query, known: Option<Arc<Report>>) {
        if !is_same {
            self.forget();
        }
        self.wanted = query.clone();
        if let Some(report) = known.filter(|report| report.answers(&self.wanted)) {
            self.complete(report);
            self.is_known = true;
        }
        let (work, step) = Work::begin(data, query, self.cores, self.now_ms);
        let count = work.workers.len();
        self.effects.push_back(Effect::StartWorkers { attempt: self.attempt, count });
        self.work = Some(work);
        self.step(step);
    }

    /// Sends what is to be sent, and shows what is new.
    fn step(&mut self, step: Step<R>) {
        let news = match step {
            Ok(news) => news,
            Err(failure) => return self.fail(failure),
        };
        if let Some(work) = &mut self.work {
            self.effects.extend(work.posts.drain(..).map(|post| Effect::Post(Box::new(post))));
        }
        for news in news {
            self.tell(news);
        }
    }

    fn tell(&mut self, news: News<R>) {
        match news {
            News::Begun(pass) => self.effects.push_back(Effect::Begun(pass)),
            News::Ended(pass) => self.effects.push_back(Effect::Ended(pass)),
            News::Progress(progress) => self.show(match self.status {
                Status::Ready | Status::Again(_) => Status::Again(progress),
                _ => Status::Loading(progress),
            }),
            News::Report { report, is_complete: true } => self.complete(report),
            News::Report { report, is_complete } if !self.is_complete => {
                self.report = Some(Arc::clone(&report));
                self.publish(Change::Report { report, is_complete });
            }
            // A whole picture says more than a part of the next one.
            News::Report { .. } => {}
            News::Facts { place, facts } => self.publish(Change::Facts { place, facts }),
            News::Sorting => {
                if !self.is_complete {
                    self.forget();
                }
                self.publish(Change::Sorting);
            }
            News::Recounted { query, recounts } => self.recounted(&query, recounts),
            News::NotRecounted => self.keep_up(),
        }
    }

    /// Shows a whole picture.
    fn complete(&mut self, report: Arc<Report>) {
        self.report = Some(Arc::clone(&report));
        (self.is_complete, self.is_known) = (true, false);
        self.publish(Change::Report { report, is_complete: true });
        self.show(Status::Ready);
        self.keep_up();
    }

    fn recounted(&mut self, query: &Query, recounts: Vec<R>) {
        let recounted = self.report.as_deref().map(|report| R::recounted(report, query, recounts));
        match recounted {
            Some(Ok(report)) if report.answers(query) => {
                self.effects.push_back(Effect::Ended(Pass::Recount));
                self.complete(Arc::new(report));
            }
            _ => {
                let news = self.work.as_mut().map(Work::not_recounted);
                self.step(Ok(news.unwrap_or_default()));
            }
        }
    }

    /// Has what is shown follow what is wanted: at once where the workers can answer without reading events, else once it
    /// rests. Where it is there already, what is under way for something else ends.
    fn keep_up(&mut self) {
        self.scan_at_ms = None;
        let (Some(work), Some(report)) = (&mut self.work, &self.report) else { return };
        // Nothing is asked anew before all was scanned once.
        if !matches!(self.status, Status::Ready | Status::Again(_)) || !work.is_scanned_once() {
            return;
        }
        if report.answers(&self.wanted) {
            work.stop();
            self.show(Status::Ready);
        } else if !work.can_recount(&self.wanted) {
            self.scan_at_ms = Some(self.rested_ms);
        } else if !work.is_recounting() {
            let news = work.recount(self.wanted.clone(), report.params.session_gap_minutes);
            self.show(Status::Ready);
            self.step(Ok(news));
        }
    }

    fn tick(&mut self) {
        if self.scan_at_ms.is_some_and(|at_ms| at_ms <= self.now_ms) {
            self.scan_at_ms = None;
            let wanted = self.wanted.clone();
            let news = self.work.as_mut().map(|work| work.rescan(wanted));
            self.step(Ok(news.unwrap_or_default()));
        }
        if let Some(work) = &mut self.work
            && work.report_at_ms.is_some_and(|at_ms| at_ms <= self.now_ms)
        {
            let news = work.report(true);
            self.step(Ok(news));
        }
    }

    /// Ends what is under way; what is there stays. Where that is a scan for another choice, the choice is taken back.
    fn cancel(&mut self) {
        match (&self.status, self.report.as_deref()) {
            (Status::Ready | Status::Again(_), Some(report))
                if !self.is_known && !report.answers(&self.wanted) =>
            {
                let shown = report.query();
                self.wanted = shown.clone();
                self.keep_up();
                self.publish(Change::GoBack(shown));
            }
            (status, _) if self.is_known || matches!(status, Status::Loading(_)) => {
                let found = self.work.as_mut().and_then(Work::merged);
                self.stop(Effect::EndWorkers);
                if let Some(report) = found.map(Arc::new).filter(|_| !self.is_complete) {
                    self.report = Some(Arc::clone(&report));
                    self.publish(Change::Report { report, is_complete: false });
                }
                self.show(Status::Cancelled);
            }
            _ => {}
        }
    }

    /// Compares what is shown with what is wanted.
    fn compare(&mut self) {
        let recounts = |work: &Work<R>| work.is_recounting() && work.can_recount(&self.wanted);
        let pending = match &self.report {
            Some(report) if !report.answers(&self.wanted) => match self.work.as_ref().is_some_and(recounts) {
                true => Pending::Recount,
                false => Pending::Scan,
            },
            _ => Pending::Nothing,
        };
        if pending != self.pending {
            self.pending = pending;
            self.publish(Change::Pending(pending));
        }
    }

    fn show(&mut self, status: Status) {
        if status != self.status {
            self.status = status.clone();
            self.publish(Change::Status(status));
        }
    }

    fn publish(&mut self, change: Change) {
        self.effects.push_back(Effect::Publish(change));
    }
}
