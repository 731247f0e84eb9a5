//! `wow import` of folders, of files that hold the same, and of times with a zone: what is said of a log stays with it.

use std::fs;

use arrow::array::ArrayRef;
use parquet::basic::Compression;

use super::import::{
    KAGGLE, KAGGLE_ROWS, check_export_and_verify, check_rows, kaggle_columns, write_parquet,
};
use crate::support::{Scratch, run_sql};

/// A folder as Spark leaves it, whose race is in the names of folders and nowhere else.
#[test]
fn a_folder_of_an_engine() {
    let scratch = Scratch::new();
    let columns = kaggle_columns();
    let part = |folder: &str, rows: &[usize]| {
        let folder = scratch.path(folder);
        fs::create_dir_all(&folder).unwrap();
        let take = |array: &ArrayRef| {
            let rows: Vec<ArrayRef> = rows.iter().map(|row| array.slice(*row, 1)).collect();
            arrow::compute::concat(&rows.iter().map(AsRef::as_ref).collect::<Vec<_>>()).unwrap()
        };
        let without_race = columns.iter().filter(|(name, _)| *name != "race");
        let columns: Vec<_> = without_race.map(|(name, array)| (*name, take(array))).collect();
        write_parquet(&folder.join("part-00000.snappy.parquet"), Compression::SNAPPY, &columns);
        fs::write(folder.join(".part-00000.snappy.parquet.crc"), "crc").unwrap();
    };
    part("logs/race=Orc", &[0, 1, 2]);
    part("logs/race=Blood%20Elf", &[3]);
    fs::create_dir_all(scratch.path("logs/_temporary/0")).unwrap();
    fs::write(scratch.path("logs/_temporary/0/part"), "half of it").unwrap();
    fs::write(scratch.path("logs/_SUCCESS"), "").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", scratch.path("logs/race=Orc/loop")).unwrap();

    let answer = scratch.wow(&["import", "logs/", "--json"]).success().json();
    let files: Vec<_> =
        answer["files"].as_array().unwrap().iter().map(|file| file["file"].as_str().unwrap()).collect();
    assert_eq!(
        files,
        ["logs/race=Blood%20Elf/part-00000.snappy.parquet", "logs/race=Orc/part-00000.snappy.parquet"]
    );
    check_rows(&scratch.database(), KAGGLE_ROWS);
    check_export_and_verify(&scratch);

    part("logs/race=__HIVE_DEFAULT_PARTITION__", &[0]);
    scratch.wow(&["import", "logs", "--replace"]).success();
    let orc = "59425, 165, 1, 'Orc', 'Rogue', 'Orgrimmar', timestamp '2008-01-31 00:02:04'";
    check_rows(&scratch.database(), &format!("{KAGGLE_ROWS}, ({})", orc.replace("'Orc'", "null")));

    part("logs/race=Orc/level=high", &[0]);
    let sentence = scratch.wow(&["import", "logs", "--replace"]).failure(1);
    assert!(
        sentence.contains(
            "level=high/part-00000.snappy.parquet cannot be used: column `level=` holds what is no number, for \
             example 'high'"
        ),
        "{sentence}"
    );
}

#[test]
fn the_same_bytes_twice() {
    let scratch = Scratch::new();
    // Alike for longer than one comparison goes, and of one size.
    let long = format!("{KAGGLE}{}", "7,1,Orc,Mage,Durotar,0,12/31/08 00:02:04\r\n".repeat(3_000));
    fs::write(scratch.path("a.csv"), &long).unwrap();
    fs::write(scratch.path("b.csv"), format!("{}5\r\n", long.strip_suffix("4\r\n").unwrap())).unwrap();
    fs::write(scratch.path("copy.csv"), &long).unwrap();
    for again in ["a.csv", "./a.csv", "copy.csv"] {
        let sentence = scratch.wow(&["import", "a.csv", "b.csv", again]).failure(2);
        let expected = format!("a.csv and {again} hold the same bytes, whose events would be counted twice");
        assert!(sentence.contains(&expected), "{sentence}");
    }
    assert!(!scratch.database().exists());
    let answer = scratch.wow(&["import", "a.csv", "b.csv", "--json"]).success().json();
    assert_eq!(answer["rows"], 6_008);
}

