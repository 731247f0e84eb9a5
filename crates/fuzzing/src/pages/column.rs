//! A column's values as pages that a writer makes of them.

use std::sync::Arc;

use arbitrary::Arbitrary;
use bytes::Bytes;
use chrono::DateTime;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::Page;
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::file::StoredPage;

const TEXTS: [&str; 5] = ["Orc", "Dalaran競技場", "", "Zul'Gurub", "Orgrimmar"];
/// Rows are looked at so many at a time when a page is closed.
const WRITE_ROWS: usize = 4;

/// A column of the event table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Arbitrary)]
pub(super) enum Column {
    PlayerId,
    Guild,
    Level,
    Race,
    Class,
    Zone,
    Datetime,
}

/// How its values are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    Int32,
    UInt32,
    Int64,
    UInt64,
    Half,
    Float,
    Double,
    /// A decimal without fractions, in more bytes than a number of 64 bits has.
    Decimal,
    Text,
    TimeMs,
    TimeUs,
    TimeNs,
    Int96,
    Date,
    TimeText,
}

/// How a writer lays the values out.
pub(super) struct Layout {
    pub(super) is_optional: bool,
    pub(super) version: WriterVersion,
    /// One of those that the type has.
    pub(super) encoding: u8,
    pub(super) has_dictionary: bool,
    pub(super) page_rows: usize,
}

impl Stored {
    /// One of the ways that there are for a column.
    pub(super) fn of(column: Column, choice: u8) -> Self {
        let ways: &[Self] = match column {
            Column::PlayerId | Column::Guild | Column::Level => &[
                Self::Int64,
                Self::Int32,
                Self::UInt32,
                Self::UInt64,
                Self::Float,
                Self::Double,
                Self::Decimal,
                Self::Half,
            ],
            Column::Race | Column::Class | Column::Zone => &[Self::Text],
            Column::Datetime => {
                &[Self::TimeUs, Self::TimeMs, Self::TimeNs, Self::Int96, Self::Date, Self::TimeText]
            }
        };
        ways[usize::from(choice) % ways.len()]
    }

    /// The field of a schema.
    pub(super) fn field(self, name: &str, is_optional: bool) -> String {
        let repetition = if is_optional { "optional" } else { "required" };
        let (physical, meaning) = match self {
            Self::Int32 => ("int32", ""),
            Self::UInt32 => ("int32", "(INTEGER(32,false))"),
            Self::Int64 => ("int64", ""),
            Self::UInt64 => ("int64", "(INTEGER(64,false))"),
            Self::Float => ("float", ""),
            Self::Double => ("double", ""),
            Self::Half => ("fixed_len_byte_array(2)", "(FLOAT16)"),
            Self::Decimal => ("fixed_len_byte_array(9)", "(DECIMAL(20,0))"),
            Self::Text | Self::TimeText => ("binary", "(STRING)"),
            Self::TimeMs => ("int64", "(TIMESTAMP(MILLIS,false))"),
            Self::TimeUs => ("int64", "(TIMESTAMP(MICROS,false))"),
            Self::TimeNs => ("int64", "(TIMESTAMP(NANOS,false))"),
            Self::Int96 => ("int96", ""),
            Self::Date => ("int32", "(DATE)"),
        };
        format!("{repetition} {physical} {name} {meaning};")
    }

    const fn encodings(self) -> &'static [Encoding] {
        match self {
            Self::Int32 | Self::UInt32 | Self::Date => {
                &[Encoding::PLAIN, Encoding::DELTA_BINARY_PACKED, Encoding::BYTE_STREAM_SPLIT]
            }
            Self::Int64 | Self::UInt64 | Self::TimeMs | Self::TimeUs | Self::TimeNs => {
                &[Encoding::DELTA_BINARY_PACKED, Encoding::PLAIN, Encoding::BYTE_STREAM_SPLIT]
            }
            Self::Float | Self::Double => &[Encoding::PLAIN, Encoding::BYTE_STREAM_SPLIT],
            Self::Text | Self::TimeText => {
                &[Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY]
            }
            Self::Half | Self::Decimal => {
                &[Encoding::PLAIN, Encoding::BYTE_STREAM_SPLIT, Encoding::DELTA_BYTE_ARRAY]
            }
            Self::Int96 => &[Encoding::PLAIN],
        }
    }
}

