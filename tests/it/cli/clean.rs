//! What is removed can be made again; all else stays.

use std::fs::{self, File};

use crate::support::{CREATE_LOG, Scratch, run_sql};

/// Writes a file of so many bytes, and the folders that it lies in.
fn write(scratch: &Scratch, name: &str, bytes: usize) {
    let path = scratch.path(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, vec![b'x'; bytes]).unwrap();
}

fn project() -> Scratch {
    let scratch = Scratch::with_database(CREATE_LOG);
    write(&scratch, "wow_analytics/dbt_project.yml", 1);
    write(&scratch, "wow_analytics/target/compiled/a.sql", 1000);
    write(&scratch, "wow_analytics/target/manifest.json", 24);
    write(&scratch, "wow_analytics/logs/dbt.log", 10);
    write(&scratch, "wow_analytics/dbt_packages/utils/macros.sql", 5);
    scratch
}

#[test]
fn what_dbt_and_killed_commands_have_made_goes_and_cargos_folder_stays() {
    let scratch = project();
    write(&scratch, "target/CACHEDIR.TAG", 1);
    write(&scratch, "target/release/wow", 1);
    write(&scratch, "models/.wow-new-dev/part.parquet", 100);
    write(&scratch, ".wow-new-held/half", 7);
    write(&scratch, ".wow-new-held/lock", 0);
    let lock = File::create(scratch.path(".wow-new-held/lock")).unwrap();
    lock.lock().unwrap();
    let would = scratch.wow(&["clean", "--dry-run"]).success();
    assert!(would.stdout.contains("Would remove wow_analytics/target, 1.00 KiB\n"), "{would:?}");
    assert!(would.stdout.ends_with("That would free 1.11 KiB\n"), "{would:?}");
    assert!(scratch.path("wow_analytics/target/manifest.json").exists());
    assert!(scratch.path("models/.wow-new-dev/part.parquet").exists());
    let json = scratch.wow(&["clean", "--json"]).success().json();
    assert_eq!(json["bytes"], 1139);
    let removed: Vec<_> =
        json["removed"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    let expected =
        ["wow_analytics/target", "wow_analytics/logs", "wow_analytics/dbt_packages", "models/.wow-new-dev"];
    assert_eq!(removed, expected);
    for name in expected {
        assert!(!scratch.path(name).exists(), "{name}");
    }
    for name in
        ["target/release/wow", ".wow-new-held/half", "wow_test.duckdb", "wow_analytics/dbt_project.yml"]
    {
        assert!(scratch.path(name).exists(), "{name}");
    }
    let again = scratch.wow(&["clean"]).success();
    assert_eq!(again.stdout, "There is nothing to remove\n");
}

#[test]
fn what_is_not_known_to_be_made_is_left_alone() {
    let scratch = Scratch::new();
    write(&scratch, "target/CACHEDIR.TAG", 1);
    write(&scratch, "target/manifest.json", 1);
    write(&scratch, "logs/dbt.log", 1);
    write(&scratch, "logs/notes.txt", 1);
    write(&scratch, "dbt_packages/mine.txt", 1);
    let run = scratch.wow(&["clean"]).success();
    let reason = "alone: it holds nothing that `wow` or dbt is known to make";
    for name in ["target", "logs", "dbt_packages"] {
        assert!(run.stdout.contains(&format!("Left {name} {reason}\n")), "{run:?}");
    }
    for name in ["target/manifest.json", "logs/notes.txt", "dbt_packages/mine.txt"] {
        assert!(scratch.path(name).exists(), "{name}");
    }
    fs::remove_file(scratch.path("target/CACHEDIR.TAG")).unwrap();
    fs::remove_file(scratch.path("logs/notes.txt")).unwrap();
    scratch.wow(&["clean"]).success();
    assert!(!scratch.path("target").exists() && !scratch.path("logs").exists());
}

#[test]
fn no_database_goes_whatever_its_name_and_no_link_is_followed() {
    let scratch = project();
    run_sql(&scratch.path("wow_analytics/target/kept"), CREATE_LOG);
    let run = scratch.wow(&["clean"]).success();
    let left = "Left wow_analytics/target alone: it holds wow_analytics/target/kept, a database\n";
    assert!(run.stdout.contains(left), "{run:?}");
    assert!(scratch.path("wow_analytics/target/manifest.json").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        let elsewhere = Scratch::new();
        write(&elsewhere, "target/manifest.json", 1);
        write(&elsewhere, "logs/dbt.log", 1);
        write(&elsewhere, "models/.wow-new-dev/half", 1);
        let scratch = project();
        fs::remove_dir_all(scratch.path("wow_analytics/target")).unwrap();
        symlink(elsewhere.path("target"), scratch.path("wow_analytics/target")).unwrap();
        symlink(elsewhere.path("logs"), scratch.path("wow_analytics/dbt_packages/link")).unwrap();
        symlink(elsewhere.path("models"), scratch.path("models")).unwrap();
        symlink(elsewhere.path("models/.wow-new-dev"), scratch.path(".wow-new-link")).unwrap();
        let run = scratch.wow(&["clean"]).success();
        let left = "Left wow_analytics/target alone: it is a link; run `wow clean` where it leads\n";
        assert!(run.stdout.contains(left), "{run:?}");
        assert!(!scratch.path("wow_analytics/dbt_packages").exists());
        for name in ["target/manifest.json", "logs/dbt.log", "models/.wow-new-dev/half"] {
            assert!(elsewhere.path(name).exists(), "{name}");
        }
    }
}
