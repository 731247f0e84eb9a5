//! `wow export --from`: files in order give the very parts that a database of the same rows gives, and files that are not in
//! order none.

use std::fs::{self, File};
use std::path::Path;

use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::support::{CREATE_LOG, Scratch, contents, manifest, query, run_sql};

/// Rows in a row group of the files, which is few.
const GROUP_ROWS: usize = 700;

/// A log with events at one instant, rows that are none, and most kinds of nothing.
const LOG: &str = r#"create table wowlogs as select
    case when i % 97 = 0 then null else (i * 7919 % 61) - 30 end as player_id,
    case when i % 5 = 0 then null else i % 13 - 1 end as guild,
    case when i % 11 = 0 then null else i % 80 end as level,
    case when i % 7 = 0 then null else ['Orc', 'Blood Elf', 'Dalaran競技場', ''][1 + i % 4] end as race,
    'class ' || (i % 9) as class, case when i % 8 = 0 then null else 'zone ' || (i % 40) end as "where",
    case when i % 89 = 0 then null else timestamp '1969-12-31 22:00:00' + to_seconds(i // 50) end as datetime
    from range(6000) t(i)"#;
/// The order that is asked for, with rows of one instant as they come.
const ORDER: &str = r#"order by player_id, datetime, hash("where")"#;

/// Writes rows that SQL selects as one file.
pub(crate) fn write_file(scratch: &Scratch, sql: &str, path: &Path) {
    write_file_with(scratch, sql, path, EnabledStatistics::Chunk);
}

fn write_file_with(scratch: &Scratch, sql: &str, path: &Path, statistics: EnabledStatistics) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let batches = query(&scratch.database(), sql);
    // No rows are no batch.
    let schema = query(&scratch.database(), "select * from wowlogs limit 1").first().map(RecordBatch::schema);
    let schema = batches.first().map(RecordBatch::schema).or(schema).unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(statistics)
        .build();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.close().unwrap();
}

/// Compares the parts of the two exports byte by byte, and what the manifests say of the rows.
#[track_caller]
fn check_same_parts(scratch: &Scratch, from: &[&str]) {
    scratch.wow(&["export", "--out", "of-database"]).success();
    let all = [&["export", "--out", "of-files", "--from"], from].concat();
    scratch.wow(&all).success();
    let folders = ["of-database", "of-files"].map(|out| scratch.path(out).join("dev"));
    let [of_database, of_files] = folders.each_ref().map(|folder| manifest(folder));
    assert_eq!(of_database.parts, of_files.parts);
    assert_eq!(of_database.rejected, of_files.rejected);
    assert_eq!((of_database.rows, of_database.players), (of_files.rows, of_files.players));
    assert_eq!(
        (of_database.first_event_us, of_database.last_event_us),
        (of_files.first_event_us, of_files.last_event_us)
    );
    let [mut of_database, mut of_files] = folders.map(|folder| contents(&folder));
    of_database.remove("manifest.json").unwrap();
    of_files.remove("manifest.json").unwrap();
    assert!(!of_database.is_empty() && of_database == of_files);
}

#[test]
fn files_in_order_give_the_parts_of_the_database() {
    let scratch = Scratch::with_database(LOG);
    // Names that are not in the order of the players, a player in two files, and files without rows, as Spark has them.
    let files = [
        ("part-00003", "player_id <= -20"),
        (
            "part-00000",
            "player_id between -19 and 2 or player_id = 3 and datetime < timestamp '1969-12-31 22:01:00'",
        ),
        ("part-00001", "player_id = 3 and datetime >= timestamp '1969-12-31 22:01:00' or player_id > 3"),
        ("part-00002", "player_id is null or player_id = 3 and datetime is null"),
        ("part-00004", "false"),
    ];
    for (name, rows) in files {
        let sql = format!("select * from wowlogs where {rows} {ORDER}");
        write_file(&scratch, &sql, &scratch.path(&format!("sorted/{name}-c000.snappy.parquet")));
    }
    fs::write(scratch.path("sorted/_SUCCESS"), "").unwrap();
    check_same_parts(&scratch, &["sorted"]);
    let manifest = manifest(&scratch.path("of-files/dev"));
    assert_eq!((manifest.database.as_str(), &manifest.duckdb_version), ("sorted", &None));
    assert_eq!(manifest.source_fingerprint, None);
    assert!(manifest.rejected.null_player_id > 0 && manifest.rejected.null_datetime > 0);
    let types: Vec<&str> = manifest.columns.iter().map(|column| column.source_type.as_str()).collect();
    let [number, text] = ["a whole number", "text"];
    assert_eq!(types, [number, number, number, text, text, text, "TIMESTAMP"]);
}

