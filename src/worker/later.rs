//! What few visits need of a worker, as pieces of code that are fetched then: files that are no parts of an export, in any
//! format and codec, and what makes files.
//!
//! `scripts/split.sh` takes the functions marked here out of the worker's code, with all that only they need.

use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::Blob;
use web_sys::js_sys::Uint8Array;
use wow_engine::Query;
use wow_engine::pipeline::History;
use wow_engine::read::Share;
use wow_engine::write::Piece;

use super::rows::Rest;
use super::store::{self, LocalFile, OnProgress};
use super::{NewScanner, Passed, Worker};
use crate::protocol::{EventModel, Failure, JobId, MadeRows, Reply, UnitSource, WholeFile};

/// What is done once its code is there.
type Loaded<T> = Result<Result<T, Failure>, SplitLoaderError>;

/// What was done, or that its code did not arrive.
///
/// # Errors
/// What was met on the way.
pub(super) fn done<T>(loaded: Loaded<T>) -> Result<T, Failure> {
    let absent = |_| Failure::Worker { detail: "a piece of its code did not arrive".into() };
    loaded.map_err(absent)?
}

/// Finds out what a file is.
#[wasm_split(files, fallible)]
pub(super) fn open(worker: &Worker, job: JobId, file: usize, name: &str, files: Vec<Blob>) -> Loaded<Reply> {
    let tell = |opened: &LocalFile| {
        let (row_groups, reading) = (opened.row_groups(), opened.reading());
        Reply::Opened { job, file, row_groups, reading }
    };
    Ok(worker.file(file, name, files).map(|opened| tell(&opened)))
}

/// Scans a unit of files.
#[wasm_split(files, fallible)]
pub(super) fn scan(
    worker: &Worker,
    unit: usize,
    source: UnitSource,
    files: Vec<Blob>,
    scanner: NewScanner,
    on_progress: OnProgress<'_>,
) -> Loaded<Passed> {
    Ok(scan_now(worker, (unit, source, files), scanner, on_progress))
}

fn scan_now(
    worker: &Worker,
    (unit, source, files): (usize, UnitSource, Vec<Blob>),
    scanner: NewScanner,
    on_progress: OnProgress<'_>,
) -> Result<Passed, Failure> {
    match source {
        UnitSource::Part(_) => Err(no_file()),
        UnitSource::RowGroups { file: place, name, row_groups } => {
            let file = worker.file(place, &name, files)?;
            let (facts, scanner) = file.scan(row_groups, scanner, on_progress)?;
            Ok((facts, scanner, vec![(place, file.reading())]))
        }
        UnitSource::Share { of, names } => {
            let files = worker.files(names, files)?;
            let mut store = worker.0.borrow_mut();
            let share = store.share(Share { index: unit, of }, &files, on_progress)?;
            let (facts, scanner) = store::scan_share(share, scanner)?;
            Ok((facts, scanner, files.iter().map(|file| file.reading()).enumerate().collect()))
        }
    }
}

/// What a player did in a unit of files.
#[wasm_split(files, fallible)]
pub(super) fn history(
    worker: &Worker,
    unit: usize,
    source: UnitSource,
    files: Vec<Blob>,
    query: &Query,
    player_id: i64,
) -> Loaded<History> {
    Ok(history_now(worker, (unit, source, files), query, player_id))
}

fn history_now(
    worker: &Worker,
    (unit, source, files): (usize, UnitSource, Vec<Blob>),
    query: &Query,
    player_id: i64,
) -> Result<History, Failure> {
    match source {
        UnitSource::Part(_) => Err(no_file()),
        UnitSource::RowGroups { file, name, row_groups } => {
            worker.file(file, &name, files)?.history(row_groups, query, player_id)
        }
        UnitSource::Share { of, names } => {
            let files = worker.files(names, files)?;
            let mut store = worker.0.borrow_mut();
            let share = store.share(Share { index: unit, of }, &files, &|_, _| {})?;
            store::history_in_share(share, query, player_id)
        }
    }
}

/// The events of a unit of files that rows are made of; nothing of a share, which stays with the store.
#[wasm_split(files, fallible)]
pub(super) fn rest(
    worker: &Worker,
    unit: usize,
    source: UnitSource,
    files: Vec<Blob>,
    query: &Query,
) -> Loaded<Option<Rest>> {
    Ok(rest_now(worker, (unit, source, files), query))
}

fn rest_now(
    worker: &Worker,
    (unit, source, files): (usize, UnitSource, Vec<Blob>),
    query: &Query,
) -> Result<Option<Rest>, Failure> {
    match source {
        UnitSource::Part(_) => Err(no_file()),
        UnitSource::RowGroups { file, name, row_groups } => {
            worker.file(file, &name, files)?.rest(row_groups, query.filter.clone()).map(Some)
        }
        UnitSource::Share { of, names } => {
            let files = worker.files(names, files)?;
            worker.0.borrow_mut().share(Share { index: unit, of }, &files, &|_, _| {})?;
            Ok(None)
        }
    }
}

fn no_file() -> Failure {
    Failure::Worker { detail: "a part of an export was taken for a file".into() }
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
    Ok(Ok(()))
}

/// The next rows of a job.
#[wasm_split(making, fallible)]
pub(super) fn next_rows(worker: &Worker, job: JobId) -> Loaded<(MadeRows, Piece)> {
    Ok(worker.0.borrow_mut().next_rows(job))
}

/// Makes a file.
#[wasm_split(making, fallible)]
pub(super) fn write(file: &WholeFile, attached: &[Uint8Array]) -> Loaded<Vec<u8>> {
    Ok(super::write(file, attached))
}
