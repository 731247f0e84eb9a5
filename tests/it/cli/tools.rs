//! One log as many tools write it: files and folders are imported and databases are exported, each with the same rows.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Event, Scratch, events, query, read_parts, unpack};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs/tools")
}

/// The rows of a query whose columns are those of the log, in order.
fn rows(database: &Path, source: &str) -> Vec<Event> {
    let sql = format!(
        r#"select player_id::bigint as player_id, guild::bigint as guild, level::bigint as level, race, class, "where",
        datetime::timestamp as datetime from {source}"#
    );
    let mut rows = events(&query(database, &sql));
    rows.sort();
    rows
}

/// The rows as DuckDB reads them from CSV.
fn expected(scratch: &Scratch) -> Vec<Event> {
    let csv = folder().join("polars.csv.gz");
    rows(&scratch.path("expected.duckdb"), &format!("read_csv('{}', header = true)", csv.display()))
}

/// Imports all that begins with a name.
#[track_caller]
fn check_imports(of_tool: &str, at_least: usize) {
    let scratch = Scratch::new();
    let expected = expected(&scratch);
    assert_eq!(expected.len(), 256);
    let mut imported = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_log = ["parquet", "csv.gz", "spark"].iter().any(|end| name.ends_with(end));
        if name.starts_with(of_tool) && is_log {
            let path = folder().join(&name);
            scratch.wow(&["import", path.to_str().unwrap(), "--replace"]).success();
            assert_eq!(rows(&scratch.database(), "wowlogs"), expected, "{name}");
            imported += 1;
        }
    }
    assert!(imported >= at_least, "{imported} of {of_tool}");
}

#[test]
fn pyarrow() {
    check_imports("pyarrow", 28);
}

#[test]
fn pandas_and_fastparquet() {
    check_imports("pandas", 7);
    check_imports("fastparquet", 5);
}

#[test]
fn polars() {
    check_imports("polars", 13);
}

#[test]
fn duckdb_and_spark() {
    check_imports("duckdb", 16);
    check_imports("spark", 1);
}

#[test]
fn databases_of_older_versions() {
    for version in ["1.1", "1.4", "2.0"] {
        let scratch = Scratch::new();
        let expected = expected(&scratch);
        unpack(&format!("../inputs/tools/duckdb_{version}"), &scratch.database());
        scratch.wow(&["debug"]).success();
        scratch.wow(&["export"]).success();
        scratch.wow(&["verify"]).success();
        let mut exported = events(&read_parts(&scratch.export_folder()));
        exported.sort();
        assert_eq!(exported, expected, "{version}");
    }
}