/// The pages that a writer makes of the values. Where it refuses the layout there are none.
pub(super) fn pages(stored: Stored, layout: &Layout, values: &[Option<i64>]) -> Vec<StoredPage> {
    let pages = match stored {
        Stored::Int32 | Stored::UInt32 | Stored::Date => {
            written::<Int32Type>(stored, layout, values, |number| number as i32)
        }
        Stored::Int64 | Stored::UInt64 | Stored::TimeMs | Stored::TimeUs | Stored::TimeNs => {
            written::<Int64Type>(stored, layout, values, |number| number)
        }
        Stored::Float => written::<FloatType>(stored, layout, values, |number| f32::from_bits(number as u32)),
        Stored::Double => {
            written::<DoubleType>(stored, layout, values, |number| f64::from_bits(number.cast_unsigned()))
        }
        Stored::Half => written::<FixedLenByteArrayType>(stored, layout, values, |number| {
            fixed(&number.to_le_bytes()[..2])
        }),
        Stored::Decimal => written::<FixedLenByteArrayType>(stored, layout, values, |number| {
            fixed(&i128::from(number).to_be_bytes()[7..])
        }),
        Stored::Text => written::<ByteArrayType>(stored, layout, values, text),
        Stored::TimeText => written::<ByteArrayType>(stored, layout, values, time_text),
        Stored::Int96 => written::<Int96Type>(stored, layout, values, |number| {
            let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
            let mut time = Int96::new();
            let day = u32::from_le_bytes([a, b, c, d]) % 5_000_000;
            time.set_data(u32::from_le_bytes([e, f, g, h]), 0, day);
            time
        }),
    };
    pages.unwrap_or_default()
}

fn fixed(bytes: &[u8]) -> FixedLenByteArray {
    ByteArray::from(bytes.to_vec()).into()
}

fn text(number: i64) -> ByteArray {
    let few = usize::try_from(number).ok().and_then(|place| TEXTS.get(place));
    few.map_or_else(|| number.to_string().as_str().into(), |text| (*text).into())
}

fn time_text(number: i64) -> ByteArray {
    let time = DateTime::from_timestamp_micros(number).unwrap_or_default();
    let format = if number % 2 == 0 { "%Y-%m-%d %H:%M:%S%.f" } else { "%m/%d/%y %H:%M:%S" };
    time.format(format).to_string().as_str().into()
}

fn written<T: DataType>(
    stored: Stored,
    layout: &Layout,
    values: &[Option<i64>],
    value: fn(i64) -> T::T,
) -> Result<Vec<StoredPage>> {
    let schema = format!("message log {{ {} }}", stored.field("column", layout.is_optional));
    let encodings = stored.encodings();
    let properties = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_writer_version(layout.version)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_dictionary_enabled(layout.has_dictionary)
        .set_encoding(encodings[usize::from(layout.encoding) % encodings.len()])
        .set_data_page_row_count_limit(layout.page_rows)
        .set_write_batch_size(WRITE_ROWS)
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, Arc::new(parse_message_type(&schema)?), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    if let Some(mut column) = group.next_column()? {
        let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
        let present = values.iter().filter_map(|number| match number {
            None if layout.is_optional => None,
            number => Some(value(number.unwrap_or_default())),
        });
        let present: Vec<T::T> = present.collect();
        column.typed::<T>().write_batch(&present, layout.is_optional.then_some(&levels), None)?;
        column.close()?;
    }
    group.close()?;
    writer.close()?;
    let file = SerializedFileReader::new(Bytes::from(bytes))?;
    let mut reader = file.get_row_group(0)?.get_column_page_reader(0)?;
    let mut pages = Vec::new();
    while let Some(page) = reader.get_next_page()? {
        pages.push(stored_page(page));
    }
    Ok(pages)
}

/// A page as it is written down; all counts of it are small.
fn stored_page(page: Page) -> StoredPage {
    match page {
        Page::DataPage { buf, num_values, encoding, .. } => {
            StoredPage::version_1(buf.into(), num_values as i32, encoding)
        }
        Page::DictionaryPage { buf, num_values, .. } => StoredPage::dictionary(buf.into(), num_values as i32),
        Page::DataPageV2 { buf, num_values, encoding, num_nulls, num_rows, def_levels_byte_len, .. } => {
            StoredPage {
                rows: num_rows as i32,
                nulls: num_nulls as i32,
                definition_bytes: def_levels_byte_len as i32,
                kind: super::file::DATA_PAGE_V2,
                ..StoredPage::version_1(buf.into(), num_values as i32, encoding)
            }
        }
    }
}
