//! The worker: reads units, holds what is worth holding, and answers what the page asks of it.

mod blob;
mod bytes;
mod file;
mod later;
mod messages;
mod part;
mod players;
mod rows;
mod store;

use std::cell::RefCell;
use std::rc::Rc;

use ::bytes::Bytes;
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::js_sys::Uint8Array;
use web_sys::{Blob, DedicatedWorkerGlobalScope};
use wow_engine::Query;
use wow_engine::contract::Reading;
use wow_engine::facts::PlayerFacts;
use wow_engine::models::events::columns;
use wow_engine::pipeline::{History, Recount, Report, Scanner};
use wow_engine::read;
use wow_engine::schema::NumberKind;
use wow_engine::time::Minutes;
use wow_engine::write::joined_footer;

use crate::protocol::{
    BUILD, EventModel, Failure, JobId, Keep, KeepPlayers, PartFacts, PartSource, Reply, Request, UnitSource,
    WholeFile,
};
use file::LocalFile;
use messages::{
    Attached, received, send, send_file, send_packs, send_recounted, send_rows, send_scanned, send_with,
};
use store::{Held, OnProgress, Part, Store, failure};
use wow_view::choice::Choice;
use wow_view::sheet;

/// Starts the worker: it says that it is ready and then waits for requests.
pub fn start() {
    // A panic ends the worker, so the page is told before.
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        let detail = panic.to_string();
        send(&Reply::Failed { job: None, failure: Failure::Worker { detail } });
    }));
    let worker = Worker(Rc::new(RefCell::new(Store::default())));
    let listener = EventListener::new(&scope(), "message", move |event| {
        let Some((request, attached)) = event.dyn_ref().and_then(received) else { return };
        spawn_local(worker.clone().answer(request, attached));
    });
    // The worker listens as long as it lives.
    listener.forget();
    send(&Reply::Ready { build: BUILD.to_owned() });
}

#[derive(Clone)]
struct Worker(Rc<RefCell<Store>>);

/// What a scanner is to be, once the kind of guild numbers is known.
#[derive(Clone)]
struct NewScanner {
    query: Query,
    is_keeping: bool,
}

impl NewScanner {
    fn of(self, guild_kind: NumberKind) -> Scanner {
        let scanner = Scanner::new(self.query, guild_kind);
        if self.is_keeping { scanner.keeping() } else { scanner }
    }
}

/// What a scan of a unit found: what is known of it, its events, and how files were read.
type Passed = (PartFacts, Scanner, Vec<(usize, Reading)>);

impl Worker {
    async fn answer(self, request: Request, Attached { files, bytes }: Attached) {
        let (job, result) = match request {
            Request::Open { job, file, name } => {
                let opened = finished(later::open(self, job, file, name, files).await).await;
                (job, opened.map(|reply| send(&reply)))
            }
            Request::Scan { job, unit, source, query, keep, players } => {
                let on_progress = |bytes, rows| send(&Reply::Progress { job, unit, bytes, rows });
                let scanner = NewScanner { query, is_keeping: players != KeepPlayers::Nothing };
                let passed = match source {
                    UnitSource::Part(source) => self.scan(unit, &source, scanner, keep, &on_progress).await,
                    source => {
                        let worker = self.clone();
                        let scan = later::scan(worker, job, unit, source, files, bytes, scanner).await;
                        finished(scan).await
                    }
                };
                (job, passed.and_then(|passed| self.found(job, unit, players, passed)))
            }
            Request::Gather { job, unit, source } => {
                let gathered = finished(later::gather(self, job, unit, source, files).await).await;
                (job, gathered.map(|reply| send(&reply)))
            }
            Request::Players { job } => {
                let counts = later::arrived(later::players(&self).await).flatten();
                (job, counts.map(|counts| send_with(&Reply::Players { job }, &[&counts])))
            }
            Request::ShareOut { job, shares, own } => {
                let packs = later::arrived(later::share_out(&self, &shares, own).await).flatten();
                (job, packs.map(|packs| send_packs(job, packs)))
            }
            Request::Recount { job, of, query, known_gap } => {
                let recounted = self.recount(of, &query, known_gap).await;
                (job, recounted.and_then(|(units, recount)| send_recounted(job, units, recount)))
            }
            Request::History { job, unit, source, player_id, query } => {
                let found = self.history((unit, source, files), &query, player_id).await;
                return send(&Reply::History { job, found });
            }
            Request::Facts { job, source, player_id } => {
                let found = facts(&source, player_id).await;
                return send(&Reply::Facts { job, found });
            }
            Request::Rows { job, unit, source, query, model } => {
                let begun = self.begin_rows(job, (unit, source, files), &query, model).await;
                let made = match begun {
                    Ok(()) => finished(later::next_rows(self, job).await).await,
                    Err(failure) => Err(failure),
                };
                return send_rows(job, made);
            }
            Request::MoreRows { job } => {
                return send_rows(job, finished(later::next_rows(self, job).await).await);
            }
            Request::EndRows { job } => return self.0.borrow_mut().end_rows(job),
            Request::Write { job, file } => {
                return send_file(job, later::arrived(later::write(&file, &bytes).await).flatten());
            }
        };
        if let Err(failure) = result {
            send(&Reply::Failed { job: Some(job), failure });
        }
    }

