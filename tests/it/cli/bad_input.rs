//! What a user may do wrong, or what may go wrong: one sentence, an exit status, and the export before untouched.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use duckdb::Connection;

use crate::support::{
    CREATE_LOG, Scratch, contents, events, read_parts, run_on_small_disk, run_sql, skipped, unpack,
};

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

/// A log whose columns are as usual but for one.
fn log_with(column: &str, values: &str) -> String {
    let usual = [
        ("player_id", "7"),
        ("guild", "1"),
        ("level", "60"),
        ("race", "'Orc'"),
        ("class", "'Rogue'"),
        ("where", "'Durotar'"),
        ("datetime", "timestamp '2008-01-01' + to_minutes(i)"),
    ];
    let columns = usual.map(|(name, value)| {
        let value = if name == column { format!("({values})[i]") } else { value.to_owned() };
        format!("{value} as \"{name}\"")
    });
    format!("create table wowlogs as select {} from range(1, len({values}) + 1) t(i)", columns.join(", "))
}

/// An export refuses a log with these values in a column, in this sentence.
#[track_caller]
fn check_values_refused(column: &str, values: &str, sentence: &str) {
    check_table_refused(
        &log_with(column, values),
        &[&format!("`wowlogs` in wow_test.duckdb cannot be used: {sentence}")],
    );
}

/// A database refuses a log with these values, and takes it once the statements it gives are run; its one session is then
/// what the values mean.
#[track_caller]
fn check_mended(make: &str) -> Option<Scratch> {
    let scratch = Scratch::with_database(make);
    let report = scratch.wow(&["debug", "--json"]).json();
    let problems: Vec<&str> =
        report["problems"].as_array().unwrap().iter().map(|problem| problem.as_str().unwrap()).collect();
    assert!(!problems.is_empty());
    for problem in problems {
        let (_, statement) = problem.split_once(": ").unwrap();
        // The DuckDB that people have knows zones, which the one that is linked here need not.
        if !run_python(&scratch.database(), &format!("c.execute(\"\"\"{statement};\"\"\")")) {
            skipped("statements that mend a database", "no DuckDB for Python; name one in DBT_PYTHON");
            return None;
        }
    }
    scratch.wow(&["debug"]).success();
    scratch.wow(&["export"]).success();
    scratch.wow(&["verify"]).success();
    Some(scratch)
}

/// Runs Python that has the database open as `c`, with DuckDB's own package; false where there is none.
fn run_python(database: &Path, code: &str) -> bool {
    let code = format!("import duckdb, os; c = duckdb.connect('{}'); {code}", database.display());
    let python = std::env::var("DBT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_duckdb = Command::new(&python).args(["-c", "import duckdb"]).stderr(Stdio::null()).status();
    if !has_duckdb.is_ok_and(|status| status.success()) {
        return false;
    }
    assert!(Command::new(python).args(["-c", &code]).status().unwrap().success(), "{code}");
    true
}

#[test]
fn names_with_blanks_and_names_of_the_published_log() {
    let mended = check_mended(
        r#"create table wowlogs as select 7 as "char", 60 as " level", 'Orc' as " race", 'Rogue' as " charclass",
           'Durotar' as " zone", 1 as " guild", timestamp '2008-01-01' as " timestamp""#,
    );
    let Some(scratch) = mended else { return };
    let events = events(&read_parts(&scratch.export_folder()));
    assert_eq!((events[0].player_id, events[0].level), (7, Some(60)));
}

#[test]
fn a_missing_column() {
    check_table_refused(
        r#"create table wowlogs (char bigint, guild bigint, level bigint, race varchar, class varchar,
            datetime timestamp)"#,
        &["column `where` (or `zone`) is missing; the columns found are `char`, `guild`"],
    );
}

