//! The decoders beside those of the parquet crate, on pages that are unpacked already.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput};
use parquet::basic::{Compression, Encoding};
use parquet::column::page::Page;
use parquet::data_type::Int64Type;
use parquet::file::properties::WriterProperties;
use wow_engine::schema::NumberKind;
use wow_engine::synth::Rows;
use wow_engine::time::Micros;
use wow_engine::write::{self, NumberRuns};

use super::column::{Pages, described, holding, written};
use super::delta::Delta;
use super::hybrid::Hybrid;

/// Times by their differences, as the parquet crate writes them, bit by bit, and as `wow export` does, in whole bytes.
pub(crate) fn times(criterion: &mut Criterion, rows: &Rows) {
    let times_us: Vec<i64> = rows.time_us.iter().copied().map(Micros::get).collect();
    let schema = described("required int64 datetime");
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::DELTA_BINARY_PACKED)
        .set_compression(Compression::SNAPPY);
    let properties = Arc::new(properties.build());
    for (of, file) in [
        ("bits", written::<Int64Type>(&schema, &properties, &times_us, None)),
        ("whole bytes", holding(&schema, &properties, |column| write::times(column, &times_us))),
    ] {
        compare(criterion, &format!("decode times of {of}"), &Pages::of(file), &times_us, own_times);
    }
}

/// Codes of a dictionary, as the parquet crate and as `wow export` write them: guilds, which stay the same for long, and levels and zones, which do not.
pub(crate) fn codes(criterion: &mut Criterion, rows: &Rows) {
    let schema = described("required int64 column");
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let guilds: Vec<i64> = rows.guild.iter().map(|guild| guild.unwrap_or(-1)).collect();
    // The length of its name tells most zones apart, and stays and changes as it does.
    let zones: Vec<i64> = rows.zone.iter().map(|zone| zone.len() as i64).collect();
    for (of, values) in [("guilds", guilds), ("levels", rows.level.clone()), ("zones", zones)] {
        let mut runs = NumberRuns::new(NumberKind::Integer);
        values.iter().for_each(|value| runs.push(Some(*value), 1));
        for (by, file) in [
            ("the parquet crate", written::<Int64Type>(&schema, &properties, &values, None)),
            ("wow export", holding(&schema, &properties, |column| write::runs(column, &runs.runs))),
        ] {
            compare(
                criterion,
                &format!("decode codes of {of} by {by}"),
                &Pages::of(file),
                &values,
                own_codes,
            );
        }
    }
}

fn compare(
    criterion: &mut Criterion,
    name: &str,
    pages: &Pages,
    expected: &[i64],
    own: fn(Pages) -> Vec<i64>,
) {
    let schema = described("required int64 column");
    let column = schema.column(0);
    let read = |pages: Pages| pages.read::<Int64Type>(&column, expected.len()).0;
    assert!(own(pages.clone()) == expected && read(pages.clone()) == expected, "{name} differ");
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(expected.len() as u64));
    group.bench_function("own", |bencher| bencher.iter(|| own(black_box(pages.clone()))));
    group.bench_function("parquet crate", |bencher| bencher.iter(|| read(black_box(pages.clone()))));
    group.finish();
}

fn own_times(pages: Pages) -> Vec<i64> {
    let mut times_us = Vec::new();
    for page in pages {
        let page = page.unwrap();
        Delta::new(page.buffer()).unwrap().read(page.num_values() as usize, &mut times_us).unwrap();
    }
    times_us
}

fn own_codes(pages: Pages) -> Vec<i64> {
    let (mut dictionary, mut values) = (Vec::new(), Vec::new());
    for page in pages {
        let page = page.unwrap();
        let bytes = page.buffer();
        if let Page::DictionaryPage { .. } = page {
            let (numbers, _) = bytes.as_chunks();
            dictionary.extend(numbers.iter().copied().map(i64::from_le_bytes));
            continue;
        }
        let mut codes = Hybrid::new(bytes.slice(1..), bytes[0].into()).unwrap();
        let take = |code: u32, rows| {
            values.resize(values.len() + rows, dictionary[code as usize]);
            Ok(())
        };
        codes.read(page.num_values() as usize, take).unwrap();
    }
    values
}
