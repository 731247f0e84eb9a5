//! The state of the work: what is read, what was dealt to whom, how far it is.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use futures_channel::oneshot;
use gloo::timers::callback::Timeout;
use web_sys::{Blob, Performance};
use wow_engine::Query;
use wow_engine::pipeline::Partial;
use wow_engine::read::MOST_SORTED_EVENTS;
use wow_engine::schema::GuildKind;

use super::Update;
use super::facts::Asked;
use super::rows::Waiting;
use super::search::{Found, Searches};
use super::sorting::Sorting;
use super::sources::Sources;
use super::workers::{self, Handle};
use crate::merge::Merge;
use crate::plan::{Content, Plan};
use crate::protocol::{Failure, JobId, Keep, Request, UnitSource};
use crate::queue::Queue;
use wow_view::loading::{Progress, Stage};

/// Requests that a worker may have in hand: one to scan, and one to fetch meanwhile, or to go on with while the page
/// takes in what it found. More would keep a newer scan waiting.
const IN_HAND: usize = 2;
/// Names the runs over all units in the browser's performance timeline.
pub(super) const MEASURE: &str = "scan";

/// All that is known of the work.
pub(super) struct Run {
    pub(super) this: Weak<RefCell<Self>>,
    on_update: Rc<dyn Fn(Update)>,
    query: Query,
    pub(super) sources: Sources,
    pub(super) workers: Vec<Handle>,
    pub(super) searches: Searches,
    pub(super) asked_for_facts: Asked,
    /// Rows that are being made, and who waits for them.
    pub(super) rows: Waiting,
    pub(super) stage: Stage,
    /// Files that are to be opened.
    unopened: VecDeque<usize>,
    /// Bytes of a file that is fetched whole: how many are there, and of how many.
    fetched: Option<(u64, Option<u64>)>,
    pub(super) plan: Plan,
    /// What happened to each unit.
    pub(super) units: Vec<UnitState>,
    /// The events found in each file so far, and how many of its units wait.
    pub(super) files: Vec<(u64, usize)>,
    pub(super) queue: Queue,
    pub(super) merge: Merge,
    pub(super) sorting: Sorting,
    pub(super) job: JobId,
    last_job: JobId,
    /// Whether everything is scanned anew, with a whole picture already there.
    pub(super) is_again: bool,
    pub(super) is_over: bool,
    started_ms: f64,
    /// When the scan began, after all that had to be fetched whole before.
    pub(super) begun_ms: f64,
    pub(super) reported_ms: f64,
    /// When it was last told how far the work is.
    pub(super) told_ms: f64,
    pub(super) later: Option<Timeout>,
}

/// What happened to a unit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct UnitState {
    /// The worker that holds it for the next scan.
    holder: Option<usize>,
    /// The worker that scanned it last, and the first and the last player found in it under any filter so far.
    pub(super) scanned: Option<(usize, Option<(i64, i64)>)>,
    /// Bytes and rows that are done in this job.
    pub(super) done: (u64, u64),
}

impl Run {
    pub(super) fn new(
        this: Weak<RefCell<Self>>,
        sources: Sources,
        query: Query,
        on_update: Rc<dyn Fn(Update)>,
    ) -> Self {
        let mut run = Self {
            this,
            on_update,
            query,
            sources,
            workers: Vec::new(),
            searches: Searches::default(),
            asked_for_facts: Asked::default(),
            rows: Waiting::default(),
            stage: Stage::Looking,
            unopened: VecDeque::new(),
            fetched: None,
            plan: Plan::default(),
            units: Vec::new(),
            files: Vec::new(),
            queue: Queue::default(),
            merge: Merge::new(0, true, 0),
            sorting: Sorting::default(),
            job: 0,
            last_job: 0,
            is_again: false,
            is_over: false,
            started_ms: now_ms(),
            begun_ms: now_ms(),
            reported_ms: f64::NEG_INFINITY,
            told_ms: f64::NEG_INFINITY,
            later: None,
        };
        mark_start();
        run.unopened = (0..run.sources.files()).collect();
        run.scan_if_known();
        run
    }

    /// Does something, then tells the page of it, which may ask for more in turn.
    pub(super) fn tell(this: &Rc<RefCell<Self>>, act: impl FnOnce(&mut Self) -> Vec<Update>) {
        let (updates, tell) = {
            let mut run = this.borrow_mut();
            (act(&mut run), Rc::clone(&run.on_update))
        };
        for update in updates {
            tell(update);
        }
    }

