//! The engine against the golden cases: every row, column and type of the four models is what the reference SQL
//! gave. tests/golden/README.md says what the files hold.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Float64Type, Int32Type, Int64Type, Schema, TimeUnit, TimestampMicrosecondType,
};
use duckdb::Connection;
use jiff::civil::{Date, date};
use wow_engine::Params;
use wow_engine::models::events::SessionEvents;
use wow_engine::models::{player_session_stats, stg_players};
use wow_engine::pipeline::{Partial, Report};
use wow_engine::read::{EventFile, scan};
use wow_engine::schema::NumberKind;
use wow_engine::time::{Day, Days, Minutes};

use crate::support::{Scratch, manifest, query, read_parquet};

const EVENTS: &str = "stg_wowlogs_with_sessions";
const STATS: &str = "player_session_stats";
const KEPT_EVENTS: &str = "stg_wowlogs_no_bots";
const PLAYERS: &str = "stg_players";
/// The columns that any event of an instant may carry.
const PAUSE: [&str; 2] = ["minutes_since_last_event", "is_session_start"];

/// The content of `vars.json`, under dbt's names.
#[derive(serde::Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Vars {
    session_gap_minutes: Option<Minutes>,
    bot_max_session_minutes: Option<Minutes>,
    bot_avg_session_minutes: Option<Minutes>,
    churn_days: Option<Days>,
    /// As YYYY-MM-DD.
    as_of: Option<String>,
}

impl Vars {
    fn params(&self) -> Params {
        let usual = Params::default();
        Params {
            session_gap_minutes: self.session_gap_minutes.unwrap_or(usual.session_gap_minutes),
            bot_max_session_minutes: self.bot_max_session_minutes.unwrap_or(usual.bot_max_session_minutes),
            bot_avg_session_minutes: self.bot_avg_session_minutes.unwrap_or(usual.bot_avg_session_minutes),
            churn_days: self.churn_days.unwrap_or(usual.churn_days),
            as_of_day: self.as_of.as_deref().map(day_of_text),
        }
    }
}

impl Vars {
    /// The options of `wow run`.
    fn args(&self) -> Vec<String> {
        let minutes = |minutes: Option<Minutes>| minutes.map(|minutes| minutes.get().to_string());
        [
            ("--session-gap", minutes(self.session_gap_minutes)),
            ("--bot-max-session", minutes(self.bot_max_session_minutes)),
            ("--bot-avg-session", minutes(self.bot_avg_session_minutes)),
            ("--churn-days", self.churn_days.map(|days| days.get().to_string())),
            ("--as-of", self.as_of.clone()),
        ]
        .into_iter()
        .filter_map(|(option, value)| Some([option.to_owned(), value?]))
        .flatten()
        .collect()
    }
}

fn day_of_text(text: &str) -> Day {
    let day: Date = text.parse().unwrap();
    Day::new((day - date(1970, 1, 1)).get_days().into()).unwrap()
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden")
}

fn cases() -> Vec<PathBuf> {
    let folders = fs::read_dir(golden()).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<_> = folders.filter(|path| path.is_dir() && !path.ends_with("__pycache__")).collect();
    cases.sort();
    cases
}

