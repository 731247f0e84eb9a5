//! Pages as a file: the column that they are of beside six others with one value for all rows.

use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Encoding, Type as Physical};
use parquet::errors::Result;
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, ParquetMetaDataBuilder, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::statistics::Statistics;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};

use super::column::{Column, Stored};
use super::edit::change_byte;
use super::{Case, Codec};

const MAGIC: &[u8] = b"PAR1";
const DATA_PAGE: i32 = 0;
const DICTIONARY_PAGE: i32 = 2;
pub(super) const DATA_PAGE_V2: i32 = 3;

/// A page before it is compressed, and what its header says of it, which need not be so.
#[derive(Debug, Clone)]
pub(super) struct StoredPage {
    pub(super) kind: i32,
    pub(super) body: Vec<u8>,
    pub(super) values: i32,
    pub(super) rows: i32,
    pub(super) nulls: i32,
    pub(super) encoding: i32,
    pub(super) level_encoding: i32,
    pub(super) definition_bytes: i32,
    pub(super) repetition_bytes: i32,
    pub(super) is_compressed: bool,
    /// The sizes, where they are not the true ones.
    pub(super) size: Option<i32>,
    pub(super) compressed_size: Option<i32>,
    /// Bytes to change once it is compressed.
    pub(super) stored_changes: Vec<(u16, u8)>,
}

impl Default for StoredPage {
    fn default() -> Self {
        Self::version_1(Vec::new(), 0, Encoding::PLAIN)
    }
}

impl StoredPage {
    pub(super) const fn version_1(body: Vec<u8>, values: i32, encoding: Encoding) -> Self {
        Self {
            kind: DATA_PAGE,
            body,
            values,
            rows: values,
            nulls: 0,
            encoding: encoding as i32,
            level_encoding: Encoding::RLE as i32,
            definition_bytes: 0,
            repetition_bytes: 0,
            is_compressed: true,
            size: None,
            compressed_size: None,
            stored_changes: Vec::new(),
        }
    }

    pub(super) fn dictionary(body: Vec<u8>, values: i32) -> Self {
        Self { kind: DICTIONARY_PAGE, ..Self::version_1(body, values, Encoding::PLAIN) }
    }

    /// The header and what follows it.
    fn stored(&self, codec: Codec) -> Vec<u8> {
        let mut body = Vec::new();
        let levels = if self.kind == DATA_PAGE_V2 {
            usize::try_from(self.definition_bytes.saturating_add(self.repetition_bytes)).unwrap_or(0)
        } else {
            0
        };
        let (levels, values) = self.body.split_at(levels.min(self.body.len()));
        body.extend(levels);
        if self.kind == DATA_PAGE_V2 && !self.is_compressed {
            body.extend(values);
        } else {
            // Memory is all that is written to.
            body.extend(compressed(codec, values).unwrap_or_default());
        }
        for (place, by) in &self.stored_changes {
            change_byte(&mut body, *place, *by);
        }
        [self.header(body.len()), body].concat()
    }

    fn header(&self, stored_bytes: usize) -> Vec<u8> {
        let size = |bytes: usize| i32::try_from(bytes).unwrap_or(i32::MAX);
        let mut header = Compact::default();
        header.number(1, self.kind);
        header.number(2, self.size.unwrap_or_else(|| size(self.body.len())));
        header.number(3, self.compressed_size.unwrap_or_else(|| size(stored_bytes)));
        match self.kind {
            DATA_PAGE => header.structure(5, |data| {
                data.number(1, self.values);
                data.number(2, self.encoding);
                data.number(3, self.level_encoding);
                data.number(4, Encoding::RLE as i32);
            }),
            DICTIONARY_PAGE => header.structure(7, |dictionary| {
                dictionary.number(1, self.values);
                dictionary.number(2, self.encoding);
            }),
            DATA_PAGE_V2 => header.structure(8, |data| {
                data.number(1, self.values);
                data.number(2, self.nulls);
                data.number(3, self.rows);
                data.number(4, self.encoding);
                data.number(5, self.definition_bytes);
                data.number(6, self.repetition_bytes);
                data.flag(7, self.is_compressed);
            }),
            _ => {}
        }
        header.end()
    }
}

/// Thrift's compact protocol, as far as page headers need it. The parquet crate writes only headers that are true.
#[derive(Default)]
struct Compact {
    bytes: Vec<u8>,
    last_field: u8,
}

impl Compact {
    const TRUE: u8 = 1;
    const FALSE: u8 = 2;
    const I32: u8 = 5;
    const STRUCTURE: u8 = 12;

    fn field(&mut self, field: u8, kind: u8) {
        self.bytes.push((field - self.last_field) << 4 | kind);
        self.last_field = field;
    }

    fn number(&mut self, field: u8, number: i32) {
        self.field(field, Self::I32);
        push_varint(&mut self.bytes, u64::from((number << 1 ^ number >> 31).cast_unsigned()));
    }

    fn flag(&mut self, field: u8, flag: bool) {
        self.field(field, if flag { Self::TRUE } else { Self::FALSE });
    }

