//! What was found out about a part or a file while it was read.

use serde::{Deserialize, Serialize};
use wow_engine::contract::Reading;

/// What the reader found out about a part or a file, for the page on quality.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartFacts {
    /// Its name.
    pub name: String,
    /// Bytes read.
    pub bytes: u64,
    /// Events in it, whatever the filter.
    pub rows: u64,
    /// The SHA-256 of its bytes, in hex; none for a file that is read by ranges.
    pub sha256: Option<String>,
    /// Whether a hash was announced; the bytes then match it, or the part would have failed.
    pub was_announced: bool,
    /// How a file is read; none of a part, which is as an export writes it.
    pub reading: Option<Reading>,
}
