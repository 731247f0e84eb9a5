//! What an analysis is told, and what it asks for.

use std::sync::Arc;

use wow_engine::Query;
use wow_engine::pipeline::Report;

use super::sources::Data;
use super::status::{Pending, Status};
use crate::protocol::{Failure, JobId, PartFacts, Reply, Request};

/// Names an attempt to read data, so that what is heard of an earlier one can be told apart.
pub type Attempt = u32;

/// What happens.
#[derive(Debug)]
pub enum Event {
    /// Data are opened, other than those in sight.
    Open,
    /// The data are read again, after that was cancelled or failed.
    Retry,
    /// There is nothing to open.
    Refuse(Failure),
    /// Something is wanted of the data.
    Choose(Query),
    /// What is under way is to end.
    Cancel,
    /// Time has passed: see [`deadline_ms`](super::Analysis::deadline_ms).
    Tick,
    /// Something is heard of an attempt.
    Heard(Attempt, Heard),
}

/// What is heard.
#[derive(Debug)]
pub enum Heard {
    /// It is known what there is to read.
    Found {
        /// What.
        data: Data,
        /// Whether what is in sight is of the very same data.
        is_same: bool,
        /// What is wanted of it.
        query: Query,
        /// The statistics, where they are known from an earlier visit; in sight while the data are read if they are what is wanted.
        known: Option<Arc<Report>>,
    },
    /// Of a file elsewhere so many bytes have come, and of how many.
    Fetching {
        /// So many are there.
        bytes: u64,
        /// So many there will be, where that is known.
        of: Option<u64>,
    },
    /// A file elsewhere is there.
    Fetched {
        /// Its name.
        name: String,
        /// Its size.
        bytes: u64,
    },
    /// A worker answers.
    Reply {
        /// Which one.
        worker: usize,
        /// What it says.
        reply: Reply,
        /// The bytes that came with statistics.
        bytes: Vec<u8>,
    },
    /// The attempt has failed: there are no data, or a worker will answer no more.
    Failed(Failure),
}

/// What is to be done.
#[derive(Debug)]
pub enum Effect {
    /// Find out what there is to read.
    Look {
        /// For this attempt.
        attempt: Attempt,
        /// Whether what is kept of it is not to serve, since it failed before.
        is_fetched_anew: bool,
    },
    /// Start workers.
    StartWorkers {
        /// For this attempt.
        attempt: Attempt,
        /// So many.
        count: usize,
    },
    /// Let go of the workers, which may finish what others asked of them.
    LeaveWorkers,
    /// End all workers, whatever they were asked.
    EndWorkers,
    /// Send a request.
    Post(Box<Post>),
    /// A pass over all units begins.
    Begun(Pass),
    /// A pass over all units has ended.
    Ended(Pass),
    /// Show something.
    Publish(Change),
}

/// A request to a worker.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Which worker.
    pub worker: usize,
    /// What is asked of it.
    pub request: Request,
    /// The places of the files that go with it.
    pub files: Vec<usize>,
    /// What was shared out and goes with it.
    pub packs: Option<Packs>,
}

/// What workers have shared out in a job to a share of the players: it is held where it was heard, for it is much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packs {
    /// The job.
    pub job: JobId,
    /// The share.
    pub share: usize,
}

/// What is done to all units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Their events are read.
    Scan,
    /// They are counted anew by what is held of their events.
    Recount,
}

/// What is to be shown.
#[derive(Debug, Clone)]
pub enum Change {
    /// Where the reading stands.
    Status(Status),
    /// What the statistics in sight lack.
    Pending(Pending),
    /// The statistics; of all units when `is_complete`.
    Report {
        /// What they are.
        report: Arc<Report>,
        /// Whether they are of all units.
        is_complete: bool,
    },
    /// What is known of a part or a file.
    Facts {
        /// Its place.
        place: usize,
        /// What is known.
        facts: PartFacts,
    },
    /// What was found so far counts no more.
    Forgotten,
    /// The rows are not in order and are being sorted.
    Sorting,
    /// The choice is to be this one again.
    GoBack(Query),
}