    fn structure(&mut self, field: u8, fields: impl FnOnce(&mut Self)) {
        self.field(field, Self::STRUCTURE);
        let mut inner = Self::default();
        fields(&mut inner);
        self.bytes.extend(inner.end());
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

fn push_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn compressed(codec: Codec, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    match codec {
        Codec::None => out.extend(bytes),
        Codec::Snappy => out = snap::raw::Encoder::new().compress_vec(bytes)?,
        Codec::Gzip => {
            let mut writer = flate2::write::GzEncoder::new(&mut out, flate2::Compression::fast());
            writer.write_all(bytes)?;
            writer.finish()?;
        }
        Codec::Brotli => brotli::CompressorWriter::new(&mut out, 4_096, 1, 18).write_all(bytes)?,
        Codec::Zstd => out = zstd::bulk::compress(bytes, 1)?,
        Codec::Lz4Raw => out = lz4_flex::block::compress(bytes),
    }
    Ok(out)
}

/// The file. Whatever its pages are, it is one that can be opened.
pub(super) fn file(column: Column, stored: Stored, case: &Case, pages: &[StoredPage], rows: usize) -> Bytes {
    written(column, stored, case, pages, rows).unwrap_or_default()
}

const COLUMNS: [(Column, &str, Stored); 7] = [
    (Column::PlayerId, "player_id", Stored::Int64),
    (Column::Guild, "guild", Stored::Int64),
    (Column::Level, "level", Stored::Int64),
    (Column::Race, "race", Stored::Text),
    (Column::Class, "class", Stored::Text),
    (Column::Zone, "where", Stored::Text),
    (Column::Datetime, "datetime", Stored::TimeUs),
];

fn written(column: Column, stored: Stored, case: &Case, pages: &[StoredPage], rows: usize) -> Result<Bytes> {
    let fields = COLUMNS.map(|(other, name, plain)| {
        if other == column { stored.field(name, case.is_optional) } else { plain.field(name, false) }
    });
    let schema = parse_message_type(&format!("message log {{ {} }}", fields.concat()))?;
    let schema = Arc::new(SchemaDescriptor::new(Arc::new(schema)));
    let rows = i32::try_from(rows).unwrap_or(i32::MAX);
    let mut bytes = MAGIC.to_vec();
    let mut group = RowGroupMetaData::builder(Arc::clone(&schema)).set_num_rows(rows.into());
    for (description, (other, ..)) in schema.columns().iter().zip(COLUMNS) {
        let chunk = if other == column {
            chunk(&mut bytes, description, case.codec, pages, case.says_no_nulls)?
        } else {
            chunk(&mut bytes, description, Codec::None, &one_value(description.physical_type(), rows), false)?
        };
        group = group.add_column_metadata(chunk);
    }
    let footer = FileMetaData::new(1, rows.into(), None, None, schema, None);
    let footer = ParquetMetaDataBuilder::new(footer).add_row_group(group.build()?).build();
    ParquetMetaDataWriter::new(&mut bytes, &footer).finish()?;
    Ok(bytes.into())
}

fn chunk(
    bytes: &mut Vec<u8>,
    description: &ColumnDescPtr,
    codec: Codec,
    pages: &[StoredPage],
    says_no_nulls: bool,
) -> Result<ColumnChunkMetaData> {
    let start = bytes.len() as i64;
    let mut first_data = None;
    let mut has_dictionary = false;
    for page in pages {
        match page.kind {
            DICTIONARY_PAGE if first_data.is_none() => has_dictionary = true,
            _ => first_data = first_data.or(Some(bytes.len() as i64)),
        }
        bytes.extend(page.stored(codec));
    }
    let values = pages.iter().filter(|page| page.kind != DICTIONARY_PAGE);
    let values = values.fold(0, |sum: i64, page| sum.saturating_add(page.values.into()));
    let chunk = ColumnChunkMetaData::builder(Arc::clone(description))
        .set_compression(codec.named())
        .set_num_values(values)
        .set_total_compressed_size(bytes.len() as i64 - start)
        .set_total_uncompressed_size(pages.iter().map(|page| page.body.len() as i64).sum())
        .set_data_page_offset(first_data.unwrap_or(start))
        .set_dictionary_page_offset(has_dictionary.then_some(start));
    if says_no_nulls {
        chunk.set_statistics(no_nulls(description.physical_type())).build()
    } else {
        chunk.build()
    }
}

fn no_nulls(physical: Physical) -> Statistics {
    match physical {
        Physical::INT32 => Statistics::int32(None, None, None, Some(0), false),
        Physical::INT64 => Statistics::int64(None, None, None, Some(0), false),
        Physical::INT96 => Statistics::int96(None, None, None, Some(0), false),
        Physical::FLOAT => Statistics::float(None, None, None, Some(0), false),
        Physical::DOUBLE => Statistics::double(None, None, None, Some(0), false),
        Physical::FIXED_LEN_BYTE_ARRAY => Statistics::fixed_len_byte_array(None, None, None, Some(0), false),
        _ => Statistics::byte_array(None, None, None, Some(0), false),
    }
}

/// A column with one value in all rows: a dictionary of it, and one run of its code.
fn one_value(physical: Physical, rows: i32) -> [StoredPage; 2] {
    let value =
        if physical == Physical::INT64 { vec![7, 0, 0, 0, 0, 0, 0, 0] } else { vec![1, 0, 0, 0, b'a'] };
    // Codes of one bit, then a run: its length, and the code in a byte.
    let mut codes = vec![1];
    push_varint(&mut codes, u64::from(rows.cast_unsigned()) << 1);
    codes.push(0);
    [StoredPage::dictionary(value, 1), StoredPage::version_1(codes, rows, Encoding::RLE_DICTIONARY)]
}
