//! Data, workers and a reader that are made up, and what must hold whatever they do.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use wow_engine::pipeline::Report;
use wow_engine::read::{PlayerCounts, RowGroup};
use wow_engine::{Filter, Query};

use super::data::{Dataset, Kind, Said, partial, query, reading};
use crate::analysis::{
    Analysis, Attempt, Change, Effect, Event, Heard, IN_HAND, Pass, Pending, Post, Status,
};
use crate::protocol::{BUILD, Failure, JobId, KeepPlayers, PartFacts, Reply, Request, UnitSource};

pub(super) const CORES: usize = 3;
pub(super) const REST_MS: f64 = 300.0;

/// A worker: what it was asked and has not answered, and the units whose players it keeps, with the scan and its filter.
#[derive(Debug, Default)]
pub(super) struct Worker {
    pub(super) is_ready: bool,
    pub(super) requests: VecDeque<Request>,
    pub(super) kept: (JobId, Filter, BTreeSet<usize>),
}

/// All that the analysis deals with, and what it has shown.
pub(super) struct World {
    pub(super) analysis: Analysis<Said>,
    pub(super) now_ms: f64,
    /// What the reader wants.
    pub(super) wanted: Query,
    /// Where the reader is.
    pub(super) place: Dataset,
    pub(super) workers: Vec<Worker>,
    /// The attempts that look for data, with the place that they look at.
    pub(super) looking: VecDeque<(Attempt, Dataset)>,
    pub(super) attempt: Attempt,
    /// What is being fetched.
    pub(super) is_fetching: bool,
    /// What was said by workers that have ended since.
    pub(super) late: Vec<(Attempt, Heard)>,
    pub(super) status: Status,
    pub(super) pending: Pending,
    pub(super) report: Option<Arc<Report>>,
    pub(super) is_complete: bool,
    /// Every whole picture that was shown.
    pub(super) pictures: Vec<Query>,
    pub(super) begun: Vec<Pass>,
    /// The data that are read, and those of the picture.
    read: Option<Dataset>,
    of_picture: Option<Dataset>,
    /// What the workers were asked last, and of how many units.
    asked: Option<(Query, usize)>,
    /// The units that were dealt, by attempt and job.
    dealt: BTreeSet<(Attempt, JobId, usize)>,
    /// The attempt and the job in which players were shared out last, and into how many shares.
    shared: (Attempt, JobId, usize),
    /// The shares that were sent what was shared out to them, by attempt and job.
    sent: BTreeSet<(Attempt, JobId, usize)>,
    may_forget: bool,
}

impl World {
    pub(super) fn new(place: Dataset) -> Self {
        let mut world = Self {
            analysis: Analysis::new(CORES, REST_MS),
            now_ms: 0.0,
            wanted: query(30, None),
            place,
            workers: Vec::new(),
            looking: VecDeque::new(),
            attempt: 0,
            is_fetching: false,
            late: Vec::new(),
            status: Status::Ready,
            pending: Pending::Nothing,
            report: None,
            is_complete: false,
            pictures: Vec::new(),
            begun: Vec::new(),
            read: None,
            of_picture: None,
            asked: None,
            dealt: BTreeSet::new(),
            shared: (0, 0, 0),
            sent: BTreeSet::new(),
            may_forget: false,
        };
        world.open(place);
        world
    }

    /// Tells the analysis what happens, and does what it asks for.
    pub(super) fn happens(&mut self, event: Event) {
        self.analysis.take(event, self.now_ms);
        let mut wanted = None;
        while let Some(effect) = self.analysis.next_effect() {
            if let Effect::Publish(Change::GoBack(query)) = &effect {
                wanted = Some(query.clone());
            }
            self.perform(effect);
        }
        if let Some(query) = wanted {
            self.choose(query);
        }
    }

    pub(super) fn open(&mut self, place: Dataset) {
        self.place = place;
        self.may_forget = true;
        self.happens(Event::Open);
        self.may_forget = false;
    }