#[test]
fn every_case_has_all_its_files() {
    let expected: Vec<String> =
        [STATS, PLAYERS, KEPT_EVENTS, EVENTS, "tests", "types"].map(|name| format!("{name}.csv")).to_vec();
    for case in cases() {
        assert!(case.join("input.sql").is_file(), "{} has no input.sql", case.display());
        let mut found: Vec<String> = fs::read_dir(case.join("expected"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        assert_eq!(found, expected, "{}", case.display());
    }
    assert!(cases().len() >= 25, "cases are missing");
}

#[test]
fn the_engine_gives_the_rows_of_every_case() {
    let mut wrong = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap();
        wrong.extend(differences(&case).into_iter().map(|difference| format!("{name}: {difference}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Exports a case's log with the real `wow`, runs the engine on the parts, and says what is not as expected.
fn differences(case: &Path) -> Vec<String> {
    let scratch = Scratch::with_database(&fs::read_to_string(case.join("input.sql")).unwrap());
    scratch.wow(&["export"]).success();
    let vars: Vars = match fs::read_to_string(case.join("vars.json")) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => Vars::default(),
    };
    let parts: Vec<EventFile> = manifest(&scratch.export_folder())
        .parts
        .iter()
        .map(|part| fs::read(scratch.export_folder().join(&part.file)).unwrap())
        .map(|bytes| EventFile::open(bytes::Bytes::from(bytes)).unwrap())
        .collect();
    let whole = Partial::empty(vars.params(), NumberKind::Integer);
    let report = parts
        .iter()
        .map(|part| scan(part, None, vars.params(), &mut |_| ControlFlow::Continue(())).unwrap())
        .fold(whole, |whole, part| whole.merge(part).unwrap())
        .finish();

    let expected = case.join("expected");
    let mut wrong = Vec::new();
    for (model, got) in [
        (STATS, vec![player_session_stats(&report).unwrap()]),
        (PLAYERS, vec![stg_players(&report).unwrap()]),
        (EVENTS, event_rows(&parts, SessionEvents::with_sessions(&report))),
        (KEPT_EVENTS, event_rows(&parts, SessionEvents::without_bots(&report))),
    ] {
        wrong.extend(model_differences(&expected, model, &got));
    }
    wrong.extend(session_differences(&expected, &report));
    wrong.extend(count_differences(&expected, &scratch, &report));
    wrong.extend(run_differences(&expected, &scratch, &vars));
    wrong
}

/// What `wow run` gives: as Parquet, and in the database, of an export and of the log itself.
fn run_differences(expected: &Path, scratch: &Scratch, vars: &Vars) -> Vec<String> {
    let args = vars.args();
    let args: Vec<&str> = std::iter::once("run").chain(args.iter().map(String::as_str)).collect();
    scratch.wow(&[&args[..], &["--to", "parquet", "models"]].concat()).success();
    let mut wrong = Vec::new();
    let mut compare = |how: &str, model: &str, got: &[RecordBatch]| {
        let differences = model_differences(expected, model, got);
        wrong.extend(differences.into_iter().map(|difference| format!("wow run, {how}: {difference}")));
    };
    for model in [STATS, PLAYERS, EVENTS, KEPT_EVENTS] {
        let got = read_parquet(&scratch.path(&format!("models/dev/{model}.parquet")));
        compare("as Parquet", model, &got);
    }
    for how in ["of the export", "of the log"] {
        let said = scratch.wow(&args).success().stdout;
        assert_eq!(said.contains("Reading the export"), how == "of the export", "{said}");
        for model in [STATS, PLAYERS, EVENTS, KEPT_EVENTS] {
            let types = columns(expected, model);
            let got = columns_of(&scratch.database(), model);
            assert_eq!(got, types, "wow run, {how}: {model}");
            let guild = types.iter().find(|(name, _)| name == "guild");
            let guild = match guild.map(|(name, sql_type)| engine_type(name, sql_type)) {
                Some(DataType::Float64) => "replace (cast(guild as double) as guild)",
                Some(_) => "replace (cast(guild as bigint) as guild)",
                None => "",
            };
            compare(
                how,
                model,
                &query(&scratch.database(), &format!("select * {guild} from main.{model}{}", order(model))),
            );
        }
        let _ = fs::remove_dir_all(scratch.path("public"));
    }
    wrong
}

/// The order in which rows of a model are told apart; those of events are sorted afterwards.
fn order(model: &str) -> &'static str {
    if [STATS, PLAYERS].contains(&model) { " order by player_id" } else { "" }
}

/// Names and types of a relation's columns.
fn columns_of(database: &Path, relation: &str) -> Vec<(String, String)> {
    let rows = query(
        database,
        &format!(
            "select column_name, data_type from information_schema.columns
        where table_schema = 'main' and table_name = '{relation}' order by ordinal_position"
        ),
    );
    let cells = |batch: &RecordBatch| {
        let text = |column: usize, row| batch.column(column).as_string::<i32>().value(row).to_owned();
        (0..batch.num_rows()).map(|row| (text(0, row), text(1, row))).collect::<Vec<_>>()
    };
    rows.iter().flat_map(cells).collect()
}

/// Sessions by duration and by events, and how many there would be with another gap, from the rows that SQL gave.
fn session_differences(expected: &Path, report: &Report) -> Vec<String> {
    let rows_of = |model| csv(&expected.join(format!("{model}.csv")), &columns(expected, model));
    let with = format!(
        "with events as ({}), stats as ({}),
         sessions as (
             select any_value(is_likely_bot) as is_likely_bot, count(*) as events,
                 datediff('minute', min(datetime), max(datetime)) as minutes
             from events join stats using (player_id) group by player_id, session_number
         )",
        rows_of(EVENTS),
        rows_of(STATS)
    );
    let by_group = "count(*) filter (where is_likely_bot = 0), count(*) filter (where is_likely_bot = 1)";
    let counts = |sql: &str| -> Vec<(i64, [u64; 2])> {
        let batches = select(&format!("{with} {sql}"));
        let rows = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| (batch, row)));
        let number = |(batch, row): (&RecordBatch, usize), column: usize| {
            batch.column(column).as_primitive::<Int64Type>().value(row)
        };
        rows.map(|at| (number(at, 0), [1, 2].map(|column| number(at, column).cast_unsigned()))).collect()
    };
    let numbers =
        |number| counts(&format!("select {number}, {by_group} from sessions group by 1 order by 1"));
    let gaps = counts(
        "select gap, count(player_id) filter (where is_likely_bot = 0),
             count(player_id) filter (where is_likely_bot = 1)
         from range(5, 181) as gaps(gap)
         left join (from events join stats using (player_id)) as events
             on minutes_since_last_event is null or minutes_since_last_event > gap
         group by gap order by gap",
    );
    let sessions = &report.sessions;
    let minutes = |(minutes, counts): (Minutes, _)| (minutes.get(), counts);
    let with_gap = |gap| Some((i64::from(gap), sessions.with_gap(Minutes::of(gap))?));
    [
        ("sessions by minutes", sessions.durations.iter().map(minutes).collect(), numbers("minutes")),
        ("sessions by events", sessions.events.iter().collect(), numbers("events")),
        ("sessions by gap", (0..1_000).filter_map(with_gap).collect::<Vec<_>>(), gaps),
    ]
    .into_iter()
    .filter(|(_, got, expected)| got != expected)
    .map(|(what, got, expected)| format!("{what}: {got:?} in the place of {expected:?}"))
    .collect()
}

fn event_rows(parts: &[EventFile], mut events: SessionEvents) -> Vec<RecordBatch> {
    let mut batches = Vec::new();
    for part in parts {
        let mut reader = part.events(None);
        while let Some(batch) = events.next(&mut reader).unwrap() {
            batches.push(batch);
        }
    }
    batches
}

fn model_differences(expected: &Path, model: &str, got: &[RecordBatch]) -> Vec<String> {
    let columns = columns(expected, model);
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let file = expected.join(format!("{model}.csv"));
    let header = fs::read_to_string(&file).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(header, names.join(","), "{}", file.display());

    if let Some(batch) = got.first() {
        let told = |schema: &Schema| -> Vec<(String, DataType)> {
            let fields = schema.fields().iter();
            fields.map(|field| (field.name().clone(), field.data_type().clone())).collect()
        };
        let wanted: Vec<(String, DataType)> =
            columns.iter().map(|(name, sql_type)| (name.clone(), engine_type(name, sql_type))).collect();
        let found = told(&batch.schema());
        if found != wanted {
            return vec![format!("{model} has columns {found:?} in the place of {wanted:?}")];
        }
    }
    let expected_rows = rows(&read_csv(&file, &columns), &names);
    let got_rows = rows(got, &names);
    if expected_rows.len() != got_rows.len() {
        return vec![format!("{model} has {} rows in the place of {}", got_rows.len(), expected_rows.len())];
    }
    let pairs = expected_rows.iter().zip(&got_rows).filter(|(expected, got)| expected != got);
    pairs.take(3).map(|(expected, got)| format!("{model}: {got:?} in the place of {expected:?}")).collect()
}

/// Names and SQL types of a model's columns, from `types.csv`.
fn columns(expected: &Path, model: &str) -> Vec<(String, String)> {
    let types = fs::read_to_string(expected.join("types.csv")).unwrap();
    types
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|fields| fields[0] == model)
        .map(|fields| (fields[1].to_owned(), fields[2].to_owned()))
        .collect()
}

/// The engine's type for a column of the SQL: the same, but for guilds, whose whole numbers are all 64 bits wide.
fn engine_type(name: &str, sql_type: &str) -> DataType {
    match sql_type {
        "BIGINT" => DataType::Int64,
        "INTEGER" | "SMALLINT" | "USMALLINT" if name == "guild" => DataType::Int64,
        "INTEGER" => DataType::Int32,
        "DOUBLE" => DataType::Float64,
        "VARCHAR" => DataType::Utf8,
        "TIMESTAMP" => DataType::Timestamp(TimeUnit::Microsecond, None),
        other => panic!("column {name} has type {other}, which no test knows"),
    }
}

fn read_csv(file: &Path, columns: &[(String, String)]) -> Vec<RecordBatch> {
    select(&csv(file, columns))
}

/// A query for the rows of a CSV file.
fn csv(file: &Path, columns: &[(String, String)]) -> String {
    let texts: Vec<String> = columns.iter().map(|(name, _)| format!("'{name}': 'VARCHAR'")).collect();
    let casts: Vec<String> = columns
        .iter()
        .map(|(name, sql_type)| match engine_type(name, sql_type) {
            DataType::Int64 => format!("cast(\"{name}\" as bigint) as \"{name}\""),
            _ => format!("cast(\"{name}\" as {sql_type}) as \"{name}\""),
        })
        .collect();
    format!(
        "select {} from read_csv('{}', columns = {{{}}}, auto_detect = false, header = true, delim = ',',
         quote = '\"', escape = '\"', nullstr = '\\N', allow_quoted_nulls = false)",
        casts.join(", "),
        file.display(),
        texts.join(", ")
    )
}