#[test]
fn every_command_reads_an_export_of_files() {
    let scratch = Scratch::with_database(LOG);
    write_file(&scratch, &format!("select * from wowlogs {ORDER}"), &scratch.path("log.parquet"));
    scratch.wow(&["export", "--from", "log.parquet"]).success();
    // A database beside it is of other rows.
    run_sql(&scratch.database(), "delete from wowlogs where player_id > 0");
    let named = ["run", "--to", "parquet", "models", "--data", "public/data", "--json"];
    assert_eq!(scratch.wow(&named).success().json()["models"][0]["rows"], query_count(&scratch, LOG));
    // Nor is one asked for.
    fs::remove_file(scratch.database()).unwrap();
    fs::remove_file(scratch.path("counted.duckdb")).unwrap();
    let run = scratch.wow(&["run", "--to", "parquet", "models", "--json"]).success().json();
    assert_eq!(run["models"][0]["rows"], query_count(&scratch, LOG));
    scratch.wow(&["report", "--out", "report.html"]).success();
    let report = fs::read_to_string(scratch.path("report.html")).unwrap();
    assert!(report.contains("log.parquet"));
}

/// Rows with player and time, by SQL.
fn query_count(scratch: &Scratch, log: &str) -> i64 {
    use arrow::array::AsArray as _;
    use arrow::datatypes::Int64Type;
    let database = scratch.path("counted.duckdb");
    run_sql(&database, log);
    let sql = "select count(*) from wowlogs where player_id is not null and datetime is not null";
    query(&database, sql)[0].column(0).as_primitive::<Int64Type>().value(0)
}

#[test]
fn guilds_with_fractions_in_one_file_are_doubles_in_all() {
    let scratch = Scratch::with_database(
        r#"create table wowlogs as select i // 10 as player_id,
            case when i < 500 then i % 3 when i % 7 = 0 then 'nan'::double when i % 5 = 0 then -0.0 else i / 4 end::double as guild,
            1 as level, 'Orc' as race, 'Druid' as class, 'x' as "where", timestamp '2008-01-01' + to_seconds(i) as datetime
            from range(1000) t(i)"#,
    );
    let whole = "select * replace (guild::integer as guild) from wowlogs where player_id < 50 order by player_id, datetime";
    write_file(&scratch, whole, &scratch.path("sorted/a.parquet"));
    let rest = "select * from wowlogs where player_id >= 50 order by player_id, datetime";
    write_file(&scratch, rest, &scratch.path("sorted/b.parquet"));
    check_same_parts(&scratch, &["sorted"]);
    let manifest = manifest(&scratch.path("of-files/dev"));
    assert_eq!(manifest.columns[1].source_type, "a whole number or DOUBLE");
    assert_eq!(manifest.columns[1].export_type, "Float64");
}

#[test]
fn folders_give_columns_and_other_names_are_known() {
    let scratch = Scratch::with_database(LOG);
    for race in ["Orc", "Blood Elf"] {
        let sql = format!(
            r#"select player_id as char, guild, level, class as charclass, "where" as zone, datetime as timestamp
                from wowlogs where race = '{race}' and player_id {} 0 {ORDER}"#,
            if race == "Orc" { ">=" } else { "<" }
        );
        write_file(&scratch, &sql, &scratch.path(&format!("log/race={race}/x.parquet")));
    }
    run_sql(
        &scratch.database(),
        "delete from wowlogs where race is null or player_id is null
            or not (race = 'Orc' and player_id >= 0 or race = 'Blood Elf' and player_id < 0)",
    );
    check_same_parts(&scratch, &["log"]);
}

