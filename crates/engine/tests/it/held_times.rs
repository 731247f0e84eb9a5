//! A file whose times stay decoded says what it said before.

use std::ops::ControlFlow;

use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use wow_engine::pipeline::Scanner;
use wow_engine::read::{BATCH_ROWS, ChunkReader, EventFile, PartBytes, player_history, scan, scan_and_hold};
use wow_engine::time::{Day, Minutes};
use wow_engine::{Filter, Params, Query};

use crate::any_layout::{Cell, START_SECONDS, batch, file, plain, rows};
use crate::log::told;

fn query(gap_minutes: u32, filter: Filter) -> Query {
    Query { params: Params { session_gap_minutes: Minutes::of(gap_minutes), ..Params::default() }, filter }
}

fn scanned<R: ChunkReader + 'static>(
    file: &EventFile<R>,
    row_groups: Option<Vec<usize>>,
    query: &Query,
) -> String {
    let partial = scan(file, row_groups, query.clone(), &mut |_| ControlFlow::Continue(())).unwrap();
    told(&partial.finish())
}

/// The same file twice, once with its times held by a scan with this query, and without the bytes that it then has no need of.
fn twins(bytes: Vec<u8>, query: &Query) -> (EventFile, EventFile<PartBytes>) {
    let bytes = Bytes::from(bytes);
    let fresh = EventFile::open(bytes.clone()).unwrap();
    let mut holding = EventFile::open(PartBytes::from(bytes)).unwrap();
    let scanner = Scanner::new(query.clone(), holding.guild_kind());
    let scanner = scan_and_hold(&mut holding, scanner, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(told(&scanner.finish().finish()), scanned(&fresh, None, query));
    holding.give_up_bytes();
    (fresh, holding)
}

proptest! {
    // Every case writes and reads files.
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_later_question_has_the_same_answer(
        first_gap in 0..90_u32,
        gap in 0..90_u32,
        days in 0..12_i64,
        player in 0..9_i64,
        is_one_time_missing in any::<bool>(),
        is_one_player_missing in any::<bool>(),
        row in any::<prop::sample::Index>(),
    ) {
        let mut rows = rows();
        if is_one_time_missing {
            row.get_mut(&mut rows).4 = None;
        }
        if is_one_player_missing {
            row.get_mut(&mut rows).0 = None;
        }
        let to_day = START_SECONDS / 86_400 + days;
        let filter = Filter { to_day: Day::new(to_day), classes: vec!["Mage".into()], ..Filter::default() };
        let (fresh, holding) = twins(file(&rows, &plain()), &query(first_gap, filter.clone()));
        for filter in [Filter::default(), filter] {
            let query = query(gap, filter);
            prop_assert_eq!(scanned(&holding, None, &query), scanned(&fresh, None, &query));
            for group in 0..fresh.row_groups() {
                let group = Some(vec![group]);
                prop_assert_eq!(scanned(&holding, group.clone(), &query), scanned(&fresh, group, &query));
            }
            let history = player_history(&holding, None, &query, player).unwrap();
            prop_assert_eq!(history, player_history(&fresh, None, &query, player).unwrap());
        }
    }
}

#[test]
fn row_groups_of_several_batches_go_on_where_they_were() {
    let rows: Vec<Cell> = (0..3 * BATCH_ROWS as i64)
        .map(|row| (Some(row / 5_000), None, None, [None; 3], Some(START_SECONDS + row * 700)))
        .collect();
    let batch = batch(&rows, &plain());
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let (fresh, holding) = twins(bytes, &Query::default());
    assert_eq!(fresh.row_groups(), 1);
    assert!(holding.source().whole().is_none(), "the bytes of times that are held are given up");
    let query = query(10, Filter::default());
    assert_eq!(scanned(&holding, None, &query), scanned(&fresh, None, &query));
}

#[test]
fn the_file_of_these_tests_has_several_row_groups() {
    let (fresh, _) = twins(file(&rows(), &plain()), &Query::default());
    assert!(fresh.row_groups() > 1, "{}", fresh.row_groups());
}
