//! The encoders beside the column writer of the parquet crate: what they take and what comes of it.

use std::hint::black_box;
use std::sync::Arc;

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use parquet::basic::{Compression, Encoding};
use parquet::data_type::{DataType, Int32Type, Int64Type};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::SchemaDescriptor;
use wow_engine::schema::NumberKind;
use wow_engine::synth::Rows;
use wow_engine::time::Micros;
use wow_engine::write::{self, NumberRuns};

use super::column::{Pages, described, holding, written};

fn snappy() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_compression(Compression::SNAPPY)
}

/// Times as they are exported.
pub(crate) fn times(criterion: &mut Criterion, rows: &Rows) {
    let times_us: Vec<i64> = rows.time_us.iter().copied().map(Micros::get).collect();
    let levels = vec![1; times_us.len()];
    let properties = snappy().set_dictionary_enabled(false).set_encoding(Encoding::DELTA_BINARY_PACKED);
    let (schema, properties) = (described("optional int64 datetime"), Arc::new(properties.build()));
    compare::<Int64Type>(
        criterion,
        "encode times",
        &schema,
        levels.len(),
        || holding(&schema, &properties, |column| write::times(column, &times_us)),
        || written::<Int64Type>(&schema, &properties, &times_us, Some(&levels)),
    );
}

/// Numbers that repeat, some of them null, row by row.
pub(crate) fn guilds(criterion: &mut Criterion, rows: &Rows) {
    let guilds: Vec<i64> = rows.guild.iter().copied().flatten().collect();
    let levels: Vec<i16> = rows.guild.iter().map(|guild| i16::from(guild.is_some())).collect();
    let (schema, properties) = (described("optional int64 guild"), Arc::new(snappy().build()));
    let own = || {
        let mut values = NumberRuns::new(NumberKind::Integer);
        rows.guild.iter().for_each(|guild| values.push(*guild, 1));
        holding(&schema, &properties, |column| write::runs(column, &values.runs))
    };
    compare::<Int64Type>(criterion, "encode guilds", &schema, levels.len(), own, || {
        written::<Int64Type>(&schema, &properties, &guilds, Some(&levels))
    });
}

/// Whether a session begins, by which half an hour without events is meant here.
pub(crate) fn flags(criterion: &mut Criterion, rows: &Rows) {
    let is_first = |row: usize| {
        row == 0
            || rows.player_id[row] != rows.player_id[row - 1]
            || rows.time_us[row].get() - rows.time_us[row - 1].get() > 1_800_000_000
    };
    let flags: Vec<bool> = (0..rows.len()).map(is_first).collect();
    let levels = vec![1; flags.len()];
    let (schema, properties) = (described("optional int32 is_new_session"), Arc::new(snappy().build()));
    let crate_s = || {
        // The crate takes numbers, so making them of flags is part of it.
        let numbers: Vec<i32> = flags.iter().copied().map(i32::from).collect();
        written::<Int32Type>(&schema, &properties, &numbers, Some(&levels))
    };
    let own = || holding(&schema, &properties, |column| write::flags(column, &flags));
    compare::<Int32Type>(criterion, "encode flags", &schema, levels.len(), own, crate_s);
}

fn compare<T: DataType>(
    criterion: &mut Criterion,
    name: &str,
    schema: &SchemaDescriptor,
    rows: usize,
    own: impl Fn() -> Bytes,
    crate_s: impl Fn() -> Bytes,
) {
    let read = |file: Bytes| Pages::of(file).read::<T>(&schema.column(0), rows);
    let files = [own(), crate_s()];
    println!("{name}: {} bytes, by the parquet crate {}", files[0].len(), files[1].len());
    let [own_values, crate_values] = files.map(read);
    assert!(own_values == crate_values, "{name} differ");
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(rows as u64));
    group.bench_function("own", |bencher| bencher.iter(|| black_box(own())));
    group.bench_function("parquet crate", |bencher| bencher.iter(|| black_box(crate_s())));
    group.finish();
}
