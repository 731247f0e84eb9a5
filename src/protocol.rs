//! Messages between the page and its workers.
//!
//! A message is bytes in postcard's format, with attachments beside it where it has some: files, or transferred
//! buffers with the bytes of a [`wow_engine::pipeline::Partial`], of a [`wow_engine::pipeline::Report`] or of a file.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wow_engine::Query;
use wow_engine::contract::Reading;
use wow_engine::facts::PlayerFacts;
use wow_engine::pipeline::{History, Walk};
use wow_engine::read::{RowGroup, Shares};
use wow_engine::schema::NumberKind;
use wow_engine::time::Minutes;
use wow_engine::write::Note;
pub use wow_loading::Failure;
use wow_view::marks::Marks;
pub use wow_view::part_facts::PartFacts;
pub use wow_view::sheet::Sheet;

/// The build that page and worker must share, as `build.rs` tells it of the sources: what they send each other is decoded by
/// the place of things, so that another build might be understood wrongly.
pub const BUILD: &str = env!("WOW_BUILD");

/// A worker of another build might misunderstand what it is asked.
///
/// # Errors
/// [`Failure::Worker`] when it is of one.
pub fn check_build(build: &str) -> Result<(), Failure> {
    let detail =
        || format!("it is of build {build}, the page of {BUILD}, and they may misunderstand each other");
    if build == BUILD { Ok(()) } else { Err(Failure::Worker { detail: detail() }) }
}

/// Names a piece of work, so that replies to an abandoned one can be told apart.
pub type JobId = u32;

/// A message as bytes; nothing where it has no such form, which plain data always have.
pub fn to_bytes(message: &impl Serialize) -> Option<Vec<u8>> {
    postcard::to_allocvec(message).ok()
}

/// A message from its bytes, if they are one.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// What the page asks of a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Find out what the attached file is.
    Open {
        /// The job.
        job: JobId,
        /// The file's place among all files.
        file: usize,
        /// The name shown to the user, with the folders on its way where it came with them.
        name: String,
    },
    /// Scan a unit, and read first what the worker does not hold of it.
    Scan {
        /// The job.
        job: JobId,
        /// The unit's place among all units.
        unit: usize,
        /// Where its events are.
        source: UnitSource,
        /// What is asked of it.
        query: Query,
        /// What of a part is to be held for the next scan.
        keep: Keep,
        /// What is to be kept of its players for [`Self::Recount`].
        players: KeepPlayers,
    },
    /// Gather the events of a unit, to sort them.
    Gather {
        /// The job.
        job: JobId,
        /// The unit's place among all units.
        unit: usize,
        /// Where its events are.
        source: UnitSource,
    },
    /// Say how many events of each player were gathered here.
    Players {
        /// The job.
        job: JobId,
    },
    /// Hand on what was gathered here, a pack for each share.
    ShareOut {
        /// The job.
        job: JobId,
        /// Who takes which players.
        shares: Shares,
        /// The share of this worker, whose events stay here.
        own: usize,
    },
    /// Say what other parameters come to for all units whose players were kept in a scan. No event is read.
    Recount {
        /// The job.
        job: JobId,
        /// The scan, by its job.
        of: JobId,
        /// What is asked, with the same filter.
        query: Query,
        /// The gap with which the page knows what sessions are like.
        known_gap: Minutes,
    },
    /// Find what one player did in a unit, by the events that match.
    History {
        /// The job.
        job: JobId,
        /// The unit's place among all units.
        unit: usize,
        /// Where its events are.
        source: UnitSource,
        /// The player.
        player_id: i64,
        /// The gap between sessions, and which events count.
        query: Query,
    },
    /// Find what snapshots saw of a player in the file that the export has of it.
    Facts {
        /// The job.
        job: JobId,
        /// Where the file is.
        source: PartSource,
        /// The player.
        player_id: i64,
    },
    /// Make rows of a model of the events of a unit that match: the first of them now, the next at each [`Self::MoreRows`].
    /// A worker makes rows of one unit at a time.
    Rows {
        /// The job, of this unit alone.
        job: JobId,
        /// The unit's place among all units.
        unit: usize,
        /// Where its events are.
        source: UnitSource,
        /// The gap between sessions, and which events count.
        query: Query,
        /// What the rows are.
        model: EventModel,
    },
    /// Make the next rows.
    MoreRows {
        /// The job.
        job: JobId,
    },
    /// No more rows are wanted.
    EndRows {
        /// The job.
        job: JobId,
    },
    /// Make a whole file, or the end of one, of what is attached.
    Write {
        /// The job.
        job: JobId,
        /// What it is.
        file: WholeFile,
    },
}

/// What the rows of a model with a row per event are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventModel {
    /// How the guild numbers of the whole log are stored.
    pub guild_kind: NumberKind,
    /// The players whose rows are left out, in order; all rows count where there is no such list.
    pub flagged: Option<Vec<i64>>,
    /// How far the first player has got in the units before, if it began there.
    pub walk: Option<Walk>,
}

