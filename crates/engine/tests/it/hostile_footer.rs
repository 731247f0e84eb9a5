//! A footer that says what is not so: what is told of a player is whole all the same, and what cannot be is refused
//! before any memory or time is spent on it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use parquet::basic::Compression;
use parquet::file::metadata::{
    ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::statistics::Statistics;
use wow_engine::read::{EventFile, Gatherer, player_history};
use wow_engine::{Error, Query};

use crate::hostile_bytes::{part, without_panics};

/// The part with another footer, whose row groups were changed.
fn with_row_groups(change: impl Fn(usize, RowGroupMetaData) -> RowGroupMetaData) -> Vec<u8> {
    let whole = part(Compression::SNAPPY);
    let source = bytes::Bytes::from(whole.clone());
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&source).unwrap();
    let groups = metadata.row_groups().iter().cloned().enumerate();
    let groups = groups.map(|(index, group)| change(index, group)).collect();
    let changed: ParquetMetaData = metadata.clone().into_builder().set_row_groups(groups).build();
    // The footer is written anew behind all pages, so that every offset holds.
    let mut bytes = whole;
    ParquetMetaDataWriter::new(&mut bytes, &changed).finish().unwrap();
    bytes
}

fn with_rows(rows: i64) -> Vec<u8> {
    with_row_groups(|_, group| group.into_builder().set_num_rows(rows).build().unwrap())
}

#[test]
fn statistics_that_lie_hide_no_event() {
    let events = |bytes: Vec<u8>| {
        let file = EventFile::open(bytes::Bytes::from(bytes)).unwrap();
        // Four events in the first row group, of 25 rows; one more and three in the next.
        [0, 6].map(|player_id| player_history(&file, None, &Query::default(), player_id).unwrap())
    };
    let lying = with_row_groups(|_, group| {
        let mut columns = group.columns().to_vec();
        let players = Statistics::int64(Some(100), Some(200), None, Some(0), false);
        columns[0] = columns[0].clone().into_builder().set_statistics(players).build().unwrap();
        group.into_builder().set_column_metadata(columns).build().unwrap()
    });
    assert_eq!(events(lying), events(part(Compression::SNAPPY)));
}

#[test]
fn more_rows_than_the_bytes_can_hold_are_refused_at_once() {
    let says = |rows: i64| match EventFile::open(bytes::Bytes::from(with_rows(rows))) {
        Err(error) => error.to_string(),
        Ok(_) => "opened".to_owned(),
    };
    for rows in [1_000_000_000_000_000, i64::MAX / 4] {
        let says = says(rows);
        assert!(
            says.contains(&format!("says that it has {rows} rows, more than its bytes can hold")),
            "{says}"
        );
    }
    assert!(says(-1).contains("impossible number of rows"), "{}", says(-1));
    // So many rows may be in a page of a few bytes, where all of them are alike.
    assert_eq!(says(2_147_483_647), "opened");
}

#[test]
fn rows_that_are_announced_and_do_not_come_are_an_error() {
    let file = EventFile::open(bytes::Bytes::from(with_rows(100_000))).unwrap();
    let go_on = &mut |_| ControlFlow::Continue(());
    let scanned = wow_engine::read::scan(&file, None, Query::default(), go_on);
    assert!(scanned.is_err());
    assert!(Gatherer::default().take(&file, go_on).is_err());
}

#[test]
fn what_a_footer_only_announces_takes_no_time_and_memory() {
    let whole = part(Compression::SNAPPY);
    let end = whole.len() - 8;
    let length = u32::from_le_bytes(whole[end..end + 4].try_into().unwrap());
    let start = end - length as usize;
    let with_footer = |footer: &[u8]| {
        let length = u32::try_from(footer.len()).unwrap();
        [&whole[..start], footer, &length.to_le_bytes(), b"PAR1"].concat()
    };
    // A list of 2^31 - 1 flags in a field that nobody knows, in the place of the footer's end.
    let flags = [0xf9, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07];
    let list = with_footer(&[&whole[start..end - 1], &flags[..]].concat());
    // A schema whose root says that it has 2^31 - 1 columns.
    let root = [0x15, 2, 0x19, 0x1c, 0x48, 1, b'r', 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0, 0];
    // Half a million groups of columns within each other.
    let groups = [0x48, 1, b'g', 0x15, 2, 0].repeat(1 << 19);
    let nested = [&[0x15, 2, 0x19, 0xfc, 0x80, 0x80, 0x20][..], &groups, &[0]].concat();
    let files = [("list", list), ("root", with_footer(&root)), ("groups", with_footer(&nested))];
    let wrong = without_panics(move || {
        let mut wrong = Vec::new();
        for (name, bytes) in files {
            let started = Instant::now();
            let opened = EventFile::open(bytes::Bytes::from(bytes));
            if !matches!(opened, Err(Error::Damaged(_))) || started.elapsed() > Duration::from_secs(2) {
                wrong.push(format!("{name}: {:?} after {:?}", opened.err(), started.elapsed()));
            }
        }
        wrong
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pages_that_are_encrypted_below_a_plain_footer_are_told() {
    let whole = part(Compression::SNAPPY);
    let end = whole.len() - 8;
    let length = u32::from_le_bytes(whole[end..end + 4].try_into().unwrap());
    // Field 8 of the metadata, an algorithm, in the place of their last byte, and then a signature.
    let algorithm = [0x0c, 16, 0x1c, 0, 0, 0];
    let signature = [7; 28];
    let longer = length - 1 + u32::try_from(algorithm.len() + signature.len()).unwrap();
    let bytes =
        [&whole[..end - 1], &algorithm[..], &signature[..], &longer.to_le_bytes()[..], b"PAR1"].concat();
    let error = EventFile::open(bytes::Bytes::from(bytes)).unwrap_err();
    assert_eq!(error.to_string(), "it is encrypted Parquet; write it without encryption");
}
