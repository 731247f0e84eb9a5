//! The worker: reads units, holds what is worth holding, and answers what the page asks of it.

mod blob;
mod bytes;
mod file;
mod messages;
mod part;
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
use wow_engine::pipeline::{History, Kept, Partial, Report, Scanner};
use wow_engine::read;
use wow_engine::write::{Piece, joined_footer};

use crate::protocol::{
    BUILD, EventModel, Failure, JobId, Keep, MadeRows, PartFacts, PartSource, Reply, Request, UnitSource,
    WholeFile,
};
use file::LocalFile;
use messages::{
    Attached, received, send, send_file, send_packs, send_recounted, send_rows, send_scanned, send_with,
};
use store::{Held, OnProgress, Part, Store};
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

/// What is to be held of a unit that is scanned.
#[derive(Clone, Copy)]
struct Keeping {
    part: Keep,
    players: bool,
}

/// What a scan of a unit gives.
struct Scanned {
    facts: PartFacts,
    partial: Partial,
    /// How the files were read, by their places.
    readings: Vec<(usize, Reading)>,
}

impl Worker {
    async fn answer(self, request: Request, Attached { files, bytes }: Attached) {
        let (job, result) = match request {
            Request::Open { job, file, name } => {
                let opened = self.file(file, &name, files).await;
                let tell = |opened: Rc<LocalFile>| {
                    let (row_groups, reading) = (opened.row_groups(), opened.reading());
                    send(&Reply::Opened { job, file, row_groups, reading });
                };
                (job, opened.map(tell))
            }
            Request::Scan { job, unit, source, query, keep, keeps_players } => {
                let on_progress = |bytes, rows| send(&Reply::Progress { job, unit, bytes, rows });
                let keeping = Keeping { part: keep, players: keeps_players };
                let scanned = self.scan((unit, source, files), query, keeping, &bytes, &on_progress).await;
                (
                    job,
                    scanned.and_then(|(scanned, kept)| {
                        send_scanned(job, unit, scanned)?;
                        if let Some(kept) = kept {
                            self.0.borrow_mut().keep_players(job, unit, kept);
                        }
                        Ok(())
                    }),
                )
            }
            Request::Gather { job, unit, source } => {
                let on_progress = |bytes, rows| send(&Reply::Progress { job, unit, bytes, rows });
                let gathered = self.gather(source, files, &on_progress).await;
                (job, gathered.map(|reading| send(&Reply::Gathered { job, unit, reading })))
            }
            Request::Players { job } => {
                let bytes = self.0.borrow().players().into_bytes();
                let unsendable = |error: wow_engine::Error| Failure::Worker { detail: error.to_string() };
                (job, bytes.map(|bytes| send_with(&Reply::Players { job }, &[&bytes])).map_err(unsendable))
            }
            Request::ShareOut { job, shares, own } => {
                let packs = self.0.borrow_mut().share_out(&shares, own);
                (job, packs.map(|packs| send_packs(job, packs)))
            }
            Request::Recount { job, of, query, known_gap } => {
                let recounted = self.0.borrow_mut().recount(of, &query, known_gap);
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
                return send_rows(
                    job,
                    match begun {
                        Ok(()) => self.next_rows(job).await,
                        Err(failure) => Err(failure),
                    },
                );
            }
            Request::MoreRows { job } => return send_rows(job, self.next_rows(job).await),
            Request::EndRows { job } => return self.0.borrow_mut().end_rows(job),
            Request::Write { job, file } => return send_file(job, write(&file, &bytes)),
        };
        if let Err(failure) = result {
            send(&Reply::Failed { job: Some(job), failure });
        }
    }