    /// Sends what a scan found, and keeps its players where they are to be kept.
    fn found(
        &self,
        job: JobId,
        unit: usize,
        players: KeepPlayers,
        (facts, scanner, readings): Passed,
    ) -> Result<(), Failure> {
        let (partial, kept) = scanner.finish_and_keep();
        send_scanned(Reply::Scanned { job, unit, facts, readings }, partial)?;
        if let Some(kept) = kept {
            self.0.borrow_mut().keep_players(job, unit, kept, players);
        }
        Ok(())
    }

    /// What a query comes to for the units whose players were kept in a job. Where it cannot be told, they are given up.
    async fn recount(
        &self,
        of: JobId,
        query: &Query,
        known_gap: Minutes,
    ) -> Result<(Vec<usize>, Recount), Failure> {
        let mut players = self.0.borrow_mut().take_players(of, query);
        let recounted = players.recount(query, known_gap).await;
        let recounted = recounted.map_err(|error| failure("the data", &error))?;
        self.0.borrow_mut().hold_players(players);
        Ok(recounted)
    }

    /// Scans a part.
    async fn scan(
        &self,
        unit: usize,
        source: &PartSource,
        scanner: NewScanner,
        keep: Keep,
        on_progress: OnProgress<'_>,
    ) -> Result<Passed, Failure> {
        let scan = |part: Result<Part, Failure>| {
            let mut part = part?;
            let keep = part.fitting(source, keep);
            let scanned = part.scan(source, scanner.clone(), keep, on_progress)?;
            Ok((part, keep, scanned))
        };
        let (part, keep, (facts, scanner)) = self.with_part(unit, source, on_progress, &scan).await??;
        self.0.borrow_mut().keep(unit, part, keep);
        Ok((facts, scanner, Vec::new()))
    }

    async fn history(
        &self,
        (unit, source, files): (usize, UnitSource, Vec<Blob>),
        query: &Query,
        player_id: i64,
    ) -> Result<History, Failure> {
        match source {
            UnitSource::Part(source) => {
                let part = self.part(unit, &source).await?;
                part.history(&source, query, player_id)
            }
            source => {
                finished(later::history(self.clone(), source, files, query.clone(), player_id).await).await
            }
        }
    }

    /// Begins to make rows of a model of a unit.
    async fn begin_rows(
        &self,
        job: JobId,
        (unit, source, files): (usize, UnitSource, Vec<Blob>),
        query: &Query,
        model: EventModel,
    ) -> Result<(), Failure> {
        let filter = query.filter.clone();
        let rest = match source {
            UnitSource::Part(source) => Some(self.part(unit, &source).await?.rest(filter)),
            source => finished(later::rest(self.clone(), source, files, filter).await).await?,
        };
        later::arrived(later::begin_rows(self, job, rest, query, model).await)
    }

