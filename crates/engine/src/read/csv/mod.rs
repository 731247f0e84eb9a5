//! CSV: from the bytes of a file, perhaps in gzip, to events in the order of its lines.

mod head;
mod records;
mod table;

use std::sync::{Arc, OnceLock};

use parquet::file::reader::ChunkReader;

use super::selection::Selection;
use super::{Log, Rows, Visit, VisitRows};
use crate::Error;
use crate::contract::{Columns, Format, Notice, Partition, Reading, Refusal, SourceType, TimeTexts};
use crate::pipeline::Strings;
use crate::pipeline::events::{Events, Runs};
use crate::schema::GuildKind;
use head::Head;
use records::{Records, Unpacked};
use table::Table;

/// A CSV file whose first line was read and names the columns of the event table.
#[derive(Debug)]
pub struct CsvFile<R = bytes::Bytes> {
    source: Arc<R>,
    head: Arc<Head>,
    survey: Arc<OnceLock<Survey>>,
}

impl<R> Clone for CsvFile<R> {
    fn clone(&self) -> Self {
        Self {
            source: Arc::clone(&self.source),
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
    pub guild_kind: GuildKind,
    /// How the times are written.
    pub time_texts: TimeTexts,
}

impl<R: ChunkReader + 'static> CsvFile<R> {
    /// Reads the first line, finds out how the file is written, and finds the columns.
    ///
    /// # Errors
    /// [`Error::Refused`] for what is no event log in CSV, [`Error::Damaged`] for bytes that cannot be unpacked.
    pub fn open(source: R) -> Result<Self, Error> {
        Self::open_in(source, &Partition::default())
    }

    /// The same for a file in such folders.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_in(source: R, partition: &Partition) -> Result<Self, Error> {
        let head = Head::read(&source, partition)?;
        Ok(Self { source: Arc::new(source), head: Arc::new(head), survey: Arc::default() })
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

    /// Reads the whole file once and checks every value; `visit` is given the players of some rows, batch by batch.
    ///
    /// # Errors
    /// [`Error::Refused`] with the number of rows that cannot be read, [`Error::Damaged`], and those of `visit`.
    pub fn check(&self, visit: Visit<'_, Runs<Option<i64>>>) -> Result<&Survey, Error> {
        let mut table = Table::new(&self.head.columns, None);
        let mut records = self.records()?;
        let mut strings = Strings::default();
        while table.fill(&mut records, &mut strings)? {
            visit(&table.player_id)?;
            // Nothing of a first pass is kept.
            strings = Strings::default();
        }
        let survey = table.finish().map_err(|error| self.head.columns.named(error))?;
        Ok(self.survey.get_or_init(|| survey))
    }

    /// Gives `visit` all rows, batch by batch.
    fn read(
        &self,
        strings: &mut Strings,
        visit: &mut dyn FnMut(&mut Table<'_>, &Strings) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut table = Table::new(&self.head.columns, Some(self.guild_kind()));
        let mut records = self.records()?;
        while table.fill(&mut records, strings)? {
            visit(&mut table, strings)?;
        }
        table.finish().map(drop).map_err(|error| self.head.columns.named(error))
    }

    fn records(&self) -> Result<Records<R::T>, Error> {
        let source = self.source.get_read(0).map_err(|_| damaged("it could not be read any further"))?;
        let head = &self.head;
        let mut source = Unpacked::new(source, head.is_gzip);
        let mut before = vec![0; head.bytes];
        if source.fill(&mut before)? < head.bytes {
            return Err(damaged("it changed while it was read"));
        }
        Ok(Records::new(source, head.separator, head.lines + 1))
    }
}

impl<R: ChunkReader + 'static> Log for CsvFile<R> {
    fn rows(&self) -> u64 {
        self.survey().map_or(0, |survey| survey.rows)
    }

    fn guild_kind(&self) -> GuildKind {
        self.survey().map_or(GuildKind::Integer, |survey| survey.guild_kind)
    }

    fn each_players(&self, visit: Visit<'_, Runs<Option<i64>>>) -> Result<(), Error> {
        self.check(visit).map(drop)
    }

    fn each_events(&self, strings: &mut Strings, visit: Visit<'_, Events>) -> Result<(), Error> {
        let mut selection = Selection::default();
        self.read(strings, &mut |table, _| {
            selection.reject(&mut table.events, &table.player_id, &table.has_time);
            visit(&table.events)
        })
    }

    fn each_rows(&self, strings: &mut Strings, visit: VisitRows<'_>) -> Result<(), Error> {
        self.read(strings, &mut |table, strings| {
            let Table { events, player_id, has_time, .. } = table;
            visit(Rows { events, player_id, has_time }, strings)
        })
    }
}

fn damaged(how: &str) -> Error {
    Error::Damaged(how.to_owned())
}

fn line(line: u64, wrong: String) -> Error {
    Refusal::Line { line, wrong }.into()
}
