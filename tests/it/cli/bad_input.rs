//! What a user may do wrong, or what may go wrong: one sentence, an exit status, and the export before untouched.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use duckdb::Connection;

use crate::support::{CREATE_LOG, Scratch, contents, interrupt, run_on_small_disk, run_sql, unpack};

/// A folder with an export of one event.
fn exported() -> Scratch {
    let scratch = Scratch::with_database(&format!(
        "{CREATE_LOG} insert into wowlogs values (1, 2, 3, 'Orc', 'Hunter', 'Durotar', '2008-01-01')"
    ));
    scratch.wow(&["export"]).success();
    scratch
}

/// Runs `spoil`, then an export that must fail with this status and these words and change nothing.
#[track_caller]
fn check_refused(spoil: impl FnOnce(&Scratch), status: i32, words: &[&str]) {
    let scratch = exported();
    let before = contents(&scratch.export_folder());
    spoil(&scratch);
    let sentence = scratch.wow(&["export"]).failure(status);
    for word in words {
        assert!(sentence.contains(word), "`{word}` is not in: {sentence}");
    }
    check_untouched(&scratch, &before);
}

#[track_caller]
fn check_untouched(scratch: &Scratch, before: &std::collections::BTreeMap<String, Vec<u8>>) {
    assert_eq!(contents(&scratch.export_folder()), *before);
    let entries = fs::read_dir(scratch.export_folder()).unwrap().count();
    assert_eq!(entries, before.len(), "temporary folders are left");
}

/// As [`check_refused`], with another database in place of the good one.
#[track_caller]
fn check_table_refused(sql: &str, words: &[&str]) {
    let replace = |scratch: &Scratch| {
        fs::remove_file(scratch.database()).unwrap();
        run_sql(&scratch.database(), sql);
    };
    check_refused(replace, 1, words);
}

/// `wow export` and `wow debug` say this of a database that lies packed in `tests/it`, in no other library's words.
#[track_caller]
fn check_database_refused(name: &str, status: i32, sentence: &str) {
    let scratch = Scratch::new();
    unpack(name, &scratch.database());
    let export = scratch.wow(&["export"]);
    assert!(!export.stderr.contains("cause"), "{}", export.stderr);
    assert_eq!(export.failure(status), sentence);
    let report = scratch.wow(&["debug", "--json"]);
    assert_eq!((report.status, &report.json()["problems"]), (Some(1), &serde_json::json!([sentence])));
}

#[test]
fn a_database_of_another_kind() {
    check_database_refused(
        "databases/sqlite",
        2,
        "wow_test.duckdb is a SQLite database, which `wow` does not read; copy its table with DuckDB into a file of \
         DuckDB's, or write it as CSV and `wow import` that, or name a DuckDB database with --database FILE",
    );
}

#[test]
fn an_encrypted_database() {
    check_database_refused(
        "databases/encrypted",
        1,
        "wow_test.duckdb is encrypted, and `wow` has no key for it; copy it with DuckDB: ATTACH 'wow_test.duckdb' AS \
         locked (ENCRYPTION_KEY '…'); ATTACH 'plain.duckdb' AS plain; COPY FROM DATABASE locked TO plain",
    );
}

#[test]
fn a_file_of_an_older_duckdb() {
    check_database_refused(
        "databases/old_0.7.1",
        1,
        "wow_test.duckdb was written by a DuckDB too old for this `wow`; copy it with the DuckDB that wrote it (EXPORT \
         DATABASE 'folder'), then with DuckDB 2.0 into a new file (IMPORT DATABASE 'folder')",
    );
}

#[test]
fn a_log_in_another_schema() {
    let scratch = Scratch::with_database(&format!(
        "create schema \"the game\"; use \"the game\"; {CREATE_LOG}
         insert into wowlogs values (1, 2, 3, 'Orc', 'Hunter', 'Durotar', '2008-01-01')"
    ));
    let sentence = scratch.wow(&["export"]).failure(1);
    let (_, statement) = sentence.split_once("with DuckDB: ").unwrap();
    assert_eq!(statement, "CREATE VIEW main.wowlogs AS FROM \"the game\".wowlogs");
    run_sql(&scratch.database(), statement);
    scratch.wow(&["export"]).success();
    scratch.wow(&["verify"]).success();
}

