//! What is encoded here is read back by the parquet crate's own reader.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Float64Type, Int32Type, Int64Type, Schema, TimeUnit};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use proptest::prelude::*;

use super::*;
use crate::pipeline::{Dictionary, NULL_CODE};
use crate::schema::{NumberKind, float_to_key};

/// A file with one row group and one column.
fn file(data_type: DataType, nullable: bool, chunk: impl FnOnce(&ColumnDescPtr) -> Result<Chunk>) -> Bytes {
    let schema = Schema::new(vec![Field::new("column", data_type, nullable)]);
    let columns = ArrowSchemaConverter::new().convert(&schema).unwrap();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), columns.root_schema_ptr(), properties).unwrap();
    let mut row_group = writer.next_row_group().unwrap();
    chunk(&columns.column(0)).unwrap().append_to(&mut row_group).unwrap();
    row_group.close().unwrap();
    writer.into_inner().unwrap().into()
}

fn column(file: &Bytes) -> ArrayRef {
    let reader = ParquetRecordBatchReaderBuilder::try_new(file.clone()).unwrap().build().unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    match batches.first() {
        Some(first) => Arc::clone(concat_batches(&first.schema(), &batches).unwrap().column(0)),
        None => arrow::array::new_empty_array(&DataType::Int64),
    }
}

fn numbers(file: &Bytes) -> Vec<Option<i64>> {
    column(file).as_primitive::<Int64Type>().iter().collect()
}

fn statistics(file: &Bytes) -> Statistics {
    let reader = SerializedFileReader::new(file.clone()).unwrap();
    reader.metadata().row_group(0).column(0).statistics().unwrap().clone()
}

#[track_caller]
fn check_times(times_us: &[i64], nullable: bool) {
    let file = file(DataType::Int64, nullable, |column| times(column, times_us));
    assert_eq!(numbers(&file), times_us.iter().copied().map(Some).collect::<Vec<_>>());
    let (min, max) = (times_us.iter().min().copied(), times_us.iter().max().copied());
    // Of no times at all a reader takes the flags of older writers for set; the numbers are what counts.
    let Statistics::Int64(found) = statistics(&file) else { panic!("the statistics are of another type") };
    assert_eq!(
        (found.min_opt(), found.max_opt(), found.null_count_opt()),
        (min.as_ref(), max.as_ref(), Some(0))
    );
}

fn hostile() -> impl Strategy<Value = i64> {
    prop_oneof![Just(i64::MIN), Just(i64::MAX), -2..3_i64, any::<i64>(), any::<i32>().prop_map(i64::from)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_times_are_read_back(times_us in prop::collection::vec(hostile(), 0..700), nullable in any::<bool>()) {
        check_times(&times_us, nullable);
    }

    #[test]
    fn any_flags_are_read_back(expected in prop::collection::vec(any::<bool>(), 1..700)) {
        let file = file(DataType::Int32, true, |column| flags(column, &expected));
        let found: Vec<i32> = column(&file).as_primitive::<Int32Type>().values().to_vec();
        prop_assert_eq!(found, expected.iter().map(|&flag| i32::from(flag)).collect::<Vec<_>>());
    }

    #[test]
    fn any_runs_are_read_back(
        pushed in prop::collection::vec((prop::option::of(0..40_i64), prop_oneof![1..20_usize, 1..900_usize]), 1..300)
    ) {
        let mut values = CodedRuns::default();
        for number in 0..40 {
            values.add_number(number - 20);
        }
        for (code, rows) in &pushed {
            values.push(code.map(|code| u32::try_from(code).unwrap()), *rows);
        }
        let expected: Vec<Option<i64>> =
            pushed.iter().flat_map(|(code, rows)| std::iter::repeat_n(code.map(|code| code - 20), *rows)).collect();
        let file = file(DataType::Int64, true, |column| runs(column, &values));
        prop_assert_eq!(numbers(&file), expected);
    }
}

#[test]
fn one_value_and_many_pages_are_read_back() {
    check_times(&[i64::MIN], true);
    check_times(&[7; 2 * PAGE_ROWS + 1], true);
    let many: Vec<i64> = (0..3 * PAGE_ROWS as i64).map(|row| row * row % 1_000_003 - 500_000).collect();
    check_times(&many, false);
}

#[test]
fn runs_take_as_many_distinct_values_as_there_are() {
    for distinct in [1, 0x100, 0x101, 0x1_0000, 0x1_0001] {
        let mut values = CodedRuns::default();
        for number in 0..distinct {
            let code = values.add_text(&format!("{number}-é"));
            values.push(Some(code), 2);
            values.push(None, 1);
        }
        let file = file(DataType::Utf8, true, |column| runs(column, &values));
        let found = column(&file);
        let found: Vec<Option<&str>> = found.as_string::<i32>().iter().collect();
        assert_eq!(found.len(), 3 * distinct);
        for (number, rows) in found.chunks(3).enumerate() {
            let text = format!("{number}-é");
            assert_eq!(rows, [Some(text.as_str()), Some(text.as_str()), None]);
        }
        assert_eq!(statistics(&file).null_count_opt(), Some(distinct as u64));
    }
}

#[test]
fn doubles_keep_their_bits() {
    let doubles = [-0.0, f64::NAN, f64::INFINITY, 1.5];
    let mut values = CodedRuns::default();
    for double in doubles {
        let code = values.add_double(double);
        values.push(Some(code), 3);
    }
    let file = file(DataType::Float64, true, |column| runs(column, &values));
    let bits: Vec<u64> =
        column(&file).as_primitive::<Float64Type>().values().iter().map(|double| double.to_bits()).collect();
    assert_eq!(bits, doubles.iter().flat_map(|double| [double.to_bits(); 3]).collect::<Vec<_>>());
}

#[test]
fn recurring_pauses_are_packed_tighter_than_by_the_parquet_crate() {
    // Players seen about every ten minutes, with seconds that drift, and now and then away for some hours.
    let mut times_us = Vec::new();
    let mut random = 42_u32;
    let mut below = |limit: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        i64::from((random >> 16) % limit)
    };
    for player in 0..200 {
        let mut time_us = player * 7_200_000_000;
        for _ in 0..100 {
            let away_s = if below(16) == 0 { 600 * below(40) } else { 0 };
            time_us += (590 + below(21) + away_s) * 1_000_000;
            times_us.push(time_us);
        }
    }
    let own = file(DataType::Int64, true, |column| times(column, &times_us)).len();
    let schema = Schema::new(vec![Field::new("column", DataType::Int64, true)]);
    let rows = RecordBatch::try_new(Arc::new(schema), vec![Arc::new(Int64Array::from(times_us)) as ArrayRef])
        .unwrap();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::DELTA_BINARY_PACKED);
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties.build())).unwrap();
    writer.write(&rows).unwrap();
    let usual = writer.into_inner().unwrap().len();
    assert!(own < usual * 9 / 10, "{own} bytes against {usual}");
}

