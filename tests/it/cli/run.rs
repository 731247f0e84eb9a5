//! `wow run --to parquet`: the four models as files. That they hold the rows of the reference SQL in every golden case is tested
//! with those.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use wow_engine::Params;
use wow_engine::models::events::SessionEvents;
use wow_engine::models::{player_session_stats, stg_players};
use wow_engine::pipeline::{Partial, Report};
use wow_engine::read::{EventFile, scan};
use wow_engine::schema::NumberKind;

use crate::support::{CREATE_LOG, Scratch, contents, manifest, read_parquet, run_sql};

const EVENTS: &str = "stg_wowlogs_with_sessions";
const STATS: &str = "player_session_stats";
const KEPT_EVENTS: &str = "stg_wowlogs_no_bots";
const PLAYERS: &str = "stg_players";

/// Two players, one of whom is online for a day without a pause.
const LOG: &str = "insert into wowlogs
    select 1, 5, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01' + to_minutes(20 * i) from range(72) t(i);
    insert into wowlogs values (2, null, 11, 'Troll', 'Hunter', null, '2008-01-02 10:00:00')";

/// A folder with a database and its export.
fn exported(sql: &str) -> Scratch {
    let scratch = Scratch::with_database(sql);
    scratch.wow(&["export"]).success();
    scratch
}

fn one(batches: &[RecordBatch]) -> RecordBatch {
    concat_batches(&batches[0].schema(), batches).unwrap()
}

/// The rows of models 1 and 3 as `wow verify` compares them with the SQL.
fn event_rows(mut rows: SessionEvents, parts: &[EventFile]) -> RecordBatch {
    let mut batches = Vec::new();
    for part in parts {
        let mut reader = part.events(None);
        while let Some(batch) = rows.next(&mut reader).unwrap() {
            batches.push(batch);
        }
    }
    one(&batches)
}

/// Runs the models and compares each with what the engine gives row by row.
#[track_caller]
fn check(scratch: &Scratch) {
    let answer = scratch.wow(&["run", "--to", "parquet", "models", "--json"]).success().json();
    let folder = scratch.export_folder();
    let parts = manifest(&folder).parts;
    let parts: Vec<EventFile> = parts
        .iter()
        .map(|part| EventFile::open(fs::read(folder.join(&part.file)).unwrap().into()).unwrap())
        .collect();
    let mut whole = Partial::empty(Params::default(), NumberKind::Integer);
    for part in &parts {
        whole = whole
            .merge(scan(part, None, Params::default(), &mut |_| ControlFlow::Continue(())).unwrap())
            .unwrap();
    }
    let report: Report = whole.finish();
    let expected = [
        (EVENTS, event_rows(SessionEvents::with_sessions(&report), &parts)),
        (STATS, player_session_stats(&report).unwrap()),
        (KEPT_EVENTS, event_rows(SessionEvents::without_bots(&report), &parts)),
        (PLAYERS, stg_players(&report).unwrap()),
    ];
    let models = answer["models"].as_array().unwrap();
    assert_eq!(models.len(), expected.len());
    for ((model, rows), told) in expected.iter().zip(models) {
        let path = scratch.path(&format!("models/dev/{model}.parquet"));
        // Columns, types and every value.
        assert!(one(&read_parquet(&path)) == *rows, "{model} differs");
        assert_eq!((&told["model"], &told["rows"]), (&(*model).into(), &rows.num_rows().into()));
        assert_eq!(told["bytes"], fs::metadata(&path).unwrap().len());
    }
}

#[test]
fn a_generated_log_of_many_row_groups() {
    let scratch = Scratch::new();
    scratch.wow(&["generate", "--scale", "0.02"]).success();
    scratch.wow(&["export"]).success();
    check(&scratch);
}