    pub(super) fn choose(&mut self, query: Query) {
        self.wanted = query.clone();
        self.happens(Event::Choose(query));
    }

    pub(super) fn retry(&mut self) {
        self.may_forget = !self.is_complete;
        self.happens(Event::Retry);
        self.may_forget = false;
    }

    /// Cancels, which must never take a whole picture away.
    pub(super) fn cancel(&mut self) {
        let before = self.report.clone().filter(|_| self.is_complete);
        self.happens(Event::Cancel);
        if let Some(before) = before {
            assert!(self.is_complete && Arc::ptr_eq(&before, self.report.as_ref().unwrap()));
        }
    }

    /// The data that the first attempt looks for are found, or not; with the statistics of an earlier visit.
    pub(super) fn finds(&mut self, failure: Option<Failure>, is_known: bool) {
        let Some((attempt, place)) = self.looking.pop_front() else { return };
        let heard = match failure {
            Some(failure) => Heard::Failed(failure),
            None => {
                let is_same = self.of_picture == Some(place);
                self.may_forget = !is_same;
                if attempt == self.attempt {
                    self.read = Some(place);
                    self.is_fetching = place.kind == Kind::Elsewhere;
                }
                let query = self.wanted.clone();
                let is_known = is_known && place.kind == Kind::Export;
                if is_known && attempt == self.attempt {
                    self.asked = Some((query.clone(), place.units));
                }
                let known = is_known.then(|| Arc::new(place.report(&query)));
                Heard::Found { data: place.data(), is_same, query, known }
            }
        };
        self.happens(Event::Heard(attempt, heard));
        self.may_forget = false;
    }

    pub(super) fn fetches(&mut self) {
        if std::mem::take(&mut self.is_fetching) {
            let heard = Heard::Fetching { bytes: 5, of: Some(10) };
            self.happens(Event::Heard(self.attempt, heard));
            let heard = Heard::Fetched { name: "file-0".to_owned(), bytes: 10 };
            self.happens(Event::Heard(self.attempt, heard));
        }
    }

    pub(super) fn hears(&mut self, worker: usize, reply: Reply, bytes: Vec<u8>) {
        self.happens(Event::Heard(self.attempt, Heard::Reply { worker, reply, bytes }));
    }

    /// A worker says that it listens, or answers what it was asked first, or last.
    pub(super) fn answers(&mut self, worker: usize, is_last_first: bool) {
        if let Some((reply, bytes)) = self.answer_of(worker, is_last_first) {
            self.hears(worker, reply, bytes);
        }
    }

    /// All workers answer what they have in hand now.
    pub(super) fn all_answer(&mut self) {
        for worker in 0..self.workers.len() {
            let in_hand = self.workers[worker].requests.len();
            for _ in 0..in_hand {
                self.answers(worker, false);
            }
        }
    }

