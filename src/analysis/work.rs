//! The work on one dataset: what is read, what was dealt to which worker, how far it is.

use std::collections::VecDeque;
use std::sync::Arc;

use wow_engine::Query;
use wow_engine::pipeline::{Partial, Report};
use wow_engine::schema::NumberKind;
use wow_engine::time::Minutes;

use super::events::{Pass, Post};
use super::merge::Merge;
use super::plan::{Content, Plan};
use super::queue::Queue;
use super::recounts::Recounts;
use super::sorting::Sorting;
use super::sources::{Data, Sources};
use crate::protocol::{Failure, JobId, Keep, KeepPlayers, PartFacts, Reply, Request, UnitSource};
use wow_loading::{Progress, Stage};

/// Requests that a worker may have in hand: one to scan, and one to fetch meanwhile, or to go on with while the page
/// takes in what it found. More would keep a newer scan waiting.
pub const IN_HAND: usize = 2;

/// What comes of a step; a failure ends the work.
pub(super) type Step<R> = Result<Vec<News<R>>, Failure>;

/// What is new of the work.
#[derive(Debug)]
pub(super) enum News<R> {
    /// A pass over all units begins.
    Begun(Pass),
    /// A pass has ended.
    Ended(Pass),
    /// How far a scan is.
    Progress(Progress),
    /// The statistics of the units that are in; of all of them when `is_complete`.
    Report { report: Arc<Report>, is_complete: bool },
    /// What is known of a part or a file, by its place.
    Facts { place: usize, facts: PartFacts },
    /// The rows are not in order: what was found so far counts no more, and the files are being sorted.
    Sorting,
    /// What all units say to other parameters.
    Recounted { query: Query, recounts: Vec<R> },
    /// The workers do not keep what a recount takes.
    NotRecounted,
}

/// All that is known of the work.
#[derive(Debug)]
pub(super) struct Work<R> {
    pub(super) now_ms: f64,
    pub(super) query: Query,
    pub(super) sources: Sources,
    pub(super) workers: Vec<Worker>,
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
    /// The scan of which the workers keep the players of all units.
    pub(super) kept: Option<Kept>,
    /// What they keep of those that they scan now.
    pub(super) keep_players: KeepPlayers,
    pub(super) round: Option<Round<R>>,
    started_ms: f64,
    /// When the scan began, after all that had to be fetched whole before.
    pub(super) begun_ms: f64,
    pub(super) reported_ms: f64,
    /// When it was last said how far the work is.
    pub(super) progressed_ms: f64,
    /// When what is in so far is to be shown.
    pub(super) report_at_ms: Option<f64>,
    /// What is to be sent to workers.
    pub(super) posts: Vec<Post>,
    /// Statistics that are still to be looked at.
    pub(super) arrived: VecDeque<Arrived>,
}

/// A worker, as far as it is known from here.
#[derive(Debug, Clone, Default)]
pub(super) struct Worker {
    /// Whether it has said that it listens.
    pub(super) is_ready: bool,
    /// The jobs of the requests that it has not answered.
    pub(super) in_hand: Vec<JobId>,
    /// The scan of which it keeps players.
    pub(super) keeps: Option<JobId>,
    /// Whether it is to be asked for a recount.
    pub(super) is_due: bool,
    /// The recount that it has not answered.
    pub(super) recounting: Option<JobId>,
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

/// What a worker has found, before its bytes are looked at.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) worker: usize,
    pub(super) reply: Reply,
    pub(super) bytes: Vec<u8>,
}

/// A scan of which workers keep the players.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) job: JobId,
    pub(super) query: Query,
}

/// A question that all workers are asked.
#[derive(Debug)]
pub(super) struct Round<R> {
    pub(super) job: JobId,
    pub(super) query: Query,
    /// Workers that have not answered.
    pub(super) waiting: usize,
    /// The scan that it is about.
    pub(super) of: JobId,
    /// The gap that the picture in sight has.
    pub(super) known_gap: Minutes,
    /// The units that were answered for.
    pub(super) units: Vec<usize>,
    pub(super) recounts: Vec<R>,
}

impl<R: Recounts> Work<R> {
    /// The work on some data with as many workers as there are cores.
    pub(super) fn begin(data: Data, query: Query, cores: usize, now_ms: f64) -> (Self, Step<R>) {
        let mut work = Self {
            now_ms,
            query,
            sources: Sources::new(data),
            workers: Vec::new(),
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
            kept: None,
            keep_players: KeepPlayers::Nothing,
            round: None,
            started_ms: now_ms,
            begun_ms: now_ms,
            reported_ms: f64::NEG_INFINITY,
            progressed_ms: f64::NEG_INFINITY,
            report_at_ms: None,
            posts: Vec::new(),
            arrived: VecDeque::new(),
        };
        work.unopened = (0..work.sources.files()).collect();
        let step = work.scan_if_known().map(|mut news| {
            news.insert(0, News::Begun(Pass::Scan));
            if work.stage == Stage::Scanning && work.plan.units.is_empty() {
                news.extend(work.nothing());
            } else {
                news.push(News::Progress(work.so_far()));
            }
            news
        });
        let units = if work.stage == Stage::Scanning { work.plan.units.len() } else { usize::MAX };
        work.workers = vec![Worker::default(); cores.min(units)];
        (work, step)
    }

    /// The picture of an export without parts.
    fn nothing(&self) -> [News<R>; 2] {
        let report = Arc::new(Partial::empty(self.query.clone(), NumberKind::Integer).finish());
        [News::Ended(Pass::Scan), News::Report { report, is_complete: true }]
    }