#[test]
fn a_table_has_the_names_types_and_nulls_of_sql() {
    let types = [
        ("events", ColumnType::Whole),
        ("avg", ColumnType::Double),
        ("churned", ColumnType::Flag),
        ("last", ColumnType::Time),
        ("class", ColumnType::Text),
    ];
    let schema = super::columns(types.into_iter()).unwrap();
    let mut whole = NumberRuns::new(NumberKind::Integer);
    let mut double = NumberRuns::new(NumberKind::Float);
    let mut text = TextRuns::default();
    let mut classes = Dictionary::default();
    let mage = classes.code("Mage");
    for (number, class) in [(Some(i64::MIN), mage), (None, NULL_CODE), (Some(7), mage)] {
        whole.push(number, 1);
        double.push(number.map(|number| float_to_key(number as f64 / 2.0)), 1);
        text.push(class, 1, &classes);
    }
    let chunks = [
        runs(&schema.column(0), &whole.runs),
        runs(&schema.column(1), &double.runs),
        flags(&schema.column(2), &[true, false, true]),
        times(&schema.column(3), &[i64::MIN, 0, i64::MAX]),
        runs(&schema.column(4), &text.runs),
    ];
    let file: Bytes = super::file(&schema, &[], chunks).unwrap().into();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let rows: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    let rows = concat_batches(&rows[0].schema(), &rows).unwrap();
    let found: Vec<_> = rows
        .schema()
        .fields()
        .iter()
        .map(|field| (field.name().clone(), field.data_type().clone()))
        .collect();
    let expected = [
        ("events", DataType::Int64),
        ("avg", DataType::Float64),
        ("churned", DataType::Int32),
        ("last", DataType::Timestamp(TimeUnit::Microsecond, None)),
        ("class", DataType::Utf8),
    ];
    assert_eq!(found, expected.map(|(name, data_type)| (name.to_owned(), data_type)));
    let expected: [ArrayRef; 5] = [
        Arc::new(Int64Array::from(vec![Some(i64::MIN), None, Some(7)])),
        Arc::new(Float64Array::from(vec![Some(i64::MIN as f64 / 2.0), None, Some(3.5)])),
        Arc::new(Int32Array::from(vec![1, 0, 1])),
        Arc::new(TimestampMicrosecondArray::from(vec![i64::MIN, 0, i64::MAX])),
        Arc::new(StringArray::from(vec![Some("Mage"), None, Some("Mage")])),
    ];
    assert_eq!(rows.columns(), expected);
}

#[test]
fn a_table_without_rows_is_a_file_with_its_columns() {
    let schema = super::columns([("player_id", ColumnType::Whole)].into_iter()).unwrap();
    let chunk = runs(&schema.column(0), &CodedRuns::default());
    let file: Bytes = super::file(&schema, &[], [chunk]).unwrap().into();
    let reader = SerializedFileReader::new(file).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
    assert_eq!(reader.metadata().file_metadata().schema_descr().column(0).name(), "player_id");
}
