//! What few visits need of a worker, as pieces of code that are fetched then: files that are no parts of an export, in any
//! format and codec, and what makes files.
//!
//! `scripts/split.sh` takes the functions marked here out of the worker's code, with all that only they need. None of them may
//! be `async`, so those that wait give a future.

use std::ops::Range;
use std::pin::Pin;
use std::rc::Rc;

use sha2::{Digest as _, Sha256};
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::Blob;
use web_sys::js_sys::Uint8Array;
use wow_engine::manifest::hex;
use wow_engine::pipeline::History;
use wow_engine::read::Shares;
use wow_engine::write::Piece;
use wow_engine::{Filter, Query};

use super::file::LocalFile;
use super::messages::send;
use super::rows::Rest;
use super::{NewScanner, Passed, Worker, store};
use crate::protocol::{EventModel, Failure, JobId, MadeRows, Reply, UnitSource, WholeFile};

/// What is done once its code is there.
pub(super) type Loaded<T> = Result<T, SplitLoaderError>;

/// What comes in time.
pub(super) type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// What the code says that was fetched, or that it did not arrive.
///
/// # Errors
/// [`Failure::Worker`].
pub(super) fn arrived<T>(loaded: Loaded<T>) -> Result<T, Failure> {
    loaded.map_err(|_| Failure::Worker { detail: "a piece of its code did not arrive".into() })
}

/// The SHA-256 of bytes in hex, where the browser gives none.
#[wasm_split(hash, fallible)]
pub(super) fn sha256(bytes: &[u8]) -> Loaded<String> {
    Ok(hex(&Sha256::digest(bytes)))
}

/// Finds out what a file is.
#[wasm_split(files, fallible)]
pub(super) fn open(
    worker: Worker,
    job: JobId,
    file: usize,
    name: String,
    files: Vec<Blob>,
) -> Loaded<Pending<Reply>> {
    Ok(Box::pin(async move {
        let opened = worker.file(file, &name, files).await?;
        let (row_groups, reading) = (opened.row_groups(), opened.reading());
        Ok(Reply::Opened { job, file, row_groups, reading })
    }))
}

/// Scans a unit of files. What was handed on to a share comes with it the first time.
#[wasm_split(files, fallible)]
pub(super) fn scan(
    worker: Worker,
    job: JobId,
    unit: usize,
    source: UnitSource,
    files: Vec<Blob>,
    handed: Vec<Uint8Array>,
    scanner: NewScanner,
) -> Loaded<Pending<Passed>> {
    Ok(Box::pin(async move {
        let Some((place, row_groups, file)) = row_groups_of(&worker, source, files).await? else {
            let mut store = worker.0.borrow_mut();
            let (facts, scanner) = store::scan_share(store.share(&handed)?, scanner)?;
            return Ok((facts, scanner, Vec::new()));
        };
        let on_progress = |bytes, rows| send(&Reply::Progress { job, unit, bytes, rows });
        let (facts, scanner) = file.scan(row_groups, scanner, &on_progress).await?;
        Ok((facts, scanner, vec![(place, file.reading())]))
    }))
}

/// Gathers the events of a unit of files, to sort them.
#[wasm_split(files, fallible)]
pub(super) fn gather(
    worker: Worker,
    job: JobId,
    unit: usize,
    source: UnitSource,
    files: Vec<Blob>,
) -> Loaded<Pending<Reply>> {
    Ok(Box::pin(async move {
        let (place, name, row_groups) = match source {
            UnitSource::RowGroups { file, name, row_groups } => (file, name, Some(row_groups)),
            UnitSource::File { file, name } => (file, name, None),
            UnitSource::Part(_) | UnitSource::Share => return Err(unordered()),
        };
        let file = worker.file(place, &name, files).await?;
        let mut gatherer = worker.0.borrow_mut().gathered();
        let on_progress = |bytes, rows| send(&Reply::Progress { job, unit, bytes, rows });
        let gathered = file.gather(row_groups, &mut gatherer, &on_progress).await;
        worker.0.borrow_mut().hold_gathered(gatherer);
        gathered.map(|()| Reply::Gathered { job, unit, reading: (place, file.reading()) })
    }))
}

