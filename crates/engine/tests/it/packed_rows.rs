//! Rows of models 1 and 3 as they go into a file: however they are cut into pieces, and wherever their events come from, the
//! file holds the same.

use std::ops::ControlFlow;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use wow_engine::Error;
use wow_engine::models::events::{EventRows, columns};
use wow_engine::pipeline::events::Events;
use wow_engine::pipeline::{Filter, Report, Strings, Walk};
use wow_engine::read::{EventFile, scan};
use wow_engine::schema::NumberKind;
use wow_engine::time::{Micros, Minutes};
use wow_engine::write::{MAGIC, Piece, joined_footer};

use super::made::{self, Cell, plain};
use super::sorting::in_shares;

const GAP: Minutes = Minutes::of(60);

fn file_of(rows: &[Cell]) -> EventFile {
    EventFile::open(Bytes::from(made::file(rows, &plain()))).unwrap()
}

fn filter(class: Option<&str>) -> Filter {
    Filter { classes: class.map(str::to_owned).into_iter().collect(), ..Filter::default() }
}

/// The rows of one unit in pieces, each once there are `piece_rows`, and how far the last player got.
fn pieces(
    mut next: impl FnMut(&mut dyn FnMut(&Events, &Strings)) -> bool,
    flagged: Option<&[i64]>,
    walk: Option<Walk>,
    piece_rows: usize,
) -> (Vec<Piece>, Option<Walk>) {
    let mut rows = EventRows::new(GAP, flagged.map(<[i64]>::to_vec), walk);
    let (mut pieces, mut known) = (Vec::new(), Strings::default());
    let mut take = |events: &Events, strings: &Strings, rows: &mut EventRows| {
        rows.extend(events).unwrap();
        known.clone_from(strings);
        (rows.rows() >= piece_rows).then(|| rows.take_piece(NumberKind::Integer, &known).unwrap())
    };
    while next(&mut |events, strings| pieces.extend(take(events, strings, &mut rows))) {}
    pieces.push(rows.take_piece(NumberKind::Integer, &known).unwrap());
    assert_eq!(rows.rows(), 0);
    (pieces, rows.walk())
}

fn of_file(
    file: &EventFile,
    filter: Filter,
    flagged: Option<&[i64]>,
    walk: Option<Walk>,
    piece_rows: usize,
) -> (Vec<Piece>, Option<Walk>) {
    let (mut reader, mut strings) = (file.events(None).only(filter), Strings::default());
    let next = |take: &mut dyn FnMut(&Events, &Strings)| match reader.next(&mut strings).unwrap() {
        Some(events) => {
            let events = events.clone();
            take(&events, &strings);
            true
        }
        None => false,
    };
    pieces(next, flagged, walk, piece_rows)
}

/// The rows of the file that the pieces make together.
fn joined(pieces: &[Piece]) -> RecordBatch {
    let footer =
        joined_footer(columns(NumberKind::Integer).unwrap(), &[], pieces.iter().map(Piece::footer)).unwrap();
    let mut file = MAGIC.to_vec();
    pieces.iter().for_each(|piece| file.extend_from_slice(piece.data()));
    file.extend_from_slice(&footer);
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file)).unwrap();
    let schema = std::sync::Arc::clone(reader.schema());
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    concat_batches(&schema, &batches).unwrap()
}

proptest! {
    // Every case writes and reads files.
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_gives_the_same_rows(
        class in prop::option::of(prop::sample::select(vec!["Mage", "Rogue", "Priest"])),
        flagged in prop::option::of(prop::collection::btree_set(0..8_i64, 0..4)),
        mut cuts in prop::collection::vec(0..700_usize, 0..4),
        piece_rows in 1..400_usize,
        shares in 1..4_usize,
    ) {
        let (rows, filter) = (made::rows(), filter(class));
        let flagged: Option<Vec<i64>> = flagged.map(|flagged| flagged.into_iter().collect());
        let flagged = flagged.as_deref();
        let (whole, _) = of_file(&file_of(&rows), filter.clone(), flagged, None, usize::MAX);
        let expected = joined(&whole);

        cuts.extend([0, rows.len()]);
        cuts.sort_unstable();
        let (mut cut, mut walk) = (Vec::new(), None);
        for ends in cuts.windows(2) {
            let file = file_of(&rows[ends[0]..ends[1]]);
            let (more, end) = of_file(&file, filter.clone(), flagged, walk, piece_rows);
            cut.extend(more);
            walk = end;
        }
        prop_assert_eq!(&joined(&cut), &expected);

        let mut backwards = rows.clone();
        backwards.reverse();
        let file = file_of(&backwards);
        let mut sorted = Vec::new();
        for share in in_shares(&[file], shares) {
            let mut cursor = share.cursor(filter.clone());
            let next = |take: &mut dyn FnMut(&Events, &Strings)| match share.next(&mut cursor) {
                Some(events) => {
                    take(events, share.strings());
                    true
                }
                None => false,
            };
            sorted.extend(pieces(next, flagged, None, piece_rows).0);
        }
        prop_assert_eq!(&joined(&sorted), &expected);
    }
}

#[test]
fn rows_out_of_order_are_refused() {
    let events = |rows: &[(i64, i64)]| Events {
        player_id: rows.iter().map(|row| row.0).collect(),
        time_us: rows.iter().map(|row| Micros::new(row.1).unwrap()).collect(),
        guild: rows.iter().map(|_| None).collect(),
        level: rows.iter().map(|_| None).collect(),
        race: rows.iter().map(|_| 0).collect(),
        class: rows.iter().map(|_| 0).collect(),
        zone: rows.iter().map(|_| 0).collect(),
        ..Events::default()
    };
    for rows in [[(2, 0), (1, 0)], [(2, 5), (2, 4)]] {
        let mut made = EventRows::new(GAP, None, None);
        let error = made.extend(&events(&rows)).unwrap_err();
        assert!(matches!(error, Error::OutOfOrder { .. }), "{rows:?}");
    }
}

#[test]
fn what_is_no_file_is_no_piece() {
    for bytes in [&b""[..], b"PAR1", b"PAR1\xff\xff\xff\xffPAR1"] {
        assert!(Piece::of(bytes.to_vec()).is_err(), "{bytes:?}");
    }
    let none = columns(NumberKind::Integer).unwrap();
    assert!(joined_footer(none, &[], [&b"PAR1"[..]]).is_err());
}

#[test]
fn a_report_crosses_unchanged() {
    let file = file_of(&made::rows());
    let report =
        scan(&file, None, wow_engine::Query::default(), &mut |_| ControlFlow::Continue(())).unwrap().finish();
    let crossed = Report::from_bytes(&report.to_bytes().unwrap()).unwrap();
    assert_eq!(super::log::told(&crossed), super::log::told(&report));
    assert!(Report::from_bytes(b"no report").is_err());
}
