//! What is published is locked from the first look to the end, also while the user thinks.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use duckdb::Connection;

use super::{rows, write_csv};
use crate::support::{CREATE_LOG, Scratch, query, run_sql, skipped};

const PROD: &str = "wow.duckdb";

/// `wow import` that waits for an answer to whether production may be written.
struct Asking {
    terminal: Child,
    seen: String,
}

impl Asking {
    /// Nothing, said on standard error, where there is no `script`, which gives a program a terminal.
    fn start(scratch: &Scratch, test: &str) -> Option<Self> {
        write_csv(scratch, 5);
        let mut command = Command::new("script");
        scratch.prepare(&mut command);
        let import = format!("{} import log.csv --target prod --replace", env!("CARGO_BIN_EXE_wow"));
        command.args(["--quiet", "--return", "--command", &import, "/dev/null"]);
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let terminal = match spawned {
            Ok(terminal) => terminal,
            Err(error) => {
                skipped(test, &format!("no `script`: {error}"));
                return None;
            }
        };
        let mut asking = Self { terminal, seen: String::new() };
        asking.read_until("[y/N]");
        Some(asking)
    }

    fn read_until(&mut self, text: &str) {
        let output = self.terminal.stdout.as_mut().unwrap();
        let mut byte = [0];
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains(text) {
            assert_eq!(output.read(&mut byte).unwrap(), 1, "it ended: {}", String::from_utf8_lossy(&seen));
            seen.push(byte[0]);
        }
        self.seen = String::from_utf8(seen).unwrap();
    }

    /// Says yes; gives the exit status and what was printed.
    fn say_yes(mut self) -> (Option<i32>, String) {
        let mut input = self.terminal.stdin.take().unwrap();
        input.write_all(b"y\n").unwrap();
        self.terminal.stdout.as_mut().unwrap().read_to_string(&mut self.seen).unwrap();
        (self.terminal.wait().unwrap().code(), self.seen)
    }
}

fn production() -> Scratch {
    let scratch = Scratch::new();
    run_sql(&scratch.path(PROD), &format!("{CREATE_LOG} {}", rows(3)));
    scratch
}

fn rows_of(scratch: &Scratch, database: &str) -> usize {
    query(&scratch.path(database), "from wowlogs")[0].num_rows()
}

#[test]
fn nobody_writes_into_the_database_while_the_question_is_open() {
    let scratch = production();
    let test = "nobody_writes_into_the_database_while_the_question_is_open";
    let Some(asking) = Asking::start(&scratch, test) else { return };
    let error = Connection::open(scratch.path(PROD)).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("Could not set lock"), "{error}");
    let other = ["generate", "--target", "prod", "--replace", "--yes", "--scale", "0.00003"];
    let sentence = scratch.wow(&other).failure(1);
    assert!(sentence.starts_with("`wow import` (process "), "{sentence}");
    assert!(sentence.contains(") is writing wow.duckdb; wait for it to end, or name another"), "{sentence}");
    // Another database of the same folder is free, and what the living command has there stays.
    scratch.wow(&["generate", "--scale", "0.00003"]).success();
    let (status, printed) = asking.say_yes();
    assert_eq!(status, Some(0), "{printed}");
    assert_eq!((rows_of(&scratch, PROD), rows_of(&scratch, "wow.duckdb.previous")), (5, 3));
}

#[test]
fn a_database_that_was_put_in_place_meanwhile_is_left_alone() {
    let scratch = production();
    let test = "a_database_that_was_put_in_place_meanwhile_is_left_alone";
    let Some(asking) = Asking::start(&scratch, test) else { return };
    run_sql(&scratch.path("other.duckdb"), &format!("{CREATE_LOG} {}", rows(4)));
    fs::rename(scratch.path("other.duckdb"), scratch.path(PROD)).unwrap();
    let (status, printed) = asking.say_yes();
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("wow.duckdb was changed by another program"), "{printed}");
    assert_eq!(rows_of(&scratch, PROD), 4);
}

#[test]
fn a_database_that_was_made_meanwhile_is_left_alone() {
    let scratch = Scratch::new();
    let test = "a_database_that_was_made_meanwhile_is_left_alone";
    let Some(asking) = Asking::start(&scratch, test) else { return };
    run_sql(&scratch.path(PROD), &format!("{CREATE_LOG} {}", rows(4)));
    let (status, printed) = asking.say_yes();
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("wow.duckdb was made by another program"), "{printed}");
    assert_eq!(rows_of(&scratch, PROD), 4);
}

#[test]
fn leftovers_go_with_the_next_command_unless_somebody_holds_them() {
    let scratch = Scratch::with_database(CREATE_LOG);
    scratch.wow(&["export"]).success();
    for folder in ["", "public/data/dev/"].map(|folder| scratch.path(folder)) {
        for name in [".wow-new-other", ".wow-new-AbCdEf", ".wow-export-AbCdEf", ".wow-mine"] {
            fs::create_dir(folder.join(name)).unwrap();
            fs::write(folder.join(name).join("part-0.parquet"), "half").unwrap();
        }
        let lock = File::create(folder.join(".wow-new-other/lock")).unwrap();
        lock.lock().unwrap();
        let publish = || {
            scratch.wow(&["generate", "--replace", "--scale", "0.00003"]).success();
            scratch.wow(&["export"]).success();
        };
        publish();
        assert!(folder.join(".wow-new-other/part-0.parquet").exists());
        drop(lock);
        publish();
        for name in [".wow-new-other", ".wow-new-AbCdEf", ".wow-export-AbCdEf"] {
            assert!(!folder.join(name).exists(), "{name} is left");
        }
        assert!(folder.join(".wow-mine/part-0.parquet").exists());
    }
}

#[test]
fn a_folder_that_was_made_for_nothing_goes_again() {
    let scratch = Scratch::new();
    scratch.wow(&["export", "--out", "a/b"]).failure(2);
    scratch.wow(&["run", "--to", "parquet", "a/b"]).failure(2);
    assert_eq!(fs::read_dir(scratch.path("")).unwrap().count(), 0);
}
