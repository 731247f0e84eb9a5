//! A log that is a view is read, or refused, alike with every library of DuckDB: `tests/it/views/make.py` makes them.

use std::fs::File;

use crate::support::{Scratch, events, read_parts, unpack};

fn with_view(name: &str) -> Scratch {
    let scratch = Scratch::new();
    unpack(&format!("views/{name}"), &scratch.database());
    scratch
}

/// The view is read: its one event arrives with the time that SQL gives it in UTC.
#[track_caller]
fn check_read(name: &str) {
    let scratch = with_view(name);
    scratch.wow(&["debug"]).success();
    // Neither the machine's zone nor the user's changes what is read.
    let mut export = scratch.command(&["export"]);
    assert!(
        export
            .env("TZ", "Asia/Tokyo")
            .stderr(File::create(scratch.path("said")).unwrap())
            .status()
            .unwrap()
            .success()
    );
    let events = events(&read_parts(&scratch.export_folder()));
    // `epoch_us(timestamp '2008-01-01 12:00:00')`.
    assert_eq!(events.iter().map(|event| event.time_us).collect::<Vec<_>>(), [1_199_188_800_000_000]);
    scratch.wow(&["verify"]).success();
}

/// An export, and `wow debug`, say in one sentence what the view needs.
#[track_caller]
fn check_refused(name: &str, needs: &str) {
    let scratch = with_view(name);
    let expected = format!(
        "`wowlogs` in wow_test.duckdb is a view that {needs}; make a table of it with DuckDB: CREATE TABLE log AS FROM \
         wowlogs; DROP VIEW wowlogs; ALTER TABLE log RENAME TO wowlogs"
    );
    assert_eq!(scratch.wow(&["export"]).failure(1), expected);
    let report = scratch.wow(&["debug", "--json"]);
    assert_eq!((report.status, &report.json()["problems"]), (Some(1), &serde_json::json!([expected])));
}

#[test]
fn views_on_tables_are_read() {
    check_read("view");
    check_read("table");
}

#[test]
fn instants_are_utc_whatever_the_zone() {
    check_read("instants");
}

#[test]
fn views_that_need_an_extension_are_refused() {
    check_refused("zone", "needs DuckDB's extension `icu`, which is not used here");
    check_refused("parquet", "needs DuckDB's extension `parquet`, which is not used here");
    check_refused("parquet_behind", "needs DuckDB's extension `parquet`, which is not used here");
    check_refused("json", "needs DuckDB's extension `json`, which is not used here");
}

#[test]
fn views_on_what_is_not_there_are_refused() {
    check_refused("csv_gone", "reads the file seen.csv, which is not there");
    check_refused("table_gone", "reads `seen`, which is not in this database");
    check_refused("attached", "reads `other.seen`, which is not in this database");
}
