//! A file to be imported: opened and checked before anything is written, then inserted.

use std::sync::mpsc::sync_channel;

use arrow::array::RecordBatch;
use bytes::Bytes;
use duckdb::Connection;
use wow_engine::Error;
use wow_engine::contract::{Notice, Partition, numbers};
use wow_engine::pipeline::Strings;
use wow_engine::read::{ChunkReader as _, Length as _, Log as _, LogFile};
use wow_engine::schema::{self, NumberKind, key_to_float};

use super::rows::{self, Guilds};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Progress;
use crate::storage::{Doing, Location, Object, Reader};

/// Batches that are read ahead of DuckDB.
const BATCHES_AHEAD: usize = 8;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Comma-separated values, perhaps in gzip.
    Csv,
    /// Parquet, in any compression.
    Parquet,
}

/// A file whose columns are those of the log.
pub(crate) struct Source {
    /// What it is.
    pub(crate) format: Format,
    /// Its size.
    pub(crate) bytes: u64,
    object: Object,
    source: Reader,
    pub(super) file: LogFile<Reader>,
}

impl Source {
    /// Opens a file and finds the log's columns.
    ///
    /// # Errors
    /// A [`Failure`] that says what is wrong with the file or its columns, and the way out.
    pub(crate) fn open(object: &Object) -> anyhow::Result<Self> {
        let source = object.open()?;
        let bytes = source.len();
        let file = LogFile::open_in(source.clone(), &partition(object))
            .map_err(|error| refused(object.location(), &source, &error))?;
        let format = match file {
            LogFile::Parquet(_) => Format::Parquet,
            LogFile::Csv(_) => Format::Csv,
        };
        Ok(Self { format, bytes, object: object.clone(), source, file })
    }

    /// Where it is, as the user wrote it.
    pub(crate) fn location(&self) -> &Location {
        self.object.location()
    }

    /// What the folders on its way give to its rows.
    pub(super) fn partition(&self) -> Partition {
        partition(&self.object)
    }

    /// Has its beginning asked for, if it is elsewhere: it will be read soon.
    pub(crate) fn expect(&self) {
        self.source.expect();
    }

    /// Whether it is known to have no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.file.reading().rows == Some(0)
    }

    /// The bytes from a place on, at most so many.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn block(&self, start: u64, bytes_max: u64) -> anyhow::Result<Bytes> {
        let bytes = self.bytes.saturating_sub(start).min(bytes_max);
        self.source.get_bytes(start, bytes as usize).map_err(|error| match self.source.fault() {
            Some(fault) => fault.explain(self.location(), Doing::Read),
            None => {
                let cannot = format!("{} cannot be read; see the cause", self.location());
                anyhow::Error::new(error).context(Failure::Check(cannot))
            }
        })
    }

    /// Reads what tells whether all guild numbers are whole, and of CSV every value, so that nothing is written of a file
    /// that is refused in the end. Progress is counted in bytes of the file.
    ///
    /// # Errors
    /// A [`Failure`] that says what is wrong with the values, and the way out.
    pub(crate) fn check(&self, progress: &mut Progress) -> anyhow::Result<NumberKind> {
        let before = self.source.bytes_read();
        let told = std::cell::Cell::new(0);
        let mut go_on = || {
            let done = (self.source.bytes_read() - before).min(self.bytes);
            progress.advance(done.saturating_sub(told.replace(done)));
            if interrupt::requested() { Err(Error::Cancelled) } else { Ok(()) }
        };
        let checked = match &self.file {
            LogFile::Csv(file) => file.check(&mut |_| go_on()).map(|survey| survey.guild_kind),
            LogFile::Parquet(file) if file.guild_kind() == NumberKind::Float => {
                let mut kind = NumberKind::Integer;
                let is_whole =
                    |key: Option<i64>| key.is_none_or(|key| numbers::of_double(key_to_float(key)).is_ok());
                let rows = file.each_rows(&mut Strings::default(), &mut |rows, _| {
                    if !rows.events.guild.iter().all(|(key, _)| is_whole(key)) {
                        kind = NumberKind::Float;
                    }
                    go_on()
                });
                rows.map(|()| kind)
            }
            LogFile::Parquet(_) => Ok(NumberKind::Integer),
        };
        progress.advance(self.bytes - told.get());
        interrupt::check()?;
        checked.map_err(|error| self.refused(&error))
    }

    /// Appends all rows to `wowlogs`, whose guild numbers are of a kind; says how many rows there were.
    ///
    /// # Errors
    /// A [`Failure`] that names what cannot be read, or what DuckDB said.
    pub(crate) fn insert(
        &self,
        connection: &Connection,
        guild_kind: NumberKind,
        progress: &mut Progress,
    ) -> anyhow::Result<u64> {
        let guilds = Guilds { from: self.file.guild_kind(), to: guild_kind };
        let before = self.source.bytes_read();
        let mut appender = connection.appender(schema::TABLE)?;
        let (send, batches) = sync_channel::<RecordBatch>(BATCHES_AHEAD);
        let (mut rows, mut told) = (0, 0);
        // Reading and writing take about as long, so they go side by side.
        let read = std::thread::scope(|scope| -> anyhow::Result<Result<(), Error>> {
            let reader = scope.spawn(move || {
                self.file.each_rows(&mut Strings::default(), &mut |rows, strings| {
                    let batch = rows::batch(rows, strings, guilds).map_err(|_| Error::Cancelled)?;
                    // Nobody takes it where DuckDB has refused the one before, or Ctrl-C was pressed.
                    send.send(batch).map_err(|_| Error::Cancelled)
                })
            });
            // Taken by value, so that the reader is not left waiting for room where this ends early.
            for batch in batches {
                interrupt::check()?;
                rows += batch.num_rows() as u64;
                appender.append_record_batch(batch)?;
                let done = (self.source.bytes_read() - before).min(self.bytes);
                progress.advance(done.saturating_sub(told));
                told = told.max(done);
            }
            // The engine catches what its decoders throw.
            reader.join().map_err(|_| anyhow::anyhow!("the reader broke down"))
        })?;
        read.map_err(|error| self.refused(&error))?;
        appender.flush()?;
        progress.advance(self.bytes - told);
        Ok(rows)
    }

    /// What is to be said of the file, once it was read.
    pub(crate) fn notices(&self) -> Vec<Notice> {
        self.file.notices()
    }

    /// What is to be said of it when it cannot be used.
    pub(super) fn refused(&self, error: &Error) -> anyhow::Error {
        refused(self.location(), &self.source, error)
    }
}

fn partition(object: &Object) -> Partition {
    Partition::of_path(&object.path())
}

fn refused(location: &Location, source: &Reader, error: &Error) -> anyhow::Error {
    if let Some(fault) = source.fault() {
        return fault.explain(location, Doing::Read);
    }
    let way_out = if matches!(error, Error::Damaged(_)) { "; take another copy of it" } else { "" };
    Failure::check(format!("{location} cannot be used: {error}{way_out}"))
}
