//! The generation before stays for one round.

use std::fs;

use super::state::{check_parts, log_of, models_of};
use super::{exported_twice, rows, write_csv};
use crate::support::{CREATE_LOG, DEV_DATABASE, Scratch, contents, manifest, query, run_sql};

#[test]
fn a_page_that_read_the_old_manifest_finds_its_parts() {
    let scratch = exported_twice();
    let folder = scratch.export_folder();
    let first = check_parts(&folder, "manifest.previous.json").unwrap();
    let second = check_parts(&folder, "manifest.json").unwrap();
    scratch.wow(&["export"]).success();
    for part in &second.parts {
        assert!(folder.join(&part.file).exists(), "{} was removed", part.file);
    }
    for part in &first.parts {
        assert!(!folder.join(&part.file).exists(), "{} was kept", part.file);
    }
    assert_eq!(check_parts(&folder, "manifest.previous.json").unwrap(), second);
    assert_eq!(contents(&folder).len(), 2 + second.parts.len() + manifest(&folder).parts.len());
}

#[test]
fn the_models_before_are_in_a_folder_beside() {
    let scratch = exported_twice();
    scratch.wow(&["run", "--to", "parquet", "models"]).success();
    let [models, previous] = ["models/dev", "models/dev.previous"].map(|name| scratch.path(name));
    assert!(!previous.exists());
    for _ in 0..2 {
        let before = contents(&models);
        run_sql(&scratch.database(), &rows(2));
        scratch.wow(&["export"]).success();
        let run = scratch.wow(&["run", "--to", "parquet", "models"]).success();
        assert!(
            run.stdout
                .ends_with("What was there before is kept as models/dev.previous until the next time\n")
        );
        assert!(models_of(&scratch).is_some());
        assert_eq!(contents(&previous), before);
        assert_ne!(contents(&models), before);
    }
}

#[test]
fn the_database_before_is_a_file_beside() {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {}", rows(3)));
    let previous = scratch.path("wow_test.duckdb.previous");
    for count in [4, 5] {
        let before = fs::read(scratch.database()).unwrap();
        write_csv(&scratch, count);
        let run = scratch.wow(&["import", "log.csv", "--replace"]).success();
        let last = "What was there before is kept as wow_test.duckdb.previous until the next time\n";
        assert!(run.stdout.ends_with(last), "{}", run.stdout);
        assert_eq!(fs::read(&previous).unwrap(), before);
    }
    // It is a database like any other, and the way back is to rename it.
    fs::rename(&previous, scratch.database()).unwrap();
    assert_eq!(query(&scratch.database(), "from wowlogs")[0].num_rows(), 4);
}

#[test]
fn what_a_killed_process_committed_is_in_the_database_before() {
    let scratch = Scratch::with_database(CREATE_LOG);
    // A write-ahead log is left by a process that ends before a checkpoint.
    run_sql(&scratch.database(), &format!("pragma disable_checkpoint_on_shutdown; {}", rows(3)));
    assert!(scratch.path("wow_test.duckdb.wal").exists());
    write_csv(&scratch, 5);
    scratch.wow(&["import", "log.csv", "--replace"]).success();
    assert!(!scratch.path("wow_test.duckdb.wal").exists());
    assert_eq!(query(&scratch.database(), "from wowlogs")[0].num_rows(), 5);
    assert_eq!(query(&scratch.path("wow_test.duckdb.previous"), "from wowlogs")[0].num_rows(), 3);
    assert!(log_of(&scratch).is_some());
}

#[test]
fn a_write_ahead_log_without_its_database_is_not_lost() {
    let scratch = Scratch::with_database(CREATE_LOG);
    run_sql(&scratch.database(), &format!("pragma disable_checkpoint_on_shutdown; {}", rows(3)));
    fs::rename(scratch.database(), scratch.path("elsewhere")).unwrap();
    write_csv(&scratch, 5);
    let sentence = scratch.wow(&["import", "log.csv"]).failure(2);
    assert!(sentence.contains("wow_test.duckdb.wal is there without its database"), "{sentence}");
    fs::rename(scratch.path("elsewhere"), scratch.path(DEV_DATABASE)).unwrap();
    assert_eq!(query(&scratch.database(), "from wowlogs")[0].num_rows(), 3);
}

#[test]
fn files_of_others_are_not_lost_with_the_models() {
    let scratch = exported_twice();
    scratch.wow(&["run", "--to", "parquet", "models"]).success();
    fs::write(scratch.path("models/dev/notes.txt"), "mine").unwrap();
    let sentence = scratch.wow(&["run", "--to", "parquet", "models"]).failure(2);
    assert!(sentence.contains("models/dev holds `notes.txt`, which `wow run` did not write"), "{sentence}");
    assert_eq!(fs::read(scratch.path("models/dev/notes.txt")).unwrap(), b"mine");
}

#[test]
fn a_link_to_a_database_stays_one() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("disk")).unwrap();
    run_sql(&scratch.path("disk/log.duckdb"), &format!("{CREATE_LOG} {}", rows(3)));
    std::os::unix::fs::symlink("disk/log.duckdb", scratch.database()).unwrap();
    write_csv(&scratch, 5);
    scratch.wow(&["import", "log.csv", "--replace"]).success();
    assert!(scratch.database().is_symlink());
    assert_eq!(query(&scratch.path("disk/log.duckdb"), "from wowlogs")[0].num_rows(), 5);
}

#[test]
fn a_database_that_only_its_owner_may_read_stays_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {}", rows(3)));
    fs::set_permissions(scratch.database(), fs::Permissions::from_mode(0o600)).unwrap();
    write_csv(&scratch, 5);
    scratch.wow(&["import", "log.csv", "--replace"]).success();
    assert_eq!(fs::metadata(scratch.database()).unwrap().permissions().mode() & 0o777, 0o600);
}
