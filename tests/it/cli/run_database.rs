//! `wow run`: the models in the database. That they hold the rows of the reference SQL in every golden case is tested with
//! those, and that a run which fails leaves what was there with all that is published.

use arrow::array::{AsArray as _, RecordBatch};
use arrow::datatypes::Int64Type;

use crate::support::{CREATE_LOG, Scratch, query, run_sql};

/// Three players: one is online for a day without a pause, one left two months ago.
const LOG: &str = "insert into wowlogs
    select 1, 5, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01' + to_minutes(20 * i) from range(72) t(i);
    insert into wowlogs values (2, null, 11, 'Troll', 'Hunter', null, '2008-01-02 10:00:00'),
        (3, -1, null, null, 'O''Brien', 'Dalaran競技場', '2007-11-02 10:00:00')";

fn with_log() -> Scratch {
    Scratch::with_database(&format!("{CREATE_LOG} {LOG}"))
}

fn number(scratch: &Scratch, sql: &str) -> i64 {
    let rows: Vec<RecordBatch> = query(&scratch.database(), &format!("select cast(({sql}) as bigint)"));
    rows[0].column(0).as_primitive::<Int64Type>().value(0)
}

#[test]
fn a_new_user_has_the_models_under_the_names_that_people_query() {
    let scratch = with_log();
    let run = scratch.wow(&["run"]).success();
    assert!(run.stdout.starts_with("✅ DEV database (wow_test.duckdb)\n"), "{}", run.stdout);
    for (model, kind, rows) in [
        ("stg_wowlogs_with_sessions", "view", 74),
        ("player_session_stats", "table", 3),
        ("stg_wowlogs_no_bots", "table", 2),
        ("stg_players", "view", 2),
    ] {
        assert_eq!(number(&scratch, &format!("select count(*) from main.{model}")), rows, "{model}");
        let line = run.stdout.lines().find(|line| line.starts_with(model)).unwrap();
        assert!(line.contains(kind) && line.contains(&format!("{rows} rows")), "{line}");
    }
    assert_eq!(number(&scratch, "select player_id from player_session_stats where is_likely_bot = 1"), 1);
    assert_eq!(number(&scratch, "select player_id from stg_players where churned = 1"), 3);
    let text =
        query(&scratch.database(), r#"select class || "where" from stg_wowlogs_no_bots where player_id = 3"#);
    assert_eq!(text[0].column(0).as_string::<i32>().value(0), "O'BrienDalaran競技場");
    assert!(!scratch.path("models").exists() && !scratch.path("public").exists());
}

#[test]
fn parameters_are_in_tables_and_views_and_are_told() {
    let scratch = with_log();
    let args = [
        "--bot-max-session",
        "1440",
        "--bot-avg-session",
        "1440",
        "--churn-days",
        "90",
        "--as-of",
        "2008-01-20",
    ];
    let run = scratch.wow(&[&["run"], &args[..]].concat()).success();
    assert!(run.stdout.contains("bot_max_session_minutes 1440"), "{}", run.stdout);
    assert_eq!(number(&scratch, "select count(*) from stg_wowlogs_no_bots"), 74);
    assert_eq!(number(&scratch, "select sum(churned) from stg_players"), 0);
    assert_eq!(number(&scratch, "select max(days_since_last_activity) from stg_players"), 79);
    scratch.wow(&["run", "--session-gap", "10"]).success();
    assert_eq!(number(&scratch, "select count(distinct session_id) from stg_wowlogs_with_sessions"), 74);
}

#[test]
fn views_follow_the_log_and_tables_wait_for_the_next_run() {
    let scratch = with_log();
    scratch.wow(&["run"]).success();
    run_sql(&scratch.database(), "insert into wowlogs values (4, 1, 2, 'Orc', 'Mage', 'x', '2008-01-02')");
    let counts = "select (select count(*) from stg_wowlogs_with_sessions) * 10 + (select count(*) from player_session_stats)";
    assert_eq!(number(&scratch, counts), 753);
    scratch.wow(&["run"]).success();
    assert_eq!(number(&scratch, counts), 754);
}

#[test]
fn relations_of_another_kind_give_way_and_others_stay() {
    let scratch = with_log();
    run_sql(
        &scratch.database(),
        "create view player_session_stats as select 1; create table stg_players as select 2 as x; create table notes as select 3",
    );
    scratch.wow(&["run"]).success();
    assert_eq!(number(&scratch, "select count(*) from player_session_stats"), 3);
    assert_eq!(number(&scratch, "select count(*) from stg_players"), 2);
    assert_eq!(number(&scratch, "from notes"), 3);
}

#[test]
fn a_log_that_cannot_be_used_changes_nothing() {
    let scratch = with_log();
    scratch.wow(&["run"]).success();
    run_sql(&scratch.database(), "alter table wowlogs rename column class to charclass");
    let sentence = scratch.wow(&["run"]).failure(1);
    assert!(sentence.contains("`wowlogs` in wow_test.duckdb cannot be used"), "{sentence}");
    assert_eq!(number(&scratch, "select count(*) from player_session_stats"), 3);
    let sentence = Scratch::new().wow(&["run"]).failure(2);
    assert!(sentence.contains("make one with `wow generate`"), "{sentence}");
}

#[test]
fn names_without_number_are_handed_over_too() {
    let scratch = Scratch::with_database(&format!(
        "{CREATE_LOG} insert into wowlogs select i % 7, i, 1, 'race ' || i, 'O''c' || i, null,
            timestamp '2008-01-01' + to_minutes(i) from range(20_000) t(i)"
    ));
    let same =
        "select count(*) from stg_wowlogs_no_bots as kept join wowlogs as log using (player_id, datetime)
        where kept.race = log.race and kept.class = log.class and kept.\"where\" is null";
    for export in [false, true] {
        if export {
            scratch.wow(&["export"]).success();
        }
        scratch.wow(&["run", "--bot-max-session", "30000", "--bot-avg-session", "30000"]).success();
        assert_eq!(number(&scratch, same), 20_000);
    }
}

#[test]
fn models_are_chosen_as_in_dbt_and_results_are_noted() {
    let scratch = with_log();
    let built = |args: &[&str]| -> Vec<String> {
        let answer = scratch.wow(&[&["run", "--json"], args].concat()).success().json();
        let models = answer["models"].as_array().unwrap();
        models.iter().map(|model| model["model"].as_str().unwrap().to_owned()).collect()
    };
    let sentence = scratch.wow(&["run", "--select", "stg_players"]).failure(2);
    assert!(sentence.contains("reads `stg_wowlogs_no_bots`, which is not in wow_test.duckdb"), "{sentence}");
    assert!(sentence.contains("wow run --select +stg_players"), "{sentence}");
    assert_eq!(built(&["--select", "+stg_players"]).len(), 4);
    assert_eq!(built(&["--select", "player_session_stats"]), ["player_session_stats"]);
    assert_eq!(built(&["-s", "config.materialized:view"]), ["stg_wowlogs_with_sessions", "stg_players"]);
    assert_eq!(
        built(&["--select", "player_session_stats+", "--exclude", "stg_players", "--full-refresh"]),
        ["player_session_stats", "stg_wowlogs_no_bots"]
    );
    let text = std::fs::read_to_string(scratch.path("target/run_results.json")).unwrap();
    let results: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        results["metadata"]["dbt_schema_version"],
        "https://schemas.getdbt.com/dbt/run-results/v6.json"
    );
    let of_kept = &results["results"][1];
    assert_eq!(of_kept["unique_id"], "model.wow_analytics.stg_wowlogs_no_bots");
    assert_eq!(
        (&of_kept["status"], &of_kept["adapter_response"]["rows_affected"]),
        (&"success".into(), &2.into())
    );

    scratch.wow(&["run", "--select", "nothing_like_this"]).failure(2);
    run_sql(&scratch.database(), "alter table wowlogs rename column class to charclass");
    scratch.wow(&["run"]).failure(1);
    let text = std::fs::read_to_string(scratch.path("target/run_results.json")).unwrap();
    let results: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(results["results"].as_array().unwrap().len(), 4);
    assert!(results["results"].as_array().unwrap().iter().all(|result| result["status"] == "error"));
}