    async fn scan(
        &self,
        (unit, source, files): (usize, UnitSource, Vec<Blob>),
        query: Query,
        keeping: Keeping,
        handed: &[Uint8Array],
        on_progress: OnProgress<'_>,
    ) -> Result<(Scanned, Option<Kept>), Failure> {
        let scanner = |guild_kind| {
            let scanner = Scanner::new(query.clone(), guild_kind);
            if keeping.players { scanner.keeping() } else { scanner }
        };
        let (facts, scanner, readings) = match source {
            UnitSource::Part(source) => {
                let scan = |part: Result<Part, Failure>| {
                    let mut part = part?;
                    let keep = part.fitting(&source, keeping.part);
                    let scanned = part.scan(&source, scanner, keep, on_progress)?;
                    Ok((part, keep, scanned))
                };
                let scanned = self.with_part(unit, &source, on_progress, &scan).await?;
                let (part, keep, (facts, scanner)) = scanned?;
                self.0.borrow_mut().keep(unit, part, keep);
                (facts, scanner, Vec::new())
            }
            UnitSource::RowGroups { file: place, name, row_groups } => {
                let file = self.file(place, &name, files).await?;
                let (facts, scanner) = file.scan(row_groups, scanner, on_progress).await?;
                (facts, scanner, vec![(place, file.reading())])
            }
            UnitSource::Share => {
                let mut store = self.0.borrow_mut();
                let (facts, scanner) = store::scan_share(store.share(handed)?, scanner)?;
                (facts, scanner, Vec::new())
            }
            UnitSource::File { .. } => return Err(unordered()),
        };
        let (partial, kept) = scanner.finish_and_keep();
        Ok((Scanned { facts, partial, readings }, kept))
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
            UnitSource::RowGroups { file, name, row_groups } => {
                self.file(file, &name, files).await?.history(row_groups, query, player_id).await
            }
            UnitSource::Share => store::history_in_share(self.0.borrow_mut().share(&[])?, query, player_id),
            UnitSource::File { .. } => Err(unordered()),
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
            UnitSource::RowGroups { file, name, row_groups } => {
                Some(self.file(file, &name, files).await?.rest(row_groups, filter)?)
            }
            UnitSource::Share => {
                self.0.borrow_mut().share(&[])?;
                None
            }
            UnitSource::File { .. } => return Err(unordered()),
        };
        self.0.borrow_mut().begin_rows(job, rest, query, model);
        Ok(())
    }

    /// The next rows of a job.
    async fn next_rows(&self, job: JobId) -> Result<(MadeRows, Piece), Failure> {
        let mut rows = self.0.borrow_mut().take_rows(job)?;
        let read = rows.read().await.map_err(|error| store::failure("the data", &error))?;
        self.0.borrow_mut().next_rows(rows, read)
    }

    /// Gathers the events of a unit, and says how its file was read.
    async fn gather(
        &self,
        source: UnitSource,
        files: Vec<Blob>,
        on_progress: OnProgress<'_>,
    ) -> Result<(usize, Reading), Failure> {
        let (place, name, row_groups) = match source {
            UnitSource::RowGroups { file, name, row_groups } => (file, name, Some(row_groups)),
            UnitSource::File { file, name } => (file, name, None),
            UnitSource::Part(_) | UnitSource::Share => return Err(unordered()),
        };
        let file = self.file(place, &name, files).await?;
        let mut gatherer = self.0.borrow_mut().gathered();
        let gathered = file.gather(row_groups, &mut gatherer, on_progress).await;
        self.0.borrow_mut().hold_gathered(gatherer);
        gathered.map(|()| (place, file.reading()))
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

/// What a unit was asked for that its events cannot give where they are.
fn unordered() -> Failure {
    Failure::Worker { detail: "it was asked for events in an order that they do not have".into() }
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
        WholeFile::Sheet { sheet: table, query } => {
            let report = |bytes: &Uint8Array| Report::from_bytes(&bytes.to_vec());
            let reports = attached.iter().map(report).collect::<Result<Vec<_>, _>>();
            let reports = reports.map_err(|error| failure(error.to_string()))?;
            sheet::write(table, &Choice::from_query(query), &reports).map_err(failure)
        }
        WholeFile::Footer { guild_kind } => {
            let footers: Vec<Vec<u8>> = attached.iter().map(Uint8Array::to_vec).collect();
            let joined = columns(*guild_kind)
                .and_then(|columns| joined_footer(columns, footers.iter().map(Vec::as_slice)));
            joined.map_err(|error| failure(error.to_string()))
        }
    }
}
