//! What workers can say of events that they scanned, without reading them again.

use std::fmt::Debug;

use wow_engine::pipeline::{Digest, Recount, Report};
use wow_engine::{Error, Query};

/// What a worker says of all units that it scanned under one filter.
pub trait Recounts: Debug + Sized {
    /// Whether what workers keep of a scan for one query can answer another.
    fn answers_live(kept: &Query, wanted: &Query) -> bool;

    /// Takes a worker's bytes for what it says.
    ///
    /// # Errors
    /// When they are none.
    fn from_bytes(bytes: &[u8]) -> Result<Self, Error>;

    /// The statistics that follow, for a query that has the filter of these.
    ///
    /// # Errors
    /// When what the workers say is not of all that these statistics are of.
    fn recounted(report: &Report, query: &Query, recounts: Vec<Self>) -> Result<Report, Error>;
}

impl Recounts for Recount {
    fn answers_live(kept: &Query, wanted: &Query) -> bool {
        Digest::recounts(kept, wanted)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_bytes(bytes)
    }

    fn recounted(report: &Report, query: &Query, recounts: Vec<Self>) -> Result<Report, Error> {
        report.recounted(query, recounts)
    }
}
