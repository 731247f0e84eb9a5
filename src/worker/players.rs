//! What a worker keeps of the players that it scanned, to answer other parameters. Where that is much, most of it lies in the browser's
//! store, and a recount reads it unit by unit: the next one while one is counted.

use std::collections::HashMap;
use std::ops::Range;

use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;
use wow_engine::pipeline::{Digest, Kept, Recount};
use wow_engine::time::Minutes;
use wow_engine::{Error, Query};

use super::blob::{ask, bytes_of};
use super::bytes::blob_of;
use crate::protocol::{JobId, KeepPlayers};

/// The players of the units that a job scanned.
#[derive(Default)]
pub(super) struct Players {
    pub(super) job: JobId,
    digest: Digest,
    /// What the browser stores of units.
    stored: HashMap<usize, Blob>,
}

/// Pieces of a unit's bytes that are on their way, each with its place.
type Asked = Vec<(usize, JsFuture)>;

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
                // Without the bytes a recount fails, and all units are scanned instead.
                let stored = blob_of(&self.digest.insert_index(unit, kept));
                self.stored.extend(stored.map(|blob| (unit, blob)));
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
        let stored = &self.stored;
        let mut recounting = self.digest.begin_recount(query, known_gap)?;
        let units = recounting.places();
        let mut next = units.first().map(|&unit| asked(stored, unit, recounting.asks(unit)));
        // Those who move wait for their shares while the next unit is counted.
        let mut moving = None;
        for (&unit, after) in units.iter().zip(units.iter().skip(1).map(Some).chain([None])) {
            let given = arrived(next.take()).await?;
            next = after.map(|&unit| asked(stored, unit, recounting.asks(unit)));
            let moves = recounting.count(unit, &given)?;
            let shares = asked(stored, unit, recounting.asks_of(&moves));
            if let Some((moves, shares)) = moving.replace((moves, shares)) {
                recounting.go_along(&moves, &arrived(Some(shares)).await?)?;
            }
        }
        if let Some((moves, shares)) = moving {
            recounting.go_along(&moves, &arrived(Some(shares)).await?)?;
        }
        Ok((units, recounting.finish()))
    }
}

/// Asks the browser for ranges of what it stores of a unit.
fn asked(stored: &HashMap<usize, Blob>, unit: usize, ranges: Vec<Range<usize>>) -> Result<Asked, Error> {
    let lost = || Error::Damaged("the browser has not stored it".into());
    let ask = |range: Range<usize>| {
        let blob = stored.get(&unit).ok_or_else(lost)?;
        Ok((range.start, ask(blob, range.start as u64..range.end as u64)?))
    };
    ranges.into_iter().map(ask).collect()
}

/// What was asked for, once it is there.
async fn arrived(asked: Option<Result<Asked, Error>>) -> Result<Vec<(usize, Vec<u8>)>, Error> {
    let mut pieces = Vec::new();
    for (place, piece) in asked.transpose()?.unwrap_or_default() {
        pieces.push((place, bytes_of(piece).await?));
    }
    Ok(pieces)
}