    /// Starts the workers. Where it is known that there is nothing to read, that is the answer.
    pub(super) fn start(&mut self) -> Vec<Update> {
        let wanted = match self.stage {
            Stage::Scanning => self.plan.units.len(),
            _ => usize::MAX,
        };
        for place in 0..workers::count().min(wanted) {
            let run = Weak::clone(&self.this);
            let hear = move |heard| {
                if let Some(run) = run.upgrade() {
                    Self::tell(&run, |run| run.heard(place, heard));
                }
            };
            match Handle::start(hear) {
                Ok(handle) => self.workers.push(handle),
                Err(failure) => return self.fail(failure),
            }
        }
        match self.stage {
            Stage::Scanning if self.plan.units.is_empty() => self.nothing(),
            _ => Vec::new(),
        }
    }

    /// The picture of an export without parts.
    fn nothing(&self) -> Vec<Update> {
        measure();
        let report = Arc::new(Partial::empty(self.query.clone(), GuildKind::Integer).finish());
        vec![Update::Report { report, is_complete: true }]
    }

    /// Takes note of how much of a file is fetched.
    pub(super) fn fetched(&mut self, bytes: u64, of: Option<u64>) -> Vec<Update> {
        self.stage = Stage::Fetching;
        self.fetched = Some((bytes, of));
        self.now_and_then()
    }

    /// Reads a file that was fetched.
    pub(super) fn open_file(&mut self, name: String, blob: Blob) -> Vec<Update> {
        self.stage = Stage::Looking;
        self.fetched = Some((blob.size() as u64, Some(blob.size() as u64)));
        self.sources = Sources::of_files([(name, blob)], Vec::new());
        self.unopened = [0].into();
        self.deal();
        Vec::new()
    }

    /// Starts to scan, or to sort, once it is known what there is.
    pub(super) fn scan_if_known(&mut self) -> Vec<Update> {
        if let Some([first, second]) = self.sources.twins() {
            let detail = format!("{first} and {second} have the same bytes");
            return self.fail(Failure::Mismatch { detail });
        }
        if self.sources.must_be_sorted() {
            return self.sort();
        }
        let Some(plan) = self.sources.plan() else { return Vec::new() };
        self.stage = Stage::Scanning;
        self.files = vec![(0, 0); self.sources.files()];
        for unit in &plan.units {
            if let Content::RowGroups { file, .. } = unit.content {
                self.files[file].1 += 1;
            }
        }
        self.queue = Queue::in_order(plan.units.len());
        self.begin(plan);
        Vec::new()
    }

    /// Starts to sort all files: their events are gathered first.
    pub(super) fn sort(&mut self) -> Vec<Update> {
        let (rows, _) = self.sources.size();
        if rows > MOST_SORTED_EVENTS {
            return self.fail(Failure::TooManyToSort { rows });
        }
        self.stage = Stage::Sorting;
        self.is_again = false;
        let plan = self.sources.to_gather();
        self.queue = Queue::in_order(plan.units.len());
        self.begin(plan);
        self.sorting = Sorting::default();
        self.deal();
        vec![Update::Sorting, Update::Progress(self.so_far())]
    }

    /// Scans everything again, if everything was scanned before.
    pub(super) fn rescan(&mut self, query: Query) -> Vec<Update> {
        if self.is_over || self.units.iter().any(|unit| unit.scanned.is_none()) {
            return Vec::new();
        }
        self.query = query;
        self.is_again = true;
        self.started_ms = now_ms();
        mark_start();
        if self.units.is_empty() {
            return self.nothing();
        }
        let units = self.plan.units.iter().zip(&self.units).map(|(unit, state)| (unit.bytes, state.holder));
        self.queue = Queue::by_size(units, self.workers.len());
        let (plan, states) = (std::mem::take(&mut self.plan), std::mem::take(&mut self.units));
        self.begin(plan);
        self.units = states.into_iter().map(|state| UnitState { done: (0, 0), ..state }).collect();
        self.deal();
        vec![Update::Progress(self.so_far())]
    }

    /// Ends a scan with another query; what workers have in hand of it counts no more.
    pub(super) fn stay(&mut self) {
        self.job = self.new_job();
        self.queue = Queue::default();
    }

    pub(super) fn begin(&mut self, plan: Plan) {
        self.job = self.new_job();
        self.begun_ms = now_ms();
        self.merge = Merge::new(plan.units.len(), plan.are_ordered, self.sources.players());
        self.units = vec![UnitState::default(); plan.units.len()];
        self.plan = plan;
        self.later = None;
    }

    /// The worker to ask about a unit, and the first and the last player that were found in it; nothing where none was.
    pub(super) fn found_at(&self, unit: usize) -> Option<(usize, (i64, i64))> {
        let state = self.units.get(unit)?;
        let (worker, players) = state.scanned?;
        Some((state.holder.unwrap_or(worker), players?))
    }

