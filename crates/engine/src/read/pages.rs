//! The pages of a column chunk, unpacked; levels that say nothing are taken off.

use std::mem;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor, ColumnPath};

use super::hybrid::Hybrid;
use super::parquet_error;
use super::unpack::Unpacker;
use crate::Error;

/// The pages of a column chunk of a row group with so many rows, and the column that they are of: one that cannot
/// be null where the footer says that no value is.
pub(super) fn pages<R: ChunkReader + 'static>(
    source: &Arc<R>,
    chunk: &ColumnChunkMetaData,
    rows: usize,
) -> Result<(ColumnDescPtr, Box<dyn PageReader>)> {
    let column = chunk.column_descr_ptr();
    let pages = decompressed(source, chunk, rows)?;
    let nulls = chunk.statistics().and_then(|statistics| statistics.null_count_opt());
    if column.max_def_level() == 0 || nulls != Some(0) {
        return Ok((column, pages));
    }
    Ok((required(&column), Box::new(Mapped { pages, map: without_levels })))
}

fn decompressed<R: ChunkReader + 'static>(
    source: &Arc<R>,
    chunk: &ColumnChunkMetaData,
    rows: usize,
) -> Result<Box<dyn PageReader>> {
    let Some(mut unpacker) = Unpacker::new(chunk) else {
        let pages = SerializedPageReader::new(Arc::clone(source), chunk, rows, None)?;
        return Ok(Box::new(Mapped { pages: Box::new(pages), map: Ok }));
    };
    // Taken for uncompressed, the pages come as they are stored.
    let stored = chunk.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build()?;
    let pages = SerializedPageReader::new(Arc::clone(source), &stored, rows, None)?;
    Ok(Box::new(Mapped { pages: Box::new(pages), map: move |page| unpacked(&mut unpacker, page) }))
}

/// Pages that a function makes of others. Pages without values are left out: the typed readers take one for the end.
struct Mapped<F> {
    pages: Box<dyn PageReader>,
    map: F,
}

impl<F: FnMut(Page) -> Result<Page>> Iterator for Mapped<F>
where
    F: Send,
{
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<F: FnMut(Page) -> Result<Page> + Send> PageReader for Mapped<F> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        while let Some(page) = self.pages.get_next_page()? {
            if page.num_values() > 0 || page.is_dictionary_page() {
                return (self.map)(page).map(Some);
            }
        }
        Ok(None)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }
}

fn unpacked(unpacker: &mut Unpacker, mut page: Page) -> Result<Page> {
    match &mut page {
        Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => *buf = unpacker.unpack(buf, &[])?,
        Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, is_compressed, .. } => {
            let levels = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
            let (levels, values) = split(buf, levels)?;
            if *is_compressed && !values.is_empty() {
                *buf = unpacker.unpack(values, levels)?;
            }
            *is_compressed = false;
        }
    }
    Ok(page)
}

/// What is wrong with a page, in words that reach the reader.
pub(super) fn damaged(how: &str) -> ParquetError {
    ParquetError::External(Box::new(Error::Damaged(how.to_owned())))
}

/// The same column without nulls.
pub(super) fn required(column: &ColumnDescPtr) -> ColumnDescPtr {
    let path = ColumnPath::new(vec![column.name().to_owned()]);
    Arc::new(ColumnDescriptor::new(column.self_type_ptr(), 0, 0, path))
}

/// A page without its levels, which must say that it has no nulls: decoding them for every row would take as long
/// as decoding the values.
fn without_levels(mut page: Page) -> Result<Page> {
    if page.is_data_page() {
        let all_present = |level, _| match level {
            0 => Err(Error::Damaged("a column has nulls where its footer says that it has none".into())),
            _ => Ok(()),
        };
        take_levels(&mut page)
            .and_then(|mut levels| levels.read(page.num_values() as usize, all_present))
            .map_err(|error| ParquetError::External(Box::new(error)))?;
    }
    Ok(page)
}

/// Takes the levels of a column that may be null, one for each row, off a data page: 1 where there is a value.
///
/// # Errors
/// [`Error::Damaged`] when the page ends before, or has them as files have not had them since 2013.
pub(super) fn take_levels(page: &mut Page) -> std::result::Result<Hybrid, Error> {
    let (buf, start, length) = match page {
        Page::DataPage { def_level_encoding, .. } if *def_level_encoding != Encoding::RLE => {
            return Err(Error::Damaged(format!("a page has its levels as {def_level_encoding}")));
        }
        Page::DataPage { buf, .. } => {
            let length = buf.first_chunk().map_or(u32::MAX, |length| u32::from_le_bytes(*length));
            (buf, 4, length)
        }
        Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
            (buf, mem::take(rep_levels_byte_len), mem::take(def_levels_byte_len))
        }
        Page::DictionaryPage { buf, .. } => (buf, 0, 0),
    };
    let (before, rest) = split(buf, u64::from(start) + u64::from(length)).map_err(parquet_error)?;
    let (levels, rest) = (buf.slice_ref(&before[start as usize..]), buf.slice_ref(rest));
    *buf = rest;
    Hybrid::new(levels, 1)
}

/// The bytes of a page's levels and those of its values.
fn split(page: &Bytes, levels: u64) -> Result<(&[u8], &[u8])> {
    usize::try_from(levels)
        .ok()
        .and_then(|levels| page.split_at_checked(levels))
        .ok_or_else(|| damaged("a page ends within its levels"))
}

/// One page, of a column that has no other.
pub(super) struct Alone(pub(super) Option<Page>);

impl Iterator for Alone {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl PageReader for Alone {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        Ok(self.0.take())
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Ok(None)
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0 = None;
        Ok(())
    }
}