#[test]
fn no_database() {
    check_refused(
        |scratch| fs::remove_file(scratch.database()).unwrap(),
        2,
        &["there is no database at wow_test.duckdb", "`wow generate`", "--database FILE"],
    );
}

#[test]
fn not_a_database() {
    let text = "player_id,guild\n".repeat(1_000);
    check_refused(
        |scratch| fs::write(scratch.database(), text).unwrap(),
        2,
        &["wow_test.duckdb is not a DuckDB database", "--database FILE"],
    );
}

#[test]
fn a_file_of_a_newer_duckdb() {
    check_refused(
        |scratch| patch_storage_version(&scratch.database()),
        1,
        &["written by a DuckDB newer than this `wow` can read", "install a newer `wow`"],
    );
}

/// Makes a database one that a DuckDB of the future has written.
fn patch_storage_version(database: &Path) {
    let mut bytes = fs::read(database).unwrap();
    assert_eq!(bytes[8..12], *b"DUCK");
    bytes[12..20].copy_from_slice(&200_u64.to_le_bytes());
    // The header's checksum, so that the file is not taken for a damaged one.
    let words = bytes[8..4096].chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().unwrap()));
    let checksum = words.fold(5381, |sum, word| sum ^ word.wrapping_mul(0xbf58_476d_1ce4_e5b9));
    bytes[..8].copy_from_slice(&checksum.to_le_bytes());
    fs::write(database, bytes).unwrap();
}

#[test]
fn a_damaged_file() {
    let damage = |scratch: &Scratch| {
        let mut bytes = fs::read(scratch.database()).unwrap();
        bytes[100] ^= 1;
        fs::write(scratch.database(), bytes).unwrap();
    };
    check_refused(damage, 1, &["is a damaged DuckDB file"]);
}

#[test]
fn no_table() {
    check_table_refused(
        "create table sales (a integer)",
        &["no table `wowlogs`", "`sales`", "`wow generate`"],
    );
}

#[test]
fn a_missing_column_whose_other_name_is_there() {
    check_table_refused(
        r#"create table wowlogs (char bigint, guild bigint, level bigint, race varchar, class varchar,
            "where" varchar, datetime timestamp)"#,
        &["column `player_id` is missing", "`char` seems to be meant", "RENAME COLUMN"],
    );
}

#[test]
fn values_that_do_not_cast() {
    check_table_refused(
        r#"create table wowlogs as select 1 as player_id, 1 as guild, ['7', 'max', 'n/a', 'x', 'x', 'y'][i] as level,
            '' as race, '' as class, '' as "where", now()::timestamp as datetime from range(1, 7) t(i)"#,
        &["`level` (VARCHAR) holds no BIGINT in 5 rows (for example `max`, `n/a`, `x`)", "mend that"],
    );
    check_table_refused(
        r#"create table wowlogs as select 1 as player_id, 1 as guild, 1 as level, '' as race, '' as class,
            '' as "where", '31/01/2008' as datetime"#,
        &["`datetime` (VARCHAR) holds no finite TIMESTAMP in 1 row (for example `31/01/2008`)"],
    );
}

#[test]
fn times_without_end() {
    check_table_refused(
        &format!("{CREATE_LOG} insert into wowlogs values (1, 1, 1, '', '', '', 'infinity')"),
        &["`datetime` (TIMESTAMP) holds no finite TIMESTAMP in 1 row (for example `infinity`)"],
    );
}

#[test]
fn times_with_a_zone() {
    check_table_refused(
        r#"create table wowlogs (player_id bigint, guild bigint, level bigint, race varchar, class varchar,
            "where" varchar, datetime timestamptz)"#,
        &["`datetime` is TIMESTAMP WITH TIME ZONE", "AT TIME ZONE 'UTC'"],
    );
}

