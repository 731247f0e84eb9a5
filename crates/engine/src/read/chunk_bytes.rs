//! The bytes of a column chunk as they are asked for and given: all at once, or a run of whole pages after the other.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;
use parquet::file::metadata::ColumnChunkMetaData;

use super::contradiction;
use super::header::Header;
use crate::Error;

/// Arrow's readers take no longer headers either.
const HEADER_BYTES_MAX: usize = 16 << 20;
/// Where a header is longer than what was given, so many times as much is asked for.
const HEADER_GROWTH: u64 = 8;
/// The run that is read, and the one after it.
const RUNS_MAX: usize = 2;

/// Bytes of a column chunk that were given and are still to be read, and what is to be asked for next.
#[derive(Debug)]
pub(super) struct ChunkBytes {
    /// Whole pages. Only the last run of the chunk may end within one, and then the chunk is damaged.
    runs: VecDeque<Bytes>,
    /// Where the page after them begins in the file.
    next: u64,
    /// Where the chunk ends.
    end: u64,
    /// How much is asked for at a time.
    run_bytes: u64,
    /// What the next page takes, where it is known to be longer.
    page_bytes: u64,
    asked: Option<Range<u64>>,
}

impl ChunkBytes {
    /// None of the bytes in a range of the file.
    pub(super) const fn new(range: Range<u64>, run_bytes: u64) -> Self {
        Self {
            runs: VecDeque::new(),
            next: range.start,
            end: range.end,
            run_bytes,
            page_bytes: 0,
            asked: None,
        }
    }

    /// What is to be read of the file next; `None` where that is asked for already, or enough is there.
    pub(super) fn ask(&mut self) -> Option<Range<u64>> {
        if self.asked.is_some() || self.next == self.end || self.runs.len() == RUNS_MAX {
            return None;
        }
        let bytes = self.run_bytes.max(self.page_bytes);
        self.asked = Some(self.next..self.end.min(self.next.saturating_add(bytes)));
        self.asked.clone()
    }

    /// Takes what was asked for out of bytes that begin at `start` in the file, if it is among them.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a page that nobody could read.
    pub(super) fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        let end = start.saturating_add(bytes.len() as u64);
        let Some(range) = self.asked.take_if(|range| start <= range.start && range.end <= end) else {
            return Ok(());
        };
        // Both are within the bytes.
        let mut run = bytes.slice((range.start - start) as usize..(range.end - start) as usize);
        if range.end < self.end {
            run.truncate(self.whole_pages(&run)?);
        }
        if !run.is_empty() {
            self.next += run.len() as u64;
            self.page_bytes = 0;
            self.runs.push_back(run);
        }
        Ok(())
    }

    /// How many of the bytes are those of whole pages; where none are, it is noted what the first page takes.
    fn whole_pages(&mut self, run: &Bytes) -> Result<usize, Error> {
        let mut whole = 0;
        loop {
            let mut rest = run.slice(whole..);
            let Some(header) = Header::take_from(&mut rest) else {
                if whole == 0 {
                    let has_room = run.len() < HEADER_BYTES_MAX;
                    let more = || (run.len() as u64).saturating_mul(HEADER_GROWTH);
                    self.page_bytes = has_room.then(more).ok_or_else(contradiction)?;
                }
                return Ok(whole);
            };
            if header.stored_bytes > rest.len() {
                if whole == 0 {
                    self.page_bytes = (run.len() - rest.len() + header.stored_bytes) as u64;
                }
                return Ok(whole);
            }
            whole = run.len() - rest.len() + header.stored_bytes;
        }
    }

    /// The first of the bytes that are there, up to a page's end.
    pub(super) fn run(&mut self) -> Option<&mut Bytes> {
        while self.runs.pop_front_if(|run| run.is_empty()).is_some() {}
        self.runs.front_mut()
    }

    /// Whether all bytes of the chunk were read.
    pub(super) fn is_at_end(&self) -> bool {
        self.next == self.end && self.runs.iter().all(Bytes::is_empty)
    }
}

impl Header {
    /// Takes a header off the front of bytes; `None` where it does not end there, or is none.
    fn take_from(bytes: &mut Bytes) -> Option<Self> {
        let mut rest = &bytes[..bytes.len().min(HEADER_BYTES_MAX)];
        let before = rest.len();
        let header = Self::take(&mut rest)?;
        *bytes = bytes.slice(before - rest.len()..);
        Some(header)
    }
}

/// Takes the header of a page off the front of the rest of a chunk.
///
/// # Errors
/// [`Error::Damaged`] where there is none.
pub(super) fn take_header(bytes: &mut Bytes) -> Result<Header, Error> {
    Header::take_from(bytes).ok_or_else(contradiction)
}

/// Where a column chunk is in its file.
///
/// # Errors
/// [`Error::Damaged`] where the footer says what cannot be.
pub(super) fn byte_range(chunk: &ColumnChunkMetaData) -> Result<Range<u64>, Error> {
    let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let size = |number| u64::try_from(number).map_err(|_| contradiction());
    let (start, bytes) = (size(start)?, size(chunk.compressed_size())?);
    Ok(start..start.checked_add(bytes).ok_or_else(contradiction)?)
}
