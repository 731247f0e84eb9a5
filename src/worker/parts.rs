//! The parts that a worker holds.

use std::collections::HashMap;
use std::ops::ControlFlow;

use wow_engine::manifest::Rejected;
use wow_engine::pipeline::Session;
use wow_engine::read::{self, EventFile};
use wow_engine::{Error, Params};

use super::bytes_of::Read;
use crate::protocol::{Failure, PartFacts, PartSource};

/// Events between two reports of progress.
const PROGRESS_ROWS: u64 = 500_000;

/// Parts by their place among all parts.
#[derive(Default)]
pub(super) struct Parts(HashMap<usize, Part>);

struct Part {
    file: EventFile,
    facts: PartFacts,
}

impl Parts {
    /// Checks a part's bytes and keeps them.
    ///
    /// # Errors
    /// [`Failure::Damaged`] when they are not the announced ones, [`Failure::Schema`] when they are no event log.
    pub(super) fn open(&mut self, part: usize, source: &PartSource, read: Read) -> Result<(), Failure> {
        let bytes = read.bytes.len() as u64;
        if let Some(announced) = source.sha256.as_ref().filter(|announced| **announced != read.sha256) {
            let detail = if source.bytes.is_some_and(|size| size != bytes) {
                format!("it has {bytes} bytes where the manifest says {}", source.bytes.unwrap_or_default())
            } else {
                format!("its SHA-256 is {}, where the manifest says {announced}", read.sha256)
            };
            return Err(Failure::Damaged { name: source.name.clone(), detail });
        }
        let file = EventFile::open(bytes::Bytes::from(read.bytes))
            .map_err(|error| failure(&source.name, bytes, &error))?;
        let facts = PartFacts {
            name: source.name.clone(),
            bytes,
            rows: file.rows(),
            rejected: Rejected::default(),
            row_groups: file.row_groups() as u64,
            sha256: read.sha256,
            was_announced: source.sha256.is_some(),
        };
        self.0.insert(part, Part { file, facts });
        Ok(())
    }

    /// The statistics of a part, as bytes, and what is known of it.
    ///
    /// # Errors
    /// What the engine says of its bytes.
    pub(super) fn scan(
        &self,
        part: usize,
        params: Params,
        on_progress: &dyn Fn(u64, u64),
    ) -> Result<(PartFacts, Vec<u8>), Failure> {
        let Part { file, facts } = self.get(part)?;
        let mut told = 0;
        let partial = read::scan(file, None, params, &mut |rows| {
            if rows - told >= PROGRESS_ROWS {
                told = rows;
                on_progress(facts.bytes, rows);
            }
            ControlFlow::Continue(())
        })
        .and_then(|partial| {
            let facts = PartFacts { rows: partial.rows(), rejected: partial.rejected(), ..facts.clone() };
            Ok((facts, partial.into_bytes()?))
        });
        partial.map_err(|error| failure(&facts.name, facts.bytes, &error))
    }

    /// The sessions of a player in a part.
    ///
    /// # Errors
    /// What the engine says of its bytes.
    pub(super) fn sessions(
        &self,
        part: usize,
        player_id: i64,
        session_gap_minutes: i64,
    ) -> Result<Vec<Session>, Failure> {
        let Part { file, facts } = self.get(part)?;
        read::player_sessions(file, None, session_gap_minutes, player_id)
            .map_err(|error| failure(&facts.name, facts.bytes, &error))
    }

    fn get(&self, part: usize) -> Result<&Part, Failure> {
        let absent = || Failure::Worker { detail: format!("part {part} is not loaded in it") };
        self.0.get(&part).ok_or_else(absent)
    }
}

fn failure(name: &str, bytes: u64, error: &Error) -> Failure {
    let (name, detail) = (name.to_owned(), error.to_string());
    match error {
        Error::MissingColumn { .. } | Error::ColumnType { .. } | Error::Uncastable { .. } => {
            Failure::Schema { name, detail }
        }
        Error::OutOfOrder { .. } => Failure::OutOfOrder { name, detail },
        Error::Mismatch(_) => Failure::Mismatch { detail },
        Error::Parquet(_) if bytes == 0 => Failure::Damaged { name, detail: "it is empty".into() },
        Error::Parquet(_) => Failure::Damaged { name, detail },
        Error::TooManyToSort { .. } => Failure::TooLarge { name, bytes },
        Error::Decode(_) | Error::Cancelled => Failure::Worker { detail },
    }
}
