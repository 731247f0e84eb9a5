//! Parquet files of one small log, laid out in any way that writers have.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Array, Float32Array, Float64Array, Int8Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, UInt16Array,
    UInt32Array,
};
use arrow::datatypes::{DataType, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterVersion};

const ROWS: i64 = 700;
/// 2008-01-31 00:02:04 in seconds.
pub(crate) const START_SECONDS: i64 = 1_201_737_724;

/// Player, guild, level, then race, class and zone, and the time in seconds.
pub(crate) type Cell = (Option<i64>, Option<i64>, Option<i64>, [Option<&'static str>; 3], Option<i64>);

/// Rows with every kind of null, in order of player and time.
pub(crate) fn rows() -> Vec<Cell> {
    let text = |texts: &[&'static str], row: i64| {
        (row % 11 != 5).then(|| texts[usize::try_from(row * row).unwrap() % texts.len()])
    };
    (0..ROWS)
        .map(|row| {
            let player = row / 90;
            let texts = [
                text(&["Orc", "Troll", ""], row),
                text(&["Rogue", "Mage", "Hunter"], row / 7),
                text(&["Durotar", "Dalaran競技場", "Zul'Gurub", "Winterspring"], row / 3),
            ];
            let seconds = START_SECONDS + row * 1_000 + row * row;
            (
                Some(player),
                (row % 4 > 0).then_some(row % 13),
                (row % 9 > 0).then_some(row % 80),
                texts,
                Some(seconds),
            )
        })
        .collect()
}

/// What the file at hand is made of.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) codec: Compression,
    pub(crate) version: WriterVersion,
    pub(crate) has_dictionary: bool,
    /// The column goes on without its dictionary once that is larger.
    pub(crate) dictionary_bytes: usize,
    pub(crate) page_rows: usize,
    pub(crate) text: Encoding,
    /// The encoding of what is no text, where it is not the writer's choice.
    pub(crate) number: Option<Encoding>,
    pub(crate) numbers: DataType,
    pub(crate) time: DataType,
    pub(crate) is_kaggle: bool,
}

pub(crate) fn plain() -> Made {
    Made {
        codec: Compression::UNCOMPRESSED,
        version: WriterVersion::PARQUET_1_0,
        has_dictionary: true,
        dictionary_bytes: 1 << 20,
        page_rows: 37,
        text: Encoding::PLAIN,
        number: None,
        numbers: DataType::Int64,
        time: DataType::Timestamp(TimeUnit::Microsecond, None),
        is_kaggle: false,
    }
}

fn numbers(data_type: &DataType, values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    let narrow = |value: Option<i64>| value.map(|value| i32::try_from(value).unwrap());
    match data_type {
        DataType::Int8 => {
            Arc::new(values.map(|v| v.map(|v| i8::try_from(v).unwrap())).collect::<Int8Array>())
        }
        DataType::Int32 => Arc::new(values.map(narrow).collect::<Int32Array>()),
        DataType::UInt16 => {
            Arc::new(values.map(|v| v.map(|v| u16::try_from(v).unwrap())).collect::<UInt16Array>())
        }
        DataType::UInt32 => {
            Arc::new(values.map(|v| v.map(|v| u32::try_from(v).unwrap())).collect::<UInt32Array>())
        }
        DataType::Float32 => Arc::new(values.map(|v| v.map(|v| v as f32)).collect::<Float32Array>()),
        DataType::Float64 => Arc::new(values.map(|v| v.map(|v| v as f64)).collect::<Float64Array>()),
        DataType::Utf8 => Arc::new(values.map(|v| v.map(|v| v.to_string())).collect::<StringArray>()),
        DataType::Decimal128(precision, scale) => {
            let unit = 10_i128.pow(u32::try_from(*scale).unwrap());
            let unscaled = values.map(|v| v.map(|v| i128::from(v) * unit)).collect::<Decimal128Array>();
            Arc::new(unscaled.with_precision_and_scale(*precision, *scale).unwrap())
        }
        _ => Arc::new(values.collect::<Int64Array>()),
    }
}

fn times(data_type: &DataType, is_kaggle: bool, seconds: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    let text = |seconds: i64| {
        let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        time.format(if is_kaggle { "%m/%d/%y %H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
    };
    let times = |unit: i64| seconds.map(move |time| time.map(|time| time * unit));
    match data_type {
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            Arc::new(times(1_000).collect::<TimestampMillisecondArray>())
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            Arc::new(times(1_000_000_000).collect::<TimestampNanosecondArray>())
        }
        DataType::Int64 => Arc::new(times(1).collect::<Int64Array>()),
        DataType::Utf8 => Arc::new(times(1).map(|time| time.map(text)).collect::<StringArray>()),
        DataType::Timestamp(_, zone) => {
            Arc::new(times(1_000_000).collect::<TimestampMicrosecondArray>().with_timezone_opt(zone.clone()))
        }
        other => panic!("no times of type {other}"),
    }
}

pub(crate) fn batch(rows: &[Cell], made: &Made) -> RecordBatch {
    let texts = |column: usize| -> ArrayRef {
        Arc::new(rows.iter().map(|row| row.3[column]).collect::<StringArray>())
    };
    let names = if made.is_kaggle {
        ["char", " Level", " race", " charclass", " zone", " guild", " timestamp"]
    } else {
        ["player_id", "level", "race", "class", "where", "guild", "datetime"]
    };
    let columns = [
        numbers(&made.numbers, rows.iter().map(|row| row.0)),
        numbers(&made.numbers, rows.iter().map(|row| row.2)),
        texts(0),
        texts(1),
        texts(2),
        numbers(&made.numbers, rows.iter().map(|row| row.1)),
        times(&made.time, made.is_kaggle, rows.iter().map(|row| row.4)),
    ];
    RecordBatch::try_from_iter_with_nullable(
        names.into_iter().zip(columns).map(|(name, column)| (name, column, true)),
    )
    .unwrap()
}

pub(crate) fn file(rows: &[Cell], made: &Made) -> Vec<u8> {
    let batch = batch(rows, made);
    let mut properties = WriterProperties::builder()
        .set_compression(made.codec)
        .set_writer_version(made.version)
        .set_dictionary_enabled(made.has_dictionary)
        .set_dictionary_page_size_limit(made.dictionary_bytes)
        .set_data_page_row_count_limit(made.page_rows)
        .set_write_batch_size(8)
        .set_max_row_group_row_count(Some(300));
    if !made.has_dictionary {
        for column in batch.schema().fields() {
            let is_text = *column.data_type() == DataType::Utf8;
            if let Some(encoding) = if is_text { Some(made.text) } else { made.number } {
                properties = properties.set_column_encoding(column.name().as_str().into(), encoding);
            }
        }
    }
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}