/// What a worker makes in one go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum WholeFile {
    /// A table, from the attached reports, as the query string of an address has it.
    Sheet {
        /// The table.
        sheet: Sheet,
        /// What was chosen.
        query: String,
        /// Where it comes from, for a format that can tell it.
        notes: Vec<Note>,
        /// What the reader marked players as.
        marks: Marks,
    },
    /// The footer of a file whose row groups were made piece by piece; the footers of the pieces are attached.
    Footer {
        /// How the guild numbers are stored.
        guild_kind: NumberKind,
        /// Where it comes from.
        notes: Vec<Note>,
    },
}

/// What a worker holds of a part for the next scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keep {
    /// No more than before.
    Nothing,
    /// Its bytes, which the browser stores: outside the worker's memory, on disk where they are many.
    Stored,
    /// Its bytes.
    Bytes,
    /// Its bytes, and its times decoded.
    Decoded,
}

/// What a worker keeps of the players that it scans, to answer other parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeepPlayers {
    /// Nothing.
    Nothing,
    /// A small index; the rest, nine tenths of it, the browser stores, outside the worker's memory.
    Stored,
    /// All that it takes.
    Here,
}

/// Where the events of a unit are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitSource {
    /// In a part of an export, which is read whole and checked.
    Part(PartSource),
    /// In some row groups of the attached file, which are read by ranges.
    RowGroups {
        /// The file's place among all files.
        file: usize,
        /// The name shown to the user.
        name: String,
        /// Which row groups.
        row_groups: Range<usize>,
    },
    /// Anywhere in the attached file, which is read from its beginning to its end.
    File {
        /// The file's place among all files.
        file: usize,
        /// The name shown to the user.
        name: String,
    },
    /// With the worker whose share of the players it is, and for the first time in the attached packs, which others handed on.
    Share,
}

/// A part of an export: where its bytes are, and what they must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartSource {
    /// The name shown to the user.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Its size as announced; not to be trusted.
    pub bytes: u64,
    /// Its rows as announced; not to be trusted.
    pub rows: u64,
    /// The SHA-256 that its bytes must have, in hex.
    pub sha256: String,
    /// Whether the browser may keep it for offline use.
    pub may_be_kept: bool,
}

/// What a worker tells the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The worker listens; sent first.
    Ready {
        /// Its [`BUILD`].
        build: String,
    },
    /// It is known what a file is.
    Opened {
        /// The job.
        job: JobId,
        /// The file.
        file: usize,
        /// Its row groups, in order; `None` where it can only be read from its beginning to its end, as CSV.
        row_groups: Option<Vec<RowGroup>>,
        /// How it is read.
        reading: Reading,
    },
    /// How far a unit is.
    Progress {
        /// The job.
        job: JobId,
        /// The unit.
        unit: usize,
        /// Bytes read.
        bytes: u64,
        /// Events scanned; each pass over them counts where a unit takes several.
        rows: u64,
    },
    /// A unit is scanned; its partial is attached.
    Scanned {
        /// The job.
        job: JobId,
        /// The unit.
        unit: usize,
        /// What the reader found out about the part; of a file, about these row groups.
        facts: PartFacts,
        /// How files were read whose rows were looked at, by their places.
        readings: Vec<(usize, Reading)>,
    },
    /// The events of a unit were gathered.
    Gathered {
        /// The job.
        job: JobId,
        /// The unit.
        unit: usize,
        /// The file's place, and how it was read.
        reading: (usize, Reading),
    },
    /// The bytes of [`wow_engine::read::PlayerCounts`] are attached.
    Players {
        /// The job.
        job: JobId,
    },
    /// The bytes of a [`wow_engine::read::Pack`] are attached for each share, none for the worker's own.
    SharedOut {
        /// The job.
        job: JobId,
    },
    /// What other parameters come to for these units; the bytes of a [`wow_engine::pipeline::Recount`] are attached.
    Recounted {
        /// The job.
        job: JobId,
        /// The units.
        units: Vec<usize>,
    },
    /// The answer to a search.
    History {
        /// The job.
        job: JobId,
        /// What the unit tells of the player, or why it could not be found.
        found: Result<History, Failure>,
    },
    /// What snapshots saw of a player.
    Facts {
        /// The job.
        job: JobId,
        /// What they saw, in order of time, or why it could not be found.
        found: Result<Vec<PlayerFacts>, Failure>,
    },
    /// Rows of a model: the bytes of some row groups and what says of them are attached.
    Rows {
        /// The job.
        job: JobId,
        /// What they are, or why there are none.
        made: Result<MadeRows, Failure>,
    },
    /// A file was made, and is attached.
    Written {
        /// The job.
        job: JobId,
        /// Whether it could be made.
        written: Result<(), Failure>,
    },
    /// A file could not be opened, or a unit not be scanned.
    Failed {
        /// The job; `None` when the worker itself broke down.
        job: Option<JobId>,
        /// What went wrong.
        failure: Failure,
    },
}

/// Rows of a model that were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeRows {
    /// How many.
    pub rows: u64,
    /// Whether the unit has no more.
    pub is_last: bool,
    /// How far the last player has got.
    pub walk: Option<Walk>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_player_ids_cross_unchanged() {
        let source = UnitSource::RowGroups { file: 0, name: "a.parquet".into(), row_groups: 3..4 };
        let query = Query::default();
        let request = Request::History { job: 1, unit: 2, source, player_id: i64::MIN, query };
        let bytes = to_bytes(&request).unwrap();
        assert_eq!(from_bytes::<Request>(&bytes), Some(request));
    }
}
