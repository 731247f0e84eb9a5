//! The pages of a column chunk, unpacked; levels that say nothing are taken off.

use std::sync::Arc;

use bytes::Bytes;
use flate2::Crc;
use parquet::basic::Encoding;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader;

use super::header::{Header, PageKind};
use super::hybrid::Hybrid;
use super::unpack::{OtherCodec, Unpacker};
use super::{contradiction, ends_too_soon, parquet_error};
use crate::Error;

/// Headers are rarely longer, unless they have the smallest and the largest text of a page.
const HEADER_BYTES_USUAL: u64 = 128;
/// Arrow's readers take no longer ones either.
const HEADER_BYTES_MAX: u64 = 16 << 20;

/// A page of a column chunk, unpacked.
pub(super) struct Page {
    /// Whether it holds the values that the codes of other pages are of.
    pub(super) is_dictionary: bool,
    /// Its rows, or the values of a dictionary.
    pub(super) rows: usize,
    /// How its values are written.
    pub(super) encoding: Encoding,
    /// A level for each row, 1 where it has a value; without levels all have one.
    pub(super) levels: Option<Hybrid>,
    /// The values of the rows that have one.
    pub(super) values: Bytes,
}

/// Pages one after the other.
pub(super) type Pages = Box<dyn Iterator<Item = Result<Page, Error>> + Send>;

/// The pages of a column chunk.
///
/// # Errors
/// [`Error::Damaged`] where the footer says of the chunk what cannot be.
pub(super) fn pages<R: ChunkReader + 'static>(
    source: &Arc<R>,
    chunk: &ColumnChunkMetaData,
    other: OtherCodec,
) -> Result<Pages, Error> {
    let (next, left) = byte_range(chunk)?;
    let no_nulls = chunk.statistics().and_then(|statistics| statistics.null_count_opt()) == Some(0);
    Ok(Box::new(Chunk {
        source: Arc::clone(source),
        next,
        left,
        unpacker: Unpacker::new(chunk, other)?,
        is_nullable: chunk.column_descr().max_def_level() > 0,
        no_nulls,
    }))
}

/// Where a column chunk begins in its file, and how long it is.
///
/// # Errors
/// As [`pages`].
pub(super) fn byte_range(chunk: &ColumnChunkMetaData) -> Result<(u64, u64), Error> {
    let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let size = |number| u64::try_from(number).map_err(|_| contradiction());
    Ok((size(start)?, size(chunk.compressed_size())?))
}

struct Chunk<R> {
    source: Arc<R>,
    /// Where the next page begins in the source.
    next: u64,
    /// Bytes of the pages to come.
    left: u64,
    unpacker: Option<Unpacker>,
    is_nullable: bool,
    /// Whether the footer says that no value is null.
    no_nulls: bool,
}

impl<R: ChunkReader> Iterator for Chunk<R> {
    type Item = Result<Page, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_page().transpose()
    }
}

impl<R: ChunkReader> Chunk<R> {
    /// The next page that has rows, or is a dictionary.
    fn next_page(&mut self) -> Result<Option<Page>, Error> {
        while self.left > 0 {
            let header = self.take_header()?;
            let stored = self.take(header.stored_bytes)?;
            if header.checksum.is_some_and(|checksum| checksum != crc_32(&stored)) {
                return Err(Error::Damaged("a page does not match its checksum".into()));
            }
            let page = match header.page {
                PageKind::Index | PageKind::Version1 { rows: 0, .. } | PageKind::Version2 { rows: 0, .. } => {
                    continue;
                }
                PageKind::Dictionary { values: rows } => Page {
                    is_dictionary: true,
                    rows: rows as usize,
                    encoding: Encoding::PLAIN,
                    levels: None,
                    values: self.unpacked(stored)?,
                },
                PageKind::Version1 { rows, encoding, level_encoding } => {
                    let mut values = self.unpacked(stored)?;
                    let levels = match self.is_nullable {
                        true => Some(take_levels_behind_length(&mut values, level_encoding)?),
                        false => None,
                    };
                    self.data_page(rows, encoding, levels, values)?
                }
                PageKind::Version2 {
                    rows,
                    encoding,
                    level_bytes: [repetition, definition],
                    is_compressed,
                } => {
                    let mut values = stored;
                    split_off(&mut values, repetition)?;
                    let levels = split_off(&mut values, definition)?;
                    let values = if is_compressed { self.unpacked(values)? } else { values };
                    self.data_page(rows, encoding, self.is_nullable.then_some(levels), values)?
                }
            };
            return Ok(Some(page));
        }
        Ok(None)
    }

