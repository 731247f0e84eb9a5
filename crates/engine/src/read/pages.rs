//! The pages of a column chunk, made such that the parquet crate's typed readers take them: some codecs are
//! decompressed here, and text becomes numbers before it is decoded.

use std::io::Read;
use std::sync::Arc;

use brotli_decompressor::Decompressor;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use parquet::basic::{Compression, Encoding, Repetition, Type as Physical};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor, ColumnPath, Type};
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

/// A page may be this large whatever the footer says of its column.
const PAGE_BYTES_ALLOWED: u64 = 64 << 20;
/// What the Brotli decoder reads at a time.
const BROTLI_BUFFER_BYTES: usize = 4_096;
/// Texts decoded at a time.
const TEXTS_AT_ONCE: usize = 4_096;

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
    let codec = match chunk.compression() {
        Compression::ZSTD(_) => Codec::Zstd(Box::new(FrameDecoder::new())),
        Compression::GZIP(_) => Codec::Gzip,
        Compression::BROTLI(_) => Codec::Brotli,
        _ => {
            let pages = SerializedPageReader::new(Arc::clone(source), chunk, rows, None)?;
            return Ok(Box::new(Mapped { pages: Box::new(pages), map: Ok }));
        }
    };
    // Taken for uncompressed, the pages come as they are stored.
    let stored = chunk.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build()?;
    let pages = SerializedPageReader::new(Arc::clone(source), &stored, rows, None)?;
    let bytes_max = u64::try_from(chunk.uncompressed_size()).unwrap_or(0).max(PAGE_BYTES_ALLOWED);
    let mut unpacker = Unpacker { codec, bytes_max };
    Ok(Box::new(Mapped { pages: Box::new(pages), map: move |page| unpacker.unpack(page) }))
}

/// The pages of a text column as those of a column of numbers: `translate` appends what each text becomes, in
/// little-endian bytes.
pub(super) fn translated(
    pages: Box<dyn PageReader>,
    column: &ColumnDescPtr,
    translate: impl FnMut(&[ByteArray], &mut Vec<u8>) -> std::result::Result<(), crate::Error> + Send + 'static,
) -> Box<dyn PageReader> {
    let mut texts = Texts { column: Arc::clone(column), translate };
    Box::new(Mapped { pages, map: move |page| texts.translate(page) })
}

