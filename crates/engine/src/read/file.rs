//! One Parquet file: its footer and its row groups.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use parquet::file::metadata::{
    ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData,
};
use parquet::file::reader::ChunkReader;
use parquet::file::statistics::Statistics;
use serde::{Deserialize, Serialize};

use super::events::{EventDecoder, EventReader};
use super::held::HeldTimes;
use super::layout::{Layout, Storage};
use super::unpack::OtherCodec;
use super::{LogFile, Opening, contradiction, ends_too_soon, footer, guarded, parquet_error};
use crate::Error;
use crate::contract::{
    Column, Columns, Content, Format, HEAD_BYTES, Notice, Partition, Reading, Refusal, TimeForm, TimeTexts,
    numbers,
};
use crate::schema::NumberKind;

/// The last bytes of every Parquet file, which are its first ones too.
const MAGIC: &[u8] = b"PAR1";
/// What follows the metadata: their length, and those bytes.
const TAIL_BYTES: u64 = 8;
/// Rows of a page are counted in an `i32`.
const PAGE_ROWS_MAX: u64 = i32::MAX as u64;
/// A page's header has its kind, two sizes, and a structure with the number of its values and three encodings: at least a
/// byte for each and a byte for the name of each, and one at the end of either structure.
const PAGE_HEADER_BYTES_MIN: u64 = 17;

/// A Parquet file whose footer was read and that has the columns of the event table, in any order, codec, encoding
/// and layout of row groups.
///
/// Where its bytes are to be had later, or elsewhere, it is one without a source, `EventFile<()>`.
#[derive(Debug)]
pub struct EventFile<R = bytes::Bytes> {
    pub(super) source: Arc<R>,
    /// Its size.
    pub(super) bytes: u64,
    pub(super) metadata: Arc<ParquetMetaData>,
    pub(super) layout: Layout,
    pub(super) columns: Arc<Columns>,
    /// The form of times that are texts, once the first is read.
    pub(super) time_texts: Arc<OnceLock<TimeTexts>>,
    /// The times, where an earlier scan left them decoded.
    pub(super) times: Option<Arc<HeldTimes>>,
    /// What unpacks pages that are not packed by Snappy.
    pub(super) other_codec: OtherCodec,
}

impl<R> Clone for EventFile<R> {
    fn clone(&self) -> Self {
        Self {
            source: Arc::clone(&self.source),
            bytes: self.bytes,
            metadata: Arc::clone(&self.metadata),
            layout: self.layout,
            columns: Arc::clone(&self.columns),
            time_texts: Arc::clone(&self.time_texts),
            times: self.times.clone(),
            other_codec: self.other_codec,
        }
    }
}

/// What the footer says of a row group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowGroup {
    /// Rows in it.
    pub rows: u64,
    /// Compressed bytes of the columns of the event table, which are all that is read of it.
    pub bytes: u64,
    /// The smallest and the largest player id, where the writer noted them.
    pub players: Option<(i64, i64)>,
}

impl<R: ChunkReader> EventFile<R> {
    /// Reads the footer and checks the columns.
    ///
    /// # Errors
    /// [`Error::Damaged`] for damaged bytes, [`Error::Refused`] for what is no event log in Parquet.
    pub fn open(source: R) -> Result<Self, Error> {
        Self::open_in(source, &Partition::default())
    }

    /// The same for a file in such folders.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_in(source: R, partition: &Partition) -> Result<Self, Error> {
        let opening = Opening::new(source.len(), partition).of(Format::Parquet);
        match LogFile::opened(source, opening)? {
            LogFile::Parquet(file) => Ok(file),
            LogFile::Csv(_) => Err(contradiction()),
        }
    }

    /// The events of the given row groups, or of all.
    #[must_use]
    pub fn events(&self, row_groups: Option<Vec<usize>>) -> EventReader<R> {
        EventReader::new(Arc::clone(&self.source), self.decoder(row_groups))
    }
}

