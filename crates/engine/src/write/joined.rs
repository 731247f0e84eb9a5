//! A file put together of files with the same columns, each made on its own: their row groups as they are, and one footer
//! for all. The bytes of the pieces are never needed at once.

use std::ops::Range;

use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{
    FileMetaData, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::writer::TrackedWrite;
use parquet::schema::types::SchemaDescriptor;

use super::number;
use super::table::{Note, key_values};

/// What a file begins and ends with.
pub const MAGIC: &[u8; 4] = b"PAR1";
/// What the footer ends with: its length, and the magic.
const TAIL_BYTES: usize = 4 + MAGIC.len();

/// A file that is to become a piece of another.
#[derive(Debug)]
pub struct Piece {
    file: Vec<u8>,
    data: Range<usize>,
}

impl Piece {
    /// Takes a file apart.
    ///
    /// # Errors
    /// When it is none.
    pub fn of(file: Vec<u8>) -> Result<Self> {
        let no_file = || ParquetError::EOF("a piece is too short to be a file".to_owned());
        let end = file.len().checked_sub(TAIL_BYTES).ok_or_else(no_file)?;
        let length = file[end..].first_chunk().ok_or_else(no_file)?;
        let footer = end.checked_sub(number(u32::from_le_bytes(*length))?).ok_or_else(no_file)?;
        let data = MAGIC.len()..footer.max(MAGIC.len());
        Ok(Self { file, data })
    }

    /// The bytes of its columns, which stand in the whole file behind those of the piece before.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.file[self.data.clone()]
    }

    /// What says of its row groups, and is left out of the whole file.
    #[must_use]
    pub fn footer(&self) -> &[u8] {
        &self.file[self.data.end..]
    }
}

/// The footer of the file whose pieces have these footers, in order, and with these notes. It stands behind the [`MAGIC`] and the data of all.
///
/// # Errors
/// When a footer is none of such a piece.
pub fn joined_footer<'a>(
    columns: SchemaDescriptor,
    notes: &[Note],
    footers: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>> {
    let mut row_groups = Vec::new();
    let (mut start, mut rows) = (MAGIC.len(), 0);
    for footer in footers {
        let end = footer.len().saturating_sub(TAIL_BYTES);
        let piece = ParquetMetaDataReader::decode_metadata(&footer[..end])?;
        for row_group in piece.row_groups() {
            // Where the piece's own data began, right behind its magic.
            let moved = moved(row_group, number(start - MAGIC.len())?, number(row_groups.len())?)?;
            rows += moved.num_rows();
            row_groups.push(moved);
        }
        let bytes: i64 = piece.row_groups().iter().map(RowGroupMetaData::compressed_size).sum();
        start += number::<i64, usize>(bytes)?;
    }
    let about = FileMetaData::new(1, rows, None, key_values(notes), columns.into(), None);
    let metadata = ParquetMetaData::new(about, row_groups);
    let mut footer = Vec::new();
    ParquetMetaDataWriter::new_with_tracked(TrackedWrite::new(&mut footer), &metadata).finish()?;
    Ok(footer)
}

/// What is said of a row group that stands so many bytes further on, at this place among all.
fn moved(row_group: &RowGroupMetaData, by: i64, ordinal: i32) -> Result<RowGroupMetaData> {
    let columns = row_group.columns().iter().map(|column| {
        let (data, dictionary) = (column.data_page_offset() + by, column.dictionary_page_offset());
        let moved = column.clone().into_builder().set_data_page_offset(data);
        moved.set_dictionary_page_offset(dictionary.map(|offset| offset + by)).build()
    });
    let columns = columns.collect::<Result<Vec<_>>>()?;
    let mut moved = row_group.clone().into_builder().set_column_metadata(columns).set_ordinal(ordinal);
    if let Some(offset) = row_group.file_offset() {
        moved = moved.set_file_offset(offset + by);
    }
    moved.build()
}
