//! What is in force, and where it came from.

use std::fs;

use serde_json::json;

use crate::support::{CREATE_LOG, Run, Scratch, manifest, run_sql};

/// One player with two events that are 20 minutes apart, and one a month later.
const LOG: &str = "insert into wowlogs select 1, 5, 10, 'Orc', 'Mage', 'Durotar', unnest(
    [timestamp '2008-01-01 10:00:00', timestamp '2008-01-01 10:20:00', timestamp '2008-02-01 10:00:00'])";

fn scratch(toml: &str) -> Scratch {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {LOG}"));
    fs::write(scratch.path("wow.toml"), toml).unwrap();
    scratch
}

#[test]
fn flags_lie_over_the_settings_file_and_that_over_the_defaults() {
    let scratch = scratch("[parameters]\nsession_gap_minutes = 10\nchurn_days = 60\nas_of = 2008-03-01\n");
    let run = scratch.wow(&["report"]).success();
    let line = "Parameters: session_gap_minutes 10 (wow.toml), churn_days 60 (wow.toml), as_of 2008-03-01 (wow.toml)";
    assert!(run.stdout.contains(line), "{run:?}");
    let html = fs::read_to_string(scratch.path("report.html")).unwrap();
    assert!(
        html.contains("<dt>Sessions</dt><dd>3</dd>"),
        "a gap of 10 minutes parts all three events: {html}"
    );
    let run = scratch.wow(&["report", "--session-gap", "30", "--churn-days", "7"]).success();
    let line = "Parameters: churn_days 7 (--churn-days), as_of 2008-03-01 (wow.toml)";
    assert!(run.stdout.contains(line), "{run:?}");
    let html = fs::read_to_string(scratch.path("report.html")).unwrap();
    assert!(html.contains("<dt>Sessions</dt><dd>2</dd>"), "{html}");
    fs::write(scratch.path("wow.toml"), "").unwrap();
    let run = scratch.wow(&["report"]).success();
    assert!(!run.stdout.contains("Parameters"), "{run:?}");
}

#[test]
fn an_export_has_the_parameters_in_force_and_its_id_tells_them_apart() {
    let scratch = scratch("[parameters]\nsession_gap_minutes = 10\nas_of = 2008-03-01\n");
    let run = scratch.wow(&["export"]).success();
    let line = "Parameters: session_gap_minutes 10 (wow.toml), as_of 2008-03-01 (wow.toml)";
    assert!(run.stdout.contains(line), "{run:?}");
    let changed = manifest(&scratch.export_folder());
    // 13,939 days after 1970.
    let expected = json!({
        "session_gap_minutes": 10, "bot_max_session_minutes": 720, "bot_avg_session_minutes": 360,
        "churn_days": 30, "as_of_day": 13_939,
    });
    assert_eq!(serde_json::to_value(changed.parameters).unwrap(), expected);

    fs::write(scratch.path("wow.toml"), "[parameters]\nsession_gap_minutes = 30\n").unwrap();
    let run = scratch.wow(&["export"]).success();
    assert!(!run.stdout.contains("Parameters"), "{run:?}");
    let usual = manifest(&scratch.export_folder());
    assert_eq!(usual.parts, changed.parts, "the events are the same");
    assert_ne!(usual.dataset_id, changed.dataset_id);
    fs::remove_file(scratch.path("wow.toml")).unwrap();
    scratch.wow(&["export"]).success();
    assert_eq!(manifest(&scratch.export_folder()).dataset_id, usual.dataset_id);
}

#[test]
fn what_the_settings_file_may_not_say_is_named() {
    let minutes = "it may be a whole number of minutes from 0 to 10000000";
    for (toml, sentence) in [
        ("[dve]\n", "wow.toml: `dve` is no setting; there are [dev], [prod] and [parameters]".to_owned()),
        (
            "[dev]\ndatabse = \"a\"\n",
            "wow.toml: `databse` is no setting of [dev]; there is `database` alone".to_owned(),
        ),
        (
            "[prod]\ndatabase = 1\n",
            "wow.toml: `database` of [prod] is 1; it may be the name of a file, in quotes".to_owned(),
        ),
        ("prod = 1\n", "wow.toml: `prod` is a value; write [prod] above its `database`".to_owned()),
        (
            "[parameters]\nsession_gap = 1\n",
            "wow.toml: `session_gap` is no parameter; there are session_gap_minutes, bot_max_session_minutes, \
             bot_avg_session_minutes, churn_days, as_of"
                .to_owned(),
        ),
        (
            "[parameters]\nsession_gap_minutes = \"ten\"\n",
            format!("wow.toml: `session_gap_minutes` is \"ten\"; {minutes}"),
        ),
        (
            "[parameters]\nbot_avg_session_minutes = -1\n",
            format!("wow.toml: `bot_avg_session_minutes` is -1; {minutes}"),
        ),
        (
            "[parameters]\nchurn_days = 1.5\n",
            "wow.toml: `churn_days` is 1.5; it may be a whole number of days from 0 to 65535".to_owned(),
        ),
        (
            "[parameters]\nas_of = \"31.1.2008\"\n",
            "wow.toml: `as_of` is \"31.1.2008\"; it may be a date such as 2008-01-31".to_owned(),
        ),
        ("\n\n[dev\n", "wow.toml is no TOML in line 3; mend it".to_owned()),
    ] {
        assert_eq!(scratch(toml).wow(&["debug"]).failure(2), sentence, "{toml}");
    }
    let hostile = format!("[dev]\n\"\\u001b[31m\\n{}\" = 1\n", "x".repeat(1000));
    let sentence = scratch(&hostile).wow(&["debug"]).failure(2);
    assert!(sentence.len() < 250 && !sentence.contains('\u{1b}'), "{sentence:?}");
}

