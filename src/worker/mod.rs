//! The worker: reads units, holds what is worth holding, and answers what the page asks of it.

mod blob;
mod bytes;
mod later;
mod part;
mod rows;
mod store;

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::js_sys::{Array, Uint8Array};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};
use wow_engine::Query;
use wow_engine::contract::Reading;
use wow_engine::facts::PlayerFacts;
use wow_engine::models::events::columns;
use wow_engine::pipeline::{History, Kept, Partial, Recount, Report, Scanner};
use wow_engine::read;
use wow_engine::schema::GuildKind;
use wow_engine::write::{Piece, joined_footer};

use crate::protocol::{
    BUILD, EventModel, Failure, JobId, Keep, MadeRows, PartFacts, PartSource, Reply, Request, UnitSource,
    WholeFile, from_bytes, to_bytes,
};
use store::{Held, LocalFile, OnProgress, Part, Store};
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

/// What a scanner is to be, once the kind of guild numbers is known.
struct NewScanner {
    query: Query,
    is_keeping: bool,
}

impl NewScanner {
    fn of(self, guild_kind: GuildKind) -> Scanner {
        let scanner = Scanner::new(self.query, guild_kind);
        if self.is_keeping { scanner.keeping() } else { scanner }
    }
}

/// What a scan of a unit found: what is known of it, its events, and how files were read.
type Passed = (PartFacts, Scanner, Vec<(usize, Reading)>);

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
                let opened = later::done(later::open(&self, job, file, &name, files).await);
                (job, opened.map(|opened| send(&opened)))
            }
            Request::Scan { job, unit, source, query, keep, keeps_players } => {
                let on_progress = |bytes, rows| send(&Reply::Progress { job, unit, bytes, rows });
                let keeping = Keeping { part: keep, players: keeps_players };
                let scanned = self.scan((unit, source, files), query, keeping, &on_progress).await;
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
                let made = match begun {
                    Ok(()) => later::done(later::next_rows(&self, job).await),
                    Err(failure) => Err(failure),
                };
                return send_rows(job, made);
            }
            Request::MoreRows { job } => {
                return send_rows(job, later::done(later::next_rows(&self, job).await));
            }
            Request::EndRows { job } => return self.0.borrow_mut().end_rows(job),
            Request::Write { job, file } => {
                return send_file(job, later::done(later::write(&file, &bytes).await));
            }
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
        on_progress: OnProgress<'_>,
    ) -> Result<(Scanned, Option<Kept>), Failure> {
        let scanner = NewScanner { query, is_keeping: keeping.players };
        let (facts, scanner, readings) = match source {
            UnitSource::Part(source) => {
                let mut part = self.part(unit, &source, on_progress).await?;
                let keep = part.fitting(&source, keeping.part);
                let (facts, scanner) = part.scan(&source, scanner, keep, on_progress)?;
                self.0.borrow_mut().keep(unit, part, keep);
                (facts, scanner, Vec::new())
            }
            source => later::done(later::scan(self, unit, source, files, scanner, on_progress).await)?,
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
                let part = self.part(unit, &source, &|_, _| {}).await?;
                part.history(&source, query, player_id)
            }
            source => later::done(later::history(self, unit, source, files, query, player_id).await),
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
        let rest = match source {
            UnitSource::Part(source) => {
                Some(self.part(unit, &source, &|_, _| {}).await?.rest(query.filter.clone()))
            }
            source => later::done(later::rest(self, unit, source, files, query).await)?,
        };
        later::done(later::begin_rows(self, job, rest, query, model).await)
    }

    /// A part that is held, or is read now.
    async fn part(
        &self,
        unit: usize,
        source: &PartSource,
        on_progress: OnProgress<'_>,
    ) -> Result<Part, Failure> {
        let held = self.0.borrow().part(unit);
        let blob = match held {
            Some(Held::Open(part)) => return Ok(part),
            Some(Held::Stored(blob)) => Some(blob),
            None => None,
        };
        if let Some(blob) = &blob
            && let Some(bytes) = bytes::of_blob(blob).await
        {
            return Part::open(source, bytes);
        }
        let part = Part::open(source, part::read(source, &|bytes| on_progress(bytes, 0)).await?)?;
        if blob.is_some() {
            // The browser has lost it, and may do better with another.
            self.0.borrow_mut().keep(unit, part.clone(), Keep::Stored);
        }
        Ok(part)
    }

    fn file(&self, file: usize, name: &str, files: Vec<Blob>) -> Result<Rc<LocalFile>, Failure> {
        let absent = || Failure::Worker { detail: "no file came with the request".into() };
        let blob = files.into_iter().next().ok_or_else(absent)?;
        self.0.borrow_mut().file(file, name, blob)
    }

    fn files(&self, names: Vec<String>, files: Vec<Blob>) -> Result<Vec<Rc<LocalFile>>, Failure> {
        let files = names.into_iter().zip(files).enumerate();
        files.map(|(file, (name, blob))| self.file(file, &name, vec![blob])).collect()
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    web_sys::js_sys::global().unchecked_into()
}