fn select(sql: &str) -> Vec<RecordBatch> {
    let connection = Connection::open_in_memory().unwrap();
    // Several threads would give the rows of a file in any order.
    connection.execute_batch("set threads = 1").unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    statement.stream_arrow([]).unwrap().collect::<Result<_, _>>().unwrap()
}

/// All rows as texts that are equal where the values are. Events are sorted, and the pauses of an instant, which
/// any of its events may carry, are rows of their own.
fn rows(batches: &[RecordBatch], names: &[&str]) -> Vec<Vec<String>> {
    let is_events = names.contains(&PAUSE[0]);
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cell = |name: &&str| shown(batch.column_by_name(name).unwrap().as_ref(), row);
            if is_events {
                rows.push(["player_id", "datetime", PAUSE[0], PAUSE[1]].iter().map(cell).collect());
                rows.push(names.iter().filter(|name| !PAUSE.contains(name)).map(cell).collect());
            } else {
                rows.push(names.iter().map(cell).collect::<Vec<_>>());
            }
        }
    }
    if is_events {
        rows.sort();
    }
    rows
}

fn shown(array: &dyn Array, row: usize) -> String {
    if array.is_null(row) {
        return "null".to_owned();
    }
    match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string(),
        // The shortest text that reads back as the same double.
        DataType::Float64 => format!("{:?}", array.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => format!("{:?}", array.as_string::<i32>().value(row)),
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            array.as_primitive::<TimestampMicrosecondType>().value(row).to_string()
        }
        other => panic!("a column of type {other}"),
    }
}

