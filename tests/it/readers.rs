//! The parts of an export as other programs read them: every column is what DuckDB has in the database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use arrow::array::AsArray as _;
use arrow::datatypes::Int64Type;

use crate::support::{Scratch, manifest, query, run_sql, skipped};

/// How many values a column has and what they come to, texts by their bytes.
type Sums = BTreeMap<String, (i64, String)>;

const COLUMNS: [&str; 7] = ["player_id", "guild", "level", "race", "class", "where", "datetime"];

fn expected(database: &Path) -> Sums {
    let sums = |name: &str| {
        let value = match name {
            "race" | "class" | "where" => format!(r#"octet_length(encode("{name}"))"#),
            "datetime" => "epoch_us(datetime)".to_owned(),
            _ => name.to_owned(),
        };
        let sql = format!("select count({value}), sum({value})::varchar from wowlogs");
        let batch = query(database, &sql).remove(0);
        let sum = batch.column(1).as_string::<i32>().value(0).trim_end_matches(".0").to_owned();
        (name.to_owned(), (batch.column(0).as_primitive::<Int64Type>().value(0), sum))
    };
    COLUMNS.map(sums).into()
}

/// What a program says of each reader that it has.
fn told(program: &str, script: &str, parts: &[PathBuf]) -> BTreeMap<String, Sums> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(script);
    let Ok(output) = Command::new(program).arg(script).args(parts).output() else { return BTreeMap::new() };
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{program}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[track_caller]
fn check(scratch: &Scratch) {
    scratch.wow(&["export"]).success();
    let folder = scratch.export_folder();
    let parts: Vec<PathBuf> = manifest(&folder).parts.iter().map(|part| folder.join(&part.file)).collect();
    let expected = expected(&scratch.database());
    let python = std::env::var("DBT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut told_by = told(&python, "readers/read.py", &parts);
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/e2e/node_modules/hyparquet");
    if package.exists() {
        told_by.extend(told("node", "e2e/hyparquet.mjs", &parts));
    }
    for reader in ["pyarrow", "polars", "fastparquet", "duckdb", "hyparquet"] {
        let Some(found) = told_by.get(reader) else {
            skipped("an export read by others", &format!("no {reader} here; scripts/setup.sh brings it"));
            continue;
        };
        let mut expected = expected.clone();
        if reader == "fastparquet" {
            // What it does not read, as read.py says.
            expected.remove("datetime");
        }
        assert_eq!(*found, expected, "{reader}");
    }
}

#[test]
fn an_export_is_read_by_others() {
    let scratch = Scratch::new();
    scratch.wow(&["generate", "--scale", "0.003", "--seed", "7"]).success();
    // The generator leaves hardly anything out.
    let nulls = r#"update wowlogs set level = null, race = null, "where" = null where player_id % 7 = 0;
        update wowlogs set guild = null, class = '' where player_id % 5 = 0;"#;
    run_sql(&scratch.database(), nulls);
    check(&scratch);
    run_sql(
        &scratch.database(),
        "alter table wowlogs alter guild type double; update wowlogs set guild = guild + 0.5 where player_id % 3 = 0",
    );
    check(&scratch);
}
