//! Work on a file without I/O: it says which bytes of the file it needs, and whoever has the file reads them.

use std::ops::Range;

use bytes::Bytes;
use parquet::file::reader::ChunkReader;

use super::{OnRows, ends_too_soon, parquet_error};
use crate::Error;

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing: bytes that were asked for are missing.
    Waits,
    /// So many rows of the file are done.
    Rows(u64),
    /// The work is done.
    End,
}

/// Work on a file. What it asks for next is soon needed, so that it can be read while steps are done with what was given; it
/// asks for no more than it can hold.
pub trait Work {
    /// The ranges of the file to read next, in the order in which they are needed. Each is asked for once.
    fn asks(&mut self) -> Vec<Range<u64>>;

    /// Takes a range that was asked for, which begins at `start`.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error>;

    /// Goes on as far as the next rows.
    ///
    /// # Errors
    /// What is wrong with the file.
    fn step(&mut self) -> Result<Step, Error>;
}

/// Does work on a file whose bytes are at hand. `on_rows` is told after each step how many rows are done and may stop it.
///
/// # Errors
/// What is wrong with the file, and [`Error::Cancelled`] when `on_rows` breaks.
pub fn complete<R: ChunkReader>(source: &R, work: &mut impl Work, on_rows: OnRows<'_>) -> Result<(), Error> {
    let mut rows = 0;
    loop {
        match work.step()? {
            Step::Waits => fetch(source, work.asks(), |start, bytes| work.give(start, bytes))?,
            Step::Rows(more) => {
                rows += more;
                if on_rows(rows).is_break() {
                    return Err(Error::Cancelled);
                }
            }
            Step::End => return Ok(()),
        }
    }
}

/// Reads ranges of a source.
///
/// # Errors
/// What keeps them from being read, and where nothing is asked for by work that waits.
pub(super) fn fetch<R: ChunkReader>(
    source: &R,
    asks: Vec<Range<u64>>,
    mut give: impl FnMut(u64, &Bytes) -> Result<(), Error>,
) -> Result<(), Error> {
    if asks.is_empty() {
        return Err(ends_too_soon());
    }
    for range in asks {
        let length = usize::try_from(range.end - range.start).map_err(|_| ends_too_soon())?;
        give(range.start, &source.get_bytes(range.start, length).map_err(parquet_error)?)?;
    }
    Ok(())
}

/// One range of a file.
#[derive(Debug)]
pub(super) struct Piece {
    range: Range<u64>,
    is_asked: bool,
    bytes: Option<Bytes>,
}

impl Piece {
    pub(super) fn new(range: Range<u64>) -> Self {
        let bytes = range.is_empty().then(Bytes::new);
        Self { range, is_asked: bytes.is_some(), bytes }
    }

    /// The range, when it is asked for the first time.
    pub(super) fn ask(&mut self) -> Option<Range<u64>> {
        (!std::mem::replace(&mut self.is_asked, true)).then(|| self.range.clone())
    }

    /// Takes the bytes of the range.
    pub(super) fn give(&mut self, start: u64, bytes: &Bytes) {
        if start == self.range.start && bytes.len() as u64 == self.range.end - start {
            self.bytes = Some(bytes.clone());
        }
    }

    /// Its bytes, once they were given.
    pub(super) fn bytes(&self) -> Option<Bytes> {
        self.bytes.clone()
    }
}