#[test]
fn dev_is_never_the_production_database() {
    let scratch = scratch("[dev]\ndatabase = \"wow.duckdb\"\n");
    let refused = "wow.duckdb is the production database; name another file for dev in wow.toml, or add --target prod to \
                   use this one";
    assert_eq!(scratch.wow(&["generate", "--replace"]).failure(2), refused);
    fs::write(scratch.path("wow.toml"), "").unwrap();
    run_sql(&scratch.path("wow.duckdb"), CREATE_LOG);
    fs::hard_link(scratch.path("wow.duckdb"), scratch.path("same.duckdb")).unwrap();
    for named in ["wow.duckdb", "./wow.duckdb", "same.duckdb"] {
        let sentence = scratch.wow(&["debug", "--database", named]).failure(2);
        assert_eq!(sentence, format!("{named} is the production database; add --target prod to use it"));
    }
    fs::remove_file(scratch.database()).unwrap();
    fs::hard_link(scratch.path("wow.duckdb"), scratch.database()).unwrap();
    let sentence = scratch.wow(&["generate", "--replace"]).failure(2);
    assert!(sentence.starts_with("wow_test.duckdb is the production database; name another"), "{sentence}");
}

#[test]
fn in_the_dbt_project_databases_and_settings_lie_beside_it_as_for_dbt() {
    let scratch = scratch("[prod]\ndatabase = \"live.duckdb\"\n");
    fs::create_dir(scratch.path("wow_analytics")).unwrap();
    fs::write(scratch.path("wow_analytics/dbt_project.yml"), "name: wow_analytics\n").unwrap();
    let debug = |args: &[&str]| {
        let mut command = scratch.command(&[&["debug"], args].concat());
        Run::from(command.current_dir(scratch.path("wow_analytics")).output().unwrap())
    };
    let run = debug(&[]).success();
    assert!(run.stdout.starts_with("✅ DEV database (../wow_test.duckdb)"), "{run:?}");
    let run = debug(&["--target", "prod"]);
    assert!(run.stdout.starts_with("🚨 PRODUCTION database (../live.duckdb)"), "{run:?}");
}

#[test]
fn config_says_where_each_value_came_from_and_opens_nothing() {
    let scratch = Scratch::new();
    fs::write(
        scratch.path("wow.toml"),
        "[prod]\ndatabase = \"live.duckdb\"\n[parameters]\nchurn_days = 60\n",
    )
    .unwrap();
    // No database, so that whoever opened it would fail.
    fs::write(scratch.database(), "none").unwrap();
    let mut command = scratch.command(&["config", "--json", "--session-gap", "10"]);
    let json = Run::from(command.env("DBT_ENV", "prod").output().unwrap()).success().json();
    assert_eq!(json["target"], serde_json::json!({ "value": "prod", "from": "DBT_ENV" }));
    assert_eq!(
        json["databases"],
        serde_json::json!({
            "dev": { "value": "wow_test.duckdb", "from": "default", "bytes": 4 },
            "prod": { "value": "live.duckdb", "from": "wow.toml", "bytes": null },
        })
    );
    assert_eq!(
        json["parameters"],
        serde_json::json!({
            "session_gap_minutes": { "value": 10, "from": "--session-gap" },
            "bot_max_session_minutes": { "value": 720, "from": "default" },
            "bot_avg_session_minutes": { "value": 360, "from": "default" },
            "churn_days": { "value": 60, "from": "wow.toml" },
            "as_of": { "value": null, "from": "default" },
        })
    );
    assert_eq!(json["settings_file"], "wow.toml");
    assert_eq!(json["target_folder"], "target");
    let run = scratch.wow(&["config", "--target", "dev", "--as-of", "2008-01-31"]).success();
    let squeezed: Vec<String> =
        run.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "target dev --target",
        "database of dev wow_test.duckdb default 4 B",
        "database of prod live.duckdb wow.toml not there",
        "as_of 2008-01-31 --as-of",
        "dbt project not there",
    ] {
        assert!(squeezed.iter().any(|is| is == line), "{line}: {squeezed:#?}");
    }
}
