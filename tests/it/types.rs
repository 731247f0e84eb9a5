//! Every type in every column, on every way: the same rows, or the same reason. The table is `tests/inputs/types/types.json`.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use arrow::array::AsArray as _;
use serde::Deserialize;
use wow_engine::contract::Notice;
use wow_engine::pipeline::{Dictionary, Strings};
use wow_engine::read::{Gatherer, Log as _, LogFile, scan};
use wow_engine::schema::{COLUMNS, NumberKind, key_to_float};
use wow_engine::{Error, Params};

use crate::support::{Guild, Scratch, events, query, read_parts, run_sql, skipped};

/// A type, and what becomes of each kind of column: `read`, `utc` where a notice says so, `null`, or a part of the reason
/// for which it is refused.
#[derive(Debug, Deserialize)]
struct Type {
    #[serde(rename = "type")]
    name: String,
    holds: String,
    number: String,
    guild: String,
    text: String,
    datetime: String,
}

#[derive(Debug, Deserialize)]
struct Table {
    parquet: Vec<Type>,
    duckdb: Vec<Type>,
}

impl Type {
    fn verdict(&self, column: &str) -> &str {
        match column {
            "guild" => &self.guild,
            "player_id" | "level" => &self.number,
            "datetime" => &self.datetime,
            _ => &self.text,
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs/types")
}

fn table() -> Table {
    serde_json::from_slice(&fs::read(folder().join("types.json")).unwrap()).unwrap()
}

/// The four rows, with nothing in the column that holds none.
fn expected(nulls: Option<&str>) -> Vec<String> {
    let row = |row: i64| {
        let cell = |name: &&str| match *name {
            name if Some(name) == nulls => "-".to_owned(),
            "player_id" | "guild" | "level" => row.to_string(),
            "datetime" => (1_199_145_600_000_000 + (row - 1) * 86_400_000_000).to_string(),
            name => format!("{name} {row}"),
        };
        COLUMNS.iter().map(cell).collect::<Vec<_>>().join(",")
    };
    (1..=4).map(row).collect()
}

/// The rows as the engine has them, and whether a notice says that times are UTC.
fn by_engine(bytes: Vec<u8>) -> Result<(Vec<String>, bool), Error> {
    let file = LogFile::open(bytes::Bytes::from(bytes))?;
    let go_on = &mut |_| ControlFlow::Continue(());
    let mut gatherer = Gatherer::default();
    gatherer.take(&file, go_on)?;
    let sorted = gatherer.sorted()?.scan(Params::default(), go_on)?.finish();
    let LogFile::Parquet(parquet) = &file else { panic!("it is Parquet") };
    let scanned = scan(parquet, None, Params::default(), go_on)?.finish();
    assert_eq!((sorted.rows, sorted.rejected), (scanned.rows, scanned.rejected));

    let is_float = file.guild_kind() == NumberKind::Float;
    let mut read = Vec::new();
    file.each_rows(&mut Strings::default(), &mut |rows, strings| {
        let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
        let guild = |key: Option<i64>| match key {
            Some(key) if is_float => key_to_float(key).to_string(),
            key => number(key),
        };
        let text = |dictionary: &Dictionary, code| dictionary.get(code).unwrap_or("-").to_owned();
        let events = rows.events;
        for row in 0..events.len() {
            let has_time = rows.has_time.get(row).copied().unwrap_or(true);
            let cells = [
                number(rows.player_id.get(row).unwrap()),
                guild(events.guild.get(row).unwrap()),
                number(events.level.get(row).unwrap()),
                text(&strings.race, events.race.get(row).unwrap()),
                text(&strings.class, events.class.get(row).unwrap()),
                text(&strings.zone, events.zone.get(row).unwrap()),
                number(has_time.then(|| events.time_us[row].get())),
            ];
            read.push(cells.join(","));
        }
        Ok(())
    })?;
    Ok((read, file.notices().contains(&Notice::Utc)))
}

/// The rows of an imported log.
fn imported(database: &Path) -> Vec<String> {
    let cell = |name: &str| match name {
        "datetime" => "coalesce(epoch_us(datetime)::varchar, '-')".to_owned(),
        name => format!(r#"coalesce("{name}"::varchar, '-')"#),
    };
    let cells = COLUMNS.map(cell).join(", ");
    let batches = query(database, &format!("select concat_ws(',', {cells}) from wowlogs order by rowid"));
    let texts = batches.iter().flat_map(|batch| batch.column(0).as_string::<i32>().iter());
    texts.map(|text| text.unwrap().to_owned()).collect()
}

#[test]
fn parquet() {
    let files = Scratch::new();
    let python = std::env::var("DBT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let made = Command::new(python).arg(folder().join("make.py")).arg(files.path("")).output();
    if !made.is_ok_and(|made| made.status.success()) {
        skipped("every type of Parquet", "no pyarrow here; scripts/setup.sh brings it");
        return;
    }
    let scratch = Scratch::new();
    for (place, of_type) in table().parquet.iter().enumerate() {
        for column in COLUMNS {
            let (name, verdict) = (&of_type.name, of_type.verdict(column));
            let file = files.path(&format!("{place}_{column}.parquet"));
            let nulls = (verdict == "null").then_some(column);
            let read = by_engine(fs::read(&file).unwrap());
            // Those of the other columns are of the same kinds.
            let is_imported = ["player_id", "guild", "race", "datetime"].contains(&column);
            let import = is_imported.then(|| scratch.wow(&["import", "--replace", file.to_str().unwrap()]));
            if ["read", "utc", "null"].contains(&verdict) {
                let (rows, is_utc) = read.unwrap_or_else(|error| panic!("{name} {column}: {error}"));
                assert_eq!(rows, expected(nulls), "{name} {column}");
                assert_eq!(is_utc, verdict == "utc", "{name} {column}");
                if let Some(run) = import {
                    run.success();
                    assert_eq!(imported(&scratch.database()), expected(nulls), "{name} {column}");
                }
            } else {
                let says = read.expect_err(name).to_string();
                assert!(says.contains(verdict), "{name} {column}: {says}");
                if let Some(run) = import {
                    let sentence = run.failure(1);
                    assert!(sentence.ends_with(&says), "{name} {column}: {sentence}");
                }
            }
        }
    }
}

/// The statements that make a log of which a column has another type.
fn create(of_type: &Type, column: &str) -> String {
    let usual = |name: &str| match name {
        "player_id" | "guild" | "level" => "i".to_owned(),
        "datetime" => "(timestamp '2008-01-01' + to_days((i - 1)::integer))".to_owned(),
        name => format!("('{name} ' || i)"),
    };
    let held = match of_type.holds.as_str() {
        "number" => "i".to_owned(),
        "text" => format!("{}::varchar", usual(column)),
        "time" => usual("datetime"),
        value => value.to_owned(),
    };
    let select = |name: &str| match name == column {
        true => format!(r#"({held})::{} as "{name}""#, of_type.name),
        false => format!(r#"{} as "{name}""#, usual(name)),
    };
    let rows = "from range(1, 5) t(i)";
    format!(
        "create type enum_of_log as enum (select {}::varchar {rows}); create table wowlogs as select {} {rows}",
        usual(column),
        COLUMNS.map(select).join(", ")
    )
}

#[test]
fn databases() {
    for of_type in table().duckdb {
        for column in ["player_id", "guild", "where", "datetime"] {
            let (name, verdict) = (&of_type.name, of_type.verdict(column));
            let scratch = Scratch::with_database(&create(&of_type, column));
            let debug = scratch.wow(&["debug", "--json"]);
            let export = scratch.wow(&["export"]);
            if verdict == "read" {
                debug.success();
                export.success();
                let line = |event: &crate::support::Event| {
                    let guild = match event.guild.unwrap() {
                        Guild::Integer(guild) => guild.to_string(),
                        Guild::Double(bits) => f64::from_bits(bits).to_string(),
                    };
                    let text = |text: &Option<String>| text.clone().unwrap();
                    let (level, time_us) = (event.level.unwrap(), event.time_us);
                    let texts = [&event.race, &event.class, &event.zone].map(text).join(",");
                    format!("{},{guild},{level},{texts},{time_us}", event.player_id)
                };
                let events = events(&read_parts(&scratch.export_folder()));
                assert_eq!(events.iter().map(line).collect::<Vec<_>>(), expected(None), "{name} {column}");
                continue;
            }
            let problems = debug.json()["problems"].clone();
            let problems = problems.as_array().unwrap();
            assert_eq!(problems.len(), 1, "{name} {column}: {problems:?}");
            let problem = problems[0].as_str().unwrap();
            assert!(problem.contains(verdict), "{name} {column}: {problem}");
            let sentence = export.failure(1);
            assert!(sentence.contains(problem), "{name} {column}: {sentence}");
            // A statement that mends it is ready to be run.
            if let Some(place) = problem.find("ALTER TABLE") {
                run_sql(&scratch.database(), &problem[place..]);
                scratch.wow(&["export"]).success();
            }
        }
    }
}