    fn answer_of(&mut self, worker: usize, is_last_first: bool) -> Option<(Reply, Vec<u8>)> {
        let read = self.read;
        let state = self.workers.get_mut(worker)?;
        if !state.is_ready {
            state.is_ready = true;
            return Some((Reply::Ready { build: BUILD.to_owned() }, Vec::new()));
        }
        let request = if is_last_first { state.requests.pop_back() } else { state.requests.pop_front() };
        match request? {
            Request::Open { job, file, .. } => {
                let place = read.unwrap();
                let player = place.player(file);
                let group = RowGroup { rows: 1, bytes: 10, players: Some((player, player)) };
                let row_groups = (place.kind != Kind::Csv).then(|| vec![group]);
                Some((Reply::Opened { job, file, row_groups, reading: reading() }, Vec::new()))
            }
            Request::Gather { job, unit, source } => {
                let (UnitSource::RowGroups { file, .. } | UnitSource::File { file, .. }) = source else {
                    panic!("{source:?} is not gathered");
                };
                Some((Reply::Gathered { job, unit, reading: (file, reading()) }, Vec::new()))
            }
            Request::Players { job } => {
                Some((Reply::Players { job }, PlayerCounts::default().into_bytes().unwrap()))
            }
            Request::ShareOut { job, .. } => Some((Reply::SharedOut { job }, Vec::new())),
            Request::Scan { job, unit, source, query, players, .. } => {
                let place = read.unwrap();
                if place.kind == Kind::Unsorted && matches!(source, UnitSource::RowGroups { .. }) {
                    let failure = Failure::OutOfOrder { name: String::new(), detail: String::new() };
                    return Some((Reply::Failed { job: Some(job), failure }, Vec::new()));
                }
                let keeps_players = players != KeepPlayers::Nothing;
                if keeps_players && state.kept.0 != job {
                    state.kept = (job, query.filter.clone(), BTreeSet::new());
                }
                if keeps_players {
                    state.kept.2.insert(unit);
                }
                let facts = PartFacts { rows: 1, ..PartFacts::default() };
                let reply = Reply::Scanned { job, unit, facts, readings: Vec::new() };
                Some((reply, partial(place.player(unit), query)))
            }
            Request::Recount { job, of, query, known_gap } => {
                let (kept, filter, units) = &state.kept;
                if *kept != of || *filter != query.filter {
                    let failure = Failure::Worker { detail: "it keeps nothing of that".to_owned() };
                    return Some((Reply::Failed { job: Some(job), failure }, Vec::new()));
                }
                let units: Vec<usize> = units.iter().copied().collect();
                let said = Said { query, known_gap, units: units.len() };
                Some((Reply::Recounted { job, units }, serde_json::to_vec(&said).unwrap()))
            }
            other => panic!("{other:?} is not asked here"),
        }
    }

    /// A worker refuses what it was asked first.
    pub(super) fn refuses(&mut self, worker: usize, failure: Failure) {
        let Some(request) = self.workers.get_mut(worker).and_then(|state| state.requests.pop_front()) else {
            return;
        };
        self.hears(worker, Reply::Failed { job: Some(job_of(&request)), failure }, Vec::new());
    }

    /// A worker will answer no more.
    pub(super) fn breaks(&mut self) {
        let failure = Failure::Worker { detail: "out of memory".to_owned() };
        self.happens(Event::Heard(self.attempt, Heard::Failed(failure)));
    }

    /// Time passes, and what was due is done.
    pub(super) fn waits(&mut self, ms: f64) {
        let end_ms = self.now_ms + ms;
        while let Some(at_ms) = self.analysis.deadline_ms().filter(|at_ms| *at_ms <= end_ms) {
            self.now_ms = self.now_ms.max(at_ms);
            self.happens(Event::Tick);
        }
        self.now_ms = end_ms;
    }

    /// Whether anybody has still something to say.
    pub(super) fn is_quiet(&self) -> bool {
        self.looking.is_empty()
            && !self.is_fetching
            && self.workers.iter().all(|worker| worker.is_ready && worker.requests.is_empty())
            && self.analysis.deadline_ms().is_none()
    }

