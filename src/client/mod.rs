//! Does what an [`Analysis`] asks for: it owns the workers, the files and the timer, and tells the analysis what is heard of
//! them. All decisions are taken there.

mod crew;
mod fetch;
mod performance;
mod rows;
mod scribe;
mod workers;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use gloo::timers::callback::Timeout;
use web_sys::Blob;
use web_sys::js_sys::Uint8Array;
use wow_engine::Query;
use wow_engine::facts::PlayerFacts;
use wow_engine::pipeline::sessions::Gap;
use wow_engine::pipeline::{History, Recount, Report};
use wow_engine::schema::NumberKind;

use crate::analysis::{self, Analysis, Attempt, Change, Effect, Event, Post};
use crate::http::Freshness;
use crate::local::LocalFile;
use crate::protocol::{Failure, PartSource, Reply, Request};
use crew::{Crew, closed};
pub(crate) use rows::Rows;
use rows::UnitOfPlayers;
pub(crate) use scribe::write;
use workers::Heard;

/// What there is to read.
pub(crate) enum Data {
    /// An export.
    Export {
        /// Its parts, with the rows that each is said to have.
        parts: Vec<(PartSource, u64)>,
        /// Its players, as announced.
        players: u64,
    },
    /// Files of this machine.
    Files {
        /// The files.
        files: Vec<LocalFile>,
        /// Those with the same bytes, by their places.
        twins: Vec<(usize, usize)>,
    },
    /// A file elsewhere.
    Address {
        /// Its name.
        name: String,
        /// Its address.
        url: String,
        /// Whether what the browser keeps of it may serve.
        freshness: Freshness,
    },
}

/// An analysis in this browser. Dropping the last clone ends its workers, but for those of which rows are still asked.
#[derive(Clone)]
pub(crate) struct Client(Rc<Inner>);

struct Inner {
    analysis: RefCell<Analysis<Recount>>,
    /// What has happened while something was being done.
    events: RefCell<VecDeque<Event>>,
    is_busy: Cell<bool>,
    crew: RefCell<Option<Rc<Crew>>>,
    /// The files that are read, by their places.
    files: RefCell<Vec<Blob>>,
    /// The timer, and when it goes off.
    timer: RefCell<Option<(f64, Timeout)>>,
    /// Finds out what there is to read for an attempt, fetched anew or not, and tells it by [`Client::found`].
    look: Box<dyn Fn(Attempt, bool)>,
    publish: Box<dyn Fn(Change)>,
}

impl Client {
    /// An analysis of nothing yet. What is wanted must rest so long before all events are read for it.
    pub(crate) fn new(
        rest_ms: u32,
        look: impl Fn(Attempt, bool) + 'static,
        publish: impl Fn(Change) + 'static,
    ) -> Self {
        Self(Rc::new(Inner {
            analysis: RefCell::new(Analysis::new(workers::count(), f64::from(rest_ms))),
            events: RefCell::default(),
            is_busy: Cell::new(false),
            crew: RefCell::default(),
            files: RefCell::default(),
            timer: RefCell::default(),
            look: Box::new(look),
            publish: Box::new(publish),
        }))
    }

    /// Tells the analysis what happens.
    pub(crate) fn tell(&self, event: Event) {
        self.0.happens(event);
    }

    /// Whether an attempt is still under way.
    pub(crate) fn is_at(&self, attempt: Attempt) -> bool {
        self.0.analysis.borrow().attempt() == attempt
    }

    /// Reads what there is for an attempt: for the very same data as those in sight or others, what is wanted of it, and the
    /// statistics where they are known.
    pub(crate) fn found(
        &self,
        attempt: Attempt,
        data: Data,
        is_same: bool,
        query: Query,
        known: Option<Arc<Report>>,
    ) {
        let mut address = None;
        let data = match data {
            Data::Export { parts, players } => analysis::Data::Export { parts, players },
            Data::Files { files, twins } => {
                let (names, blobs): (_, Vec<Blob>) = files
                    .into_iter()
                    .map(|local| ((local.path, local.file.size() as u64), Blob::from(local.file)))
                    .unzip();
                self.0.files.replace(blobs);
                analysis::Data::Files { files: names, twins }
            }
            Data::Address { name, url, freshness } => {
                address = Some((name, url, freshness));
                analysis::Data::Elsewhere
            }
        };
        self.0.hears(attempt, analysis::Heard::Found { data, is_same, query, known });
        if let Some((name, url, freshness)) = address {
            let client = Rc::downgrade(&self.0);
            wasm_bindgen_futures::spawn_local(fetch(client, attempt, name, url, freshness));
        }
    }

