//! The comparison on rows made by hand.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};

use super::compare::{Found, Layout, compare};
use super::side::{Key, Side};

/// A row: player, time, text, double, minutes since the last event, start.
type Row = (i64, i64, Option<&'static str>, f64, Option<i64>, i32);

fn batch(rows: &[Row]) -> RecordBatch {
    let columns: [(&str, ArrayRef); 6] = [
        ("player_id", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.0)))),
        ("datetime", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.1)))),
        ("class", Arc::new(rows.iter().map(|row| row.2).collect::<StringArray>())),
        ("guild", Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.3)))),
        ("minutes_since_last_event", Arc::new(rows.iter().map(|row| row.4).collect::<Int64Array>())),
        ("is_session_start", Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.5)))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn compared(sql: &[Row], sql_batch: usize, engine: &[Row], engine_batch: usize) -> Found {
    let key = Key { player: 0, time: Some(1) };
    let layout = Layout { schema: batch(&[]).schema(), key, pause: super::PAUSE };
    let mut sql = sql.chunks(sql_batch).map(|rows| Ok(batch(rows)));
    let mut engine = engine.chunks(engine_batch).map(|rows| Ok(batch(rows)));
    let (mut sql, mut engine) = (Side::new(&mut sql, key), Side::new(&mut engine, key));
    compare(&layout, &mut sql, &mut engine, &mut |_| {}).unwrap()
}

/// Three events at one instant, one before and one after them.
const TIES: [Row; 5] = [
    (1, 10, Some("a"), 1.0, None, 1),
    (1, 50, Some("a"), 1.0, Some(40), 1),
    (1, 50, Some("b"), 1.0, Some(0), 0),
    (1, 50, None, f64::NAN, Some(0), 0),
    (2, 50, Some("a"), -0.0, None, 1),
];

#[test]
fn the_order_within_an_instant_and_who_carries_the_pause_do_not_matter() {
    let mut other = TIES;
    other[1] = (1, 50, None, -f64::NAN, Some(0), 0);
    other[2] = (1, 50, Some("a"), 1.0, Some(0), 0);
    other[3] = (1, 50, Some("b"), 1.0, Some(40), 1);
    for (sql_batch, engine_batch) in [(5, 5), (1, 5), (2, 3), (3, 1)] {
        let found = compared(&TIES, sql_batch, &other, engine_batch);
        assert_eq!(found.rows_differing, 0, "{found:?}");
    }
}

#[test]
fn every_changed_cell_is_found_and_named() {
    let changes: [(&str, usize, Row); 6] = [
        ("class", 3, (1, 50, Some(""), f64::NAN, Some(0), 0)),
        ("class", 2, (1, 50, None, 1.0, Some(0), 0)),
        ("guild", 4, (2, 50, Some("a"), 0.0, None, 1)),
        ("minutes_since_last_event", 1, (1, 50, Some("a"), 1.0, Some(41), 1)),
        ("minutes_since_last_event", 0, (1, 10, Some("a"), 1.0, Some(0), 1)),
        ("is_session_start", 3, (1, 50, None, f64::NAN, Some(0), 1)),
    ];
    for (column, row, changed) in changes {
        let mut other = TIES;
        other[row] = changed;
        for (sql_batch, engine_batch) in [(5, 5), (1, 5), (2, 3), (3, 1)] {
            let found = compared(&TIES, sql_batch, &other, engine_batch);
            assert_eq!(found.rows_differing, 1, "{column}: {found:?}");
            assert_eq!(found.first[0].column.as_deref(), Some(column), "{found:?}");
            assert_eq!(found.first[0].player_id, changed.0);
        }
    }
}

#[test]
fn a_row_on_one_side_only_is_found_at_any_place() {
    for row in 0..TIES.len() {
        let mut fewer = TIES.to_vec();
        fewer.remove(row);
        for (found, sql, engine) in [
            (compared(&TIES, 2, &fewer, 3), "present", "absent"),
            (compared(&fewer, 3, &TIES, 2), "absent", "present"),
        ] {
            assert_eq!(found.rows_differing, 1, "{found:?}");
            let difference = &found.first[0];
            assert_eq!((&*difference.sql, &*difference.other, &difference.column), (sql, engine, &None));
        }
    }
}

#[test]
fn five_differences_are_kept_and_all_are_counted() {
    let rows = |class: &'static str| (0..1_000).map(|time| (7, time, Some(class), 0.0, Some(0), 0)).collect();
    let (sql, engine): (Vec<Row>, Vec<Row>) = (rows("x"), rows("y"));
    let found = compared(&sql, 300, &engine, 999);
    assert_eq!((found.rows_differing, found.first.len()), (1_000, 5));
    assert_eq!((&*found.first[4].sql, &*found.first[4].other), ("\"x\"", "\"y\""));
}
