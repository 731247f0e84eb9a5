//! The bytes of a part in memory, of which those that are needed no more can be given up.

use std::ops::Range;
use std::sync::Arc;

use bytes::{Buf, Bytes};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use super::chunk_bytes::byte_range;
use super::file::open_footer;
use super::groups::joined;
use super::unpack::none;
use super::{EventFile, unknown};
use crate::Error;
use crate::contract::{Column, Partition};

/// Stretches of a file's bytes, in order.
#[derive(Debug, Clone)]
pub struct PartBytes {
    len: u64,
    stretches: Vec<(u64, Bytes)>,
}

impl From<Bytes> for PartBytes {
    fn from(bytes: Bytes) -> Self {
        Self { len: bytes.len() as u64, stretches: vec![(0, bytes)] }
    }
}

impl PartBytes {
    /// All bytes; `None` once some were given up.
    #[must_use]
    pub fn whole(&self) -> Option<&Bytes> {
        let (_, bytes) = self.stretches.first()?;
        (bytes.len() as u64 == self.len).then_some(bytes)
    }

    /// The bytes from `start` on, as far as they are in one piece.
    fn from(&self, start: u64) -> Option<Bytes> {
        let place = self.stretches.partition_point(|(first, _)| *first <= start).checked_sub(1)?;
        let (first, bytes) = self.stretches.get(place)?;
        let skipped = usize::try_from(start - first).ok().filter(|skipped| *skipped <= bytes.len())?;
        Some(bytes.slice(skipped..))
    }
}

impl Length for PartBytes {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for PartBytes {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(self.from(start).unwrap_or_default().reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.from(start).unwrap_or_default();
        let missing = || ParquetError::EOF(format!("it ends {} bytes too early", length - bytes.len()));
        if bytes.len() < length { Err(missing()) } else { Ok(bytes.slice(..length)) }
    }
}

impl EventFile<PartBytes> {
    /// A part of an export, whose pages are packed by Snappy if at all, and whose guild numbers are numbers: so no code for
    /// anything else comes along.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn of_export(bytes: Bytes) -> std::result::Result<Self, Error> {
        let metadata = open_footer(&bytes)?;
        let file = EventFile::of_footer(metadata, bytes.len() as u64, &Partition::default(), none)?;
        if file.has_text_guilds() { Err(unknown()) } else { Ok(file.with_source(bytes.into())) }
    }

    /// Gives up the bytes that are not read again: where times are held decoded, all but those of the other columns.
    pub fn give_up_bytes(&mut self) {
        if let Some(bytes) = self.times.as_ref().and_then(|_| self.bytes_of_others()) {
            self.source = Arc::new(bytes);
        }
    }

    /// Copies of what is read besides times; `None` where the footer has contradicted itself.
    fn bytes_of_others(&self) -> Option<PartBytes> {
        let columns = Column::ALL.into_iter().filter(|column| *column != Column::Datetime);
        let columns: Vec<usize> = columns.filter_map(|column| Some(self.layout.get(column)?.index)).collect();
        let groups = self.metadata.row_groups().iter();
        let chunks = groups.flat_map(|group| columns.iter().map(|&column| group.columns().get(column)));
        let ranges = chunks.map(|chunk| byte_range(chunk?).ok()).collect::<Option<Vec<_>>>()?;
        let copy = |range: Range<u64>| {
            let bytes = self.source.get_bytes(range.start, usize::try_from(range.end - range.start).ok()?);
            Some((range.start, Bytes::copy_from_slice(&bytes.ok()?)))
        };
        let stretches = joined(ranges).into_iter().map(copy).collect::<Option<Vec<_>>>()?;
        Some(PartBytes { len: self.source.len, stretches })
    }

    /// Its bytes.
    #[must_use]
    pub fn source(&self) -> &PartBytes {
        &self.source
    }
}
