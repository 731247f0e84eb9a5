//! Times at the ends of what the database can hold, and beyond them.

use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray,
};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use wow_engine::pipeline::{Partial, Scanner};
use wow_engine::read::{EventFile, Gatherer, scan, scan_and_hold};
use wow_engine::time::{Day, Days, Micros, Minutes};
use wow_engine::{Error, Params};

/// A log of one player at these times, with the times in a dictionary or not.
fn file_of(times: ArrayRef, in_dictionary: bool) -> EventFile {
    let rows = times.len();
    let numbers = || Arc::new(Int64Array::from(vec![7; rows])) as ArrayRef;
    let texts = || Arc::new(StringArray::from(vec!["Orc"; rows])) as ArrayRef;
    let columns = [
        ("player_id", numbers()),
        ("guild", numbers()),
        ("level", numbers()),
        ("race", texts()),
        ("class", texts()),
        ("where", texts()),
        ("datetime", times),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_dictionary_enabled(in_dictionary).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    EventFile::open(Bytes::from(bytes)).unwrap()
}

fn scanned(file: &EventFile) -> Result<Partial, Error> {
    scan(file, None, Params::default(), &mut |_| ControlFlow::Continue(()))
}

#[track_caller]
fn assert_refused(times: ArrayRef, examples: &str) {
    let said = format!(
        "column `datetime` holds times outside of what can be held, for example {examples}; times go from 290309-12-22 \
         (BC) 00:00:00 to 294247-01-10 04:00:54.775806, and infinite ones are none; leave such fields empty"
    );
    for in_dictionary in [true, false] {
        let mut file = file_of(Arc::clone(&times), in_dictionary);
        assert_eq!(scanned(&file).unwrap_err().to_string(), said);
        let scanner = Scanner::new(Params::default(), file.guild_kind());
        let held = scan_and_hold(&mut file, scanner, &mut |_| ControlFlow::Continue(()));
        assert_eq!(held.unwrap_err().to_string(), said);
        let gathered = Gatherer::default().take(&file, &mut |_| ControlFlow::Continue(()));
        assert_eq!(gathered.unwrap_err().to_string(), said);
    }
}

/// Microseconds, of which the first is missing.
fn micros(times_us: &[i64]) -> ArrayRef {
    let times = std::iter::once(None).chain(times_us.iter().copied().map(Some));
    Arc::new(times.collect::<TimestampMicrosecondArray>())
}

#[test]
fn infinities_are_refused_and_shown() {
    assert_refused(
        micros(&[i64::MAX, -i64::MAX]),
        "9223372036854775807 µs since 1970, -9223372036854775807 µs since 1970",
    );
    // Infinity and minus infinity of a DATE.
    assert_refused(
        Arc::new(Date32Array::from(vec![i32::MAX, 0, -i32::MAX])),
        "2147483647 days since 1970, -2147483647 days since 1970",
    );
}

#[test]
fn times_just_outside_are_refused_in_every_unit() {
    assert_refused(
        micros(&[Micros::MIN.get() - 1, 0, i64::MIN]),
        "-9223372022400000001 µs since 1970, -9223372036854775808 µs since 1970",
    );
    let milliseconds = vec![0, i64::MAX / 1_000 + 1];
    assert_refused(Arc::new(TimestampMillisecondArray::from(milliseconds)), "9223372036854776 ms since 1970");
    assert_refused(Arc::new(Date32Array::from(vec![-106_751_992])), "-106751992 days since 1970");
    // Infinity and minus infinity of a TIMESTAMP_NS.
    assert_refused(
        Arc::new(TimestampNanosecondArray::from(vec![i64::MAX, 0, -i64::MAX])),
        "9223372036854775807 ns since 1970, -9223372036854775807 ns since 1970",
    );
}

#[test]
fn the_ends_themselves_are_times() {
    let ends = [Micros::MIN, Micros::MAX];
    let nanoseconds = TimestampNanosecondArray::from(vec![i64::MIN, i64::MAX - 1]);
    let days = Date32Array::from(vec![-106_751_991, 106_751_991]);
    let known: [(ArrayRef, [i64; 2]); 3] = [
        (micros(&ends.map(Micros::get)), ends.map(Micros::get)),
        // As DuckDB casts them to TIMESTAMP: nanoseconds rounded, days at midnight.
        (Arc::new(nanoseconds), [-9_223_372_036_854_776, 9_223_372_036_854_776]),
        (Arc::new(days), [-9_223_372_022_400_000_000, 9_223_372_022_400_000_000]),
    ];
    for (times, expected) in known {
        let report = scanned(&file_of(times, false)).unwrap().finish();
        assert_eq!([report.first_us, report.last_us], expected.map(Micros::new));
        assert_eq!(report.totals(&Params::default()).sessions, 2);
    }
}

#[test]
fn from_the_last_time_to_the_first_is_out_of_order_whatever_the_gap() {
    let file = file_of(micros(&[Micros::MAX.get(), Micros::MIN.get()]), false);
    for gap in [Minutes::of(0), Minutes::of(30), Minutes::of(241), Minutes::MAX] {
        let params = Params { session_gap_minutes: gap, ..Params::default() };
        let found = scan(&file, None, params, &mut |_| ControlFlow::Continue(()));
        assert_eq!(found.unwrap_err(), Error::OutOfOrder { player_id: 7 }, "gap of {gap} minutes");
    }
}

#[test]
fn churn_and_limits_at_their_ends_are_what_the_definitions_say() {
    let file = file_of(micros(&[Micros::MIN.get(), 0, Micros::MAX.get()]), false);
    for as_of_day in [Day::MIN, Day::of(0), Day::MAX] {
        let params = Params { as_of_day: Some(as_of_day), ..Params::default() };
        let report = scan(&file, None, params, &mut |_| ControlFlow::Continue(())).unwrap().finish();
        let days = as_of_day.get() - 106_751_991;
        assert_eq!(report.days_since_last_activity(0).get(), days);
        for churn_days in [Days::MIN, Days::of(0), Days::MAX] {
            let params = Params { churn_days, ..params };
            assert_eq!(report.churned(0, &params), days > churn_days.get(), "{days} days, {churn_days}");
        }
        for (limit, is_over) in [(Minutes::MIN, true), (Minutes::of(0), false), (Minutes::MAX, false)] {
            let limits = Params { bot_max_session_minutes: limit, bot_avg_session_minutes: limit, ..params };
            let verdict = report.verdict(0, &limits);
            assert_eq!((verdict.long_session, verdict.avg_session), (is_over, is_over), "limit {limit}");
        }
    }
}
