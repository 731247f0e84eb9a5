//! What a worker holds: parts, with their times decoded or in the browser's store, footers of files, and its share of the
//! players of unsorted files.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use ::bytes::Bytes;
use web_sys::Blob;
use web_sys::js_sys::Uint8Array;
use wow_engine::pipeline::{History, Kept, Scanner};
use wow_engine::read::{
    self, EventFile, Gatherer, Length as _, Pack, PartBytes, PlayerCounts, Shares, SortedEvents,
};
use wow_engine::write::Piece;
use wow_engine::{Error, Filter, Query};

use super::NewScanner;
use super::bytes::blob_of;
use super::file::LocalFile;
use super::players::Players;
use super::rows::{Rest, RowStream};
use crate::protocol::{EventModel, Failure, JobId, Keep, KeepPlayers, MadeRows, PartFacts, PartSource};

/// Events between two reports of progress.
pub(super) const PROGRESS_ROWS: u64 = 500_000;

/// Units by their place among all units, files by their place among all files.
#[derive(Default)]
pub(super) struct Store {
    parts: HashMap<usize, Held>,
    files: HashMap<usize, Rc<LocalFile>>,
    /// Events that are to be sorted, wherever their players belong.
    gathered: Option<Gatherer>,
    /// Those of them that stay here.
    own: Option<Pack>,
    share: Option<SortedEvents>,
    /// The players of the units that a job scanned.
    players: Players,
    /// Rows of a model that are being made, unless they are read just now, and the job that they are for.
    rows: Option<RowStream>,
    making: Option<JobId>,
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
    pub(super) fn keep_players(&mut self, job: JobId, unit: usize, kept: Kept, keep: KeepPlayers) {
        if self.players.job != job {
            self.players = Players::of(job);
        }
        self.players.keep(unit, kept, keep);
    }

    /// The players of the units that were kept in a job, to recount them; they are to be given back. They are none where other jobs have
    /// scanned since.
    pub(super) fn take_players(&mut self, job: JobId, query: &Query) -> Players {
        match self.players.answers(job, query) {
            true => std::mem::replace(&mut self.players, Players::of(job)),
            false => Players::of(job),
        }
    }

    /// Holds players again that were recounted, unless others are kept since.
    pub(super) fn hold_players(&mut self, players: Players) {
        if self.players.job == players.job {
            self.players = players;
        }
    }

    /// A file that was opened.
    pub(super) fn file(&self, file: usize) -> Option<Rc<LocalFile>> {
        self.files.get(&file).cloned()
    }

    /// Holds a file that was opened.
    pub(super) fn hold_file(&mut self, place: usize, file: Rc<LocalFile>) {
        self.files.insert(place, file);
    }

    /// What was gathered to be sorted; it is to be given back after more is put to it.
    pub(super) fn gathered(&mut self) -> Gatherer {
        self.gathered.take().unwrap_or_default()
    }

    /// Holds what was gathered.
    pub(super) fn hold_gathered(&mut self, gatherer: Gatherer) {
        self.gathered = Some(gatherer);
    }

    /// The events of each player that were gathered.
    pub(super) fn players(&self) -> PlayerCounts {
        self.gathered.as_ref().map(Gatherer::players).unwrap_or_default()
    }

    /// Hands on what was gathered: the bytes of a pack for each share, but those of its own share, which are held.
    ///
    /// # Errors
    /// Where there is no room.
    pub(super) fn share_out(&mut self, shares: &Shares, own: usize) -> Result<Vec<Vec<u8>>, Failure> {
        let packs = self.gathered().share_out(shares).map_err(|error| failure("the files", &error))?;
        let mut handed = Vec::new();
        for (share, pack) in packs.into_iter().enumerate() {
            handed.push(if share == own {
                self.own = Some(pack);
                Vec::new()
            } else {
                pack.into_bytes().map_err(|error| failure("the files", &error))?
            });
        }
        Ok(handed)
    }

    /// This worker's share of the players of all files, put in order when it is asked for the first time, of its own events and
    /// the packs of others.
    ///
    /// # Errors
    /// What the engine says of them.
    pub(super) fn share(&mut self, handed: &[Uint8Array]) -> Result<&SortedEvents, Failure> {
        let sorted = match self.share.take() {
            Some(sorted) => sorted,
            None => {
                let mut packs: Vec<Pack> = self.own.take().into_iter().collect();
                let others = handed.iter().filter(|bytes| bytes.length() > 0);
                let mut unpacked = others.map(|bytes| Pack::from_bytes(&bytes.to_vec()));
                let sorted = unpacked.try_for_each(|pack| pack.map(|pack| packs.push(pack)));
                let sorted = sorted.and_then(|()| SortedEvents::of(packs));
                sorted.map_err(|error| failure("the files", &error))?
            }
        };
        Ok(self.share.insert(sorted))
    }
}

impl Store {
    /// Begins to make rows of a model of this worker's share, or of what is read; rows that were made before end.
    pub(super) fn begin_rows(&mut self, job: JobId, rest: Option<Rest>, query: &Query, model: EventModel) {
        let of_share = || Some(Rest::Share(Box::new(self.share.as_ref()?.cursor(query.filter.clone()))));
        self.rows = rest.or_else(of_share).map(|rest| RowStream::new(job, rest, query, model));
        self.making = Some(job);
    }

    /// The rows of a job that are being made; they are to be given back while there are more.
    ///
    /// # Errors
    /// When the job's rows were ended.
    pub(super) fn take_rows(&mut self, job: JobId) -> Result<RowStream, Failure> {
        let ended = || Failure::Worker { detail: "these rows were given up".into() };
        self.rows.take_if(|rows| rows.job == job).ok_or_else(ended)
    }

    /// The next rows of those of which a job has read enough events.
    ///
    /// # Errors
    /// What the engine says of the events.
    pub(super) fn next_rows(
        &mut self,
        mut rows: RowStream,
        was_last: bool,
    ) -> Result<(MadeRows, Piece), Failure> {
        let made = rows.next(was_last, self.share.as_ref()).map_err(|error| failure("the data", &error))?;
        if !made.0.is_last && self.making == Some(rows.job) {
            self.rows = Some(rows);
        }
        Ok(made)
    }

    /// Ends the rows of a job.
    pub(super) fn end_rows(&mut self, job: JobId) {
        self.making.take_if(|making| *making == job);
        self.rows.take_if(|rows| rows.job == job);
    }
}

/// Passes on every so many rows of a scan that nobody stops.
fn every(rows_between: u64, tell: impl Fn(u64)) -> impl FnMut(u64) -> ControlFlow<()> {
    let mut tell = now_and_then(rows_between, tell);
    move |rows| {
        tell(rows);
        ControlFlow::Continue(())
    }
}

/// Passes on every so many rows.
pub(super) fn now_and_then(rows_between: u64, tell: impl Fn(u64)) -> impl FnMut(u64) {
    let mut told = 0;
    move |rows| {
        if rows - told >= rows_between {
            told = rows;
            tell(rows);
        }
    }
}

impl Part {
    /// Takes bytes for an event log.
    ///
    /// # Errors
    /// As [`Store::file`].
    pub(super) fn open(source: &PartSource, bytes: Bytes) -> Result<Self, Failure> {
        let events = EventFile::of_export(bytes);
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
        Rest::Part(Box::new(self.0.events(None).only(filter)))
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

pub(super) fn failure(name: &str, error: &Error) -> Failure {
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
