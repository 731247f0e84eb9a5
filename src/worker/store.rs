//! What a worker holds: parts, with their times decoded or in the browser's store, footers of files, and its share of the
//! players of unsorted files.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::rc::Rc;

use bytes::Bytes;
use web_sys::Blob;
use wow_engine::contract::{Partition, Reading};
use wow_engine::pipeline::{Digest, History, Kept, Recount, Scanner};
use wow_engine::read::{self, EventFile, Length as _, LogFile, PartBytes, Share, SortedEvents, Sorter};
use wow_engine::time::Minutes;
use wow_engine::write::Piece;
use wow_engine::{Error, Filter, Query};

use super::NewScanner;
use super::blob::BlobSource;
use super::bytes::blob_of;
use super::rows::{Rest, RowStream};
use crate::protocol::{EventModel, Failure, JobId, Keep, MadeRows, PartFacts, PartSource, RowGroup};

/// Events between two reports of progress.
const PROGRESS_ROWS: u64 = 500_000;

/// Units by their place among all units, files by their place among all files.
#[derive(Default)]
pub(super) struct Store {
    parts: HashMap<usize, Held>,
    files: HashMap<usize, Rc<LocalFile>>,
    share: Option<SortedEvents>,
    /// The players of the units that a job scanned.
    digest: (JobId, Digest),
    /// Rows of a model that are being made.
    rows: Option<RowStream>,
}

/// What is held of a part.
#[derive(Clone)]
pub(super) enum Held {
    /// All that a scan needs.
    Open(Part),
    /// Its bytes, which were checked before they were stored.
    Stored(Blob),
}

/// A part of an export.
#[derive(Clone)]
pub(super) struct Part(EventFile<PartBytes>);

/// A file that was opened, of this machine or fetched whole.
pub(super) struct LocalFile {
    name: String,
    blob: BlobSource,
    log: LogFile<BlobSource>,
}

/// Is told the bytes read and the events scanned.
pub(super) type OnProgress<'a> = &'a dyn Fn(u64, u64);

impl Store {
    /// What is held of a part.
    pub(super) fn part(&self, unit: usize) -> Option<Held> {
        self.parts.get(&unit).cloned()
    }

    /// Holds what is to be kept of a part.
    pub(super) fn keep(&mut self, unit: usize, part: Part, keep: Keep) {
        let held = match keep {
            Keep::Nothing => None,
            Keep::Stored => part.0.source().whole().and_then(|bytes| blob_of(bytes)).map(Held::Stored),
            Keep::Bytes => Some(Held::Open(part)),
            Keep::Decoded => Some(Held::Open(part.without_times())),
        };
        if let Some(held) = held {
            self.parts.insert(unit, held);
        }
    }

    /// Keeps the players of a unit that a job scanned, in the place of those of other jobs.
    pub(super) fn keep_players(&mut self, job: JobId, unit: usize, kept: Kept) {
        if self.digest.0 != job {
            self.digest = (job, Digest::default());
        }
        self.digest.1.insert(unit, kept);
    }

    /// What a query comes to for the units whose players were kept in a job. They are none where other jobs have scanned since.
    ///
    /// # Errors
    /// What the engine says.
    pub(super) fn recount(
        &mut self,
        of: JobId,
        query: &Query,
        known_gap: Minutes,
    ) -> Result<(Vec<usize>, Recount), Failure> {
        let (job, digest) = &mut self.digest;
        let mut of_none = Digest::default();
        let digest = if *job == of && digest.answers(query) { digest } else { &mut of_none };
        let recount = digest.recount(query, known_gap).map_err(|error| failure("the data", &error))?;
        Ok((digest.units().collect(), recount))
    }

    /// A file, opened when it is met for the first time.
    ///
    /// # Errors
    /// [`Failure::Schema`] when it is no event log, [`Failure::Damaged`].
    pub(super) fn file(&mut self, file: usize, name: &str, blob: Blob) -> Result<Rc<LocalFile>, Failure> {
        if let Some(known) = self.files.get(&file) {
            return Ok(Rc::clone(known));
        }
        let unreadable = |_| Failure::Worker { detail: "this browser cannot read files in a worker".into() };
        let blob = BlobSource::new(blob).map_err(unreadable)?;
        let log = LogFile::open_in(blob.clone(), &Partition::of_path(name));
        let log = log.map_err(|error| failure(name, &error))?;
        let opened = Rc::new(LocalFile { name: name.to_owned(), blob, log });
        self.files.insert(file, Rc::clone(&opened));
        Ok(opened)
    }

    /// This worker's share of the players of all files, put in order when it is asked for the first time.
    ///
    /// # Errors
    /// What the engine says of the files.
    pub(super) fn share(
        &mut self,
        share: Share,
        files: &[Rc<LocalFile>],
        on_progress: OnProgress<'_>,
    ) -> Result<&SortedEvents, Failure> {
        let sorted = match self.share.take() {
            Some(sorted) => sorted,
            None => sort(share, files, on_progress)?,
        };
        Ok(self.share.insert(sorted))
    }
}

