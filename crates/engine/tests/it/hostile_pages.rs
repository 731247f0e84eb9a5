//! A page whose header or content says what is not so is refused at once: no panic, not even one that is caught, and no time
//! or memory for what it only announces.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use arrow::datatypes::DataType;
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::{ParquetMetaDataReader, ParquetMetaDataWriter};
use parquet::file::properties::WriterVersion;
use wow_engine::read::{EventFile, scan};
use wow_engine::{Error, Params};

use crate::hostile_bytes::{part, without_panics};
use crate::made::{Made, file, plain, rows};

/// Rows of the part's first row group.
const ROWS: i64 = 25;
/// The place of a column that may be null.
const ZONE: usize = 5;
const MOST_ROWS: usize = 60;
const CHANGES: [u8; 3] = [0x01, 0x80, 0xff];
/// Far more than any of these files takes.
const SOON: Duration = Duration::from_secs(2);

/// A page's header: its kind, and its size as it is stored and unpacked.
fn header(kind: u8, size: usize, content: &[u8]) -> Vec<u8> {
    let size = varint(2 * size);
    [&[0x15, 2 * kind, 0x15][..], &size, &[0x15], &size, content, &[0]].concat()
}

fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A page of version 1 with so many PLAIN values and what else is in its header.
fn version_1(values: usize, more: &[u8], content: &[u8]) -> Vec<u8> {
    let fields = [&[0x2c, 0x15][..], &varint(2 * values), &[0x15, 0, 0x15, 6, 0x15, 6, 0], more].concat();
    [header(0, content.len(), &fields), content.to_vec()].concat()
}

/// A page of version 2 with such bytes of levels, each number as it is written.
fn version_2(rows: usize, level_bytes: [&[u8]; 2], content: &[u8]) -> Vec<u8> {
    let rows = varint(2 * rows);
    let counts = [&[0x5c, 0x15][..], &rows, &[0x15, 0, 0x15], &rows, &[0x15, 0]].concat();
    let [definition, repetition] = level_bytes;
    let fields = [&counts[..], &[0x15], definition, &[0x15], repetition, &[0x12, 0]].concat();
    [header(3, content.len(), &fields), content.to_vec()].concat()
}

/// The part, where the players of the first row group are in these pages instead.
fn with_players(pages: &[u8]) -> Vec<u8> {
    with_column(0, pages, |place| place)
}

/// The same for any column, whose pages the footer says to be in another place than they are.
fn with_column(column: usize, pages: &[u8], place: impl Fn(i64) -> i64) -> Vec<u8> {
    let mut bytes = part(Compression::UNCOMPRESSED);
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&bytes::Bytes::from(bytes.clone())).unwrap();
    let mut groups = metadata.row_groups().to_vec();
    let mut columns = groups[0].columns().to_vec();
    let chunk = columns[column].clone().into_builder().set_dictionary_page_offset(None);
    let chunk = chunk.set_data_page_offset(place(bytes.len() as i64));
    columns[column] = chunk.set_total_compressed_size(pages.len() as i64).build().unwrap();
    groups[0] = groups[0].clone().into_builder().set_column_metadata(columns).build().unwrap();
    bytes.extend(pages);
    let changed = metadata.into_builder().set_row_groups(groups).build();
    ParquetMetaDataWriter::new(&mut bytes, &changed).finish().unwrap();
    bytes
}

fn players() -> Vec<u8> {
    (0..ROWS).flat_map(|row| (row / 4).to_le_bytes()).collect()
}

fn scanned(bytes: Vec<u8>) -> Result<u64, Error> {
    let file = EventFile::open(bytes::Bytes::from(bytes))?;
    let report = scan(&file, None, Params::default(), &mut |_| ControlFlow::Continue(()))?.finish();
    Ok(report.rows + report.rejected.total())
}

