//! A log that is a view is read, or refused, alike with every library of DuckDB: `tests/it/views/make.py` makes them.

use std::fs::File;

use crate::support::{Scratch, events, read_parts, run_sql, unpack};

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

/// An export, and `wow debug`, say in this sentence why a view cannot be read.
#[track_caller]
fn check_sentence(scratch: &Scratch, needs: &str, way_out: &str) {
    let expected = format!("`wowlogs` in wow_test.duckdb is a view that {needs}; {way_out}");
    assert_eq!(scratch.wow(&["export"]).failure(1), expected);
    let report = scratch.wow(&["debug", "--json"]);
    assert_eq!((report.status, &report.json()["problems"]), (Some(1), &serde_json::json!([expected])));
}

/// The view needs an extension, so that whoever has it can make a table of it.
#[track_caller]
fn check_extension(name: &str, extension: &str) {
    let scratch = with_view(name);
    File::create(scratch.path("seen.parquet")).unwrap();
    File::create(scratch.path("seen.json")).unwrap();
    check_sentence(
        &scratch,
        &format!("needs DuckDB's extension `{extension}`, which is not used here"),
        "make a table of it with DuckDB: CREATE TABLE log AS FROM wowlogs; DROP VIEW wowlogs; ALTER TABLE log RENAME TO \
         wowlogs",
    );
}

/// The view needs what is not there, so that no statement helps.
#[track_caller]
fn check_missing(scratch: &Scratch, needs: &str) {
    check_sentence(scratch, needs, "mend the view, or make a table of what it shows where that is there");
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
    check_extension("zone", "icu");
    check_extension("parquet", "parquet");
    check_extension("parquet_behind", "parquet");
    check_extension("json", "json");
}

#[test]
fn views_on_what_is_not_there_are_refused() {
    for name in ["parquet", "parquet_behind"] {
        check_missing(&with_view(name), "reads the file seen.parquet, which is not there");
    }
    check_missing(&with_view("json"), "reads the file seen.json, which is not there");
    check_missing(&with_view("csv_gone"), "reads the file seen.csv, which is not there");
    check_missing(&with_view("table_gone"), "reads `seen`, which is not in this database");
    check_missing(&with_view("attached"), "reads `other.seen`, which is not in this database");
    for (make, needs) in [
        (
            "create view a as select 1 as x; create view wowlogs as from a; create or replace view a as from wowlogs",
            "reads itself",
        ),
        (
            "create macro f(x) as x; create view wowlogs as select f(1) as x; drop macro f",
            "calls `f`, which is not in this database",
        ),
    ] {
        check_missing(&Scratch::with_database(make), needs);
    }
}

#[test]
fn a_table_made_of_a_view_has_a_name_of_its_own() {
    let scratch = with_view("zone");
    run_sql(&scratch.database(), "create table LOG as select 1 as x");
    let sentence = scratch.wow(&["export"]).failure(1);
    assert!(sentence.ends_with(
        "CREATE TABLE log_2 AS FROM wowlogs; DROP VIEW wowlogs; ALTER TABLE log_2 RENAME TO wowlogs"
    ));
}
