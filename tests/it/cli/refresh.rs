//! Production copied over dev: all of it or nothing, and production is as it was.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use arrow::array::RecordBatch;
use duckdb::Connection;

use crate::holder::Holder;
use crate::support::{CREATE_LOG, Scratch, query, run_on_small_disk, run_sql};

const PROD: &str = "wow.duckdb";
/// Keeps what is written in the write-ahead log, as when a process is killed.
const KILLED: &str = "pragma disable_checkpoint_on_shutdown; set wal_autocheckpoint = '1 TB';";

fn rows(count: u32) -> String {
    format!(
        "insert into wowlogs (player_id, datetime) select i, timestamp '2008-01-01' from range({count}) t(i);"
    )
}

/// A dev database of one event and a production database of three, and of another table.
fn both() -> Scratch {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {}", rows(1)));
    run_sql(
        &scratch.path(PROD),
        &format!(
            "{CREATE_LOG} {} create table notes as select 'kept' as note; comment on table wowlogs is 'c'",
            rows(3)
        ),
    );
    scratch
}

fn count(scratch: &Scratch, database: &str) -> usize {
    query(&scratch.path(database), "from wowlogs").iter().map(|batch| batch.num_rows()).sum()
}

/// The names of the backups of dev.
fn backups(scratch: &Scratch) -> Vec<String> {
    let names = fs::read_dir(scratch.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name.starts_with("wow_test.duckdb.backup-"));
    names.sort();
    names
}

/// All that tells whether a file was written or replaced.
fn identity(path: &Path) -> (u64, SystemTime, i64, Vec<u8>) {
    let metadata = fs::metadata(path).unwrap();
    (metadata.ino(), metadata.modified().unwrap(), metadata.ctime_nsec(), fs::read(path).unwrap())
}

#[test]
fn dev_becomes_production_and_is_kept_as_a_backup() {
    let scratch = both();
    let before = identity(&scratch.path(PROD));
    let run = scratch.wow(&["refresh-dev"]).success();
    assert!(run.stdout.contains("Reading 🚨 PRODUCTION database (wow.duckdb)\n"), "{run:?}");
    assert!(run.stdout.contains("Copied wow.duckdb into wow_test.duckdb: 3 events, "), "{run:?}");
    assert_eq!(identity(&scratch.path(PROD)), before);
    assert!(run.stdout.contains("Built 4 models in wow_test.duckdb"), "{run:?}");
    let events = query(&scratch.database(), "from stg_wowlogs_no_bots");
    assert_eq!(events.iter().map(RecordBatch::num_rows).sum::<usize>(), 3, "the models are production's");
    let kept = backups(&scratch);
    assert_eq!(kept.len(), 1);
    assert!(run.stdout.contains(&format!("What was there before is kept as {}\n", kept[0])), "{run:?}");
    assert_eq!((count(&scratch, "wow_test.duckdb"), count(&scratch, &kept[0])), (3, 1));
    assert_eq!(query(&scratch.database(), "from notes")[0].num_rows(), 1);
}

#[test]
fn backups_are_as_many_as_was_said_and_nothing_else_goes() {
    let scratch = both();
    for name in
        ["wow_test.duckdb.backup-mine", "wow_test.duckdb.backup", "wow.duckdb.backup-2020-01-01T00-00-00"]
    {
        fs::write(scratch.path(name), "mine").unwrap();
    }
    fs::create_dir(scratch.path("wow_test.duckdb.backup-2020-01-01T00-00-00")).unwrap();
    fs::write(scratch.path("wow_test.duckdb.backup-2020-01-02T00-00-00"), "old").unwrap();
    for _ in 0..3 {
        scratch.wow(&["refresh-dev"]).success();
    }
    assert_eq!(backups(&scratch).len(), 3 + 3);
    let json = scratch.wow(&["refresh-dev", "--keep", "2", "--json"]).success().json();
    let removed: Vec<_> =
        json["removed_backups"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!((removed.len(), removed[0]), (3, "wow_test.duckdb.backup-2020-01-02T00-00-00"));
    let left = backups(&scratch);
    assert_eq!(left.len(), 2 + 2);
    assert!(left.contains(&json["backup"].as_str().unwrap().to_owned()), "{left:?}");
    assert!(scratch.path("wow_test.duckdb.backup-mine").exists());
    let json = scratch.wow(&["refresh-dev", "--no-backup", "--json"]).success().json();
    assert_eq!((&json["backup"], backups(&scratch)), (&serde_json::Value::Null, left));
}

#[test]
fn what_killed_processes_have_committed_counts() {
    let scratch = both();
    run_sql(&scratch.path(PROD), &format!("{KILLED} {}", rows(10)));
    run_sql(&scratch.database(), &format!("{KILLED} {}", rows(20)));
    let wal = scratch.path("wow.duckdb.wal");
    assert!(wal.exists() && scratch.path("wow_test.duckdb.wal").exists());
    let before = [identity(&scratch.path(PROD)), identity(&wal)];
    let json = scratch.wow(&["refresh-dev", "--json"]).success().json();
    assert_eq!(json["rows"], 13);
    assert_eq!([identity(&scratch.path(PROD)), identity(&wal)], before);
    assert!(!scratch.path("wow_test.duckdb.wal").exists());
    assert_eq!(count(&scratch, "wow_test.duckdb"), 13);
    assert_eq!(count(&scratch, &backups(&scratch)[0]), 21);
}

#[test]
fn neither_is_touched_while_somebody_writes_one_of_them() {
    let scratch = both();
    let test = "neither_is_touched_while_somebody_writes_one_of_them";
    let before = [identity(&scratch.path(PROD)), identity(&scratch.database())];
    for database in [PROD, "wow_test.duckdb"] {
        let Some(holder) = Holder::start(&scratch, "hold.py", database, false, test) else { return };
        let sentence = scratch.wow(&["refresh-dev"]).failure(1);
        assert!(sentence.starts_with(&format!("{database} is locked by ")), "{sentence}");
        assert!(sentence.contains(&format!("(process {}", holder.id())), "{sentence}");
    }
    assert_eq!([identity(&scratch.path(PROD)), identity(&scratch.database())], before);
    let Some(_reader) = Holder::start(&scratch, "read.py", PROD, true, test) else { return };
    scratch.wow(&["refresh-dev"]).success();
}

/// Stops or continues a process.
fn signal(name: &str, process: u32) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
}

