//! CSV: from the bytes of a file, perhaps in gzip, to events in the order of its lines.

mod decoder;
mod head;
mod records;
mod table;

use std::sync::{Arc, OnceLock};

use parquet::file::reader::ChunkReader;

use super::work::{Step, fetch};
use super::{Log, LogDecoder, LogFile, Opening, Visit};
use crate::Error;
use crate::contract::{Columns, Format, Notice, Partition, Reading, Refusal, SourceType, TimeTexts};
use crate::pipeline::Strings;
use crate::pipeline::events::Runs;
use crate::schema::NumberKind;
pub use decoder::CsvDecoder;
pub(super) use head::Head;

/// A CSV file whose first line was read and names the columns of the event table.
#[derive(Debug)]
pub struct CsvFile<R = bytes::Bytes> {
    source: Arc<R>,
    /// Its size.
    bytes: u64,
    head: Arc<Head>,
    survey: Arc<OnceLock<Survey>>,
}

impl<R> Clone for CsvFile<R> {
    fn clone(&self) -> Self {
        Self {
            source: Arc::clone(&self.source),
            bytes: self.bytes,
            head: Arc::clone(&self.head),
            survey: Arc::clone(&self.survey),
        }
    }
}

/// What one pass over a CSV file finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Rows with any value.
    pub rows: u64,
    /// Rows of separators alone.
    pub empty_rows: u64,
    /// Whether all guild numbers are whole.
    pub guild_kind: NumberKind,
    /// How the times are written.
    pub time_texts: TimeTexts,
}

impl<R: ChunkReader> CsvFile<R> {
    /// Reads the first line, finds out how the file is written, and finds the columns.
    ///
    /// # Errors
    /// [`Error::Refused`] for what is no event log in CSV, [`Error::Damaged`] for bytes that cannot be unpacked.
    pub fn open(source: R) -> Result<Self, Error> {
        let opening = Opening::new(source.len(), &Partition::default()).of(Format::Csv);
        match LogFile::opened(source, opening)? {
            LogFile::Csv(file) => Ok(file),
            LogFile::Parquet(_) => Err(damaged("it is no CSV")),
        }
    }

    /// Reads the whole file once and checks every value; `visit` is given the players of some rows, batch by batch.
    ///
    /// # Errors
    /// [`Error::Refused`] with the number of rows that cannot be read, [`Error::Damaged`], and those of `visit`.
    pub fn check(&self, visit: Visit<'_, Runs<Option<i64>>>) -> Result<&Survey, Error> {
        let mut decoder = CsvDecoder::new(self.without_source(), None);
        loop {
            // Nothing of a first pass is kept.
            match decoder.step_rows(&mut Strings::default())? {
                Step::Waits => {
                    fetch(&*self.source, decoder.asks(), |start, bytes| decoder.give(start, bytes))?
                }
                Step::Rows(_) => visit(&decoder.table.player_id)?,
                Step::End => return self.survey().ok_or_else(|| damaged("it changed while it was read")),
            }
        }
    }
}

impl CsvFile<()> {
    /// A file of so many bytes that begins so.
    pub(super) fn new(head: Head, bytes: u64) -> Self {
        Self { source: Arc::new(()), bytes, head: Arc::new(head), survey: Arc::default() }
    }
}

impl<R> CsvFile<R> {
    /// The same file with its bytes elsewhere.
    #[must_use]
    pub fn without_source(&self) -> CsvFile<()> {
        self.clone().with_source(())
    }

    /// The same file with its bytes there.
    #[must_use]
    pub fn with_source<S>(self, source: S) -> CsvFile<S> {
        let Self { bytes, head, survey, .. } = self;
        CsvFile { source: Arc::new(source), bytes, head, survey }
    }

    /// Decodes the events of the file from its beginning to its end, where all of it is known to be sound. The first pass finds
    /// out whether guild numbers are whole.
    #[must_use]
    pub fn decoder(&self) -> CsvDecoder {
        CsvDecoder::new(self.without_source(), self.survey().map(|survey| survey.guild_kind))
    }

    /// Which columns are read.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.head.columns
    }

    /// What the first pass found; `None` before it.
    #[must_use]
    pub fn survey(&self) -> Option<&Survey> {
        self.survey.get()
    }

    /// What is to be said of the file, as far as it is read.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = self.head.columns.notices();
        let Some(survey) = self.survey() else { return notices };
        if survey.time_texts.form().is_some_and(|form| form.has_offset) {
            notices.push(Notice::Utc);
        }
        if survey.empty_rows > 0 {
            notices.push(Notice::EmptyRows { rows: survey.empty_rows });
        }
        notices
    }

    /// How the file is read, as far as it is.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading {
            rows: self.survey().map(|survey| survey.rows).or((!self.head.has_more).then_some(0)),
            time_texts: self.survey().map(|survey| survey.time_texts.clone()).unwrap_or_default(),
            notices: self.notices(),
            ..Reading::new(Format::Csv, self.columns(), |_| SourceType::Text)
        }
    }
}

impl<R: ChunkReader> Log for CsvFile<R> {
    type Source = R;

    fn source(&self) -> &R {
        &self.source
    }

    fn log_decoder(&self) -> LogDecoder {
        LogDecoder::Csv(Box::new(self.decoder()))
    }

    fn rows(&self) -> u64 {
        self.survey().map_or(0, |survey| survey.rows)
    }

    fn guild_kind(&self) -> NumberKind {
        self.survey().map_or(NumberKind::Integer, |survey| survey.guild_kind)
    }
}

fn damaged(how: &str) -> Error {
    Error::Damaged(how.to_owned())
}

fn line(line: u64, wrong: String) -> Error {
    Refusal::Line { line, wrong }.into()
}