/// Checks that files are refused as damaged, soon, and without a panic.
#[track_caller]
fn are_refused(files: Vec<(&'static str, Vec<u8>)>) {
    let wrong = without_panics(move || {
        let mut wrong = Vec::new();
        for (name, bytes) in files {
            let started = Instant::now();
            let scanned = scanned(bytes);
            if !matches!(scanned, Err(Error::Damaged(_))) || started.elapsed() > SOON {
                wrong.push(format!("{name}: {scanned:?} after {:?}", started.elapsed()));
            }
        }
        wrong
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pages_that_are_sound_are_read() {
    assert_eq!(scanned(with_players(&version_1(25, &[], &players()))), Ok(40));
    assert_eq!(scanned(with_players(&version_2(25, [&[0], &[0]], &players()))), Ok(40));
    // What nobody knows is passed over: a list of three numbers, a text.
    let more = [0x99, 0x35, 1, 2, 1, 0x18, 2, b'a', b'b'];
    assert_eq!(scanned(with_players(&version_1(25, &more, &players()))), Ok(40));
}

#[test]
fn headers_that_lie_are_refused_at_once() {
    // A list of 2^31 - 1 flags.
    let flags = [0x99, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07];
    let (most, below_zero) = ([0xfe, 0xff, 0xff, 0xff, 0x0f], [1]);
    let of_levels = |levels| with_players(&version_2(25, levels, &players()));
    are_refused(vec![
        ("a list of flags", with_players(&version_1(25, &flags, &players()))),
        ("levels of all there is", of_levels([&most, &most])),
        ("levels of less than nothing", of_levels([&below_zero, &[0]])),
        ("levels beyond the page", of_levels([&[0x80, 8], &[0]])),
        ("pages before the file", with_column(0, &version_1(25, &[], &players()), |_| -1)),
        ("pages behind the file", with_column(0, &version_1(25, &[], &players()), |_| i64::MAX)),
        ("rows without values", with_players(&version_1(i32::MAX as usize, &[], &players()))),
    ]);
}

#[test]
fn rows_that_are_only_announced_take_no_time_and_memory() {
    // Zones may be null: a run of as many nulls as a page can have, where the row group has few.
    let run = [&varint(2 * i32::MAX as usize)[..], &[0]].concat();
    let levels = [&(run.len() as u32).to_le_bytes()[..], &run].concat();
    let nulls = version_1(i32::MAX as usize, &[], &levels);
    are_refused(vec![("nulls", with_column(ZONE, &nulls, |place| place))]);
}

#[test]
fn any_layout_with_a_changed_byte_is_read_whole_or_is_an_error() {
    let raw = Made { has_dictionary: false, page_rows: 20, ..plain() };
    let version = WriterVersion::PARQUET_2_0;
    let split = Some(Encoding::BYTE_STREAM_SPLIT);
    let layouts = [
        raw.clone(),
        Made { version, text: Encoding::DELTA_BYTE_ARRAY, ..raw.clone() },
        Made { text: Encoding::DELTA_LENGTH_BYTE_ARRAY, numbers: DataType::Float64, ..raw.clone() },
        Made { number: split, numbers: DataType::Int32, time: DataType::Utf8, ..raw.clone() },
        Made { number: split, numbers: DataType::Decimal128(20, 0), ..raw },
    ];
    for made in layouts {
        let whole = file(&rows()[..MOST_ROWS], &made);
        assert_eq!(scanned(whole.clone()), Ok(MOST_ROWS as u64));
        let wrong = without_panics(move || {
            let changes = (0..whole.len()).flat_map(|place| CHANGES.map(|change| (place, change)));
            let wrong = changes.filter(|(place, change)| {
                let mut bytes = whole.clone();
                bytes[*place] ^= change;
                scanned(bytes).is_ok_and(|rows| rows != MOST_ROWS as u64)
            });
            wrong.map(|(place, change)| format!("{made:?}, {place} changed by {change:#x}")).collect()
        });
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