impl Store {
    /// Begins to make rows of a model of this worker's share, or of what is read; rows that were made before end.
    pub(super) fn begin_rows(&mut self, job: JobId, rest: Option<Rest>, query: &Query, model: EventModel) {
        let of_share = || Some(Rest::Share(self.share.as_ref()?.cursor(query.filter.clone())));
        self.rows = rest.or_else(of_share).map(|rest| RowStream::new(job, rest, query, model));
    }

    /// The next rows of a job.
    ///
    /// # Errors
    /// What the engine says of the events, and when the job's rows were ended.
    pub(super) fn next_rows(&mut self, job: JobId) -> Result<(MadeRows, Piece), Failure> {
        let ended = || Failure::Worker { detail: "these rows were given up".into() };
        let rows = self.rows.as_mut().filter(|rows| rows.job == job).ok_or_else(ended)?;
        let made = rows.next(self.share.as_ref()).map_err(|error| failure("the data", &error));
        if made.as_ref().is_ok_and(|(made, _)| !made.is_last) {
            return made;
        }
        self.end_rows(job);
        made
    }

    /// Ends the rows of a job.
    pub(super) fn end_rows(&mut self, job: JobId) {
        if self.rows.as_ref().is_some_and(|rows| rows.job == job) {
            self.rows = None;
            for file in self.files.values() {
                file.blob.forget();
            }
        }
    }
}

/// Counts the events of all players, then puts those of the share in order.
fn sort(share: Share, files: &[Rc<LocalFile>], on_progress: OnProgress<'_>) -> Result<SortedEvents, Failure> {
    let mut sorter = Sorter::new(share);
    let mut before = 0;
    for is_second_pass in [false, true] {
        for file in files {
            let start = file.blob.bytes_read();
            let mut on_rows =
                every(PROGRESS_ROWS, move |rows| on_progress(before + file.bytes_done(rows, start), 0));
            let done = match is_second_pass {
                false => sorter.count(&file.log, &mut on_rows),
                true => sorter.place(&file.log, &mut on_rows),
            };
            done.map_err(|error| file.failure(&error))?;
            file.blob.forget();
            before += file.blob.len();
            on_progress(before, 0);
        }
    }
    Ok(sorter.finish())
}

/// Passes on every so many rows.
fn every(rows_between: u64, tell: impl Fn(u64)) -> impl FnMut(u64) -> ControlFlow<()> {
    let mut told = 0;
    move |rows| {
        if rows - told >= rows_between {
            told = rows;
            tell(rows);
        }
        ControlFlow::Continue(())
    }
}

impl Part {
    /// Takes bytes for an event log.
    ///
    /// # Errors
    /// As [`Store::file`].
    pub(super) fn open(source: &PartSource, bytes: Vec<u8>) -> Result<Self, Failure> {
        let events = EventFile::of_export(PartBytes::from(Bytes::from(bytes)));
        events.map(Self).map_err(|error| failure(&source.name, &error))
    }

    /// The same without the bytes of times that are held decoded.
    fn without_times(mut self) -> Self {
        self.0.give_up_bytes();
        self
    }

    /// What may be held of a part that is not what was announced: then there need be no room for it.
    pub(super) fn fitting(&self, source: &PartSource, keep: Keep) -> Keep {
        match keep {
            Keep::Bytes | Keep::Decoded if self.size() > source.bytes => Keep::Stored,
            Keep::Decoded if self.0.rows() > source.rows => Keep::Bytes,
            keep => keep,
        }
    }

    fn size(&self) -> u64 {
        self.0.source().len()
    }

    /// Has a scanner go through the part, and says what is known of it. Its times may stay decoded for the next time.
    ///
    /// # Errors
    /// What the engine says of its bytes.
    pub(super) fn scan(
        &mut self,
        source: &PartSource,
        scanner: NewScanner,
        keep: Keep,
        on_progress: OnProgress<'_>,
    ) -> Result<(PartFacts, Scanner), Failure> {
        let size = self.size();
        let scanner = scanner.of(self.0.guild_kind());
        let on_rows = &mut every(PROGRESS_ROWS, |rows| on_progress(size, rows));
        let scanned = match keep {
            Keep::Decoded => read::scan_and_hold(&mut self.0, scanner, on_rows),
            _ => read::scan_with(&self.0, None, scanner, on_rows),
        };
        let scanner = scanned.map_err(|error| failure(&source.name, &error))?;
        let facts = PartFacts {
            name: source.name.clone(),
            bytes: size,
            rows: scanner.events_read(),
            // Other bytes would not have come this far.
            sha256: Some(source.sha256.clone()),
            was_announced: true,
            reading: None,
        };
        Ok((facts, scanner))
    }

    /// Its events that match, one after the other.
    pub(super) fn rest(&self, filter: Filter) -> Rest {
        Rest::Part(self.0.events(None).only(filter))
    }

