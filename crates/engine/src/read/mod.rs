//! From the bytes of Parquet files to events. Does no I/O: it asks its source for ranges of bytes.

mod bits;
mod column;
mod delta;
mod events;
mod file;
mod groups;
mod held;
mod hybrid;
mod layout;
mod pages;
mod selection;
mod sort;
mod times;
mod unpack;
mod values;

use std::ops::ControlFlow;
use std::sync::Arc;

pub use events::EventReader;
pub use file::{EventFile, RowGroup};
/// A source of byte ranges; [`bytes::Bytes`] is one.
pub use parquet::file::reader::{ChunkReader, Length};
pub use sort::{MOST_SORTED_EVENTS, Share, SortedEvents, Sorter};
pub use times::from_text as time_of_text;

use crate::Error;
use crate::pipeline::sessions::Gap;
use crate::pipeline::{History, Partial, Query, Scanner, Strings};

/// Events per batch: small enough to stay in the processor's cache.
pub const BATCH_ROWS: usize = 16_384;

/// Is told how many rows are done, and may stop the work.
pub type OnRows<'a> = &'a mut dyn FnMut(u64) -> ControlFlow<()>;

/// Scans the given row groups of a file, or all, which must be ordered by player and time, for what `query` asks.
/// `on_rows` is told after each batch how many rows are done and may stop the scan.
///
/// # Errors
/// [`Error::Parquet`] for damaged bytes, [`Error::Uncastable`] for values that the event table cannot hold,
/// [`Error::OutOfOrder`] for unsorted rows, [`Error::Cancelled`] when `on_rows` breaks.
pub fn scan<R: ChunkReader + 'static>(
    file: &EventFile<R>,
    row_groups: Option<Vec<usize>>,
    query: impl Into<Query>,
    on_rows: OnRows<'_>,
) -> Result<Partial, Error> {
    let query = query.into();
    scan_events(&mut file.events(row_groups).only(query.filter.clone()), query, on_rows)
}

/// Scans a whole file as [`scan`] does. Its times stay decoded with it, in four bytes for each row, so that the next scan
/// need not decode them; but not where times are missing, not whole seconds apart or more than 68 years from the
/// first, or there is no room for them.
///
/// # Errors
/// As [`scan`].
pub fn scan_and_hold<R: ChunkReader + 'static>(
    file: &mut EventFile<R>,
    query: impl Into<Query>,
    on_rows: OnRows<'_>,
) -> Result<Partial, Error> {
    let query = query.into();
    let mut reader = file.events(None).only(query.filter.clone()).holding();
    let partial = scan_events(&mut reader, query, on_rows)?;
    file.times = reader.held().map(Arc::new);
    Ok(partial)
}

/// Scans the events of a reader, which yields those that match the query's filter.
fn scan_events<R: ChunkReader + 'static>(
    reader: &mut EventReader<R>,
    query: Query,
    on_rows: OnRows<'_>,
) -> Result<Partial, Error> {
    guarded(|| {
        let mut scanner = Scanner::new(query, reader.guild_kind());
        let mut rows = 0;
        while let Some(events) = reader.next(scanner.strings_mut())? {
            scanner.push(events)?;
            rows += events.rows_read();
            if on_rows(rows).is_break() {
                return Err(Error::Cancelled);
            }
        }
        Ok(scanner.finish())
    })
}

/// What one player did in the given row groups of an ordered file, or in all, by the events that match; nothing when
/// the player is not there. Reads only the row groups whose statistics allow for the player.
///
/// # Errors
/// As [`scan`].
pub fn player_history<R: ChunkReader + 'static>(
    file: &EventFile<R>,
    row_groups: Option<Vec<usize>>,
    query: &Query,
    player_id: i64,
) -> Result<History, Error> {
    guarded(|| {
        let groups = row_groups.unwrap_or_else(|| (0..file.row_groups()).collect());
        let may_hold = |index: &usize| {
            let players = file.row_group(*index).players;
            players.is_none_or(|(first, last)| (first..=last).contains(&player_id))
        };
        let gap = Gap::new(query.params.session_gap_minutes);
        let mut history = History::default();
        let mut strings = Strings::default();
        let groups = groups.into_iter().filter(may_hold).collect();
        let mut reader = file.events(Some(groups)).only(query.filter.clone());
        while let Some(events) = reader.next(&mut strings)? {
            for (_, rows) in events.player_id.iter().filter(|(id, _)| *id == player_id) {
                history.extend(events, rows, &strings, gap)?;
            }
        }
        Ok(history)
    })
}

fn parquet_error(error: parquet::errors::ParquetError) -> Error {
    match error {
        parquet::errors::ParquetError::External(cause) => match cause.downcast::<Error>() {
            Ok(error) => *error,
            Err(cause) => Error::Parquet(cause.to_string()),
        },
        error => Error::Parquet(error.to_string()),
    }
}

/// Runs a decoder on bytes that anyone may have made: where a library panics on them, that is an error.
/// In the browser a panic ends the worker instead, which the page reports.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::Parquet("its contents contradict themselves".into())))
}