    /// The rows of model 1 as they are made, for the gap and the filter of `query`; of model 3 where it is told which players
    /// are flagged, in order. Nothing where the workers have ended.
    pub(crate) fn rows(
        &self,
        query: Query,
        guild_kind: NumberKind,
        flagged: Option<Vec<i64>>,
    ) -> Option<Rows> {
        let crew = self.0.crew.borrow().clone()?;
        Some(Rows::new(crew, self.0.units(|_| true), query, guild_kind, flagged))
    }

    /// What a player did, by the events that match; nothing when it is in no unit.
    ///
    /// # Errors
    /// What a worker met on the way.
    pub(crate) async fn history(&self, player_id: i64, query: &Query) -> Result<History, Failure> {
        let crew = self.0.crew.borrow().clone().ok_or_else(closed)?;
        let units = self.0.units(|(first, last)| (first..=last).contains(&player_id));
        let ask = |UnitOfPlayers { unit, worker, source, files, .. }: UnitOfPlayers| {
            let query = query.clone();
            crew.ask(worker, |job| Request::History { job, unit, source, player_id, query }, &files)
        };
        let answers = units.into_iter().map(ask).collect::<Result<Vec<_>, _>>()?;
        let gap = Gap::new(query.params.session_gap_minutes);
        let mut history = History::default();
        for answer in answers {
            let Ok((Reply::History { found, .. }, _)) = answer.await else { return Err(closed()) };
            history.join(found?, gap);
        }
        Ok(history)
    }

    /// What snapshots saw of a player, from the file that an export has of it. Any worker that listens will do.
    ///
    /// # Errors
    /// What a worker met on the way.
    pub(crate) async fn facts(
        &self,
        source: PartSource,
        player_id: i64,
    ) -> Result<Vec<PlayerFacts>, Failure> {
        let crew = self.0.crew.borrow().clone().ok_or_else(closed)?;
        let worker = self.0.analysis.borrow().listener().ok_or_else(closed)?;
        match crew.ask(worker, |job| Request::Facts { job, source, player_id }, &[])?.await {
            Ok((Reply::Facts { found, .. }, _)) => found,
            _ => Err(closed()),
        }
    }
}

impl Inner {
    /// Tells the analysis what happens, and does what it asks for. What happens meanwhile comes after that.
    fn happens(self: &Rc<Self>, event: Event) {
        self.events.borrow_mut().push_back(event);
        if self.is_busy.replace(true) {
            return;
        }
        while let Some(event) = self.next_event() {
            self.analysis.borrow_mut().take(event, performance::now_ms());
            while let Some(effect) = self.next_effect() {
                self.perform(effect);
            }
        }
        self.is_busy.set(false);
        self.set_timer();
    }

    // Neither may be borrowed while an effect is performed.
    fn next_event(&self) -> Option<Event> {
        self.events.borrow_mut().pop_front()
    }

    fn next_effect(&self) -> Option<Effect> {
        self.analysis.borrow_mut().next_effect()
    }