#[test]
fn a_sample_of_files_is_that_of_the_database() {
    let scratch = Scratch::with_database(LOG);
    write_file(&scratch, &format!("select * from wowlogs {ORDER}"), &scratch.path("log.parquet"));
    scratch.wow(&["export", "--sample", "7", "--out", "of-database"]).success();
    scratch.wow(&["export", "--sample", "7", "--out", "of-files", "--from", "log.parquet"]).success();
    let [of_database, of_files] =
        ["of-database", "of-files"].map(|out| manifest(&scratch.path(out).join("dev")));
    assert!(of_database.players > 1 && of_database.players < 20, "{}", of_database.players);
    assert_eq!(of_database.parts, of_files.parts);
    assert_eq!(of_database.sample, of_files.sample);
    assert_eq!(of_database.rejected, of_files.rejected);
    assert_eq!(of_database.parameters, of_files.parameters);
    let nobody = scratch.wow(&["export", "--sample", "1000000", "--from", "log.parquet"]).failure(1);
    assert!(nobody.starts_with("none of the 61 players is in a sample of one of 1000000"), "{nobody}");
}

#[test]
fn texts_of_which_there_are_very_many_arrive_whole() {
    let scratch = Scratch::with_database(
        r#"create table wowlogs as select i % 9 as player_id, 1 as guild, 1 as level, 'x' || i as race,
            'nul' || chr(0) || (i % 3) as class, repeat('long', (i % 500)::integer) as "where",
            timestamp '2008-01-01' + to_seconds(i // 2) as datetime from range(20_000) t(i)"#,
    );
    write_file(&scratch, &format!("select * from wowlogs {ORDER}"), &scratch.path("log.parquet"));
    scratch.wow(&["export", "--from", "log.parquet", "--out", "of-files"]).success();
    scratch.wow(&["export", "--out", "of-database"]).success();
    let rows =
        |out: &str| crate::support::events(&crate::support::read_parts(&scratch.path(out).join("dev")));
    let (of_files, of_database) = (rows("of-files"), rows("of-database"));
    assert_eq!(of_files.len(), 20_000);
    assert!(of_files == of_database);
}

#[test]
fn files_that_do_not_say_which_players_they_hold_are_taken_by_name() {
    let scratch = Scratch::with_database(LOG);
    for (name, rows) in [("part-1", "player_id < 0"), ("part-2", "player_id >= 0 or player_id is null")] {
        let sql = format!("select * from wowlogs where {rows} {ORDER}");
        let path = scratch.path(&format!("sorted/{name}.parquet"));
        write_file_with(&scratch, &sql, &path, EnabledStatistics::None);
    }
    check_same_parts(&scratch, &["sorted"]);
}

#[test]
fn files_that_are_not_in_order_are_refused_and_what_was_there_stays() {
    let rows = |values: &str| format!("select * from (values {values}) t(player_id, datetime)");
    let event =
        |player_id: i64, minute: u32| format!("({player_id}, timestamp '2008-01-01 00:{minute:02}:00')");
    let log = |events: &[(i64, u32)]| {
        let values: Vec<String> =
            events.iter().map(|&(player_id, minute)| event(player_id, minute)).collect();
        format!(
            r#"select player_id::bigint as player_id, 1 as guild, 1 as level, 'Orc' as race, 'Druid' as class, 'x' as "where", datetime
                from ({})"#,
            rows(&values.join(", "))
        )
    };
    let scratch = Scratch::with_database(CREATE_LOG);
    scratch.wow(&["export"]).success();
    let before = contents(&scratch.export_folder());
    let check = |files: &[&[(i64, u32)]], expected: &str| {
        let _ = fs::remove_dir_all(scratch.path("log"));
        for (index, events) in files.iter().enumerate() {
            write_file(&scratch, &log(events), &scratch.path(&format!("log/{index}.parquet")));
        }
        let sentence = scratch.wow(&["export", "--from", "log"]).failure(1);
        let end = "; sort them (docs/scale.md says how), or make a database of them with `wow import`";
        assert_eq!(sentence, format!("the files are not in order of player and time: {expected}{end}"));
        assert_eq!(contents(&scratch.export_folder()), before);
    };
    check(
        &[&[(1, 5), (1, 4)]],
        "log/0.parquet has player 1 at 2008-01-01 00:04:00 behind player 1 at 2008-01-01 00:05:00",
    );
    check(
        &[&[(1, 5)], &[(9, 1), (3, 1)]],
        "log/1.parquet has player 3 at 2008-01-01 00:01:00 behind player 9 at 2008-01-01 00:01:00",
    );
    check(
        &[&[(1, 5), (7, 1)], &[(5, 1), (8, 1)]],
        "log/0.parquet ends with player 7 at 2008-01-01 00:01:00, and log/1.parquet begins with player 5 at \
         2008-01-01 00:01:00",
    );
}

#[test]
fn what_is_no_log_in_order_is_refused_in_a_sentence() {
    let scratch = Scratch::with_database(LOG);
    let check = |from: &[&str], status: i32, expected: &str| {
        let sentence = scratch.wow(&[&["export", "--from"], from].concat()).failure(status);
        assert!(sentence.contains(expected), "{sentence}");
        assert!(!scratch.path("public").exists());
    };
    check(&["nowhere"], 2, "there is no file at nowhere; name a CSV or Parquet file");
    fs::create_dir(scratch.path("empty")).unwrap();
    check(&["empty"], 2, "there is no data in the folder empty");
    fs::write(scratch.path("log.csv"), "player_id,guild,level,race,class,where,datetime\n").unwrap();
    check(
        &["log.csv"],
        1,
        "log.csv is CSV; a log in order is Parquet, and `wow import` takes CSV in any order",
    );
    write_file(&scratch, &format!("select * from wowlogs {ORDER}"), &scratch.path("a.parquet"));
    fs::copy(scratch.path("a.parquet"), scratch.path("b.parquet")).unwrap();
    check(&["a.parquet", "b.parquet"], 2, "hold the same bytes, whose events would be counted twice");
    fs::create_dir_all(scratch.path("half/_temporary/0")).unwrap();
    fs::copy(scratch.path("a.parquet"), scratch.path("half/part-00000.parquet")).unwrap();
    check(&["half"], 1, "half is not finished: there is _temporary in it and no _SUCCESS, so that a job");
    write_file(&scratch, "select * exclude (level) from wowlogs", &scratch.path("c.parquet"));
    check(&["c.parquet"], 1, "c.parquet cannot be used: column `level` is missing");
    let whole = fs::read(scratch.path("a.parquet")).unwrap();
    fs::write(scratch.path("cut.parquet"), &whole[..whole.len() / 2]).unwrap();
    check(&["cut.parquet"], 1, "take another copy of it");
}

#[test]
fn production_is_said_of_files_too() {
    let scratch = Scratch::with_database(LOG);
    write_file(&scratch, &format!("select * from wowlogs {ORDER}"), &scratch.path("log.parquet"));
    let run = scratch.wow(&["export", "--target", "prod", "--from", "log.parquet"]).success();
    assert!(run.stdout.starts_with("🚨 PRODUCTION export, of files\n"), "{}", run.stdout);
    let run = scratch.wow(&["export", "--json", "--from", "log.parquet"]).success().json();
    assert_eq!(
        (&run["from"], &run["database"]),
        (&serde_json::json!(["log.parquet"]), &serde_json::Value::Null)
    );
}
