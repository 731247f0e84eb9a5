//! The same rows read the same from any Parquet file, however its writer laid it out, and in whatever order.

use std::ops::ControlFlow;
use std::slice;
use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};
use arrow::datatypes::{DataType, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::data_type::{ByteArrayType, Int32Type, Int64Type, Int96, Int96Type};
use parquet::file::properties::WriterVersion;
use parquet::file::writer::SerializedFileWriter;
use wow_engine::pipeline::{Dictionary, Strings};
use wow_engine::read::{EventFile, player_history, scan};
use wow_engine::schema::key_to_float;
use wow_engine::{Error, Params, Query};

use crate::log::told;
pub(crate) use crate::made::{Cell, Made, START_SECONDS, batch, file, plain, rows};
use crate::sorting::in_shares;

pub(crate) fn open(bytes: Vec<u8>) -> Result<EventFile, Error> {
    EventFile::open(bytes::Bytes::from(bytes))
}

pub(crate) fn read(bytes: Vec<u8>) -> Result<Vec<Cell>, Error> {
    let file = open(bytes)?;
    let is_float = file.guild_kind() == wow_engine::schema::NumberKind::Float;
    let mut strings = Strings::default();
    let mut reader = file.events(None);
    let mut read = Vec::new();
    while let Some(events) = reader.next(&mut strings)? {
        // The batch borrows no text, so that the strings can be looked at meanwhile.
        let events = events.clone();
        let text = |dictionary: &Dictionary, code| {
            let text = dictionary.get(code)?;
            let known =
                ["Orc", "Troll", "", "Rogue", "Mage", "Hunter", "Durotar", "Dalaran競技場", "Zul'Gurub"];
            Some(known.into_iter().find(|known| *known == text).unwrap_or("Winterspring"))
        };
        for row in 0..events.len() {
            let guild = events.guild.get(row).unwrap();
            read.push((
                events.player_id.get(row),
                if is_float { guild.map(|key| key_to_float(key) as i64) } else { guild },
                events.level.get(row).unwrap(),
                [
                    text(&strings.race, events.race.get(row).unwrap()),
                    text(&strings.class, events.class.get(row).unwrap()),
                    text(&strings.zone, events.zone.get(row).unwrap()),
                ],
                Some(events.time_us[row].get() / 1_000_000),
            ));
        }
    }
    Ok(read)
}

#[track_caller]
fn check(made: &Made) {
    assert_eq!(read(file(&rows(), made)).unwrap(), rows(), "{made:?}");
}

#[test]
fn numbers_whose_bytes_are_split_into_streams() {
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for numbers in [
            DataType::Int32,
            DataType::Int64,
            DataType::Float32,
            DataType::Float64,
            DataType::Decimal128(20, 0),
        ] {
            let number = Some(Encoding::BYTE_STREAM_SPLIT);
            check(&Made { version, number, numbers, has_dictionary: false, ..plain() });
        }
    }
}

#[test]
fn every_codec_of_both_page_versions() {
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::BROTLI(BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::ZSTD(ZstdLevel::try_new(19).unwrap()),
    ] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for has_dictionary in [true, false] {
                check(&Made { codec, version, has_dictionary, ..plain() });
            }
        }
    }
}

#[test]
fn every_type_of_numbers_and_times() {
    let numbers = [
        DataType::Int64,
        DataType::Int32,
        DataType::Int8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::Float32,
        DataType::Float64,
        DataType::Utf8,
        DataType::Decimal128(9, 0),
        DataType::Decimal128(18, 2),
        DataType::Decimal128(38, 0),
        DataType::Decimal128(38, 9),
    ];
    for number in numbers {
        for has_dictionary in [true, false] {
            check(&Made { numbers: number.clone(), has_dictionary, ..plain() });
        }
    }
    for unit in [TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond] {
        check(&Made { time: DataType::Timestamp(unit, None), ..plain() });
    }
    for has_dictionary in [true, false] {
        for is_kaggle in [true, false] {
            check(&Made { time: DataType::Utf8, has_dictionary, is_kaggle, ..plain() });
        }
    }
}

