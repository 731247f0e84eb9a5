//! Starts the workers, deals out the parts, and merges what comes back.
//!
//! Parts are dealt to whichever worker is free, and merged in their order; what is merged so far is shown while
//! the rest is being read. Cancelling ends the workers, which also gives back their memory.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use futures_channel::oneshot;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::{Array, Uint8Array};
use web_sys::{ErrorEvent, File, MessageEvent, Worker};
use wow_engine::Params;
use wow_engine::pipeline::sessions::Gap;
use wow_engine::pipeline::{Partial, Report, Session};

use crate::merge::{Merge, join_sessions};
use crate::protocol::{Failure, JobId, PartFacts, PartSource, Reply, Request, VERSION};
use crate::view::loading::Progress;

/// The script that starts a worker, beside the page.
const WORKER_SCRIPT: &str = "./worker_loader.js";
/// Parts that a worker may have in hand: one to scan, one to fetch meanwhile.
const PARTS_IN_HAND: usize = 2;
/// The least time between two reports of parts, for each is drawn anew.
const REPORT_MS: f64 = 400.0;
/// More workers than this gain nothing on the data sizes that fit in a browser.
const MOST_WORKERS: usize = 8;

/// A part to be read.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Where its bytes are.
    pub(crate) source: PartSource,
    /// The file itself, when it lies on this machine.
    pub(crate) file: Option<File>,
    /// Its events as announced.
    pub(crate) rows: Option<u64>,
    /// The ids of its first and last player as announced.
    pub(crate) players: Option<(i64, i64)>,
}

/// What the page is told.
pub(crate) enum Update {
    /// How far the work is.
    Progress(Progress),
    /// The statistics of the parts that are in; of all of them when `is_complete`.
    Report { report: Arc<Report>, is_complete: bool },
    /// What is known of a part.
    Facts { part: usize, facts: PartFacts },
    /// The work ended with a failure.
    Failed(Failure),
}

/// A connection to the workers that hold one dataset. Dropping the last clone ends them.
#[derive(Clone)]
pub(crate) struct Client(Rc<RefCell<Inner>>);

struct Inner {
    parts: Vec<Part>,
    params: Params,
    on_update: Rc<dyn Fn(Update)>,
    workers: Vec<Handle>,
    job: JobId,
    next_job: JobId,
    started_ms: f64,
    reported_ms: f64,
    later: Option<Timeout>,
    /// Which worker holds a part.
    holders: HashMap<usize, usize>,
    pending: VecDeque<usize>,
    progress: Vec<(u64, u64)>,
    merge: Merge,
    searches: HashMap<JobId, Search>,
    is_over: bool,
}

struct Handle {
    worker: Worker,
    in_hand: usize,
    is_ready: bool,
    _listeners: [EventListener; 2],
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// A search for a player's sessions that waits for an answer from each part that may hold the player.
struct Search {
    waiting: usize,
    sessions: Vec<Session>,
    gap: Gap,
    done: Option<oneshot::Sender<Result<Vec<Session>, Failure>>>,
}

impl Client {
    /// Starts to read and scan all parts. `on_update` is told of everything.
    pub(crate) fn open(parts: Vec<Part>, params: Params, on_update: impl Fn(Update) + 'static) -> Self {
        let inner = Rc::new(RefCell::new(Inner {
            progress: vec![(0, 0); parts.len()],
            merge: merge_of(&parts),
            pending: (0..parts.len()).collect(),
            parts,
            params,
            on_update: Rc::new(on_update),
            workers: Vec::new(),
            job: 1,
            next_job: 2,
            started_ms: now_ms(),
            reported_ms: f64::NEG_INFINITY,
            later: None,
            holders: HashMap::new(),
            searches: HashMap::new(),
            is_over: false,
        }));
        let client = Self(inner);
        client.start();
        client
    }