#[test]
fn values_that_are_none() {
    check_values_refused(
        "level",
        "['7', 'max', 'n/a', 'x', 'x', 'y']",
        "column `level` holds what is no number in 5 of 6 rows, for example 'max', 'n/a', 'x'; ",
    );
    check_values_refused(
        "player_id",
        "[1, 9223372036854775808]",
        "column `player_id` holds numbers larger than 9223372036854775807 in 1 of 2 rows, for example \
         '9223372036854775808'; give every player a whole number",
    );
    check_values_refused(
        "player_id",
        "[1.0::double, 1.5, 'nan'::double]",
        "column `player_id` holds numbers that are not whole in 2 of 3 rows, for example '1.5', 'nan'; ",
    );
    check_values_refused(
        "level",
        "['1.5', '2']",
        "column `level` holds numbers that are not whole in 1 of 2 rows",
    );
    check_values_refused("guild", "[true, false]", "column `guild` is BOOLEAN, but a number is needed; ");
    check_values_refused("player_id", "[uuid()]", "column `player_id` is UUID, but a number is needed; map");
    check_values_refused("race", "[1, 2]", "column `race` is a whole number, but text is needed; ");
    check_values_refused("datetime", "[1, 2]", "column `datetime` is a whole number, but a time is needed; ");
}

#[test]
fn times_that_are_none() {
    check_values_refused(
        "datetime",
        "['soon', '2008-01-31']",
        "column `datetime` holds what is no time in 1 of 2 rows, for example 'soon'; ",
    );
    check_values_refused(
        "datetime",
        "[timestamp 'infinity', '2008-01-01']",
        "column `datetime` holds times outside of what can be held in 1 of 2 rows, for example 'infinity'; ",
    );
    check_values_refused(
        "datetime",
        "['2008-01-01 00:00:00', '2008-01-01 00:00:00-08']",
        "column `datetime` holds times with an offset and times without one, as '2008-01-01 00:00:00' is written in 1 of \
         2 rows, for example '2008-01-01 00:00:00-08'; ",
    );
}

#[test]
fn texts_with_an_offset_and_instants_are_read_as_utc_once_that_is_said() {
    for values in [
        "['2008-01-01 00:00:00-08', '2008-01-01T07:30:00Z', '2008-01-01 11:00:00.5+03']",
        "['2008-01-01 00:00:00-08'::timestamptz]",
    ] {
        let Some(scratch) = check_mended(&log_with("datetime", values)) else { return };
        let events = events(&read_parts(&scratch.export_folder()));
        // `epoch_us(timestamp '2008-01-01 08:00:00')`.
        assert!(events.iter().any(|event| event.time_us == 1_199_174_400_000_000), "{values}");
    }
}

#[test]
fn what_is_only_in_the_write_ahead_log_counts() {
    let scratch = Scratch::with_database(CREATE_LOG);
    let crash = "c.execute(\"set checkpoint_threshold = '1TB'\"); \
         c.execute(\"insert into wowlogs values (1, 2, 3, 'Orc', 'Hunter', 'Durotar', '2008-01-01')\"); os._exit(0)";
    if !run_python(&scratch.database(), crash) {
        return skipped(
            "what_is_only_in_the_write_ahead_log_counts",
            "no DuckDB for Python; name one in DBT_PYTHON",
        );
    }
    assert!(scratch.path("wow_test.duckdb.wal").exists());
    scratch.wow(&["export"]).success();
    assert_eq!(events(&read_parts(&scratch.export_folder())).len(), 1);
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
    let folder = scratch.export_folder().join(".wow-new-dev");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("lock"), "`wow export` (process 7)").unwrap();
    let lock = fs::File::open(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let sentence = scratch.wow(&["export"]).failure(1);
    assert_eq!(
        sentence,
        "`wow export` (process 7) is writing public/data/dev; wait for it to end, or name another with --out DIR"
    );
    fs::remove_dir_all(&folder).unwrap();
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
    assert!(sentence.contains(&format!("(process {}", holder.id())), "{sentence}");
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