#[test]
fn a_folder_that_is_a_file() {
    let scratch = Scratch::with_database(CREATE_LOG);
    fs::write(scratch.path("taken"), "").unwrap();
    let sentence = scratch.wow(&["export", "--out", "taken"]).failure(2);
    assert!(sentence.contains("name another with --out DIR"), "{sentence}");
}

#[test]
fn another_export_into_the_same_folder() {
    let scratch = exported();
    let before = contents(&scratch.export_folder());
    let folder = fs::File::open(scratch.export_folder()).unwrap();
    folder.lock().unwrap();
    let sentence = scratch.wow(&["export"]).failure(1);
    assert!(sentence.contains("another `wow export` is writing into public/data/dev"), "{sentence}");
    check_untouched(&scratch, &before);
}

/// Names the database that [`holder`] opens.
const HELD_DATABASE: &str = "WOW_TEST_HELD_DATABASE";

/// No test, but the other process of the next one: it holds a database open until its input ends.
#[test]
#[ignore = "run by `locked_by_another_process`"]
fn holder() {
    let connection = Connection::open(std::env::var_os(HELD_DATABASE).unwrap()).unwrap();
    eprintln!("held");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    connection.close().unwrap();
}

#[test]
fn locked_by_another_process() {
    let scratch = exported();
    let before = contents(&scratch.export_folder());
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cli::bad_input::holder", "--ignored", "--nocapture"])
        .env(HELD_DATABASE, scratch.database())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "held"), "the other process could not open the database");
    let sentence = scratch.wow(&["export"]).failure(1);
    assert!(sentence.contains(&format!("(process {})", holder.id())), "{sentence}");
    assert!(sentence.contains("wow_test.duckdb is locked by "), "{sentence}");
    check_untouched(&scratch, &before);
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    scratch.wow(&["export"]).success();
}

/// A table whose export takes a while, and whose parts are larger than a small disk.
const LONG_LOG: &str = r#"create or replace table wowlogs as select hash(i) % 9000 as player_id, 1 as guild,
    1 as level, '' as race, '' as class, md5(i::varchar) as "where", timestamp '2008-01-01' + to_seconds(i) as datetime
    from range(3_000_000) t(i)"#;

#[test]
fn a_full_disk() {
    let scratch = exported();
    run_sql(&scratch.database(), LONG_LOG);
    // A disk of 8 MiB that only this process sees; the previous export is on it.
    let script = "mkdir small && mount -t tmpfs -o size=8m none small && cp -r public small/ && \
        \"$0\" export --out small/public/data; status=$?; diff -r public small/public || exit 99; exit $status";
    let Some(run) = run_on_small_disk(&scratch, script, "a_full_disk") else { return };
    let sentence = run.failure(1);
    assert!(sentence.contains("the disk is full; free some space"), "{sentence}");
}

#[test]
fn ctrl_c_while_sorting() {
    check_cancelled(|child, _| {
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        lines.any(|line| line.unwrap().starts_with("Sorting"))
    });
}

#[test]
fn ctrl_c_while_writing() {
    let has_part = |folder: &Path| {
        fs::read_dir(folder).unwrap().any(|entry| entry.unwrap().path().join("part-0.parquet").exists())
    };
    check_cancelled(|child, scratch| {
        while !has_part(&scratch.export_folder()) {
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::yield_now();
        }
        true
    });
}

/// Starts an export, waits for `reached`, presses Ctrl-C.
#[track_caller]
fn check_cancelled(reached: impl FnOnce(&mut Child, &Scratch) -> bool) {
    let scratch = exported();
    let before = contents(&scratch.export_folder());
    run_sql(&scratch.database(), LONG_LOG);
    let mut child =
        scratch.command(&["export"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let is_reached = reached(&mut child, &scratch);
    assert!(is_reached, "{:?}", child.wait_with_output());
    interrupt(child);
    check_untouched(&scratch, &before);
}
