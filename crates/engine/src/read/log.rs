//! A file of events, in whatever format.

use std::ops::Range;

use bytes::Bytes;
use parquet::file::reader::ChunkReader;

use super::csv::{CsvDecoder, CsvFile};
use super::work::{Step, complete, fetch};
use super::{EventDecoder, EventFile, Opening};
use crate::Error;
use crate::contract::{Columns, Notice, Partition, Reading};
use crate::pipeline::Strings;
use crate::pipeline::events::{Events, Runs};
use crate::schema::NumberKind;

/// Is given a batch and may end the work.
pub type Visit<'a, T> = &'a mut dyn FnMut(&T) -> Result<(), Error>;

/// Is given rows with the texts of their codes, and may end the work.
pub type VisitRows<'a> = &'a mut dyn FnMut(Rows<'_>, &Strings) -> Result<(), Error>;

/// Rows as a file has them, also those that no model can use.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// The columns; players and times are anything where there is none.
    pub events: &'a Events,
    /// The players.
    pub player_id: &'a Runs<Option<i64>>,
    /// Whether a row has a time; all have one when it is empty.
    pub has_time: &'a [bool],
}

/// A file whose events may be in any order, and whose bytes are at hand.
pub trait Log {
    /// What its bytes are read from.
    type Source: ChunkReader;

    /// Its bytes.
    fn source(&self) -> &Self::Source;

    /// Decodes its events.
    fn log_decoder(&self) -> LogDecoder;

    /// How many rows it has, as far as that is known.
    fn rows(&self) -> u64;

    /// How its guild numbers are stored, known at the latest once it was read.
    fn guild_kind(&self) -> NumberKind;

    /// Gives `visit` all events, batch by batch, with text codes that refer to `strings`.
    ///
    /// # Errors
    /// What is wrong with the file, and what `visit` says.
    fn each_events(&self, strings: &mut Strings, visit: Visit<'_, Events>) -> Result<(), Error> {
        let mut decoder = self.log_decoder();
        while next(self.source(), &mut decoder, |decoder| decoder.step(strings))? {
            visit(decoder.rows().events)?;
        }
        Ok(())
    }

    /// Gives `visit` all rows, also those that no model can use; else as [`Self::each_events`].
    ///
    /// # Errors
    /// As [`Self::each_events`].
    fn each_rows(&self, strings: &mut Strings, visit: VisitRows<'_>) -> Result<(), Error> {
        let mut decoder = self.log_decoder();
        while next(self.source(), &mut decoder, |decoder| decoder.step_rows(strings))? {
            visit(decoder.rows(), strings)?;
        }
        Ok(())
    }
}

/// Whether a step was done, for which bytes are read where they are missing.
fn next(
    source: &impl ChunkReader,
    decoder: &mut LogDecoder,
    mut step: impl FnMut(&mut LogDecoder) -> Result<Step, Error>,
) -> Result<bool, Error> {
    loop {
        match step(decoder)? {
            Step::Waits => fetch(source, decoder.asks(), |start, bytes| decoder.give(start, bytes))?,
            Step::Rows(_) => return Ok(true),
            Step::End => return Ok(false),
        }
    }
}

/// Decodes the events of a file, as far as its bytes were given.
pub enum LogDecoder {
    /// Of Parquet.
    Parquet(Box<EventDecoder>),
    /// Of CSV.
    Csv(Box<CsvDecoder>),
}

impl LogDecoder {
    /// The ranges of the file to read next, as [`Work::asks`](super::Work::asks).
    pub fn asks(&mut self) -> Vec<Range<u64>> {
        match self {
            Self::Parquet(decoder) => decoder.asks(),
            Self::Csv(decoder) => decoder.asks(),
        }
    }

