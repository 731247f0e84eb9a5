//! Row groups of more bytes than are asked for at once are read run by run of their pages.

use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use wow_engine::Query;
use wow_engine::read::{EventFile, player_history, scan};

use crate::log::told;

const ROWS: i64 = 5_000_000;
const ROWS_PER_PLAYER: i64 = 1_000;
/// What the reader asks for at once of a row group, at most.
const AT_ONCE_BYTES: u64 = 32 << 20;

/// Players of a thousand events each, whose pauses differ in every bit that pauses have.
fn events() -> RecordBatch {
    let players = (0..ROWS).map(|row| row / ROWS_PER_PLAYER);
    let mut time_us = 0;
    let times = (0..ROWS).map(|row| {
        let pause_us = (row.wrapping_mul(0x5851_f42d_4c95_7f2d) >> 20) & 0x7fff_ffff;
        time_us = if row % ROWS_PER_PLAYER == 0 { 1_160_000_000_000_000 } else { time_us + pause_us };
        time_us
    });
    let text = |texts: [&str; 3]| -> ArrayRef {
        Arc::new((0..ROWS).map(|row| Some(texts[(row / 7 % 3) as usize])).collect::<StringArray>())
    };
    let columns: [(&str, ArrayRef); 7] = [
        ("player_id", Arc::new(players.collect::<Int64Array>())),
        ("guild", Arc::new((0..ROWS).map(|row| (row % 5 > 0).then_some(row % 11)).collect::<Int64Array>())),
        ("level", Arc::new((0..ROWS).map(|row| Some(1 + row % 80)).collect::<Int64Array>())),
        ("race", text(["Orc", "Troll", "Undead"])),
        ("class", text(["Mage", "Rogue", "Priest"])),
        ("where", text(["Durotar", "Orgrimmar", "Naxxramas"])),
        ("datetime", Arc::new(TimestampMicrosecondArray::from_iter_values(times))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).unwrap()
}

fn file(events: &RecordBatch, rows_per_group: usize) -> EventFile {
    let properties = WriterProperties::builder()
        .set_column_dictionary_enabled("datetime".into(), false)
        .set_max_row_group_row_count(Some(rows_per_group))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, events.schema(), Some(properties)).unwrap();
    writer.write(events).unwrap();
    writer.close().unwrap();
    EventFile::open(Bytes::from(bytes)).unwrap()
}

#[test]
fn a_row_group_that_is_read_in_runs_says_what_small_ones_do() {
    let events = events();
    let (one, many) = (file(&events, ROWS as usize), file(&events, 300_000));
    assert_eq!(one.row_groups(), 1);
    assert!(one.row_group(0).bytes > AT_ONCE_BYTES, "{} bytes", one.row_group(0).bytes);
    assert!((0..many.row_groups()).all(|index| many.row_group(index).bytes < AT_ONCE_BYTES));

    let report = |file: &EventFile| {
        let partial = scan(file, None, Query::default(), &mut |_| ControlFlow::Continue(())).unwrap();
        told(&partial.finish())
    };
    assert!(report(&one) == report(&many));

    let player = ROWS / ROWS_PER_PLAYER / 2;
    let history =
        |file: &EventFile| format!("{:?}", player_history(file, None, &Query::default(), player).unwrap());
    assert_eq!(history(&one), history(&many));
}
