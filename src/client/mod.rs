//! Starts the workers, deals out the units of work, and merges what comes back.
//!
//! Units are dealt to whichever worker is free, and merged in their order; what is merged so far is shown while
//! the rest is being read. Every unit is scanned as if the data were in order. Files that turn out not to be are
//! read again and sorted. Cancelling ends the workers, which also gives back their memory.

mod answers;
mod facts;
mod fetch;
mod rows;
mod run;
mod scribe;
mod search;
mod sorting;
mod sources;
mod workers;

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use web_sys::Blob;
use wow_engine::Query;
use wow_engine::facts::PlayerFacts;
use wow_engine::pipeline::{History, Report};
use wow_engine::schema::GuildKind;

use crate::http::Freshness;
use crate::local::LocalFile;
use crate::protocol::{Failure, PartFacts, PartSource};
pub(crate) use rows::Rows;
use run::Run;
pub(crate) use scribe::write;
use sources::Sources;
use wow_view::loading::Progress;

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

/// What the page is told.
pub(crate) enum Update {
    /// How far the work is.
    Progress(Progress),
    /// The statistics of the units that are in; of all of them when `is_complete`.
    Report { report: Arc<Report>, is_complete: bool },
    /// What is known of a part or a file, by its place.
    Facts { place: usize, facts: PartFacts },
    /// The rows are not in order: what was told so far counts no more, and the files are being sorted.
    Sorting,
    /// The work ended with a failure.
    Failed(Failure),
}

/// A connection to the workers that hold one dataset. Dropping the last clone ends them.
#[derive(Clone)]
pub(crate) struct Client(Rc<RefCell<Run>>);

impl Client {
    /// What snapshots saw of a player, from the file that an export has of it.
    ///
    /// # Errors
    /// What a worker met on the way.
    pub(crate) async fn facts(
        &self,
        source: PartSource,
        player_id: i64,
    ) -> Result<Vec<PlayerFacts>, Failure> {
        let answer = self.0.borrow_mut().facts(source, player_id);
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Starts to read and scan everything. `on_update` is told of it, at the earliest once this has returned.
    pub(crate) fn open(data: Data, query: Query, on_update: impl Fn(Update) + 'static) -> Self {
        let (sources, address) = match data {
            Data::Export { parts, players } => (Sources::of_export(parts, players), None),
            Data::Files { files, twins } => {
                let files = files.into_iter().map(|local| (local.path, Blob::from(local.file)));
                (Sources::of_files(files, twins), None)
            }
            Data::Address { name, url, freshness } => {
                (Sources::of_files([], Vec::new()), Some((name, url, freshness)))
            }
        };
        let client = Self(Rc::new_cyclic(|this| {
            let run = Run::new(this.clone(), sources, query, Rc::new(on_update));
            RefCell::new(run)
        }));
        let run = Rc::downgrade(&client.0);
        wasm_bindgen_futures::spawn_local(async move {
            let going_on = || run.upgrade().filter(|run| !run.borrow().is_over);
            if let Some(run) = going_on() {
                Run::tell(&run, Run::start);
            }
            let (Some((name, url, freshness)), Some(_)) = (address, going_on()) else { return };
            let fetched = fetch::fetch(&name, &url, freshness, |bytes, of| {
                let Some(run) = going_on() else { return ControlFlow::Break(()) };
                Run::tell(&run, |run| run.fetched(bytes, of));
                ControlFlow::Continue(())
            });
            let fetched = fetched.await;
            if let Some(run) = going_on() {
                Run::tell(&run, |run| match fetched {
                    Ok(Some(blob)) => run.open_file(name, blob),
                    Ok(None) => Vec::new(),
                    Err(failure) => run.fail(failure),
                });
            }
        });
        client
    }

    /// How far the work is.
    pub(crate) fn progress(&self) -> Progress {
        self.0.borrow().so_far()
    }

    /// Ends the workers at once, then shows the units that are in.
    pub(crate) fn cancel(&self) {
        Run::tell(&self.0, Run::cancel);
    }

    /// Scans everything again with another query, which puts an end to another such scan. A worker has one unit
    /// at a time, so that this takes hold within one. Before everything was scanned once this does nothing.
    pub(crate) fn rescan(&self, query: Query) {
        Run::tell(&self.0, |run| run.rescan(query));
    }

    /// Ends such a scan: what was found before stays in force.
    pub(crate) fn stay(&self) {
        self.0.borrow_mut().stay();
    }

    /// The rows of model 1 as they are made, for the gap and the filter of `query`; of model 3 where it is told which players
    /// are flagged, in order.
    pub(crate) fn rows(&self, query: Query, guild_kind: GuildKind, flagged: Option<Vec<i64>>) -> Rows {
        Rows::new(Rc::clone(&self.0), query, guild_kind, flagged)
    }

    /// What a player did, by the events that match; nothing when it is in no unit.
    ///
    /// # Errors
    /// What a worker met on the way.
    pub(crate) async fn history(&self, player_id: i64, query: &Query) -> Result<History, Failure> {
        let answer = self.0.borrow_mut().search(player_id, query);
        answer.await.unwrap_or_else(|_| Err(closed()))
    }
}

fn closed() -> Failure {
    Failure::Worker { detail: "the data were closed meanwhile".into() }
}
