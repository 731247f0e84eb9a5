//! `wow generate`, as far as a user sees it before the log is exported.

use crate::support::{CREATE_LOG, DEV_DATABASE, Scratch, run_sql};

#[test]
fn the_same_seed_gives_the_same_export() {
    let export = |seed: &str| {
        let scratch = Scratch::new();
        scratch.wow(&["generate", "--scale", "0.001", "--seed", seed]).success();
        scratch.wow(&["export", "--json"]).success().json()
    };
    let first = export("1");
    assert!(first["rows"].as_u64().unwrap() > 10_000, "{first}");
    assert_eq!(first["dataset_id"], export("1")["dataset_id"]);
    assert_ne!(first["dataset_id"], export("2")["dataset_id"]);
}

#[test]
fn the_events_of_a_scale_can_be_those_of_more_players() {
    let scratch = Scratch::new();
    scratch.wow(&["generate", "--scale", "0.001", "--players", "1000"]).success();
    let exported = scratch.wow(&["export", "--json"]).success().json();
    assert_eq!(exported["players"], 1_000);
    assert!((36_000..=36_500).contains(&exported["rows"].as_u64().unwrap()), "{exported}");
    let sentence = scratch.wow(&["generate", "--scale", "0.001", "--players", "90", "--replace"]).failure(2);
    assert!(
        sentence.contains("--players is 90; the events of scale 0.001 are shared out to 91 to"),
        "{sentence}"
    );
}

#[test]
fn a_log_that_is_there_is_kept_unless_told_otherwise() {
    let scratch = Scratch::with_database(CREATE_LOG);
    let sentence = scratch.wow(&["generate", "--scale", "0.001"]).failure(2);
    assert!(sentence.contains("has a table `wowlogs` already; add --replace"), "{sentence}");
    scratch.wow(&["generate", "--scale", "0.001", "--replace"]).success();
}

#[test]
fn production_is_written_only_when_that_is_meant() {
    let scratch = Scratch::new();
    let sentence = scratch.wow(&["generate", "--target", "prod", "--scale", "0.001"]).failure(2);
    assert!(sentence.contains("add --yes"), "{sentence}");
    assert!(!scratch.path("wow.duckdb").exists());
    scratch.wow(&["generate", "--target", "prod", "--scale", "0.001", "--yes"]).success();
    let sentence = scratch.wow(&["export", "--database", "wow.duckdb"]).failure(2);
    assert!(sentence.contains("is the production database; add --target prod"), "{sentence}");
}

#[test]
fn other_tables_of_the_database_stay() {
    let scratch = Scratch::new();
    run_sql(&scratch.path(DEV_DATABASE), "create table notes as select 'keep' as note");
    scratch.wow(&["generate", "--scale", "0.001"]).success();
    let notes = crate::support::query(&scratch.database(), "select note from notes");
    assert_eq!(notes.iter().map(arrow::array::RecordBatch::num_rows).sum::<usize>(), 1);
}