    fn start(&self) {
        let mut inner = self.0.borrow_mut();
        if inner.parts.is_empty() {
            let report = Partial::empty(inner.params, wow_engine::schema::GuildKind::Integer).finish();
            let (tell, update) =
                (Rc::clone(&inner.on_update), Update::Report { report: Arc::new(report), is_complete: true });
            inner.is_over = true;
            drop(inner);
            // Not at once: the caller has no client yet.
            wasm_bindgen_futures::spawn_local(async move { tell(update) });
            return;
        }
        let workers = worker_count().min(inner.parts.len());
        for index in 0..workers {
            match Handle::start(index, &Rc::downgrade(&self.0)) {
                Ok(handle) => inner.workers.push(handle),
                Err(error) => {
                    let tell = Rc::clone(&inner.on_update);
                    inner.is_over = true;
                    drop(inner);
                    let detail = format!("it could not be started ({error:?})");
                    wasm_bindgen_futures::spawn_local(async move {
                        tell(Update::Failed(Failure::Worker { detail }));
                    });
                    return;
                }
            }
        }
    }

    /// How far the work is.
    pub(crate) fn progress(&self) -> Progress {
        self.0.borrow().so_far()
    }

    /// Shows the parts that are in now, rather than with the next ones.
    pub(crate) fn report_now(&self) {
        Inner::report(&self.0);
    }

    /// Scans all parts again with other parameters. The bytes are with the workers, so nothing is fetched.
    pub(crate) fn rescan(&self, params: Params) {
        let mut inner = self.0.borrow_mut();
        if inner.holders.len() < inner.parts.len() || inner.is_over {
            return;
        }
        inner.params = params;
        inner.job = inner.new_job();
        inner.merge = merge_of(&inner.parts);
        let job = inner.job;
        for (part, worker) in inner.holders.clone() {
            inner.post(worker, &Request::Scan { job, part, params }, None);
        }
    }