/// The data tests that the engine has figures for, and the rows that no model can use.
fn count_differences(expected: &Path, scratch: &Scratch, report: &Report) -> Vec<String> {
    let text = fs::read_to_string(expected.join("tests.csv")).unwrap();
    let tests: BTreeMap<&str, (&str, u64)> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|fields| (fields[0], (fields[1], fields[2].parse().unwrap())))
        .collect();
    let mut wrong = Vec::new();
    let mut check = |what: &str, got: u64, expected: u64| {
        if got != expected {
            wrong.push(format!("{what}: {got} in the place of {expected}"));
        }
    };
    for (test, &(status, failures)) in &tests {
        match *test {
            "level_is_between_1_and_80" => check(test, report.level_out_of_range, failures),
            // Depends on the day it is run.
            "newest_event_is_not_in_the_future" => {}
            _ => assert_eq!((status, failures), ("pass", 0), "{test}"),
        }
    }
    let counts = query(
        &scratch.database(),
        "select count(*), count(*) filter (where player_id is null),
             count(*) filter (where player_id is not null and datetime is null) from wowlogs",
    );
    let count = |column: usize| counts[0].column(column).as_primitive::<Int64Type>().value(0).cast_unsigned();
    let rejected = manifest(&scratch.export_folder()).rejected;
    check("rows without a player", rejected.null_player_id, count(1));
    check("rows without a time", rejected.null_datetime, count(2));
    check("rows kept and rejected", report.rows + rejected.total(), count(0));
    wrong
}