impl EventFile<()> {
    /// A file of so many bytes with this footer.
    ///
    /// # Errors
    /// As [`EventFile::open`].
    pub(super) fn of_footer(
        metadata: ParquetMetaData,
        bytes: u64,
        partition: &Partition,
        other_codec: OtherCodec,
    ) -> Result<Self, Error> {
        let (layout, columns) = Layout::find(metadata.file_metadata().schema_descr(), partition)?;
        for group in metadata.row_groups() {
            check_rows(group, bytes)?;
        }
        Ok(Self {
            source: Arc::new(()),
            bytes,
            metadata: Arc::new(metadata),
            layout,
            columns: Arc::new(columns),
            time_texts: Arc::default(),
            times: None,
            other_codec,
        })
    }
}

impl<R> EventFile<R> {
    /// The same file with its bytes elsewhere.
    #[must_use]
    pub fn without_source(&self) -> EventFile<()> {
        self.clone().with_source(())
    }

    /// The same file with its bytes there.
    #[must_use]
    pub fn with_source<S>(self, source: S) -> EventFile<S> {
        let Self { bytes, metadata, layout, columns, time_texts, times, other_codec, .. } = self;
        EventFile {
            source: Arc::new(source),
            bytes,
            metadata,
            layout,
            columns,
            time_texts,
            times,
            other_codec,
        }
    }

    /// Decodes the events of the given row groups, or of all.
    #[must_use]
    pub fn decoder(&self, row_groups: Option<Vec<usize>>) -> EventDecoder {
        let row_groups = row_groups.unwrap_or_else(|| (0..self.row_groups()).collect());
        EventDecoder::new(self.without_source(), row_groups)
    }

    /// Whether guild numbers are written as text.
    pub(super) fn has_text_guilds(&self) -> bool {
        self.layout.get(Column::Guild).is_some_and(|guild| guild.storage == Storage::Text)
    }

    /// Which columns are read.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// How the times are written where they are texts; `None` before the first of them is read.
    #[must_use]
    pub fn time_form(&self) -> Option<TimeForm> {
        self.time_texts.get().and_then(TimeTexts::form)
    }

    /// What is to be said of the file, as far as it is read.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = self.columns.notices();
        if self.layout.are_utc || self.time_form().is_some_and(|form| form.has_offset) {
            notices.push(Notice::Utc);
        }
        notices
    }

    /// How the file is read, as far as it is.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let schema = self.metadata.file_metadata().schema_descr();
        Reading {
            rows: Some(self.rows()),
            time_texts: self.time_texts.get().cloned().unwrap_or_default(),
            notices: self.notices(),
            ..Reading::new(Format::Parquet, &self.columns, |column| self.layout.source_type(column, schema))
        }
    }

    /// How the guild numbers are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> NumberKind {
        self.layout.guild_kind
    }

    /// Rows, as the footer says.
    #[must_use]
    pub fn rows(&self) -> u64 {
        (0..self.row_groups()).map(|index| self.row_group(index).rows).fold(0, u64::saturating_add)
    }

    /// How many row groups there are.
    #[must_use]
    pub fn row_groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// What the footer says of a row group; nothing is in one that does not exist.
    #[must_use]
    pub fn row_group(&self, index: usize) -> RowGroup {
        let Some(group) = self.metadata.row_groups().get(index) else {
            return RowGroup { rows: 0, bytes: 0, players: None };
        };
        RowGroup {
            rows: u64::try_from(group.num_rows()).unwrap_or(0),
            bytes: self
                .layout
                .columns()
                .filter_map(|index| group.columns().get(index))
                .map(bytes)
                .fold(0, u64::saturating_add),
            players: self.players(group),
        }
    }

    fn players(&self, group: &RowGroupMetaData) -> Option<(i64, i64)> {
        let Some(stored) = self.layout.get(Column::PlayerId) else {
            let player_id = numbers::of_text(self.columns.folder_value(Column::PlayerId)?).ok()??;
            return Some((player_id, player_id));
        };
        let chunk = group.columns().get(stored.index)?;
        let range = match chunk.statistics()? {
            Statistics::Int64(range) => (*range.min_opt()?, *range.max_opt()?),
            Statistics::Int32(range) => (i64::from(*range.min_opt()?), i64::from(*range.max_opt()?)),
            _ => return None,
        };
        (stored.storage.is_signed() && range.0 <= range.1).then_some(range)
    }
}