    /// The sessions of a player, in time order; none when it is in no part.
    ///
    /// # Errors
    /// What a worker met on the way.
    pub(crate) async fn sessions(
        &self,
        player_id: i64,
        session_gap_minutes: i64,
    ) -> Result<Vec<Session>, Failure> {
        let (done, answer) = oneshot::channel();
        {
            let mut inner = self.0.borrow_mut();
            let job = inner.new_job();
            let parts: Vec<(usize, usize)> = inner
                .holders
                .iter()
                .map(|(part, worker)| (*part, *worker))
                .filter(|(part, _)| {
                    let players = inner.parts[*part].players;
                    players.is_none_or(|(first, last)| (first..=last).contains(&player_id))
                })
                .collect();
            if parts.is_empty() {
                return Ok(Vec::new());
            }
            let gap = Gap::new(session_gap_minutes);
            let search = Search { waiting: parts.len(), sessions: Vec::new(), gap, done: Some(done) };
            inner.searches.insert(job, search);
            for (part, worker) in parts {
                inner.post(worker, &Request::Sessions { job, part, player_id, session_gap_minutes }, None);
            }
        }
        let gone = || Failure::Worker { detail: "the data were closed meanwhile".into() };
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl Handle {
    fn start(index: usize, inner: &Weak<RefCell<Inner>>) -> Result<Self, JsValue> {
        let worker = Worker::new(WORKER_SCRIPT)?;
        let message = {
            let inner = Weak::clone(inner);
            EventListener::new(&worker, "message", move |event| {
                let (Some(inner), Some(event)) = (inner.upgrade(), event.dyn_ref::<MessageEvent>()) else {
                    return;
                };
                Inner::receive(&inner, index, event);
            })
        };
        let error = {
            let inner = Weak::clone(inner);
            EventListener::new(&worker, "error", move |event| {
                let detail = event
                    .dyn_ref::<ErrorEvent>()
                    .map_or_else(|| "its script could not be loaded".to_owned(), ErrorEvent::message);
                if let Some(inner) = inner.upgrade() {
                    Inner::fail(&inner, Failure::Worker { detail });
                }
            })
        };
        Ok(Self { worker, in_hand: 0, is_ready: false, _listeners: [message, error] })
    }
}

impl Inner {
    fn new_job(&mut self) -> JobId {
        let job = self.next_job;
        self.next_job = self.next_job.wrapping_add(1);
        job
    }

    fn post(&self, worker: usize, request: &Request, file: Option<&File>) {
        let Ok(text) = serde_json::to_string(request) else { return };
        let message = Array::of1(&JsValue::from(text));
        if let Some(file) = file {
            message.push(file);
        }
        // Plain text and a file can always be cloned, so the browser does not refuse them.
        let _ = self.workers[worker].worker.post_message(&message);
    }

    /// Gives every free worker its next parts.
    fn deal(&mut self) {
        for depth in 1..=PARTS_IN_HAND {
            for worker in 0..self.workers.len() {
                let handle = &mut self.workers[worker];
                if !handle.is_ready || handle.in_hand >= depth {
                    continue;
                }
                let Some(part) = self.pending.pop_front() else { return };
                handle.in_hand += 1;
                self.holders.insert(part, worker);
                let Part { source, file, .. } = &self.parts[part];
                let request =
                    Request::Load { job: self.job, part, source: source.clone(), params: self.params };
                self.post(worker, &request, file.as_ref());
            }
        }
    }

    fn receive(inner: &Rc<RefCell<Self>>, worker: usize, event: &MessageEvent) {
        let Ok(message) = event.data().dyn_into::<Array>() else { return };
        let Some(reply) = message.get(0).as_string().and_then(|text| serde_json::from_str(&text).ok()) else {
            return Self::fail(inner, Failure::Worker { detail: "it sent something unreadable".into() });
        };
        match reply {
            Reply::Ready { version } if version != VERSION => {
                let detail = format!("it is of version {version}, the page of {VERSION}; reload the page");
                Self::fail(inner, Failure::Worker { detail });
            }
            Reply::Ready { .. } => {
                let mut inner = inner.borrow_mut();
                inner.workers[worker].is_ready = true;
                inner.deal();
            }
            Reply::Progress { job, part, bytes, rows } => {
                let told = {
                    let mut inner = inner.borrow_mut();
                    (job == inner.job && !inner.is_over).then(|| {
                        inner.progress[part] = (bytes, rows);
                        (Rc::clone(&inner.on_update), inner.so_far())
                    })
                };
                if let Some((tell, progress)) = told {
                    tell(Update::Progress(progress));
                }
            }
            Reply::Scanned { job, part, facts } => {
                let bytes = message.get(1).dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec());
                let result = Self::scanned(inner, worker, (job, part), facts, &bytes.unwrap_or_default());
                if let Err(failure) = result {
                    Self::fail(inner, failure);
                }
            }
            Reply::Sessions { job, sessions } => Self::found(inner, job, Ok(sessions)),
            Reply::Failed { job, failure } => {
                let is_search = job.is_some_and(|job| inner.borrow().searches.contains_key(&job));
                let is_stale = job.is_some_and(|job| job != inner.borrow().job);
                match job {
                    Some(job) if is_search => Self::found(inner, job, Err(failure)),
                    Some(_) if is_stale => {}
                    _ => Self::fail(inner, failure),
                }
            }
        }
    }

    fn scanned(
        this: &Rc<RefCell<Self>>,
        worker: usize,
        (job, part): (JobId, usize),
        facts: PartFacts,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        let mut inner = this.borrow_mut();
        if inner.workers[worker].in_hand > 0 {
            inner.workers[worker].in_hand -= 1;
        }
        inner.deal();
        if job != inner.job || inner.is_over {
            return Ok(());
        }
        let undecodable = |error: wow_engine::Error| Failure::Worker { detail: error.to_string() };
        let partial = Partial::from_bytes(bytes).map_err(undecodable)?;
        inner.progress[part] = (facts.bytes, facts.rows);
        inner.merge.insert(part, partial).map_err(|error| inner.unmergeable(&error))?;
        let is_complete = inner.merge.is_complete();
        let wait_ms = inner.reported_ms + REPORT_MS - now_ms();
        if inner.merge.has_news() && !is_complete && wait_ms > 0.0 && inner.later.is_none() {
            let inner_later = Rc::downgrade(this);
            inner.later = Some(Timeout::new(wait_ms as u32, move || {
                if let Some(inner) = inner_later.upgrade() {
                    Self::report(&inner);
                }
            }));
        }
        let (tell, progress) = (Rc::clone(&inner.on_update), inner.so_far());
        drop(inner);
        tell(Update::Facts { part, facts });
        tell(Update::Progress(progress));
        if is_complete || wait_ms <= 0.0 {
            Self::report(this);
        }
        Ok(())
    }

    /// Shows what is merged, when there is something new. A re-run is shown only when it is whole, for the page
    /// has a whole picture already.
    fn report(this: &Rc<RefCell<Self>>) {
        let (tell, report, is_complete) = {
            let mut inner = this.borrow_mut();
            let is_complete = inner.merge.is_complete();
            inner.later = None;
            if !inner.merge.has_news() || inner.is_over || (inner.job > 1 && !is_complete) {
                return;
            }
            inner.reported_ms = now_ms();
            (Rc::clone(&inner.on_update), inner.merge.report(), is_complete)
        };
        if let Some(report) = report {
            tell(Update::Report { report: Arc::new(report), is_complete });
        }
    }

    fn unmergeable(&self, error: &wow_engine::Error) -> Failure {
        match error {
            wow_engine::Error::OutOfOrder { .. } => {
                let names: Vec<&str> = self.parts.iter().map(|part| part.source.name.as_str()).collect();
                Failure::OutOfOrder { name: names.join(", "), detail: error.to_string() }
            }
            _ => Failure::Mismatch { detail: error.to_string() },
        }
    }

    fn so_far(&self) -> Progress {
        Progress {
            parts_done: self.merge.parts_in(),
            parts: self.parts.len(),
            bytes_done: self.progress.iter().map(|(bytes, _)| bytes).sum(),
            bytes: self.parts.iter().map(|part| part.source.bytes).sum(),
            rows_done: self.progress.iter().map(|(_, rows)| rows).sum(),
            rows: self.parts.iter().map(|part| part.rows).sum(),
            seconds: (now_ms() - self.started_ms) / 1e3,
        }
    }

    fn found(inner: &Rc<RefCell<Self>>, job: JobId, result: Result<Vec<Session>, Failure>) {
        let mut inner = inner.borrow_mut();
        let Some(search) = inner.searches.get_mut(&job) else { return };
        search.waiting -= 1;
        let answer = match result {
            Ok(sessions) => {
                search.sessions.extend(sessions);
                if search.waiting > 0 {
                    return;
                }
                Ok(join_sessions(std::mem::take(&mut search.sessions), search.gap))
            }
            Err(failure) => Err(failure),
        };
        if let Some(done) = inner.searches.remove(&job).and_then(|search| search.done) {
            // Whoever asked may have closed the panel.
            let _ = done.send(answer);
        }
    }

    fn fail(inner: &Rc<RefCell<Self>>, failure: Failure) {
        let tell = {
            let mut inner = inner.borrow_mut();
            if inner.is_over {
                return;
            }
            inner.is_over = true;
            Rc::clone(&inner.on_update)
        };
        tell(Update::Failed(failure));
    }
}

fn merge_of(parts: &[Part]) -> Merge {
    Merge::new(parts.len(), parts.iter().all(|part| part.players.is_some()))
}

fn worker_count() -> usize {
    let cores = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
    (cores as usize).clamp(1, MOST_WORKERS)
}

fn now_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}