/// The first line of a log, and a row.
const LOG: &str = "char,guild,level,race,class,where\n7,1,10,Orc,Rogue,Durotar\n";

#[test]
fn the_same_bytes_are_other_events_where_folders_say_so_and_none_without_rows() {
    let scratch = Scratch::new();
    for day in ["2008-01-31", "2008-02-01"] {
        let folder = scratch.path(&format!("log/datetime={day}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("part-0.csv"), LOG).unwrap();
        fs::write(folder.join("part-1.csv"), LOG.lines().next().unwrap()).unwrap();
        fs::write(folder.join("part-2.csv"), LOG.lines().next().unwrap()).unwrap();
    }
    let answer = scratch.wow(&["import", "log", "--json"]).success().json();
    assert_eq!((&answer["rows"], &answer["players"]), (&2.into(), &1.into()));
    fs::copy(
        scratch.path("log/datetime=2008-01-31/part-0.csv"),
        scratch.path("log/datetime=2008-01-31/part-3.csv"),
    )
    .unwrap();
    let says = scratch.wow(&["import", "log", "--replace"]).failure(2);
    assert!(says.contains("part-0.csv") && says.contains("part-3.csv hold the same bytes"), "{says}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_told_as_what_it_is() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("log")).unwrap();
    std::os::unix::fs::symlink("nowhere", scratch.path("log/part-0.csv")).unwrap();
    let says = scratch.wow(&["import", "log"]).failure(1);
    assert!(says.ends_with("part-0.csv is a link to what is not there; mend it, or take it away"), "{says}");
    let pipe = scratch.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let says = scratch.wow(&["import", "pipe"]).failure(2);
    assert!(says.contains("pipe is no file but a stream"), "{says}");
    assert!(!scratch.database().exists());
}

#[test]
fn that_times_are_utc_is_said_wherever_the_log_is_shown() {
    const UTC: &str = "its times have a zone and are read as UTC";
    let scratch = Scratch::new();
    let log = |offset: &str| {
        format!(
            "{}1,1,Orc,Mage,Durotar,0,2008-01-31 00:00:00{offset}\n",
            "char,level,race,charclass,zone,guild,timestamp\n"
        )
    };
    fs::write(scratch.path("utc.csv"), log("-07:00")).unwrap();
    fs::write(scratch.path("naive.csv"), log("")).unwrap();
    let notices_of_export = || {
        let answer = scratch.wow(&["export", "--json"]).success().json();
        let manifest: serde_json::Value =
            serde_json::from_slice(&fs::read(scratch.export_folder().join("manifest.json")).unwrap())
                .unwrap();
        (answer["notices"].clone(), manifest.get("notices").cloned())
    };
    let note_of_debug = || scratch.wow(&["debug"]).success().stdout.contains(&format!("note      {UTC}"));
    let run = scratch.wow(&["import", "naive.csv", "utc.csv"]).success();
    assert!(run.stdout.contains(&format!("note: utc.csv: {UTC}")), "{}", run.stdout);
    assert!(note_of_debug());
    assert_eq!(notices_of_export(), (serde_json::json!([UTC]), Some(serde_json::json!(["utc"]))));
    scratch.wow(&["verify"]).success();

    // Beside another table too, in whose transaction it is.
    run_sql(&scratch.database(), "create table other (a int)");
    scratch.wow(&["import", "utc.csv", "--replace"]).success();
    assert!(note_of_debug());

    // A log that takes its place has its own.
    scratch.wow(&["import", "naive.csv", "--replace"]).success();
    assert!(!note_of_debug());
    run_sql(&scratch.database(), "comment on table wowlogs is 'mine; its times have a zone'");
    assert!(!note_of_debug());
    assert_eq!(notices_of_export(), (serde_json::json!([]), None));
}
