//! A file of events, in whatever format.

use parquet::file::reader::ChunkReader;

use super::csv::CsvFile;
use super::groups::{Groups, PlayerColumn};
use super::{EventFile, parquet_error};
use crate::Error;
use crate::contract::{Columns, Content, HEAD_BYTES, Notice, Partition, Reading};
use crate::pipeline::Strings;
use crate::pipeline::events::{Events, Runs};
use crate::schema::GuildKind;

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

/// A file whose events may be in any order. It is read twice: for its players first, then for its events.
pub trait Log {
    /// How many rows it has, as far as that is known.
    fn rows(&self) -> u64;

    /// How its guild numbers are stored, known at the latest once the players were read.
    fn guild_kind(&self) -> GuildKind;

    /// Gives `visit` the players of all rows, batch by batch.
    ///
    /// # Errors
    /// What is wrong with the file, and what `visit` says.
    fn each_players(&self, visit: Visit<'_, Runs<Option<i64>>>) -> Result<(), Error>;

    /// Gives `visit` all events, batch by batch, with text codes that refer to `strings`.
    ///
    /// # Errors
    /// What is wrong with the file, and what `visit` says.
    fn each_events(&self, strings: &mut Strings, visit: Visit<'_, Events>) -> Result<(), Error>;

    /// Gives `visit` all rows, also those that no model can use; else as [`Self::each_events`].
    ///
    /// # Errors
    /// As [`Self::each_events`].
    fn each_rows(&self, strings: &mut Strings, visit: VisitRows<'_>) -> Result<(), Error>;
}

impl<R: ChunkReader + 'static> Log for EventFile<R> {
    fn rows(&self) -> u64 {
        Self::rows(self)
    }

    fn guild_kind(&self) -> GuildKind {
        Self::guild_kind(self)
    }

    fn each_players(&self, visit: Visit<'_, Runs<Option<i64>>>) -> Result<(), Error> {
        let mut groups = Groups::<R, PlayerColumn>::new(self.clone(), (0..self.row_groups()).collect());
        let mut players = Runs::default();
        while let Some((rows, column)) = groups.next()? {
            column.read(rows, &mut players).map_err(|error| self.columns().named(error))?;
            visit(&players)?;
        }
        Ok(())
    }

    fn each_events(&self, strings: &mut Strings, visit: Visit<'_, Events>) -> Result<(), Error> {
        let mut reader = self.events(None);
        while let Some(events) = reader.next(strings)? {
            visit(events)?;
        }
        Ok(())
    }

    fn each_rows(&self, strings: &mut Strings, visit: VisitRows<'_>) -> Result<(), Error> {
        let mut reader = self.events(None);
        while let Some(rows) = reader.next_rows(strings)? {
            visit(rows, strings)?;
        }
        Ok(())
    }
}

/// A file that was opened as what its first bytes say that it is.
#[derive(Debug)]
pub enum LogFile<R = bytes::Bytes> {
    /// Parquet, whose row groups can be read one by one.
    Parquet(EventFile<R>),
    /// CSV, perhaps in gzip, which can only be read from its beginning.
    Csv(CsvFile<R>),
}

impl<R: ChunkReader + 'static> LogFile<R> {
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
        let bytes = usize::try_from(source.len()).unwrap_or(usize::MAX).min(HEAD_BYTES);
        let head = source.get_bytes(0, bytes).map_err(parquet_error)?;
        match Content::of(&head) {
            Content::Text | Content::Gzip => CsvFile::open_in(source, partition).map(Self::Csv),
            _ => EventFile::open_in(source, partition).map(Self::Parquet),
        }
    }

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

    fn log(&self) -> &dyn Log {
        match self {
            Self::Parquet(file) => file,
            Self::Csv(file) => file,
        }
    }
}

impl<R: ChunkReader + 'static> Log for LogFile<R> {
    fn rows(&self) -> u64 {
        self.log().rows()
    }

    fn guild_kind(&self) -> GuildKind {
        self.log().guild_kind()
    }

    fn each_players(&self, visit: Visit<'_, Runs<Option<i64>>>) -> Result<(), Error> {
        self.log().each_players(visit)
    }

    fn each_events(&self, strings: &mut Strings, visit: Visit<'_, Events>) -> Result<(), Error> {
        self.log().each_events(strings, visit)
    }

    fn each_rows(&self, strings: &mut Strings, visit: VisitRows<'_>) -> Result<(), Error> {
        self.log().each_rows(strings, visit)
    }
}