/// The events of each player that were gathered, as bytes.
#[wasm_split(files, fallible)]
pub(super) fn players(worker: &Worker) -> Loaded<Result<Vec<u8>, Failure>> {
    let bytes = worker.0.borrow().players().into_bytes();
    Ok(bytes.map_err(|error| Failure::Worker { detail: error.to_string() }))
}

/// Hands on what was gathered, a pack for each share but its own.
#[wasm_split(files, fallible)]
pub(super) fn share_out(
    worker: &Worker,
    shares: &Shares,
    own: usize,
) -> Loaded<Result<Vec<Vec<u8>>, Failure>> {
    Ok(worker.0.borrow_mut().share_out(shares, own))
}

/// What a player did in a unit of files.
#[wasm_split(files, fallible)]
pub(super) fn history(
    worker: Worker,
    source: UnitSource,
    files: Vec<Blob>,
    query: Query,
    player_id: i64,
) -> Loaded<Pending<History>> {
    Ok(Box::pin(async move {
        match row_groups_of(&worker, source, files).await? {
            Some((_, row_groups, file)) => file.history(row_groups, &query, player_id).await,
            None => store::history_in_share(worker.0.borrow_mut().share(&[])?, &query, player_id),
        }
    }))
}

/// The events of a unit of files that rows are made of; nothing of a share, which stays with the store.
#[wasm_split(files, fallible)]
pub(super) fn rest(
    worker: Worker,
    source: UnitSource,
    files: Vec<Blob>,
    filter: Filter,
) -> Loaded<Pending<Option<Rest>>> {
    Ok(Box::pin(async move {
        match row_groups_of(&worker, source, files).await? {
            Some((_, row_groups, file)) => file.rest(row_groups, filter).map(Some),
            None => worker.0.borrow_mut().share(&[]).map(|_| None),
        }
    }))
}

/// The row groups of a unit in a file that is opened, with its place; nothing of a share.
async fn row_groups_of(
    worker: &Worker,
    source: UnitSource,
    files: Vec<Blob>,
) -> Result<Option<(usize, Range<usize>, Rc<LocalFile>)>, Failure> {
    match source {
        UnitSource::RowGroups { file, name, row_groups } => {
            Ok(Some((file, row_groups, worker.file(file, &name, files).await?)))
        }
        UnitSource::Share => Ok(None),
        UnitSource::Part(_) | UnitSource::File { .. } => Err(unordered()),
    }
}

/// What a unit was asked for that its events cannot give where they are.
fn unordered() -> Failure {
    Failure::Worker { detail: "it was asked for events in an order that they do not have".into() }
}

/// Begins to make rows of a model of this worker's share, or of what is read.
#[wasm_split(making, fallible)]
pub(super) fn begin_rows(
    worker: &Worker,
    job: JobId,
    rest: Option<Rest>,
    query: &Query,
    model: EventModel,
) -> Loaded<()> {
    worker.0.borrow_mut().begin_rows(job, rest, query, model);
    Ok(())
}

/// The next rows of a job.
#[wasm_split(making, fallible)]
pub(super) fn next_rows(worker: Worker, job: JobId) -> Loaded<Pending<(MadeRows, Piece)>> {
    Ok(Box::pin(async move {
        let mut rows = worker.0.borrow_mut().take_rows(job)?;
        let read = rows.read().await.map_err(|error| store::failure("the data", &error))?;
        worker.0.borrow_mut().next_rows(rows, read)
    }))
}

/// Makes a file.
#[wasm_split(making, fallible)]
pub(super) fn write(file: &WholeFile, attached: &[Uint8Array]) -> Loaded<Result<Vec<u8>, Failure>> {
    Ok(super::write(file, attached))
}
