//! One Parquet file: its footer and its row groups.

use std::sync::Arc;

use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::statistics::Statistics;

use super::events::EventReader;
use super::held::HeldTimes;
use super::layout::Layout;
use super::{guarded, parquet_error};
use crate::Error;
use crate::schema::GuildKind;

/// A Parquet file whose footer was read and that has the columns of the event table, in any order, codec, encoding
/// and layout of row groups.
#[derive(Debug)]
pub struct EventFile<R = bytes::Bytes> {
    pub(super) source: Arc<R>,
    pub(super) metadata: Arc<ParquetMetaData>,
    pub(super) layout: Layout,
    /// The times, where an earlier scan left them decoded.
    pub(super) times: Option<Arc<HeldTimes>>,
}

impl<R> Clone for EventFile<R> {
    fn clone(&self) -> Self {
        Self {
            source: Arc::clone(&self.source),
            metadata: Arc::clone(&self.metadata),
            layout: self.layout,
            times: self.times.clone(),
        }
    }
}

/// What the footer says of a row group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowGroup {
    /// Rows in it.
    pub rows: u64,
    /// Compressed bytes of the columns of the event table, which are all that is read of it.
    pub bytes: u64,
    /// The smallest and the largest player id, where the writer noted them.
    pub players: Option<(i64, i64)>,
}

impl<R: ChunkReader + 'static> EventFile<R> {
    /// Reads the footer and checks the columns.
    ///
    /// # Errors
    /// [`Error::Parquet`], [`Error::MissingColumn`] or [`Error::ColumnType`].
    pub fn open(source: R) -> Result<Self, Error> {
        guarded(|| {
            let metadata = ParquetMetaDataReader::new().parse_and_finish(&source).map_err(parquet_error)?;
            let layout = Layout::find(metadata.file_metadata().schema_descr())?;
            Ok(Self { source: Arc::new(source), metadata: Arc::new(metadata), layout, times: None })
        })
    }

    /// How the guild numbers are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> GuildKind {
        self.layout.guild_kind()
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
                .iter()
                .map(|index| bytes(group, *index))
                .fold(0, u64::saturating_add),
            players: self.players(group),
        }
    }

    fn players(&self, group: &RowGroupMetaData) -> Option<(i64, i64)> {
        let chunk = group.columns().get(self.layout.player_id.index)?;
        let range = match chunk.statistics()? {
            Statistics::Int64(range) => (*range.min_opt()?, *range.max_opt()?),
            Statistics::Int32(range) => (i64::from(*range.min_opt()?), i64::from(*range.max_opt()?)),
            _ => return None,
        };
        (self.layout.player_id.storage.is_signed() && range.0 <= range.1).then_some(range)
    }

    /// The events of the given row groups, or of all.
    #[must_use]
    pub fn events(&self, row_groups: Option<Vec<usize>>) -> EventReader<R> {
        let row_groups = row_groups.unwrap_or_else(|| (0..self.row_groups()).collect());
        EventReader::new(self.clone(), row_groups)
    }
}

fn bytes(group: &RowGroupMetaData, column: usize) -> u64 {
    group.columns().get(column).map_or(0, |chunk| u64::try_from(chunk.compressed_size()).unwrap_or(0))
}