    /// Searches the units in which a player was found; all of them are with a worker that is ready.
    pub(super) fn search(&mut self, player_id: i64, query: &Query) -> oneshot::Receiver<Found> {
        let job = self.new_job();
        let mut waiting = 0;
        for unit in 0..self.units.len() {
            let at = self.found_at(unit).filter(|(_, (first, last))| (*first..=*last).contains(&player_id));
            let worker = at.and_then(|(worker, _)| self.workers.get(worker));
            let (Some(worker), Some((source, files))) = (worker, self.source_of(unit)) else { continue };
            let query = query.clone();
            worker.post(&Request::History { job, unit, source, player_id, query }, &files);
            waiting += 1;
        }
        self.searches.start(job, waiting, query.params.session_gap_minutes)
    }

    pub(super) fn new_job(&mut self) -> JobId {
        self.last_job = self.last_job.wrapping_add(1);
        self.last_job
    }

    /// Gives every free worker its next requests.
    pub(super) fn deal(&mut self) {
        // Shares are dealt one to each worker, and a worker with two would keep the other waiting.
        let most = if self.stage == Stage::Sorting { 1 } else { IN_HAND };
        for depth in 1..=most {
            for worker in 0..self.workers.len() {
                let handle = &self.workers[worker];
                if handle.is_ready && handle.in_hand < depth {
                    self.deal_to(worker);
                }
            }
        }
    }

    fn deal_to(&mut self, worker: usize) {
        let (request, files) = if let Some(file) = self.unopened.pop_front() {
            let Some((name, blob)) = self.sources.file(file) else { return };
            (Request::Open { job: self.job, file, name: name.to_owned() }, vec![blob.clone()])
        } else {
            let Some(unit) = self.queue.next(worker) else { return };
            let Some((source, files)) = self.source_of(unit) else { return };
            let keep = self.assign(unit, worker);
            let (job, query) = (self.job, self.query.clone());
            match source {
                _ if self.plan.is_to_gather => (Request::Gather { job, unit, source }, files),
                _ => {
                    let handed = self.sorting.take_handed(unit);
                    let scan = Request::Scan { job, unit, source, query, keep, keeps_players: false };
                    if !handed.is_empty() {
                        self.workers[worker].in_hand += 1;
                        return self.workers[worker].hand_over(&scan, &handed);
                    }
                    (scan, files)
                }
            }
        };
        self.workers[worker].post(&request, &files);
        self.workers[worker].in_hand += 1;
    }

    pub(super) fn source_of(&self, unit: usize) -> Option<(UnitSource, Vec<Blob>)> {
        self.sources.of_unit(&self.plan.units.get(unit)?.content)
    }

    /// Takes note that a worker holds a unit from now on, if it will, and says what it is to hold besides what it does.
    fn assign(&mut self, unit: usize, worker: usize) -> Keep {
        let keep = match self.plan.units[unit].content {
            _ if self.is_again => return Keep::Nothing,
            Content::Part(_) => self.plan.held_of_parts(),
            // A file lies in the browser's store as it is, where ranges of it are as near to any worker.
            Content::RowGroups { .. } => return Keep::Nothing,
            // The events of a share are held without being asked.
            Content::File(_) | Content::Share => Keep::Nothing,
        };
        self.units[unit].holder = Some(worker);
        keep
    }

    /// How far the work is.
    pub(super) fn so_far(&self) -> Progress {
        let units = &self.plan.units;
        let sum = |count: &dyn Fn(usize) -> u64| (0..units.len()).map(count).fold(0, u64::saturating_add);
        let read = (sum(&|unit| self.units[unit].done.0), Some(self.plan.bytes()));
        let (bytes_done, bytes) = match self.stage {
            Stage::Sorting => read,
            _ => self.fetched.unwrap_or(read),
        };
        Progress {
            stage: self.stage,
            parts_done: self.merge.parts_in(),
            parts: units.len(),
            bytes_done,
            bytes,
            rows_done: sum(&|unit| self.units[unit].done.1),
            rows: matches!(self.stage, Stage::Looking | Stage::Scanning)
                .then(|| sum(&|unit| units[unit].rows)),
            seconds: (now_ms() - self.started_ms) / 1e3,
        }
    }
}

/// Marks the start of a run over all units.
fn mark_start() {
    if let Some(performance) = performance() {
        // The marks are for whoever measures; the page works without them.
        let _ = performance.mark(MEASURE);
    }
}

/// Measures the run that ends now.
pub(super) fn measure() {
    if let Some(performance) = performance() {
        let _ = performance.measure_with_start_mark(MEASURE, MEASURE);
    }
}

fn performance() -> Option<Performance> {
    web_sys::window()?.performance()
}

/// Milliseconds on a clock that only goes forward.
pub(super) fn now_ms() -> f64 {
    performance().map_or(0.0, |clock| clock.now())
}