    fn hears(self: &Rc<Self>, attempt: Attempt, heard: analysis::Heard) {
        self.happens(Event::Heard(attempt, heard));
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Look { attempt, is_fetched_anew } => (self.look)(attempt, is_fetched_anew),
            Effect::StartWorkers { attempt, count } => self.start_workers(attempt, count),
            Effect::LeaveWorkers => drop(self.crew.take()),
            Effect::EndWorkers => {
                if let Some(crew) = self.crew.take() {
                    crew.end();
                }
            }
            Effect::Post(post) => {
                let Post { worker, request, files, packs } = *post;
                if let Some(crew) = &*self.crew.borrow() {
                    // A worker that could not be started has been told of as a failure.
                    let _ = match packs {
                        Some(packs) => crew.hand_over(worker, &request, packs),
                        None => crew.post(worker, &request, &self.blobs(&files)),
                    };
                }
            }
            Effect::Begun(pass) => performance::begin(pass),
            Effect::Ended(pass) => performance::end(pass),
            Effect::Publish(change) => (self.publish)(change),
        }
    }

    fn start_workers(self: &Rc<Self>, attempt: Attempt, count: usize) {
        let crew = Rc::new(Crew::default());
        let (this, listening) = (Rc::downgrade(self), Rc::downgrade(&crew));
        let started = crew.start(count, move |worker, heard| {
            let heard = match heard {
                Heard::Reply(reply, attached) => {
                    let crew = listening.upgrade();
                    let Some((reply, attached)) = crew.and_then(|crew| crew.answered(reply, attached)) else {
                        return;
                    };
                    let bytes = attached.first().map(Uint8Array::to_vec).unwrap_or_default();
                    analysis::Heard::Reply { worker, reply, bytes }
                }
                Heard::Broken(failure) => analysis::Heard::Failed(failure),
            };
            if let Some(this) = this.upgrade() {
                this.hears(attempt, heard);
            }
        });
        self.crew.replace(Some(crew));
        if let Err(failure) = started {
            self.hears(attempt, analysis::Heard::Failed(failure));
        }
    }

    /// Has the timer go off when something is due.
    fn set_timer(self: &Rc<Self>) {
        let deadline_ms = self.analysis.borrow().deadline_ms();
        if self.timer.borrow().as_ref().map(|(at_ms, _)| *at_ms) == deadline_ms {
            return;
        }
        let timer = deadline_ms.map(|at_ms| {
            let this = Rc::downgrade(self);
            let wait_ms = (at_ms - performance::now_ms()).max(0.0).ceil();
            let timeout = Timeout::new(wait_ms as u32, move || {
                if let Some(this) = this.upgrade() {
                    // It may have gone off a moment too early.
                    this.timer.take();
                    this.happens(Event::Tick);
                }
            });
            (at_ms, timeout)
        });
        self.timer.replace(timer);
    }

    fn blobs(&self, places: &[usize]) -> Vec<Blob> {
        let files = self.files.borrow();
        places.iter().filter_map(|place| files.get(*place).cloned()).collect()
    }

    /// The units in which players were found that are meant, given the first and the last of each.
    fn units(&self, are_meant: impl Fn((i64, i64)) -> bool) -> Vec<UnitOfPlayers> {
        let analysis = self.analysis.borrow();
        let unit = |unit| {
            let (worker, players) = analysis.found_at(unit).filter(|(_, players)| are_meant(*players))?;
            let (source, files) = analysis.source_of(unit)?;
            Some(UnitOfPlayers { unit, worker, players, source, files: self.blobs(&files) })
        };
        (0..analysis.units()).filter_map(unit).collect()
    }
}

/// Fetches a file whole, as long as its attempt is under way.
async fn fetch(inner: Weak<Inner>, attempt: Attempt, name: String, url: String, freshness: Freshness) {
    let going_on = || inner.upgrade().filter(|inner| inner.analysis.borrow().attempt() == attempt);
    let fetched = fetch::fetch(&name, &url, freshness, |bytes, of| {
        let Some(inner) = going_on() else { return ControlFlow::Break(()) };
        inner.hears(attempt, analysis::Heard::Fetching { bytes, of });
        ControlFlow::Continue(())
    });
    let fetched = fetched.await;
    let Some(inner) = going_on() else { return };
    match fetched {
        Ok(Some(blob)) => {
            let bytes = blob.size() as u64;
            inner.files.replace(vec![blob]);
            inner.hears(attempt, analysis::Heard::Fetched { name, bytes });
        }
        Ok(None) => {}
        Err(failure) => inner.hears(attempt, analysis::Heard::Failed(failure)),
    }
}
