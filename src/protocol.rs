//! Messages between the page and its workers.
//!
//! A message is JSON, which keeps 64-bit numbers exact, with at most one attachment beside it: a file on the way
//! to a worker, or a transferred buffer with a [`wow_engine::pipeline::Partial`] on the way back.

use serde::{Deserialize, Serialize};
use wow_engine::Params;
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::Session;

/// The build that page and worker must share.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Names a piece of work, so that replies to an abandoned one can be told apart.
pub type JobId = u32;

/// What the page asks of a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Read a part, keep its bytes, and scan it. The file is attached unless there is an address.
    Load {
        /// The job.
        job: JobId,
        /// The part's place among all parts.
        part: usize,
        /// Where its bytes are.
        source: PartSource,
        /// The models' parameters.
        params: Params,
    },
    /// Scan a part that is loaded again.
    Scan {
        /// The job.
        job: JobId,
        /// The part's place among all parts.
        part: usize,
        /// The models' parameters.
        params: Params,
    },
    /// Find the sessions of one player in a part that is loaded.
    Sessions {
        /// The job.
        job: JobId,
        /// The part's place among all parts.
        part: usize,
        /// The player.
        player_id: i64,
        /// The longest pause within a session, minutes.
        session_gap_minutes: i64,
    },
}

/// Where a part's bytes are, and what they must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartSource {
    /// The name shown to the user.
    pub name: String,
    /// Its address; `None` for an attached file.
    pub url: Option<String>,
    /// Its size as announced; not to be trusted.
    pub bytes: Option<u64>,
    /// The SHA-256 that its bytes must have, in hex.
    pub sha256: Option<String>,
}

/// What a worker tells the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The worker listens; sent first.
    Ready {
        /// Its [`VERSION`].
        version: String,
    },
    /// How far a part is.
    Progress {
        /// The job.
        job: JobId,
        /// The part.
        part: usize,
        /// Bytes read.
        bytes: u64,
        /// Events scanned.
        rows: u64,
    },
    /// A part is scanned; its partial is attached.
    Scanned {
        /// The job.
        job: JobId,
        /// The part.
        part: usize,
        /// What the reader found out about the part.
        facts: PartFacts,
    },
    /// The sessions that were asked for, in time order.
    Sessions {
        /// The job.
        job: JobId,
        /// The sessions.
        sessions: Vec<Session>,
    },
    /// A request could not be answered.
    Failed {
        /// The job; `None` when the worker itself broke down.
        job: Option<JobId>,
        /// What went wrong.
        failure: Failure,
    },
}

/// What the reader found out about a part, for the page on quality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartFacts {
    /// The part's name.
    pub name: String,
    /// Bytes read.
    pub bytes: u64,
    /// Events in it.
    pub rows: u64,
    /// Rows left out.
    pub rejected: Rejected,
    /// Row groups in it.
    pub row_groups: u64,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Whether a hash was announced; the bytes then match it, or the part would have failed.
    pub was_announced: bool,
}

/// What can go wrong on the way to the statistics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// There is nothing at the address.
    NotFound {
        /// What was looked for.
        url: String,
    },
    /// The browser got no answer it may read: offline, refused, or another site without CORS headers.
    Unreachable {
        /// What was looked for.
        url: String,
        /// Whether it lies on another site.
        is_elsewhere: bool,
    },
    /// The server answered with an error.
    Status {
        /// What was looked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The manifest is there but is not one that this build reads.
    Manifest {
        /// Its address.
        url: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The bytes of a part are not the exported ones.
    Damaged {
        /// The part.
        name: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A file lacks columns or has them in other types.
    Schema {
        /// The file.
        name: String,
        /// Which, and the columns found.
        detail: String,
    },
    /// A file's rows are not ordered by player and time.
    OutOfOrder {
        /// The file.
        name: String,
        /// What is wrong.
        detail: String,
    },
    /// A file does not fit in the browser's memory.
    TooLarge {
        /// The file.
        name: String,
        /// Its size in bytes, as far as known.
        bytes: u64,
    },
    /// Files that do not belong together.
    Mismatch {
        /// Why.
        detail: String,
    },
    /// A worker broke down or could not be started.
    Worker {
        /// What the browser says.
        detail: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_player_ids_cross_unchanged() {
        let request = Request::Sessions { job: 1, part: 2, player_id: i64::MIN, session_gap_minutes: 30 };
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
    }
}
