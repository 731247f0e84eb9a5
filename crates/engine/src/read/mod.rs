//! From the bytes of Parquet and CSV files to events. Does no I/O: it asks its source for ranges of bytes.

mod bits;
mod cast;
mod chunk_bytes;
mod column;
mod column_reader;
mod csv;
mod decode;
mod delta;
mod events;
mod facts;
mod file;
mod footer;
mod groups;
mod guilds;
mod header;
mod held;
mod hybrid;
mod layout;
mod log;
mod opening;
mod pages;
mod part_bytes;
mod scan;
mod selection;
mod sort;
mod thrift;
mod unpack;
mod values;
mod work;

use std::ops::ControlFlow;
use std::sync::Arc;

use parquet::errors::ParquetError;

pub use csv::{CsvDecoder, CsvFile, Survey};
pub use events::{EventDecoder, EventReader};
pub use facts::player_facts;
pub use file::{EventFile, RowGroup};
pub use log::{Log, LogDecoder, LogFile, Rows, Visit, VisitRows};
pub use opening::Opening;
pub use parquet::file::reader::{ChunkReader, Length};
/// A source of byte ranges; [`bytes::Bytes`] is one.
pub use part_bytes::PartBytes;
pub use scan::{Scan, Search};
pub use sort::{Cursor, Gather, Gatherer, MOST_SORTED_EVENTS, Pack, PlayerCounts, Shares, SortedEvents};
pub use work::{Step, Work, complete};

use crate::Error;
use crate::pipeline::{History, Partial, Query, Scanner};

/// Events per batch: small enough to stay in the processor's cache.
pub const BATCH_ROWS: usize = 16_384;

/// Is told how many rows are done, and may stop the work.
pub type OnRows<'a> = &'a mut dyn FnMut(u64) -> ControlFlow<()>;

/// Scans the given row groups of a file, or all, which must be ordered by player and time, for what `query` asks.
/// `on_rows` is told after each batch how many rows are done and may stop the scan.
///
/// # Errors
/// [`Error::Damaged`] for damaged bytes, [`Error::Refused`] for values that the event table cannot hold,
/// [`Error::OutOfOrder`] for unsorted rows, [`Error::Cancelled`] when `on_rows` breaks.
pub fn scan<R: ChunkReader + 'static>(
    file: &EventFile<R>,
    row_groups: Option<Vec<usize>>,
    query: impl Into<Query>,
    on_rows: OnRows<'_>,
) -> Result<Partial, Error> {
    let scanner = Scanner::new(query, file.guild_kind());
    Ok(scan_with(file, row_groups, scanner, on_rows)?.finish())
}

/// Has a scanner go through the given row groups of a file, or all of them, else as [`scan`] does. The scanner is to be of the
/// file's kind of guild numbers.
///
/// # Errors
/// As [`scan`].
pub fn scan_with<R: ChunkReader + 'static>(
    file: &EventFile<R>,
    row_groups: Option<Vec<usize>>,
    scanner: Scanner,
    on_rows: OnRows<'_>,
) -> Result<Scanner, Error> {
    let mut scan = Scan::new(file, row_groups, scanner);
    complete(&*file.source, &mut scan, on_rows)?;
    Ok(scan.finish())
}

/// Has a scanner go through a whole file as [`scan_with`] does. Its times stay decoded with it, in four bytes for each row, so
/// that the next scan need not decode them; but not where times are missing, not whole seconds apart or more than 68 years from
/// the first, or there is no room for them.
///
/// # Errors
/// As [`scan`].
pub fn scan_and_hold<R: ChunkReader + 'static>(
    file: &mut EventFile<R>,
    scanner: Scanner,
    on_rows: OnRows<'_>,
) -> Result<Scanner, Error> {
    let mut reader = file.events(None).only(scanner.filter().clone()).holding();
    let mut scanner = scanner;
    let mut rows = 0;
    while let Some(events) = reader.next(scanner.strings_mut())? {
        scanner.push(events)?;
        rows += events.rows_read();
        if on_rows(rows).is_break() {
            return Err(Error::Cancelled);
        }
    }
    file.times = reader.held().map(Arc::new);
    Ok(scanner)
}

/// What one player did in the given row groups of an ordered file, or in all, by the events that match; nothing when
/// the player is not there.
///
/// # Errors
/// As [`scan`].
pub fn player_history<R: ChunkReader + 'static>(
    file: &EventFile<R>,
    row_groups: Option<Vec<usize>>,
    query: &Query,
    player_id: i64,
) -> Result<History, Error> {
    let mut search = Search::new(file, row_groups, query, player_id);
    complete(&*file.source, &mut search, &mut |_| ControlFlow::Continue(()))?;
    Ok(search.finish())
}

/// What a library says of a file, in our words: its own are for those who write decoders.
fn parquet_error(error: ParquetError) -> Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<Error>() {
            Ok(error) => *error,
            Err(_) => Error::Damaged("it could not be read any further".into()),
        },
        ParquetError::NYI(_) | ParquetError::NeedMoreData(_) | ParquetError::NeedMoreDataRange(_) => {
            unknown()
        }
        ParquetError::EOF(_) | ParquetError::IndexOutOfBound(..) => ends_too_soon(),
        _ => contradiction(),
    }
}

fn ends_too_soon() -> Error {
    Error::Damaged("it ends too soon".into())
}

fn contradiction() -> Error {
    Error::Damaged("its contents contradict themselves".into())
}

fn unknown() -> Error {
    Error::Damaged("it uses what is not known here".into())
}

/// Runs a library's decoder on bytes that anyone may have made: where it panics on them, that is an error. In the browser
/// nothing catches a panic, which ends the worker, so libraries are left no more than footers, which are checked before,
/// and unpacking.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| Err(contradiction()))
}
