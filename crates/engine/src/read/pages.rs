//! The pages of a column chunk, unpacked; levels that say nothing are taken off.

use std::collections::VecDeque;

use bytes::Bytes;
use flate2::Crc;
use parquet::basic::Encoding;
use parquet::file::metadata::ColumnChunkMetaData;

use super::chunk_bytes::{ChunkBytes, byte_range, take_header};
use super::header::PageKind;
use super::hybrid::Hybrid;
use super::unpack::{OtherCodec, Unpacker};
use super::{contradiction, ends_too_soon};
use crate::Error;

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

/// The pages of a column chunk, one after the other, as far as their bytes were given.
pub(super) struct Chunk {
    bytes: ChunkBytes,
    /// Pages that were split off and are still to be unpacked.
    pages: VecDeque<Stored>,
    /// The rows of these.
    rows: usize,
    unpacker: Option<Unpacker>,
    is_nullable: bool,
    /// Whether the footer says that no value is null.
    no_nulls: bool,
}

/// A page as it is stored.
struct Stored {
    page: PageKind,
    bytes: Bytes,
}

impl Chunk {
    /// A chunk of a file of so many bytes, before its first page. So many of them are asked for at a time.
    ///
    /// # Errors
    /// [`Error::Damaged`] where the footer says of the chunk what cannot be.
    pub(super) fn new(
        chunk: &ColumnChunkMetaData,
        file_bytes: u64,
        run_bytes: u64,
        other: OtherCodec,
    ) -> Result<Self, Error> {
        let range = byte_range(chunk)?;
        if range.end > file_bytes {
            return Err(ends_too_soon());
        }
        Ok(Self {
            bytes: ChunkBytes::new(range, run_bytes),
            pages: VecDeque::new(),
            rows: 0,
            unpacker: Unpacker::new(chunk, other)?,
            is_nullable: chunk.column_descr().max_def_level() > 0,
            no_nulls: chunk.statistics().and_then(|statistics| statistics.null_count_opt()) == Some(0),
        })
    }

    /// The bytes of it.
    pub(super) const fn bytes(&mut self) -> &mut ChunkBytes {
        &mut self.bytes
    }

    /// Splits pages off until they have so many rows; `false` where bytes are missing for that.
    ///
    /// # Errors
    /// [`Error::Damaged`], also where there are fewer rows.
    pub(super) fn has_rows(&mut self, rows: usize) -> Result<bool, Error> {
        while self.rows < rows {
            match self.split_off()? {
                Some(page) => self.push(page)?,
                None if self.bytes.is_at_end() => {
                    return Err(Error::Damaged("a column ends before its row group".into()));
                }
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Whether no page follows; `None` where bytes are missing to tell.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(super) fn is_at_end(&mut self) -> Result<Option<bool>, Error> {
        if self.pages.is_empty() {
            match self.split_off()? {
                Some(page) => self.push(page)?,
                None => return Ok(self.bytes.is_at_end().then_some(true)),
            }
        }
        Ok(Some(false))
    }

    fn push(&mut self, page: Stored) -> Result<(), Error> {
        match page.page {
            PageKind::Version1 { rows, .. } | PageKind::Version2 { rows, .. } => self.rows += rows as usize,
            // A chunk has one dictionary; any number of them would be kept here for no row.
            _ if self.pages.back().is_some_and(|last| matches!(last.page, PageKind::Dictionary { .. })) => {
                return Err(contradiction());
            }
            _ => {}
        }
        self.pages.push_back(page);
        Ok(())
    }

    /// The next page that has rows, or is a dictionary; `None` where no more of the bytes were given, or there are none.
    fn split_off(&mut self) -> Result<Option<Stored>, Error> {
        while let Some(run) = self.bytes.run() {
            let header = take_header(run)?;
            if header.stored_bytes > run.len() {
                return Err(ends_too_soon());
            }
            let bytes = run.split_to(header.stored_bytes);
            if header.checksum.is_some_and(|checksum| checksum != crc_32(&bytes)) {
                return Err(Error::Damaged("a page does not match its checksum".into()));
            }
            let is_empty = matches!(
                header.page,
                PageKind::Index | PageKind::Version1 { rows: 0, .. } | PageKind::Version2 { rows: 0, .. }
            );
            if !is_empty {
                return Ok(Some(Stored { page: header.page, bytes }));
            }
        }
        Ok(None)
    }

    fn unpack(&mut self, Stored { page, bytes }: Stored) -> Result<Page, Error> {
        match page {
            PageKind::Index => Err(contradiction()),
            PageKind::Dictionary { values: rows } => Ok(Page {
                is_dictionary: true,
                rows: rows as usize,
                encoding: Encoding::PLAIN,
                levels: None,
                values: self.unpacked(bytes)?,
            }),
            PageKind::Version1 { rows, encoding, level_encoding } => {
                let mut values = self.unpacked(bytes)?;
                let levels = match self.is_nullable {
                    true => Some(take_levels_behind_length(&mut values, level_encoding)?),
                    false => None,
                };
                self.data_page(rows, encoding, levels, values)
            }
            PageKind::Version2 { rows, encoding, level_bytes: [repetition, definition], is_compressed } => {
                let mut values = bytes;
                split_off(&mut values, repetition)?;
                let levels = split_off(&mut values, definition)?;
                let values = if is_compressed { self.unpacked(values)? } else { values };
                self.data_page(rows, encoding, self.is_nullable.then_some(levels), values)
            }
        }
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

/// The pages that were split off.
impl Iterator for Chunk {
    type Item = Result<Page, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let stored = self.pages.pop_front()?;
        if let PageKind::Version1 { rows, .. } | PageKind::Version2 { rows, .. } = stored.page {
            self.rows -= rows as usize;
        }
        Some(self.unpack(stored))
    }
}

fn crc_32(bytes: &[u8]) -> u32 {
    let mut checksum = Crc::new();
    checksum.update(bytes);
    checksum.sum()
}