#[test]
fn nobody_writes_production_while_it_is_copied() {
    let scratch = both();
    run_sql(
        &scratch.path(PROD),
        r#"insert into wowlogs select i, 1, 1, '', '', md5(i::varchar), timestamp '2008-01-01' from range(1_000_000) t(i)"#,
    );
    let bytes = fs::metadata(scratch.path(PROD)).unwrap().len();
    let old = fs::metadata(scratch.database()).unwrap().ino();
    let copy = scratch.path(".wow-new-wow_test.duckdb/new.duckdb");
    let mut refresh = scratch.command(&["refresh-dev"]).stdout(Stdio::null()).spawn().unwrap();
    // At the beginning of the copy, and when all of it is written.
    for at_least in [0, bytes] {
        while !fs::metadata(&copy).is_ok_and(|metadata| metadata.len() >= at_least) {
            assert!(refresh.try_wait().unwrap().is_none(), "it was over too soon");
        }
        signal("-STOP", refresh.id());
        assert_eq!(fs::metadata(scratch.database()).unwrap().ino(), old, "it was over too soon");
        let error =
            Connection::open(scratch.path(PROD)).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("Could not set lock"), "{error}");
        let error =
            Connection::open(scratch.database()).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("Could not set lock"), "{error}");
        signal("-CONT", refresh.id());
    }
    assert!(refresh.wait().unwrap().success());
    assert_eq!(count(&scratch, "wow_test.duckdb"), 1_000_003);
}

#[test]
fn what_cannot_be_copied_is_told_and_dev_stays() {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {}", rows(1)));
    let before = identity(&scratch.database());
    let sentence = scratch.wow(&["refresh-dev"]).failure(2);
    assert!(
        sentence
            .starts_with("there is no database at wow.duckdb to copy; name the right file in wow.toml, or"),
        "{sentence}"
    );
    run_sql(&scratch.path(PROD), "create table other (x int)");
    let sentence = scratch.wow(&["refresh-dev"]).failure(1);
    assert!(
        sentence.starts_with("wow.duckdb has no table `wowlogs`; the only table found is `other`"),
        "{sentence}"
    );
    fs::write(scratch.path(PROD), "none").unwrap();
    let sentence = scratch.wow(&["refresh-dev"]).failure(2);
    assert!(sentence.starts_with("wow.duckdb is not a DuckDB database"), "{sentence}");
    let sentence = scratch.wow(&["refresh-dev", "--target", "prod"]).failure(2);
    assert!(sentence.ends_with("only reads production; run it with --target dev"), "{sentence}");
    assert_eq!(identity(&scratch.database()), before);
    fs::remove_file(scratch.path(PROD)).unwrap();
    fs::hard_link(scratch.database(), scratch.path(PROD)).unwrap();
    let sentence = scratch.wow(&["refresh-dev"]).failure(2);
    assert!(sentence.starts_with("wow_test.duckdb is the production database; "), "{sentence}");
}

#[test]
fn a_new_dev_is_made_and_whoever_may_not_read_production_may_not_read_it() {
    let scratch = both();
    for (mode, expected) in [(0o400, 0o600), (0o644, 0o644)] {
        fs::remove_file(scratch.database()).unwrap();
        fs::set_permissions(scratch.path(PROD), fs::Permissions::from_mode(mode)).unwrap();
        scratch.wow(&["refresh-dev"]).success();
        assert_eq!(fs::metadata(scratch.database()).unwrap().permissions().mode() & 0o777, expected);
        assert_eq!((count(&scratch, "wow_test.duckdb"), backups(&scratch).len()), (3, 0));
    }
    fs::set_permissions(scratch.database(), fs::Permissions::from_mode(0o640)).unwrap();
    scratch.wow(&["refresh-dev"]).success();
    assert_eq!(fs::metadata(scratch.database()).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_disk_without_room_is_told_of_before_anything_is_written() {
    let scratch = both();
    run_sql(
        &scratch.path(PROD),
        r#"insert into wowlogs select i, 1, 1, '', '', md5(i::varchar), timestamp '2008-01-01' from range(300_000) t(i)"#,
    );
    let script = "mkdir small && mount -t tmpfs -o size=4m none small && cp wow_test.duckdb small/ && \
        \"$0\" refresh-dev --database small/wow_test.duckdb; status=$?; \
        cmp wow_test.duckdb small/wow_test.duckdb || exit 99; exit $status";
    let test = "a_disk_without_room_is_told_of_before_anything_is_written";
    let Some(run) = run_on_small_disk(&scratch, script, test) else { return };
    let sentence = run.failure(1);
    assert!(sentence.starts_with("small/wow_test.duckdb needs "), "{sentence}");
    assert!(sentence.contains("; free some space, or name a file on another disk"), "{sentence}");
}
