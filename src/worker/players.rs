//! What a worker keeps of the players that it scanned, to answer other parameters. Where that is much, most of it lies outside the
//! worker's memory: stretches, which every other gap goes through, in buffers, for blobs come by way of another process; and shares, of
//! which few are asked for at a time, as blobs, which the browser may put on disk.

use std::ops::Range;

use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;
use web_sys::js_sys::Uint8Array;
use wow_engine::pipeline::{Digest, Kept, Recount};
use wow_engine::time::Minutes;
use wow_engine::{Error, Query};

use super::blob::{ask, bytes_of};
use super::bytes::{append, blob_of};
use crate::protocol::{JobId, KeepPlayers};

/// The players of the units that a job scanned.
#[derive(Default)]
pub(super) struct Players {
    pub(super) job: JobId,
    digest: Digest,
    stored: Vec<(usize, Stored)>,
}

/// What is stored of a unit's players.
struct Stored {
    stretches: Uint8Array,
    shares: Blob,
}

/// Pieces of a unit's bytes, each with its place.
type Pieces = Vec<(usize, Vec<u8>)>;

impl Players {
    /// Those of a job, of which none are known yet.
    pub(super) fn of(job: JobId) -> Self {
        Self { job, ..Self::default() }
    }

    /// Keeps the players of a unit.
    pub(super) fn keep(&mut self, unit: usize, kept: Kept, keep: KeepPlayers) {
        match keep {
            KeepPlayers::Nothing => {}
            KeepPlayers::Here => self.digest.insert(unit, kept),
            KeepPlayers::Stored => {
                let [stretches, shares] = self.digest.insert_index(unit, kept);
                let stretches = Uint8Array::from(stretches.as_slice());
                // Without the bytes a recount fails, and all units are scanned instead.
                if let Some(shares) = blob_of(&shares) {
                    self.stored.push((unit, Stored { stretches, shares }));
                }
            }
        }
    }

    /// Whether they can answer a query about a job.
    pub(super) fn answers(&self, job: JobId, query: &Query) -> bool {
        self.job == job && self.digest.answers(query)
    }

    /// What a query comes to, and for which units.
    ///
    /// # Errors
    /// What the engine says, and where the browser has lost something. Then they are of no more use.
    pub(super) async fn recount(
        &mut self,
        query: &Query,
        known_gap: Minutes,
    ) -> Result<(Vec<usize>, Recount), Error> {
        let mut recounting = self.digest.begin_recount(query, known_gap)?;
        let units = recounting.places();
        // Who move wait for their shares while the next unit is counted.
        let mut moving = None;
        for &unit in &units {
            let stored = self.stored.iter().rfind(|(place, _)| *place == unit).map(|(_, stored)| stored);
            let moves = recounting.count(unit, &stretches(stored, recounting.asks(unit))?)?;
            let shares = asked(stored, recounting.asks_of(&moves))?;
            if let Some((moves, shares)) = moving.replace((moves, shares)) {
                recounting.go_along(&moves, &arrived(shares).await?)?;
            }
        }
        if let Some((moves, shares)) = moving {
            recounting.go_along(&moves, &arrived(shares).await?)?;
        }
        Ok((units, recounting.finish()))
    }
}

fn lost() -> Error {
    Error::Damaged("the browser has not stored it".into())
}

/// Copies ranges of a unit's stretches.
fn stretches(stored: Option<&Stored>, ranges: Vec<Range<usize>>) -> Result<Pieces, Error> {
    let copy = |range: Range<usize>| {
        let all = &stored.ok_or_else(lost)?.stretches;
        let mut bytes = Vec::new();
        append(&mut bytes, &all.subarray(range.start as u32, range.end as u32)).map_err(|_| lost())?;
        Ok((range.start, bytes))
    };
    ranges.into_iter().map(copy).collect()
}

/// Asks the browser for ranges of a unit's shares, which lie behind all its stretches.
fn asked(stored: Option<&Stored>, ranges: Vec<Range<usize>>) -> Result<Vec<(usize, JsFuture)>, Error> {
    let ask = |range: Range<usize>| {
        let Stored { stretches, shares } = stored.ok_or_else(lost)?;
        let place = |place: usize| (place as u64).saturating_sub(stretches.length().into());
        Ok((range.start, ask(shares, place(range.start)..place(range.end))?))
    };
    ranges.into_iter().map(ask).collect()
}

/// What was asked for, once it is there.
async fn arrived(asked: Vec<(usize, JsFuture)>) -> Result<Pieces, Error> {
    let mut pieces = Vec::new();
    for (place, piece) in asked {
        pieces.push((place, bytes_of(piece).await?));
    }
    Ok(pieces)
}