    /// Takes note of how much of a file is fetched.
    pub(super) fn fetching(&mut self, bytes: u64, of: Option<u64>) -> Vec<News<R>> {
        self.stage = Stage::Fetching;
        self.fetched = Some((bytes, of));
        self.now_and_then()
    }

    /// Reads a file that was fetched.
    pub(super) fn open_fetched(&mut self, name: String, bytes: u64) {
        self.stage = Stage::Looking;
        self.fetched = Some((bytes, Some(bytes)));
        self.sources = Sources::new(Data::Files { files: vec![(name, bytes)], twins: Vec::new() });
        self.unopened = [0].into();
        self.deal();
    }

    /// Starts to scan, or to sort, once it is known what there is.
    pub(super) fn scan_if_known(&mut self) -> Step<R> {
        if let Some([first, second]) = self.sources.twins() {
            return Err(Failure::Mismatch { detail: format!("{first} and {second} have the same bytes") });
        }
        if self.sources.must_be_sorted() {
            return self.sort();
        }
        let Some(plan) = self.sources.plan() else { return Ok(Vec::new()) };
        self.stage = Stage::Scanning;
        self.files = vec![(0, 0); self.sources.files()];
        for unit in &plan.units {
            if let Content::RowGroups { file, .. } = unit.content {
                self.files[file].1 += 1;
            }
        }
        self.queue = Queue::in_order(plan.units.len());
        self.begin_pass(plan);
        Ok(Vec::new())
    }

    /// Whether all units were scanned, if not for what is wanted now. Files that are sorted begin anew.
    pub(super) fn is_scanned_once(&self) -> bool {
        self.units.iter().all(|unit| unit.scanned.is_some())
    }

    /// Scans everything again, once everything was scanned.
    pub(super) fn rescan(&mut self, query: Query) -> Vec<News<R>> {
        if !self.is_scanned_once() {
            return Vec::new();
        }
        self.kept.take_if(|kept| kept.query.filter != query.filter);
        self.query = query;
        self.is_again = true;
        self.started_ms = self.now_ms;
        let mut news = vec![News::Begun(Pass::Scan)];
        if self.units.is_empty() {
            news.extend(self.nothing());
            return news;
        }
        let units = self.plan.units.iter().zip(&self.units).map(|(unit, state)| (unit.bytes, state.holder));
        self.queue = Queue::by_size(units, self.workers.len());
        let (plan, states) = (std::mem::take(&mut self.plan), std::mem::take(&mut self.units));
        self.begin_pass(plan);
        self.units = states.into_iter().map(|state| UnitState { done: (0, 0), ..state }).collect();
        self.deal();
        news.push(News::Progress(self.so_far()));
        news
    }

    /// Ends a scan with another query, or a recount: what workers have in hand of it counts no more.
    pub(super) fn stop(&mut self) {
        self.job = self.new_job();
        self.queue = Queue::default();
        self.arrived.clear();
        self.report_at_ms = None;
        self.end_round();
    }

    pub(super) fn begin_pass(&mut self, plan: Plan) {
        self.job = self.new_job();
        // What is kept of another scan has the same events, and would give way.
        self.keep_players = match &self.kept {
            None => plan.kept_of_players(self.sources.players() as u64),
            Some(_) => KeepPlayers::Nothing,
        };
        self.begun_ms = self.now_ms;
        self.merge = Merge::new(plan.units.len(), plan.are_ordered, self.sources.players());
        self.units = vec![UnitState::default(); plan.units.len()];
        self.plan = plan;
        self.arrived.clear();
        self.report_at_ms = None;
        self.end_round();
    }

    /// The worker to ask about a unit, and the first and the last player that were found in it; nothing where none was.
    pub(super) fn found_at(&self, unit: usize) -> Option<(usize, (i64, i64))> {
        let state = self.units.get(unit)?;
        let (worker, players) = state.scanned?;
        Some((state.holder.unwrap_or(worker), players?))
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
                let state = &self.workers[worker];
                if state.is_ready && state.in_hand.len() < depth {
                    self.deal_to(worker);
                }
            }
        }
    }

    fn deal_to(&mut self, worker: usize) {
        let Some((job, request, files)) = self.next_for(worker) else { return };
        let packs = match request {
            Request::Scan { unit, source: UnitSource::Share, .. } => self.sorting.take_packs(unit),
            _ => None,
        };
        self.workers[worker].in_hand.push(job);
        self.posts.push(Post { worker, request, files, packs });
    }

    fn next_for(&mut self, worker: usize) -> Option<(JobId, Request, Vec<usize>)> {
        if self.round.is_some() {
            let (job, request) = self.next_recount(worker)?;
            return Some((job, request, Vec::new()));
        }
        let job = self.job;
        if let Some(request) = self.sorting.next_for(worker) {
            return Some((job, request, Vec::new()));
        }
        if let Some(file) = self.unopened.pop_front() {
            let name = self.sources.file(file)?.to_owned();
            return Some((job, Request::Open { job, file, name }, vec![file]));
        }
        let unit = self.queue.next(worker)?;
        let (source, files) = self.source_of(unit)?;
        if self.plan.is_to_gather {
            return Some((job, Request::Gather { job, unit, source }, files));
        }
        let (keep, query, players) = (self.assign(unit, worker), self.query.clone(), self.keep_players);
        Some((job, Request::Scan { job, unit, source, query, keep, players }, files))
    }

    pub(super) fn source_of(&self, unit: usize) -> Option<(UnitSource, Vec<usize>)> {
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
            seconds: (self.now_ms - self.started_ms) / 1e3,
        }
    }
}