#[test]
fn a_player_who_fills_several_row_groups_keeps_the_count_of_sessions() {
    let scratch = exported(
        r#"create table wowlogs as select 9 as player_id, i % 3 as guild, 1 as level, 'Orc' as race,
            'Druid' as class, repeat(md5(i::varchar), 16) as "where",
            timestamp '2008-01-01' + to_minutes(40 * (i // 3)) as datetime from range(200_000) t(i)"#,
    );
    let part = &manifest(&scratch.export_folder()).parts[0];
    let file: EventFile =
        EventFile::open(fs::read(scratch.export_folder().join(&part.file)).unwrap().into()).unwrap();
    assert!(file.row_groups() > 1, "the player fits into one row group");
    check(&scratch);
}

#[test]
fn the_files_do_not_depend_on_the_number_of_threads() {
    let scratch = Scratch::new();
    scratch.wow(&["generate", "--scale", "0.02"]).success();
    scratch.wow(&["export"]).success();
    let mut files = Vec::new();
    for threads in ["1", "2", "5"] {
        scratch.wow(&["run", "--threads", threads, "--to", "parquet", threads]).success();
        files.push(contents(&scratch.path(threads).join("dev")));
    }
    assert_eq!(files[0].len(), 5);
    assert!(files[0] == files[1] && files[0] == files[2]);
}

#[test]
fn an_empty_export_gives_empty_models() {
    let scratch = exported(CREATE_LOG);
    let answer = scratch.wow(&["run", "--to", "parquet", "models", "--json"]).success().json();
    let rows: Vec<u64> =
        answer["models"].as_array().unwrap().iter().map(|model| model["rows"].as_u64().unwrap()).collect();
    assert_eq!(rows, [0; 4]);
    assert!(read_parquet(&scratch.path("models/dev").join(format!("{EVENTS}.parquet"))).is_empty());
}

#[test]
fn a_failure_leaves_the_models_as_they_were() {
    let scratch = exported(&format!("{CREATE_LOG} {LOG}"));
    let run = scratch.wow(&["run", "--to", "parquet", "models"]).success();
    assert!(run.stdout.starts_with("✅ DEV database (wow_test.duckdb)\n"), "{}", run.stdout);
    let models = scratch.path("models/dev");
    let before = contents(&models);
    assert_eq!(before.len(), 5);

    run_sql(&scratch.database(), "insert into wowlogs select * replace (3 as player_id) from wowlogs");
    scratch.wow(&["export"]).success();
    let part = scratch.export_folder().join(&manifest(&scratch.export_folder()).parts[0].file);
    let mut bytes = fs::read(&part).unwrap();
    bytes[100] ^= 1;
    fs::write(&part, bytes).unwrap();
    // What a run leaves that was killed.
    fs::create_dir(models.join(".wow-run-dead")).unwrap();
    let sentence = scratch.wow(&["run", "--to", "parquet", "models"]).failure(1);
    assert!(sentence.contains("is damaged") && sentence.contains("run `wow export` again"), "{sentence}");
    assert!(contents(&models) == before);
    assert_eq!(fs::read_dir(&models).unwrap().count(), 5, "something temporary is left");

    scratch.wow(&["export"]).success();
    scratch.wow(&["run", "--to", "parquet", "models"]).success();
    assert!(contents(&models) != before);
}

#[test]
fn without_an_export_one_is_made_on_the_way() {
    let scratch = exported(&format!("{CREATE_LOG} {LOG}"));
    let to_parquet = ["run", "--to", "parquet", "models"];
    scratch.wow(&to_parquet).success();
    let of_the_export = contents(&scratch.path("models/dev"));
    fs::remove_dir_all(scratch.path("public")).unwrap();
    fs::remove_dir_all(scratch.path("models")).unwrap();
    scratch.wow(&to_parquet).success();
    let models = |files: &std::collections::BTreeMap<_, Vec<u8>>| {
        files.iter().filter(|(name, _)| *name != "models.json").map(|file| file.1.clone()).collect::<Vec<_>>()
    };
    assert!(models(&contents(&scratch.path("models/dev"))) == models(&of_the_export));
    assert!(!scratch.path("public").exists());
}

#[test]
fn an_export_of_other_rows_is_not_read() {
    let scratch = exported(&format!("{CREATE_LOG} {LOG}"));
    run_sql(&scratch.database(), "insert into wowlogs select * replace (3 as player_id) from wowlogs");
    let players = |scratch: &Scratch| read_parquet(&scratch.path("models/dev/player_session_stats.parquet"));
    scratch.wow(&["run", "--to", "parquet", "models"]).success();
    assert_eq!(one(&players(&scratch)).num_rows(), 3);
    for to in [&["--to", "parquet", "models"][..], &[]] {
        let args = [&["run", "--data", "public/data"], to].concat();
        let sentence = scratch.wow(&args).failure(1);
        assert!(sentence.contains("is not of the rows that wow_test.duckdb has now"), "{sentence}");
    }
}

#[test]
fn models_are_not_written_among_the_exports() {
    let scratch = exported(CREATE_LOG);
    for out in ["public/data", "./public/data/models"] {
        let sentence = scratch.wow(&["run", "--to", "parquet", out]).failure(2);
        assert!(sentence.contains("name another with --to parquet DIR"), "{sentence}");
    }
    assert_eq!(fs::read_dir(Path::new(&scratch.export_folder())).unwrap().count(), 1);
}

#[test]
fn an_export_alone_is_enough() {
    let scratch = exported(&format!("{CREATE_LOG} {LOG}"));
    fs::remove_file(scratch.database()).unwrap();
    let run = scratch.wow(&["run", "--database", "gone.duckdb", "--to", "parquet", "models"]).success();
    assert!(run.stdout.contains("Reading the export in public/data/dev: wow_test.duckdb"), "{}", run.stdout);
    assert_eq!(one(&read_parquet(&scratch.path("models/dev/player_session_stats.parquet"))).num_rows(), 2);
}
