//! `wow verify`: it passes where the engine and the SQL agree, and says where they do not.

use std::fs;
use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use serde_json::{Value, json};

use crate::support::{CREATE_LOG, Run, Scratch, manifest, query, run_sql};

/// Two players with a lone event, ties, a pause, nulls, and two rows that no model can use.
const LOG: &str = "insert into wowlogs values
    (1, 5, 10, 'Orc', 'Mage', 'Durotar', '2008-01-01 10:00:00'),
    (1, 5, 11, 'Orc', 'Mage', 'Durotar', '2008-01-01 10:10:00'),
    (1, null, 11, 'Orc', 'Mage', 'The Barrens', '2008-01-01 10:10:00'),
    (1, 5, 12, 'Orc', 'Mage', null, '2008-01-01 11:10:00'),
    (2, -1, null, 'Troll', 'Hunter', 'Durotar', '2008-01-02 10:00:00'),
    (null, 5, 12, 'Orc', 'Mage', 'Durotar', '2008-01-01 11:10:00'),
    (1, 5, 12, 'Orc', 'Mage', 'Durotar', null);";

/// A folder with a database that holds [`LOG`], and its export.
fn exported() -> Scratch {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {LOG}"));
    scratch.wow(&["export"]).success();
    scratch
}

/// Runs `wow verify --json`, which must find differences; gives its answer.
#[track_caller]
fn differing(scratch: &Scratch) -> Value {
    let run = scratch.wow(&["verify", "--json"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    let answer = run.json();
    assert_eq!(answer["same"], false);
    answer
}

fn model<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let models = answer["models"].as_array().unwrap();
    models.iter().find(|model| model["model"] == name).unwrap()
}

/// The columns named in a model's differences.
fn columns(answer: &Value, name: &str) -> Vec<String> {
    let differences = model(answer, name)["first_differences"].as_array().unwrap();
    differences.iter().map(|difference| difference["column"].as_str().unwrap_or("row").to_owned()).collect()
}

#[track_caller]
fn assert_same(run: &Run) {
    assert_eq!(run.status, Some(0), "{}\n{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("✔ The engine gives what the reference SQL gives"), "{}", run.stdout);
    assert!(!run.stdout.contains('✘'), "{}", run.stdout);
}

#[test]
fn a_generated_log_verifies() {
    let scratch = Scratch::new();
    scratch.wow(&["generate", "--scale", "0.002"]).success();
    let exported = scratch.wow(&["export", "--json"]).success().json();
    let answer = scratch.wow(&["verify", "--json"]).success().json();
    assert_eq!(answer["same"], true);
    let events = model(&answer, "stg_wowlogs_with_sessions");
    assert_eq!((&events["sql_rows"], &events["engine_rows"]), (&exported["rows"], &exported["rows"]));
    assert_eq!(events["columns"], 11);
    let stats = model(&answer, "player_session_stats");
    assert_eq!((&stats["sql_rows"], &stats["columns"]), (&exported["players"], &json!(12)));
    let kept = model(&answer, "stg_wowlogs_no_bots")["sql_rows"].as_u64().unwrap();
    assert!(kept > 0 && kept < events["sql_rows"].as_u64().unwrap());
    assert_eq!(model(&answer, "stg_players")["columns"], 15);
}

#[test]
fn a_filter_gives_what_the_reference_sql_gives_on_the_matching_rows() {
    let scratch = Scratch::new();
    scratch.wow(&["generate", "--scale", "0.002"]).success();
    scratch.wow(&["export"]).success();
    for (filter, condition) in [
        (
            &["--from", "2007-03-01", "--to", "2007-03-31"][..],
            "datetime::date between '2007-03-01' and '2007-03-31'",
        ),
        (&["--class", "Mage", "--class", "Death Knight"], "class in ('Mage', 'Death Knight')"),
        (&["--race", "Troll", "--to", "2006-06-30"], "race = 'Troll' and datetime < '2006-07-01'"),
        (
            &[
                "--from",
                "2008-11-01",
                "--class",
                "Rogue",
                "--class",
                "Mage",
                "--race",
                "Orc",
                "--race",
                "Undead",
            ],
            "datetime >= '2008-11-01' and class in ('Rogue', 'Mage') and race in ('Orc', 'Undead')",
        ),
        (
            &["--guild", "12", "--guild", "none", "--zone", "Blade's Edge Mountains", "--zone", "Orgrimmar"],
            "coalesce(guild, -1) in (12, -1) and \"where\" in ('Blade''s Edge Mountains', 'Orgrimmar')",
        ),
        (&["--class", "Tinker"], "false"),
    ] {
        for judge in ["all", "filtered"] {
            let arguments = [&["verify", "--json", "--judge", judge], filter].concat();
            let answer = scratch.wow(&arguments).success().json();
            // Who is a bot by the whole log, found without the reference SQL.
            let judged = if judge == "all" { "true" } else { condition };
            let counts = format!(
                "with seen as (from wowlogs where {judged}),
                paused as (select player_id, datetime, datediff('minute', lag(datetime) over w, datetime) > 30 as pauses
                    from seen window w as (partition by player_id order by datetime)),
                numbered as (select *, count(*) filter (pauses) over w as session
                    from paused window w as (partition by player_id order by datetime)),
                sessions as (select player_id, datediff('minute', min(datetime), max(datetime)) as minutes
                    from numbered group by player_id, session),
                bots as (select player_id from sessions group by player_id
                    having max(minutes) > 720 or sum(minutes) > 360 * count(*)),
                counted as (from wowlogs where {condition})
                select count(*), count(distinct player_id),
                    count(*) filter (player_id not in (from bots)),
                    count(distinct player_id) filter (player_id not in (from bots))
                from counted"
            );
            let counts = query(&scratch.database(), &counts);
            let models =
                ["stg_wowlogs_with_sessions", "player_session_stats", "stg_wowlogs_no_bots", "stg_players"];
            for (column, name) in models.into_iter().enumerate() {
                let count = json!(counts[0].column(column).as_primitive::<Int64Type>().value(0));
                assert_eq!(
                    model(&answer, name)["engine_rows"],
                    count,
                    "{condition}, judged by {judge}: {name}"
                );
            }
        }
    }
}

#[test]
fn every_golden_log_verifies() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let mut cases = 0;
    for entry in fs::read_dir(golden).unwrap() {
        let Ok(input) = fs::read_to_string(entry.unwrap().path().join("input.sql")) else { continue };
        let scratch = Scratch::with_database(&input);
        scratch.wow(&["export"]).success();
        assert_same(&scratch.wow(&["verify"]));
        cases += 1;
    }
    assert!(cases > 0);
}

#[test]
fn rejected_rows_are_counted_on_both_sides() {
    let scratch = exported();
    let run = scratch.wow(&["verify"]);
    assert_same(&run);
    assert!(run.stdout.contains("7 rows = 5 exported + 2 rejected"), "{}", run.stdout);
}

#[test]
fn an_empty_table_verifies() {
    let scratch = Scratch::with_database(CREATE_LOG);
    scratch.wow(&["export"]).success();
    assert_same(&scratch.wow(&["verify"]));
}

#[test]
fn a_changed_class_is_named_with_its_player() {
    let scratch = exported();
    run_sql(&scratch.database(), "update wowlogs set class = 'Rogue' where player_id = 2");
    let run = scratch.wow(&["verify"]);
    assert_eq!(run.status, Some(1));
    let sentence = "player 2 at 2008-01-02 10:00:00: class is \"Rogue\" in SQL, \"Hunter\" in the engine";
    assert!(run.stdout.contains(sentence), "{}", run.stdout);
    assert!(
        run.stdout.contains("player 2: class is \"Rogue\" in SQL, \"Hunter\" in the engine"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("run `wow export` and then `wow verify` again"), "{}", run.stdout);
    assert_eq!(model(&differing(&scratch), "player_session_stats")["same"], true);
}

#[test]
fn a_changed_time_shows_in_the_models_that_depend_on_it() {
    let scratch = exported();
    run_sql(
        &scratch.database(),
        "update wowlogs set datetime = '2008-01-01 10:20:00'
         where player_id = 1 and level = 12 and datetime is not null",
    );
    let answer = differing(&scratch);
    assert_eq!(columns(&answer, "stg_wowlogs_with_sessions"), ["row", "row"]);
    let stats = model(&answer, "player_session_stats");
    assert_eq!(
        stats["first_differences"][0],
        json!({"player_id": 1, "datetime": null, "column": "total_sessions", "sql": "1", "engine": "2"})
    );
    assert!(columns(&answer, "stg_players").contains(&"last_activity_date".to_owned()));
}

#[test]
fn a_player_flagged_on_one_side_only_is_named() {
    let scratch = exported();
    // Player 2 now has an event every half hour for 13 hours.
    run_sql(
        &scratch.database(),
        "insert into wowlogs select 2, -1, null, 'Troll', 'Hunter', 'Durotar', time
         from range(timestamp '2008-01-02 10:30:00', timestamp '2008-01-02 23:30:00', interval 30 minutes)
            as times(time)",
    );
    let answer = differing(&scratch);
    let stats = &model(&answer, "player_session_stats")["first_differences"];
    assert!(stats.as_array().unwrap().iter().all(|difference| difference["player_id"] == 2));
    let lost = &model(&answer, "stg_players")["first_differences"][0];
    assert_eq!(
        (&lost["player_id"], &lost["sql"], &lost["engine"]),
        (&json!(2), &json!("absent"), &json!("present"))
    );
    let events = model(&answer, "stg_wowlogs_no_bots");
    assert_eq!((&events["sql_rows"], &events["engine_rows"]), (&json!(4), &json!(5)));
    assert_eq!(answer["source"]["same"], false);
}

#[test]
fn a_damaged_part_is_named() {
    let scratch = exported();
    let part = manifest(&scratch.export_folder()).parts[0].file.clone();
    let path = scratch.export_folder().join(&part);
    let mut bytes = fs::read(&path).unwrap();
    bytes[10] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let sentence = scratch.wow(&["verify"]).failure(1);
    assert!(sentence.contains(&part) && sentence.contains("is damaged"), "{sentence}");
    assert!(sentence.contains("run `wow export` again"), "{sentence}");

    fs::remove_file(&path).unwrap();
    let sentence = scratch.wow(&["verify"]).failure(1);
    assert!(sentence.contains(&part) && sentence.contains("cannot be read"), "{sentence}");
}

#[test]
fn a_missing_or_foreign_export_names_the_command_to_run() {
    let scratch = exported();
    let sentence = scratch.wow(&["verify", "--data", "elsewhere"]).failure(2);
    assert_eq!(
        sentence,
        "there is no export in elsewhere/dev; make one with `wow export`, or name another folder with --data DIR"
    );
    let file = scratch.export_folder().join("manifest.json");
    let text = fs::read_to_string(&file).unwrap();
    for (from, to, expected) in [
        ("\"format_version\": 1", "\"format_version\": 2", "has format 2"),
        ("\"environment\": \"dev\"", "\"environment\": \"prod\"", "is of the PRODUCTION database"),
        ("\"file\": \"part", "\"file\": \"../part", "is no name of a part"),
        ("{", "[", "is no manifest"),
        // Numbers that no time and no span in minutes can have.
        ("\"first_event_us\": ", "\"first_event_us\": 9223372036854775807, \"other\": ", "is no manifest"),
        ("\"session_gap_minutes\": 30", "\"session_gap_minutes\": 9223372036854775807", "is no manifest"),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
        let sentence = scratch.wow(&["verify"]).failure(1);
        assert!(sentence.contains(expected) && sentence.contains("run `wow export` again"), "{sentence}");
    }
}

/// The sides beside the engine that a model was compared with, and whether they are the same.
fn shipped(answer: &Value, name: &str) -> Vec<(String, bool)> {
    let shipped = model(answer, name)["shipped"].as_array().unwrap();
    let told = |one: &Value| (one["side"].as_str().unwrap().to_owned(), one["same"].as_bool().unwrap());
    shipped.iter().map(told).collect()
}

#[test]
fn what_was_built_is_compared_too() {
    let scratch = exported();
    let both = |same: bool| vec![("database".to_owned(), same), ("parquet".to_owned(), same)];
    scratch.wow(&["run"]).success();
    scratch.wow(&["run", "--to", "parquet", "models"]).success();
    let run = scratch.wow(&["verify"]);
    assert_same(&run);
    assert!(
        run.stdout.contains("✔ The models in the database are what")
            && run.stdout.contains("✔ The Parquet files of models are what"),
        "{run:?}"
    );
    let answer = scratch.wow(&["verify", "--json"]).success().json();
    for name in ["stg_wowlogs_with_sessions", "player_session_stats", "stg_wowlogs_no_bots", "stg_players"] {
        assert_eq!(shipped(&answer, name), both(true), "{name}");
    }

    run_sql(&scratch.database(), "update stg_wowlogs_no_bots set class = 'Rogue' where player_id = 2");
    let answer = differing(&scratch);
    let kept = &model(&answer, "stg_wowlogs_no_bots");
    assert_eq!(kept["same"], true);
    assert_eq!(
        kept["shipped"][0]["first_differences"],
        json!([{"player_id": 2, "datetime": "2008-01-02 10:00:00", "column": "class",
            "sql": "\"Hunter\"", "database": "\"Rogue\""}])
    );
    // The view of the players reads that table.
    assert_eq!(
        shipped(&answer, "stg_players"),
        [("database".to_owned(), false), ("parquet".to_owned(), true)]
    );
    let said = scratch.wow(&["verify"]).stdout;
    assert!(said.contains("✔ The engine gives"), "{said}");
    assert!(
        said.contains("✘ The models in the database are not what") && said.contains("run `wow run` again"),
        "{said}"
    );
}

#[test]
fn parameters_are_those_of_the_command() {
    let scratch = exported();
    scratch.wow(&["run", "--session-gap", "5"]).success();
    let run = scratch.wow(&["verify", "--session-gap", "5", "--churn-days", "7"]);
    assert!(
        run.stdout.contains("Parameters: session_gap_minutes 5 (--session-gap), churn_days 7 (--churn-days)"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("✔ The engine gives") && !run.stdout.contains('✘'), "{}", run.stdout);
    let answer = differing(&scratch);
    assert_eq!(model(&answer, "player_session_stats")["same"], true);
    assert_eq!(shipped(&answer, "player_session_stats"), [("database".to_owned(), false)]);
}

#[test]
fn a_model_of_other_columns_is_told_by_them() {
    let scratch = exported();
    scratch.wow(&["run"]).success();
    run_sql(&scratch.database(), "alter table player_session_stats drop column total_events");
    let answer = differing(&scratch);
    let stats = &model(&answer, "player_session_stats")["shipped"][0];
    assert_eq!(
        stats["columns_differing"][0],
        "column 3: total_events Int64 in SQL, avg_session_duration_minutes Float64 in the database"
    );
}

#[test]
fn an_export_of_another_database_is_refused() {
    let scratch = exported();
    run_sql(&scratch.path("other.duckdb"), &format!("{CREATE_LOG} {LOG}"));
    let sentence = scratch.wow(&["verify", "--database", "other.duckdb"]).failure(1);
    assert!(sentence.contains("is of wow_test.duckdb, not of other.duckdb"), "{sentence}");
}