/// Describes a column of numbers that is as nullable as another.
pub(super) fn numbers_like(column: &ColumnDescPtr, physical: Physical) -> Result<ColumnDescPtr> {
    let is_required = column.max_def_level() == 0;
    let repetition = if is_required { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    let numbers =
        Type::primitive_type_builder(column.name(), physical).with_repetition(repetition).build()?;
    let path = ColumnPath::new(vec![column.name().to_owned()]);
    Ok(Arc::new(ColumnDescriptor::new(Arc::new(numbers), column.max_def_level(), 0, path)))
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

/// What this module decompresses on its own. The parquet crate would bring the compressors along, and for Zstandard
/// a C compiler.
enum Codec {
    Zstd(Box<FrameDecoder>),
    Gzip,
    Brotli,
}

struct Unpacker {
    codec: Codec,
    bytes_max: u64,
}

impl Unpacker {
    fn unpack(&mut self, mut page: Page) -> Result<Page> {
        match &mut page {
            Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => {
                *buf = self.decompress(buf, &[])?;
            }
            Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, is_compressed, .. } => {
                let levels = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
                let (levels, values) = split(buf, levels)?;
                if *is_compressed && !values.is_empty() {
                    *buf = self.decompress(values, levels)?;
                }
                *is_compressed = false;
            }
        }
        Ok(page)
    }

    /// What is compressed, behind what stays as it is.
    fn decompress(&mut self, mut compressed: &[u8], before: &[u8]) -> Result<Bytes> {
        let mut bytes = before.to_vec();
        match &mut self.codec {
            Codec::Gzip => limited(MultiGzDecoder::new(compressed), &mut bytes, self.bytes_max)?,
            Codec::Brotli => {
                limited(Decompressor::new(compressed, BROTLI_BUFFER_BYTES), &mut bytes, self.bytes_max)?;
            }
            Codec::Zstd(decoder) => {
                while !compressed.is_empty() {
                    let frame = StreamingDecoder::new_with_decoder(&mut compressed, &mut **decoder)
                        .map_err(|error| ParquetError::General(format!("a page is damaged: {error}")))?;
                    limited(frame, &mut bytes, self.bytes_max)?;
                }
            }
        }
        Ok(bytes.into())
    }
}

/// Reads all there is, if it is not more than a page may hold.
fn limited(stream: impl Read, bytes: &mut Vec<u8>, bytes_max: u64) -> Result<()> {
    let room = bytes_max.saturating_sub(bytes.len() as u64);
    let read = stream.take(room + 1).read_to_end(bytes)?;
    if read as u64 > room {
        return Err(ParquetError::General("a page is larger than its column".into()));
    }
    Ok(())
}

/// The same column without nulls.
fn required(column: &ColumnDescPtr) -> ColumnDescPtr {
    let path = ColumnPath::new(vec![column.name().to_owned()]);
    Arc::new(ColumnDescriptor::new(column.self_type_ptr(), 0, 0, path))
}

/// A page without its levels, which must say that it has no nulls: decoding them for every row would take as long
/// as decoding the values.
fn without_levels(mut page: Page) -> Result<Page> {
    let (buf, values, levels, length_bytes) = match &mut page {
        Page::DictionaryPage { .. } => return Ok(page),
        Page::DataPage { buf, num_values, def_level_encoding, .. } => {
            let length = v1_level_bytes(buf, *num_values, *def_level_encoding);
            let length_bytes = if *def_level_encoding == Encoding::RLE { 4 } else { 0 };
            (buf, *num_values, length, length_bytes)
        }
        Page::DataPageV2 { buf, num_values, def_levels_byte_len, rep_levels_byte_len, .. } => {
            let length = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
            (*def_levels_byte_len, *rep_levels_byte_len) = (0, 0);
            (buf, *num_values, length, 0)
        }
    };
    let levels = split(buf, levels)?.0;
    if !levels.get(length_bytes..).is_some_and(|levels| are_all_present(levels, values)) {
        return Err(ParquetError::General(
            "a column has nulls where its footer says that it has none".into(),
        ));
    }
    *buf = buf.slice(levels.len()..);
    Ok(page)
}

/// Whether levels of one bit, in runs or packed, say that so many values are all there.
fn are_all_present(mut levels: &[u8], values: u32) -> bool {
    let mut left = u64::from(values);
    while left > 0 {
        let Some((header, rest)) = varint(levels) else { return false };
        let (is_present, taken, bytes) = if header & 1 == 0 {
            (rest.first().is_some_and(|level| *level == 1), header >> 1, 1)
        } else {
            let bytes = header >> 1;
            let packed = usize::try_from(bytes).ok().and_then(|bytes| rest.get(..bytes));
            (packed.is_some_and(|packed| are_ones(packed, left)), bytes.saturating_mul(8), bytes)
        };
        if !is_present || taken == 0 {
            return false;
        }
        left = left.saturating_sub(taken);
        levels = usize::try_from(bytes).ok().and_then(|bytes| rest.get(bytes..)).unwrap_or_default();
    }
    true
}

/// Whether the first bits, at most so many, are all set.
fn are_ones(packed: &[u8], bits: u64) -> bool {
    let whole = usize::try_from(bits / 8).unwrap_or(usize::MAX);
    let rest = packed.get(whole).map_or(0, |byte| !byte & ((1 << (bits % 8)) - 1));
    packed.iter().take(whole).all(|byte| *byte == 0xff) && rest == 0
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

/// The bytes of a page's levels and those of its values.
fn split(page: &Bytes, levels: u64) -> Result<(&[u8], &[u8])> {
    usize::try_from(levels)
        .ok()
        .and_then(|levels| page.split_at_checked(levels))
        .ok_or_else(|| ParquetError::General("a page ends within its levels".into()))
}

struct Texts<F> {
    column: ColumnDescPtr,
    translate: F,
}

impl<F: FnMut(&[ByteArray], &mut Vec<u8>) -> std::result::Result<(), crate::Error>> Texts<F> {
    fn translate(&mut self, page: Page) -> Result<Page> {
        match page {
            Page::DictionaryPage { buf, num_values, is_sorted, .. } => {
                let column = required(&self.column);
                let encoding = Encoding::PLAIN;
                let texts = Page::DataPage {
                    buf,
                    num_values,
                    encoding,
                    def_level_encoding: Encoding::RLE,
                    rep_level_encoding: Encoding::RLE,
                    statistics: None,
                };
                let buf = self.numbers(column, texts, &[])?;
                Ok(Page::DictionaryPage { buf, num_values, encoding, is_sorted })
            }
            page if is_coded(page.encoding()) => Ok(page),
            Page::DataPage { ref buf, num_values, def_level_encoding, rep_level_encoding, .. } => {
                let levels = if self.column.max_def_level() == 0 {
                    0
                } else {
                    v1_level_bytes(buf, num_values, def_level_encoding)
                };
                let levels = split(buf, levels)?.0.to_vec();
                let buf = self.numbers(Arc::clone(&self.column), page, &levels)?;
                let encoding = Encoding::PLAIN;
                let statistics = None;
                Ok(Page::DataPage {
                    buf,
                    num_values,
                    encoding,
                    def_level_encoding,
                    rep_level_encoding,
                    statistics,
                })
            }
            Page::DataPageV2 {
                ref buf,
                num_values,
                num_nulls,
                num_rows,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let levels = u64::from(def_levels_byte_len) + u64::from(rep_levels_byte_len);
                let levels = split(buf, levels)?.0.to_vec();
                let buf = self.numbers(Arc::clone(&self.column), page, &levels)?;
                Ok(Page::DataPageV2 {
                    buf,
                    num_values,
                    encoding: Encoding::PLAIN,
                    num_nulls,
                    num_rows,
                    def_levels_byte_len,
                    rep_levels_byte_len,
                    is_compressed: false,
                    statistics: None,
                })
            }
        }
    }

    /// What the texts of a page become, behind its levels.
    fn numbers(&mut self, column: ColumnDescPtr, page: Page, levels: &[u8]) -> Result<Bytes> {
        let mut bytes = levels.to_vec();
        let mut reader = ColumnReaderImpl::<ByteArrayType>::new(column, Box::new(Alone(Some(page))));
        let mut texts = Vec::new();
        let mut levels = Vec::new();
        loop {
            texts.clear();
            levels.clear();
            let (rows, _, _) = reader.read_records(TEXTS_AT_ONCE, Some(&mut levels), None, &mut texts)?;
            if rows == 0 {
                return Ok(bytes.into());
            }
            (self.translate)(&texts, &mut bytes).map_err(|error| ParquetError::External(Box::new(error)))?;
        }
    }
}

const fn is_coded(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY)
}

/// How many bytes the definition levels of a first-version page take.
fn v1_level_bytes(page: &[u8], values: u32, encoding: Encoding) -> u64 {
    if encoding == Encoding::RLE {
        let length = page.first_chunk().map_or(u32::MAX, |bytes| u32::from_le_bytes(*bytes));
        return 4 + u64::from(length);
    }
    u64::from(values.div_ceil(8))
}

/// One page, of a column that has no other.
struct Alone(Option<Page>);

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