    /// Takes a range that was asked for, which begins at `start`.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        match self {
            Self::Parquet(decoder) => decoder.give(start, bytes),
            Self::Csv(decoder) => decoder.give(start, bytes),
        }
    }

    /// Decodes the next events, with text codes that refer to `strings`. Give the same `strings` on every call.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn step(&mut self, strings: &mut Strings) -> Result<Step, Error> {
        match self {
            Self::Parquet(decoder) => decoder.step(strings),
            Self::Csv(decoder) => decoder.step(strings),
        }
    }

    /// Decodes the next rows, also those that no model can use; else as [`Self::step`].
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn step_rows(&mut self, strings: &mut Strings) -> Result<Step, Error> {
        match self {
            Self::Parquet(decoder) => decoder.step_rows(strings),
            Self::Csv(decoder) => decoder.step_rows(strings),
        }
    }

    /// The rows that the last step decoded.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        match self {
            Self::Parquet(decoder) => decoder.rows(),
            Self::Csv(decoder) => decoder.rows(),
        }
    }

    /// How the guild numbers of the last rows are stored: of CSV as whole numbers up to the first with a fraction.
    #[must_use]
    pub const fn guild_kind(&self) -> NumberKind {
        match self {
            Self::Parquet(decoder) => decoder.guild_kind(),
            Self::Csv(decoder) => decoder.guild_kind(),
        }
    }
}

impl<R: ChunkReader> Log for EventFile<R> {
    type Source = R;

    fn source(&self) -> &R {
        &self.source
    }

    fn log_decoder(&self) -> LogDecoder {
        LogDecoder::Parquet(Box::new(self.decoder(None)))
    }

    fn rows(&self) -> u64 {
        Self::rows(self)
    }

    fn guild_kind(&self) -> NumberKind {
        Self::guild_kind(self)
    }
}

/// A file that was opened as what its first bytes say that it is.
#[derive(Debug)]
pub enum LogFile<R = Bytes> {
    /// Parquet, whose row groups can be read one by one.
    Parquet(EventFile<R>),
    /// CSV, perhaps in gzip, which can only be read from its beginning.
    Csv(CsvFile<R>),
}

impl<R: ChunkReader> LogFile<R> {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Error::Refused`] for what is no event log, [`Error::Damaged`].
    pub fn open(source: R) -> Result<Self, Error> {
        Self::open_in(source, &Partition::default())
    }

    /// Opens a file in such folders, whose names give some of its columns.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_in(source: R, partition: &Partition) -> Result<Self, Error> {
        let opening = Opening::new(source.len(), partition);
        Self::opened(source, opening)
    }

    pub(super) fn opened(source: R, mut opening: Opening) -> Result<Self, Error> {
        complete(&source, &mut opening, &mut |_| std::ops::ControlFlow::Continue(()))?;
        Ok(match opening.finish()? {
            LogFile::Parquet(file) => Self::Parquet(file.with_source(source)),
            LogFile::Csv(file) => Self::Csv(file.with_source(source)),
        })
    }
}

impl<R> LogFile<R> {
    /// Which columns are read.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        match self {
            Self::Parquet(file) => file.columns(),
            Self::Csv(file) => file.columns(),
        }
    }

    /// What is to be said of the file, as far as it is read.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        match self {
            Self::Parquet(file) => file.notices(),
            Self::Csv(file) => file.notices(),
        }
    }

    /// How the file is read, as far as it is.
    #[must_use]
    pub fn reading(&self) -> Reading {
        match self {
            Self::Parquet(file) => file.reading(),
            Self::Csv(file) => file.reading(),
        }
    }

    /// Decodes its events.
    #[must_use]
    pub fn decoder(&self) -> LogDecoder {
        match self {
            Self::Parquet(file) => LogDecoder::Parquet(Box::new(file.decoder(None))),
            Self::Csv(file) => LogDecoder::Csv(Box::new(file.decoder())),
        }
    }
}

impl<R: ChunkReader> Log for LogFile<R> {
    type Source = R;

    fn source(&self) -> &R {
        match self {
            Self::Parquet(file) => Log::source(file),
            Self::Csv(file) => Log::source(file),
        }
    }

    fn log_decoder(&self) -> LogDecoder {
        self.decoder()
    }

    fn rows(&self) -> u64 {
        match self {
            Self::Parquet(file) => Log::rows(file),
            Self::Csv(file) => Log::rows(file),
        }
    }

    fn guild_kind(&self) -> NumberKind {
        match self {
            Self::Parquet(file) => Log::guild_kind(file),
            Self::Csv(file) => Log::guild_kind(file),
        }
    }
}
