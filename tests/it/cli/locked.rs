//! A database that another process has open: who it is and what to do, and who may read beside whom.

use crate::holder::Holder;
use crate::support::{CREATE_LOG, Scratch};

fn database() -> Scratch {
    Scratch::with_database(&format!(
        "{CREATE_LOG} insert into wowlogs (player_id, datetime) values (1, '2008-01-01')"
    ))
}

#[test]
fn the_holder_of_a_locked_database_is_named_with_what_it_was_started_as() {
    let scratch = database();
    let test = "the_holder_of_a_locked_database_is_named_with_what_it_was_started_as";
    let Some(holder) = Holder::start(&scratch, "hold.py", "wow_test.duckdb", false, test) else { return };
    for command in [&["export"][..], &["generate", "--replace"], &["report"]] {
        let sentence = scratch.wow(command).failure(1);
        let process = format!("(process {}", holder.id());
        assert!(sentence.starts_with("wow_test.duckdb is locked by "), "{sentence}");
        assert!(sentence.contains("python") && sentence.contains(&process), "{sentence}");
        if cfg!(target_os = "linux") {
            assert!(sentence.contains(" hold.py`)"), "{sentence}");
        }
        assert!(sentence.ends_with("; close it there (or end that process) and try again"), "{sentence}");
    }
    let report = scratch.wow(&["debug", "--json"]);
    assert_eq!(report.status, Some(1));
    assert!(report.json()["problems"][0].as_str().unwrap().contains("is locked by "), "{report:?}");
    drop(holder);
    scratch.wow(&["export"]).success();
}

#[cfg(target_os = "linux")]
#[test]
fn the_name_of_a_holder_cannot_steer_the_terminal() {
    let scratch = database();
    let test = "the_name_of_a_holder_cannot_steer_the_terminal";
    let script = format!("\u{1b}[31m\n{}.py", "x".repeat(200));
    let Some(_holder) = Holder::start(&scratch, &script, "wow_test.duckdb", false, test) else { return };
    let sentence = scratch.wow(&["export"]).failure(1);
    assert!(sentence.contains('…') && sentence.len() < 400, "{sentence:?}");
    assert!(!sentence.contains(char::is_control), "{sentence:?}");
}

#[test]
fn readers_do_not_disturb_each_other() {
    let scratch = database();
    let test = "readers_do_not_disturb_each_other";
    let Some(_holder) = Holder::start(&scratch, "read.py", "wow_test.duckdb", true, test) else { return };
    for command in [&["debug"][..], &["export"], &["verify"], &["report", "--database", "wow_test.duckdb"]] {
        scratch.wow(command).success();
    }
    let sentence = scratch.wow(&["generate", "--replace"]).failure(1);
    assert!(sentence.contains("is locked by "), "{sentence}");
}