/// Reads the footer of a file that is Parquet, and in memory.
///
/// # Errors
/// [`Error::Damaged`] for damaged bytes, [`Error::Refused`] for what is no Parquet.
pub(super) fn open_footer(file: &Bytes) -> Result<ParquetMetaData, Error> {
    check_head(&file[..file.len().min(HEAD_BYTES)])?;
    let bytes = file.len() as u64;
    let within = |range: Range<u64>| &file[range.start as usize..range.end as usize];
    decode_footer(within(footer_range(within(tail_range(bytes)), bytes)?))
}

/// Checks by its first bytes that a file is Parquet.
///
/// # Errors
/// [`Error::Refused`].
pub(super) fn check_head(head: &[u8]) -> Result<(), Error> {
    match Content::of(head) {
        Content::Parquet => Ok(()),
        content => Err(Refusal::Content(content).into()),
    }
}

/// The end of a file of so many bytes, which says where its footer is.
pub(super) const fn tail_range(file_bytes: u64) -> Range<u64> {
    file_bytes.saturating_sub(TAIL_BYTES)..file_bytes
}

/// Where the footer is by the end of a file of so many bytes, which shows that the file is whole.
///
/// # Errors
/// [`Error::Damaged`].
pub(super) fn footer_range(tail: &[u8], file_bytes: u64) -> Result<Range<u64>, Error> {
    let (length, magic) = tail.split_first_chunk::<4>().ok_or_else(ends_too_soon)?;
    if *magic != *MAGIC {
        let how = "it does not end as Parquet does, as if it was cut short or more was written behind it";
        return Err(Error::Damaged(how.into()));
    }
    let end = file_bytes.saturating_sub(TAIL_BYTES);
    let start = end.checked_sub(u32::from_le_bytes(*length).into()).ok_or_else(ends_too_soon)?;
    Ok(start..end)
}

/// Decodes a footer, once it is seen that it can be.
///
/// # Errors
/// [`Error::Damaged`], [`Error::Refused`] where the pages are encrypted.
pub(super) fn decode_footer(metadata: &[u8]) -> Result<ParquetMetaData, Error> {
    footer::check(metadata)?;
    guarded(|| ParquetMetaDataReader::decode_metadata(metadata).map_err(parquet_error))
}

/// Checks that a row group can have as many rows as its footer says, before anyone counts on it.
///
/// A few bytes may hold very many rows, where all of them are alike: a page says its number of rows once, in 31 bits, and a
/// run of equal values may be as long. So no limit on rows per byte would be fair but the one that the format itself has:
/// a column has at most as many pages as there is room for their headers. Within it, what is announced costs nothing by
/// itself: memory is set aside for rows as they come, and who waits for them sees how far it is and can cancel.
/// Every column is asked, also those that are not read, for all that are may be in the names of folders.
pub(super) fn check_rows(group: &RowGroupMetaData, file_bytes: u64) -> Result<(), Error> {
    let rows = u64::try_from(group.num_rows())
        .map_err(|_| Error::Damaged("a row group has an impossible number of rows".into()))?;
    let rows_max = |column: &ColumnChunkMetaData| {
        let pages = bytes(column).min(file_bytes).div_ceil(PAGE_HEADER_BYTES_MIN);
        pages.saturating_mul(PAGE_ROWS_MAX)
    };
    if rows <= group.columns().iter().map(rows_max).min().unwrap_or(0) {
        return Ok(());
    }
    Err(Error::Damaged(format!("a row group says that it has {rows} rows, more than its bytes can hold")))
}

fn bytes(column: &ColumnChunkMetaData) -> u64 {
    u64::try_from(column.compressed_size()).unwrap_or(0)
}