    /// What a player did in the part.
    ///
    /// # Errors
    /// What the engine says of its bytes.
    pub(super) fn history(
        &self,
        source: &PartSource,
        query: &Query,
        player_id: i64,
    ) -> Result<History, Failure> {
        read::player_history(&self.0, None, query, player_id).map_err(|error| failure(&source.name, &error))
    }
}

/// Has a scanner go through a share, and says what is known of it.
///
/// # Errors
/// What the engine says.
pub(super) fn scan_share(share: &SortedEvents, scanner: NewScanner) -> Result<(PartFacts, Scanner), Failure> {
    let scanned = share.scan_with(scanner.of(share.guild_kind()), &mut |_| ControlFlow::Continue(()));
    let scanner = scanned.map_err(|error| failure("the files", &error))?;
    Ok((PartFacts { rows: scanner.events_read(), ..PartFacts::default() }, scanner))
}

/// What a player did in a share.
///
/// # Errors
/// What the engine says.
pub(super) fn history_in_share(
    share: &SortedEvents,
    query: &Query,
    player_id: i64,
) -> Result<History, Failure> {
    share.player_history(query, player_id).map_err(|error| failure("the files", &error))
}

impl LocalFile {
    /// What its footer says of its row groups; `None` where it has none, as CSV.
    pub(super) fn row_groups(&self) -> Option<Vec<RowGroup>> {
        let LogFile::Parquet(events) = &self.log else { return None };
        let group = |index| {
            let read::RowGroup { rows, bytes, players } = events.row_group(index);
            RowGroup { rows, bytes, players }
        };
        Some((0..events.row_groups()).map(group).collect())
    }

    /// How it is read, as far as it is.
    pub(super) fn reading(&self) -> Reading {
        self.log.reading()
    }

    /// How many of its bytes a pass is past, after so many rows, that began when `start` bytes had been read.
    fn bytes_done(&self, rows: u64, start: u64) -> u64 {
        let bytes = self.blob.len();
        match &self.log {
            // What is skipped of row groups is not read.
            LogFile::Parquet(events) => {
                let share = rows as f64 / events.rows().max(1) as f64;
                (bytes as f64 * share.min(1.0)) as u64
            }
            LogFile::Csv(_) => (self.blob.bytes_read() - start).min(bytes),
        }
    }

    /// Its row groups, which only Parquet has.
    fn events(&self) -> Result<&EventFile<BlobSource>, Failure> {
        match &self.log {
            LogFile::Parquet(events) => Ok(events),
            LogFile::Csv(_) => {
                Err(Failure::Worker { detail: "a file without row groups was asked for some".into() })
            }
        }
    }

    /// Has a scanner go through some row groups, and says what is known of them.
    ///
    /// # Errors
    /// What the engine says of them.
    pub(super) fn scan(
        &self,
        row_groups: Range<usize>,
        scanner: NewScanner,
        on_progress: OnProgress<'_>,
    ) -> Result<(PartFacts, Scanner), Failure> {
        let before = self.blob.bytes_read();
        let on_rows = &mut every(PROGRESS_ROWS, |rows| on_progress(self.blob.bytes_read() - before, rows));
        let events = self.events()?;
        let scanned =
            read::scan_with(events, Some(row_groups.collect()), scanner.of(events.guild_kind()), on_rows);
        let scanner = scanned.map_err(|error| self.failure(&error))?;
        self.blob.forget();
        let facts =
            PartFacts { name: self.name.clone(), rows: scanner.events_read(), ..PartFacts::default() };
        Ok((facts, scanner))
    }

    /// The events of some row groups that match, one after the other.
    ///
    /// # Errors
    /// Where it has no row groups.
    pub(super) fn rest(&self, row_groups: Range<usize>, filter: Filter) -> Result<Rest, Failure> {
        Ok(Rest::File(self.events()?.events(Some(row_groups.collect())).only(filter)))
    }

    /// What a player did in some row groups.
    ///
    /// # Errors
    /// What the engine says of them.
    pub(super) fn history(
        &self,
        row_groups: Range<usize>,
        query: &Query,
        player_id: i64,
    ) -> Result<History, Failure> {
        let row_groups = Some(row_groups.collect());
        let found = read::player_history(self.events()?, row_groups, query, player_id);
        self.blob.forget();
        found.map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &Error) -> Failure {
        failure(&self.name, error)
    }
}

fn failure(name: &str, error: &Error) -> Failure {
    let (name, detail) = (name.to_owned(), error.to_string());
    match error {
        Error::Refused(_) => Failure::Schema { name, detail },
        Error::OutOfOrder { .. } => Failure::OutOfOrder { name, detail },
        Error::TooManyToSort { rows } => Failure::TooManyToSort { rows: *rows },
        Error::Mismatch(_) => Failure::Mismatch { detail },
        Error::Damaged(detail) => Failure::Damaged { name, detail: detail.clone() },
        Error::Decode(_) | Error::OutOfDomain { .. } | Error::Cancelled => Failure::Worker { detail },
    }
}
