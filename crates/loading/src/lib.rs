//! What becomes of data that are read: how far it is, and what can go wrong. The page's code decides by it, workers send it,
//! and `crates/view` has the words for it.

use serde::{Deserialize, Serialize};

/// What is being done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// It is found out what there is to read.
    #[default]
    Looking,
    /// A file without a manifest is being fetched.
    Fetching,
    /// The events are being read and scanned.
    Scanning,
    /// The rows are being sorted: they were not in order, or it cannot be known whether they are.
    Sorting,
}

/// What was read and scanned so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Parts whose statistics are in.
    pub parts_done: usize,
    /// All parts.
    pub parts: usize,
    /// Bytes read; while sorting, in all passes.
    pub bytes_done: u64,
    /// All bytes, where they are known.
    pub bytes: Option<u64>,
    /// Events scanned.
    pub rows_done: u64,
    /// All events, where they are known.
    pub rows: Option<u64>,
    /// Seconds since the start.
    pub seconds: f64,
}

impl Progress {
    /// The share that is done, between 0 and 1: bytes and events count half each, for both take time. Sorting
    /// starts anew and counts bytes alone, for how many events there are may only turn out then.
    #[must_use]
    pub fn share(&self) -> f64 {
        let part = |done: u64, all: Option<u64>| {
            all.filter(|all| *all > 0).map(|all| (done as f64 / all as f64).min(1.0))
        };
        let parts = part(self.parts_done as u64, Some(self.parts as u64)).unwrap_or(0.0);
        let bytes = part(self.bytes_done, self.bytes).unwrap_or(parts);
        let rows = part(self.rows_done, self.rows).unwrap_or(parts);
        if self.stage == Stage::Sorting { bytes } else { f64::midpoint(bytes, rows) }
    }
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
    /// A transfer ended before all bytes were there.
    BrokenOff {
        /// The part or the file.
        name: String,
    },
    /// A file lacks columns or has them in other types.
    Schema {
        /// The file.
        name: String,
        /// Which, and the columns found.
        detail: String,
    },
    /// A part's rows are not ordered by player and time, as an export's are.
    OutOfOrder {
        /// The part.
        name: String,
        /// What is wrong.
        detail: String,
    },
    /// Files in no order that hold more rows than can be sorted here.
    TooManyToSort {
        /// Rows of all files.
        rows: u64,
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
    fn lying_sizes_never_exceed_the_whole() {
        for stage in [Stage::Fetching, Stage::Scanning, Stage::Sorting] {
            let progress = Progress {
                stage,
                parts_done: 1,
                parts: 4,
                bytes_done: 50,
                bytes: Some(1),
                rows_done: 1_000,
                rows: Some(0),
                seconds: 0.0,
            };
            assert!((0.0..=1.0).contains(&progress.share()));
        }
    }
}