    /// A part that is held, or is read now.
    ///
    /// # Errors
    /// Why it cannot be read.
    async fn part(&self, unit: usize, source: &PartSource) -> Result<Part, Failure> {
        self.with_part(unit, source, &|_, _| {}, &|part| part).await?
    }

    /// Does something with a part that is held, or is read now; then what comes of it counts only if the bytes are the announced
    /// ones, which is checked meanwhile.
    async fn with_part<T>(
        &self,
        unit: usize,
        source: &PartSource,
        on_progress: OnProgress<'_>,
        act: &dyn Fn(Result<Part, Failure>) -> T,
    ) -> Result<T, Failure> {
        let held = self.0.borrow().part(unit);
        let blob = match held {
            Some(Held::Open(part)) => return Ok(act(Ok(part))),
            Some(Held::Stored(blob)) => Some(blob),
            None => None,
        };
        if let Some(blob) = &blob
            && let Some(bytes) = bytes::of_blob(blob).await
        {
            return Ok(act(Part::open(source, bytes.into())));
        }
        let had_lost = blob.is_some();
        let open = |bytes: Bytes| {
            let part = Part::open(source, bytes);
            (part.clone().ok().filter(|_| had_lost), act(part))
        };
        let (part, done) = part::read(source, &|bytes| on_progress(bytes, 0), &open).await?;
        if let Some(part) = part {
            // The browser has lost it, and may do better with another.
            self.0.borrow_mut().keep(unit, part, Keep::Stored);
        }
        Ok(done)
    }

    /// A file, opened when it is met for the first time.
    async fn file(&self, place: usize, name: &str, files: Vec<Blob>) -> Result<Rc<LocalFile>, Failure> {
        if let Some(known) = self.0.borrow().file(place) {
            return Ok(known);
        }
        let absent = || Failure::Worker { detail: "no file came with the request".into() };
        let blob = files.into_iter().next().ok_or_else(absent)?;
        let opened = Rc::new(LocalFile::open(name, blob).await?);
        self.0.borrow_mut().hold_file(place, Rc::clone(&opened));
        Ok(opened)
    }
}

/// What comes in time of code that was fetched.
async fn finished<T>(loaded: later::Loaded<later::Pending<T>>) -> Result<T, Failure> {
    later::arrived(loaded)?.await
}

fn scope() -> DedicatedWorkerGlobalScope {
    web_sys::js_sys::global().unchecked_into()
}

/// What snapshots saw of a player. The file is small and the browser keeps it, so no worker holds it.
async fn facts(source: &PartSource, player_id: i64) -> Result<Vec<PlayerFacts>, Failure> {
    let found = part::read(source, &|_| {}, &|bytes| read::player_facts(&bytes, player_id)).await?;
    found.map_err(|error| Failure::Damaged { name: source.name.clone(), detail: error.to_string() })
}

/// Makes a file.
fn write(file: &WholeFile, attached: &[Uint8Array]) -> Result<Vec<u8>, Failure> {
    let failure = |detail: String| Failure::Worker { detail };
    match file {
        WholeFile::Sheet { sheet: table, query, marks, notes } => {
            let report = |bytes: &Uint8Array| Report::from_bytes(&bytes.to_vec());
            let reports = attached.iter().map(report).collect::<Result<Vec<_>, _>>();
            let reports = reports.map_err(|error| failure(error.to_string()))?;
            sheet::write(table, &Choice::from_query(query), &reports, marks, notes).map_err(failure)
        }
        WholeFile::Footer { guild_kind, notes } => {
            let footers: Vec<Vec<u8>> = attached.iter().map(Uint8Array::to_vec).collect();
            let joined = columns(*guild_kind)
                .and_then(|columns| joined_footer(columns, notes, footers.iter().map(Vec::as_slice)));
            joined.map_err(|error| failure(error.to_string()))
        }
    }
}