#[test]
fn every_encoding_of_text() {
    for text in [Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for time in [plain().time, DataType::Utf8] {
                check(&Made { text, version, time, has_dictionary: false, ..plain() });
            }
        }
    }
}

/// A file as older writers make it: required columns, times as Julian days, texts without annotation.
fn old_file(datetime: &str, meaning: &str) -> Vec<u8> {
    let schema = format!(
        "message log {{ required int32 player_id; required int64 guild; required int32 level;
         required binary race; required binary class; required binary where; required {datetime} datetime {meaning}; }}"
    );
    let schema = Arc::new(parquet::schema::parser::parse_message_type(&schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for index in 0..7 {
        let mut column = group.next_column().unwrap().unwrap();
        match index {
            0 | 2 => column.typed::<Int32Type>().write_batch(&[5, 5], None, None).map(drop),
            1 => column.typed::<Int64Type>().write_batch(&[-1, 9], None, None).map(drop),
            6 if datetime == "int96" => {
                let day = |nanoseconds: u32| {
                    let mut time = Int96::new();
                    time.set_data(nanoseconds, 0, 2_440_588);
                    time
                };
                column.typed::<Int96Type>().write_batch(&[day(1_000), day(2_600)], None, None).map(drop)
            }
            6 => column.typed::<Int64Type>().write_batch(&[1, 3], None, None).map(drop),
            _ => column.typed::<ByteArrayType>().write_batch(&["a".into(), "b".into()], None, None).map(drop),
        }
        .unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn files_of_older_writers() {
    let times = |bytes| {
        let file = open(bytes).unwrap();
        let mut reader = file.events(None);
        reader
            .next(&mut Strings::default())
            .unwrap()
            .unwrap()
            .time_us
            .iter()
            .map(|time| time.get())
            .collect::<Vec<_>>()
    };
    assert_eq!(times(old_file("int96", "")), [1, 3]);
    assert_eq!(times(old_file("int64", "(timestamp_micros)")), [1, 3]);
    assert_eq!(times(old_file("int64", "(timestamp_millis)")), [1_000, 3_000]);
}

fn partial(files: &[EventFile], of: usize) -> String {
    let shares = in_shares(files, of).into_iter();
    let partials =
        shares.map(|events| events.scan(Params::default(), &mut |_| ControlFlow::Continue(())).unwrap());
    told(&partials.reduce(|all, next| all.merge(next).unwrap()).unwrap().finish())
}

#[test]
fn unordered_files_give_what_the_ordered_one_gives() {
    let ordered = open(file(&rows(), &plain())).unwrap();
    let expected = scan(&ordered, None, Params::default(), &mut |_| ControlFlow::Continue(())).unwrap();
    let history = player_history(&ordered, None, &Query::default(), 3).unwrap();

    let mut shuffled = rows();
    // 251 has no divisor in common with 700, so every row is taken once.
    shuffled = (0..700).map(|row| shuffled[row * 251 % 700]).collect();
    let unordered = open(file(&shuffled, &plain())).unwrap();
    let refused = scan(&unordered, None, Params::default(), &mut |_| ControlFlow::Continue(()));
    assert!(matches!(refused, Err(Error::OutOfOrder { .. })));

    let told = told(&expected.finish());
    let (first, second) = shuffled.split_at(200);
    let texts = Made { time: DataType::Utf8, is_kaggle: true, ..plain() };
    let two = [open(file(first, &plain())).unwrap(), open(file(second, &texts)).unwrap()];
    for of in [1, 2, 3, 50] {
        assert_eq!(partial(slice::from_ref(&unordered), of), told, "{of} shares");
        assert_eq!(partial(&two, of), told, "two files in {of} shares");
    }

    let sorted = in_shares(&[unordered], 1).pop().unwrap();
    assert_eq!(sorted.player_history(&Query::default(), 3).unwrap(), history);
}

#[test]
fn rows_without_player_or_time_are_counted_on_either_path() {
    let mut rows = rows();
    rows[3].0 = None;
    rows[4].4 = None;
    (rows[5].0, rows[5].4) = (None, None);
    rows.truncate(100);
    let file = open(file(&rows, &plain())).unwrap();
    let go_on = &mut |_| ControlFlow::Continue(());
    let report = scan(&file, None, Params::default(), go_on).unwrap().finish();
    assert_eq!((report.rows, report.rejected.null_player_id, report.rejected.null_datetime), (97, 2, 1));
    assert_eq!(partial(slice::from_ref(&file), 1), told(&report));
    assert_eq!(partial(&[file], 2), told(&report));
}

#[test]
fn what_does_not_fit_is_named() {
    let says = |rows: &[Cell], made: &Made| match read(file(rows, made)) {
        Err(error) => error.to_string(),
        Ok(_) => "read".to_owned(),
    };
    let mut beyond = rows();
    beyond[2].0 = Some(i64::MAX);
    let double = Made { numbers: DataType::Float64, ..plain() };
    assert_eq!(
        says(&beyond, &double),
        "column `player_id` holds numbers larger than 9223372036854775807, for example 9223372036854776000; give every \
         player a whole number of 64 bits with sign"
    );
    let numbers_as_times = Made { time: DataType::Int64, ..plain() };
    assert!(
        says(&rows(), &numbers_as_times)
            .starts_with("column `datetime` is a whole number, but a time is needed")
    );
}

#[test]
fn times_with_a_zone_are_read_as_utc_and_that_is_told() {
    let zoned = Made { time: DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), ..plain() };
    let bytes = file(&rows(), &zoned);
    assert_eq!(read(bytes.clone()).unwrap(), rows());
    assert_eq!(open(bytes).unwrap().notices(), [wow_engine::contract::Notice::Utc]);
    assert_eq!(open(file(&rows(), &plain())).unwrap().notices(), []);
}

#[test]
fn guilds_that_are_text_may_have_fractions() {
    let batch = batch(&rows(), &plain());
    let names: Vec<String> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut columns = batch.columns().to_vec();
    let rows = batch.num_rows();
    columns[5] = Arc::new((0..rows).map(|row| Some(format!("{row}.5"))).collect::<StringArray>());
    let changed = RecordBatch::try_from_iter(names.into_iter().zip(columns)).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, changed.schema(), None).unwrap();
    writer.write(&changed).unwrap();
    writer.close().unwrap();
    let file = open(bytes).unwrap();
    let mut reader = file.events(None);
    let events = reader.next(&mut Strings::default()).unwrap().unwrap();
    let guilds: Vec<f64> = events.guild.values().flatten().map(key_to_float).collect();
    assert_eq!(guilds, (0..rows).map(|row| row as f64 + 0.5).collect::<Vec<_>>());
}

#[test]
fn a_column_of_type_null_is_all_nulls_whatever_it_claims() {
    let schema = |repetition: &str| {
        format!(
            "message log {{ required int64 player_id; {repetition} int32 guild (unknown); optional int32 level (unknown);
             optional int32 race (unknown); optional int32 class (unknown); optional int32 where (unknown);
             required int64 datetime (timestamp_micros); }}"
        )
    };
    let written = |repetition: &str| {
        let schema = Arc::new(parquet::schema::parser::parse_message_type(&schema(repetition)).unwrap());
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
        let mut group = writer.next_row_group().unwrap();
        for index in 0..7 {
            let mut column = group.next_column().unwrap().unwrap();
            match index {
                0 | 6 => column.typed::<Int64Type>().write_batch(&[5, 6], None, None).map(drop),
                1 if repetition == "required" => {
                    column.typed::<Int32Type>().write_batch(&[7, 8], None, None).map(drop)
                }
                _ => column.typed::<Int32Type>().write_batch(&[], Some(&[0, 0]), None).map(drop),
            }
            .unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
        writer.close().unwrap();
        bytes
    };
    let file = open(written("optional")).unwrap();
    let mut strings = Strings::default();
    let mut reader = file.events(None);
    let events = reader.next(&mut strings).unwrap().unwrap();
    assert_eq!((events.len(), events.guild.get(0), events.level.get(1)), (2, Some(None), Some(None)));
    assert_eq!(strings.race.get(events.race.get(0).unwrap()), None);
    let claims = open(written("required")).unwrap().events(None).next(&mut Strings::default()).map(drop);
    assert!(matches!(claims, Err(Error::Damaged(_))), "{claims:?}");
}