    fn take_header(&mut self) -> Result<Header, Error> {
        let most = self.left.min(HEADER_BYTES_MAX);
        let mut length = most.min(HEADER_BYTES_USUAL);
        loop {
            // At most the limit.
            let bytes = self.look(length as usize)?;
            let mut rest = bytes.as_ref();
            if let Some(header) = Header::take(&mut rest) {
                self.go_past(bytes.len() - rest.len());
                return Ok(header);
            }
            if length == most {
                return Err(contradiction());
            }
            length = most.min(length * 8);
        }
    }

    fn take(&mut self, length: usize) -> Result<Bytes, Error> {
        if length as u64 > self.left {
            return Err(ends_too_soon());
        }
        let bytes = self.look(length)?;
        self.go_past(length);
        Ok(bytes)
    }

    /// The next bytes, of which there are so many in the chunk; whether they are in the source too is seen here.
    fn look(&self, length: usize) -> Result<Bytes, Error> {
        let end = self.next.checked_add(length as u64).filter(|end| *end <= self.source.len());
        end.ok_or_else(ends_too_soon)?;
        self.source.get_bytes(self.next, length).map_err(parquet_error)
    }

    const fn go_past(&mut self, length: usize) {
        self.next += length as u64;
        self.left -= length as u64;
    }

    fn unpacked(&mut self, stored: Bytes) -> Result<Bytes, Error> {
        match &mut self.unpacker {
            Some(unpacker) => unpacker.unpack(&stored),
            None => Ok(stored),
        }
    }

    fn data_page(
        &self,
        rows: u32,
        encoding: Encoding,
        levels: Option<Bytes>,
        values: Bytes,
    ) -> Result<Page, Error> {
        let rows = rows as usize;
        let mut levels = levels.map(|levels| Hybrid::new(levels, 1)).transpose()?;
        // Where the footer says that there are no nulls, levels are not decoded for every row, which would take as
        // long as decoding the values; it is only seen whether they say so too.
        if self.no_nulls
            && let Some(mut levels) = levels.take()
        {
            levels.read(rows, |level, _| match level {
                0 => Err(Error::Damaged("a column has nulls where its footer says that it has none".into())),
                _ => Ok(()),
            })?;
        }
        Ok(Page { is_dictionary: false, rows, encoding, levels, values })
    }
}

/// Takes the levels off the front of a page's values, where their length is before them.
fn take_levels_behind_length(values: &mut Bytes, encoding: Encoding) -> Result<Bytes, Error> {
    if encoding != Encoding::RLE {
        // Files have not had them otherwise since 2013.
        return Err(Error::Damaged(format!("a page has its levels as {encoding}")));
    }
    let length = split_off(values, 4)?;
    let length = length.first_chunk().map_or(u32::MAX, |length| u32::from_le_bytes(*length));
    split_off(values, usize::try_from(length).unwrap_or(usize::MAX))
}

fn split_off(page: &mut Bytes, length: usize) -> Result<Bytes, Error> {
    if length > page.len() {
        return Err(Error::Damaged("a page ends within its levels".into()));
    }
    Ok(page.split_to(length))
}

fn crc_32(bytes: &[u8]) -> u32 {
    let mut checksum = Crc::new();
    checksum.update(bytes);
    checksum.sum()
}