    /// Everybody says all there is to say.
    pub(super) fn settles(&mut self) {
        for _ in 0..10_000 {
            if self.is_quiet() {
                return;
            }
            self.finds(None, false);
            self.fetches();
            for worker in 0..self.workers.len() {
                self.answers(worker, false);
            }
            self.waits(1_000.0);
        }
        panic!("it never ends: {:?}", self.analysis);
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Look { attempt, .. } => {
                self.attempt = attempt;
                self.looking.push_back((attempt, self.place));
            }
            Effect::StartWorkers { attempt, count } => {
                assert_eq!(attempt, self.attempt);
                assert!(self.workers.is_empty() && count <= CORES);
                self.workers.resize_with(count, Worker::default);
            }
            Effect::EndWorkers | Effect::LeaveWorkers => self.end_workers(),
            Effect::Post(post) => self.post(*post),
            Effect::Begun(pass) => self.begun.push(pass),
            Effect::Ended(_) => {}
            Effect::Publish(change) => self.publish(change),
        }
    }

    fn end_workers(&mut self) {
        for worker in 0..self.workers.len() {
            while let Some((reply, bytes)) = self.answer_of(worker, false) {
                self.late.push((self.attempt, Heard::Reply { worker, reply, bytes }));
            }
        }
        self.workers.clear();
        self.is_fetching = false;
    }

    fn post(&mut self, Post { worker, request, files, packs }: Post) {
        let state = &mut self.workers[worker];
        assert!(state.is_ready, "it does not listen yet");
        assert!(state.requests.len() < IN_HAND, "it has enough in hand");
        match &request {
            Request::Scan { job, unit, source, query, .. } => {
                assert!(self.dealt.insert((self.attempt, *job, *unit)), "unit {unit} was dealt before");
                let (units, of_files) = match source {
                    UnitSource::Part(_) => (self.read.unwrap().units, 0),
                    UnitSource::RowGroups { .. } => (self.read.unwrap().units, 1),
                    UnitSource::Share => (self.shared.2, 0),
                    UnitSource::File { .. } => panic!("it cannot be scanned"),
                };
                let is_share = matches!(source, UnitSource::Share);
                let is_sent = packs.is_some_and(|packs| {
                    assert_eq!((packs.job, packs.share), (self.shared.1, *unit));
                    self.sent.insert((self.attempt, packs.job, packs.share))
                });
                let was_sent = self.sent.contains(&(self.attempt, self.shared.1, *unit));
                assert_eq!(is_share, is_sent || packs.is_none() && is_share && was_sent, "once");
                assert_eq!(files.len(), of_files);
                self.asked = Some((query.clone(), units));
            }
            Request::Recount { query, .. } => {
                let is_recount = |request: &Request| matches!(request, Request::Recount { .. });
                assert!(!state.requests.iter().any(is_recount), "it has one recount at a time");
                self.asked = Some((query.clone(), self.report.as_ref().unwrap().players.len()));
            }
            Request::ShareOut { job, own, .. } => {
                if (self.shared.0, self.shared.1) != (self.attempt, *job) {
                    self.shared = (self.attempt, *job, 0);
                }
                self.shared.2 = self.shared.2.max(own + 1);
            }
            _ => {}
        }
        state.requests.push_back(request);
    }

    fn publish(&mut self, change: Change) {
        match change {
            Change::Status(status) => self.status = status,
            Change::Pending(pending) => self.pending = pending,
            Change::Report { report, is_complete } => self.pictured(report, is_complete),
            Change::Facts { place, .. } => assert!(place < self.read.unwrap().units),
            Change::Forgotten => {
                assert!(self.may_forget || !self.is_complete, "a whole picture is lost");
                (self.report, self.is_complete, self.of_picture) = (None, false, None);
            }
            Change::Sorting => assert_ne!(self.read.unwrap().kind, Kind::Export),
            Change::GoBack(query) => assert!(self.report.as_ref().unwrap().answers(&query)),
        }
    }

    /// What is shown must be of the data that are read now, and answer what the workers were asked last.
    fn pictured(&mut self, report: Arc<Report>, is_complete: bool) {
        let (read, (asked, units)) = (self.read.unwrap(), self.asked.clone().unwrap());
        assert!(report.answers(&asked), "it was asked for {asked:?}");
        let players = &report.players.player_id;
        let expected: Vec<i64> = (0..units).map(|unit| read.player(unit)).collect();
        if is_complete {
            assert_eq!(**players, expected, "each unit once");
            self.pictures.push(report.query());
        } else {
            assert!(!self.is_complete, "a whole picture says more");
            assert!(expected.starts_with(players));
        }
        (self.report, self.is_complete, self.of_picture) = (Some(report), is_complete, Some(read));
    }
}

fn job_of(request: &Request) -> JobId {
    match request {
        Request::Open { job, .. }
        | Request::Scan { job, .. }
        | Request::Gather { job, .. }
        | Request::Players { job }
        | Request::ShareOut { job, .. }
        | Request::Recount { job, .. } => *job,
        other => panic!("{other:?} is not asked here"),
    }
}