/// What came with a request.
struct Attached {
    files: Vec<Blob>,
    bytes: Vec<Uint8Array>,
}

fn received(event: &MessageEvent) -> Option<(Request, Attached)> {
    let message: Array = event.data().dyn_into().ok()?;
    let request = from_bytes(&message.get(0).dyn_into::<Uint8Array>().ok()?.to_vec())?;
    let files = message.iter().skip(1).filter_map(|file| file.dyn_into().ok()).collect();
    let bytes = message.iter().skip(1).filter_map(|bytes| bytes.dyn_into().ok()).collect();
    Some((request, Attached { files, bytes }))
}

/// What snapshots saw of a player. The file is small and the browser keeps it, so no worker holds it.
async fn facts(source: &PartSource, player_id: i64) -> Result<Vec<PlayerFacts>, Failure> {
    let bytes = part::read(source, &|_| {}).await?;
    read::player_facts(&bytes.into(), player_id)
        .map_err(|error| Failure::Damaged { name: source.name.clone(), detail: error.to_string() })
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

fn send(reply: &Reply) {
    send_with(reply, &[]);
}

fn send_scanned(job: JobId, unit: usize, scanned: Scanned) -> Result<(), Failure> {
    let Scanned { facts, partial, readings } = scanned;
    let unsendable = |error: wow_engine::Error| Failure::Worker { detail: error.to_string() };
    let bytes = partial.into_bytes().map_err(unsendable)?;
    send_with(&Reply::Scanned { job, unit, facts, readings }, &[&bytes]);
    Ok(())
}

fn send_recounted(job: JobId, units: Vec<usize>, recount: Recount) -> Result<(), Failure> {
    let unsendable = |error: wow_engine::Error| Failure::Worker { detail: error.to_string() };
    send_with(&Reply::Recounted { job, units }, &[&recount.into_bytes().map_err(unsendable)?]);
    Ok(())
}

fn send_rows(job: JobId, made: Result<(MadeRows, Piece), Failure>) {
    match made {
        Ok((made, piece)) => {
            send_with(&Reply::Rows { job, made: Ok(made) }, &[piece.data(), piece.footer()]);
        }
        Err(failure) => send(&Reply::Rows { job, made: Err(failure) }),
    }
}

fn send_file(job: JobId, file: Result<Vec<u8>, Failure>) {
    match file {
        Ok(bytes) => send_with(&Reply::Written { job, written: Ok(()) }, &[&bytes]),
        Err(failure) => send(&Reply::Written { job, written: Err(failure) }),
    }
}

/// Sends a reply with bytes, which are copied once into buffers of their own and handed over; the worker's memory cannot be.
fn send_with(reply: &Reply, attachments: &[&[u8]]) {
    let Some(text) = to_bytes(reply) else { return };
    let message = Array::of1(&Uint8Array::from(text.as_slice()));
    let transfer = Array::new();
    for bytes in attachments {
        let bytes = Uint8Array::from(*bytes);
        message.push(&bytes);
        transfer.push(&bytes.buffer());
    }
    // The page may be gone; then nobody is left to tell.
    let _ = scope().post_message_with_transfer(&message, &transfer);
}
