//! Tests, queries, lists, compiled SQL, the history of players and the comparison of environments.

use std::fs;

use crate::support::{CREATE_LOG, Scratch, query, read_parquet, run_sql};

/// A player whose sessions are short and a bot; one level is too high.
const LOG: &str = "insert into wowlogs
    select 83, 5, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01' + to_minutes(10 * i) from range(4) t(i);
    insert into wowlogs select 7, null, 99, 'Troll', 'Rogue', 'Durotar', timestamp '2008-01-02' + to_minutes(10 * i)
    from range(100) t(i);";

fn built() -> Scratch {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {LOG}"));
    scratch.wow(&["run"]).success();
    scratch
}

#[test]
fn a_test_that_fails_shows_how_many_rows_and_the_first() {
    let scratch = built();
    let run = scratch.wow(&["test"]).success();
    assert!(run.stdout.contains("WARN 100   level_is_between_1_and_80"), "{run:?}");
    assert!(run.stdout.contains("PASS       unique_stg_players_player_id"), "{run:?}");
    run_sql(
        &scratch.database(),
        "insert into player_session_stats from player_session_stats where player_id = 7",
    );
    let run = scratch.wow(&["test", "--select", "player_session_stats"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stdout.contains("FAIL 1     unique_player_session_stats_player_id"), "{run:?}");
    assert!(run.stdout.contains("the first: {'unique_field': 7, 'n_records': 2}"), "{run:?}");
    let answer = scratch.wow(&["test", "--select", "test_name:unique,player_session_stats", "--json"]).json();
    assert_eq!((&answer["fail"], &answer["tests"][0]["failures"]), (&1.into(), &1.into()));
    let names =
        scratch.wow(&["test", "--select", "stg_players", "--exclude", "test_type:singular", "--json"]).json();
    let names: Vec<_> = names["tests"].as_array().unwrap().iter().map(|test| test["name"].clone()).collect();
    assert_eq!(names, ["not_null_stg_players_player_id", "unique_stg_players_player_id"]);
}

#[test]
fn failing_rows_are_stored_where_dbt_stores_them_and_only_when_asked_for() {
    let scratch = built();
    let before = fs::read(scratch.database()).unwrap();
    scratch.wow(&["test"]).success();
    assert_eq!(fs::read(scratch.database()).unwrap(), before);
    scratch.wow(&["test", "--store-failures", "--select", "test_type:singular"]).success();
    let stored = query(
        &scratch.database(),
        "select count(*)::int from main_dbt_test__audit.level_is_between_1_and_80 where level = 99",
    );
    assert_eq!(format!("{:?}", stored[0].column(0)), "PrimitiveArray<Int32>\n[\n  100,\n]");
    let tables = "select count(*)::int from duckdb_tables() where schema_name = 'main_dbt_test__audit'";
    assert_eq!(
        format!("{:?}", query(&scratch.database(), tables)[0].column(0)),
        "PrimitiveArray<Int32>\n[\n  8,\n]"
    );
}

#[test]
fn what_is_not_there_yet_is_told_with_the_command_that_makes_it() {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {LOG}"));
    assert_eq!(
        scratch.wow(&["test", "--select", "stg_players"]).failure(2),
        "`stg_wowlogs_with_sessions` is not in wow_test.duckdb; build the models with `wow run`"
    );
    let sentence = scratch.wow(&["query", "bot_statistics"]).failure(2);
    assert_eq!(
        sentence,
        "the statement names what is not in wow_test.duckdb; build the models with `wow run`"
    );
    scratch.wow(&["run"]).success();
    let run = scratch.wow(&["test", "--select", "zones"]).success();
    assert!(run.stdout.contains("SKIP       unique_zones_zone"), "{run:?}");
    assert!(run.stdout.contains("`zones` has not been made; `wow seed` makes it"), "{run:?}");
    assert_eq!(
        scratch.wow(&["history", "83"]).failure(2),
        "wow_test.duckdb has no history of players; `wow snapshot` begins one"
    );
    assert_eq!(
        scratch.wow(&["run", "--select", "stg_playrs"]).failure(2),
        "nothing matches `stg_playrs`; did you mean `stg_players`? There are stg_wowlogs_with_sessions, \
         player_session_stats, stg_wowlogs_no_bots, stg_players"
    );
    fs::create_dir_all(scratch.path("wow_analytics/models/marts")).unwrap();
    fs::write(scratch.path("wow_analytics/models/marts/my_model.sql"), "select 1").unwrap();
    assert_eq!(
        scratch.wow(&["run", "--select", "+my_model"]).failure(2),
        "`my_model` is a model of your own (wow_analytics/models/marts/my_model.sql), which dbt runs: `wow dbt run --select \
         +my_model`"
    );
}

#[test]
fn queries_that_have_a_name_run_by_it() {
    let scratch = built();
    let plain = |args: &[&str]| scratch.wow(&[&["query"], args].concat()).success().stdout;
    assert_eq!(
        plain(&["bot_statistics"]),
        "is_likely_bot\tnum_players\tavg_max_session\n0\t1\t30.0\n1\t1\t990.0\n"
    );
    assert_eq!(
        plain(&["top_bots"]),
        "player_id\tmax_session_hours\ttotal_sessions\ttotal_events\n7\t16.5\t1\t100\n"
    );
    let sessions = "83-1\t2008-01-01 00:00:00\t2008-01-01 00:30:00\t4\t30\n";
    assert!(plain(&["player_sessions"]).ends_with(sessions));
    assert!(plain(&["player_sessions", "--var", "player_id=83"]).ends_with(sessions));
    assert!(plain(&["player_sessions", "--var", "player_id=7"]).contains("7-1\t"));
    assert!(plain(&["quality_metrics", "--csv"]).contains("Original events,104.0\n"));
    fs::write(
        scratch.path("mine.sql"),
        "select {{ var('n', 1) }} + count(*) as n from {{ ref('stg_players') }};",
    )
    .unwrap();
    assert_eq!(plain(&["mine.sql", "--var", "n=41"]), "n\n42\n");
    fs::create_dir_all(scratch.path("wow_analytics/analyses")).unwrap();
    fs::write(scratch.path("wow_analytics/analyses/own.sql"), "select 5 as five").unwrap();
    assert_eq!(plain(&["own"]), "five\n5\n");
    let sentence = scratch.wow(&["query", "owm"]).failure(2);
    assert!(sentence.contains("did you mean `own`?"), "{sentence}");
}

#[test]
fn rows_are_exact_in_every_form() {
    let scratch = built();
    let sql = "select 9007199254740993 as i, 170141183460469231731687303715884105727::hugeint as h, 0.10::decimal(9, 2) as d,
        date '2008-01-31' as day, timestamp '2008-01-31 10:00:00.5' as t, E'a,\"b\"\\tc\\n' as s, null as n, '=1+1' as f";
    let json = scratch.wow(&["query", sql, "--json"]).success().stdout;
    let expected =
        r#"[{"i":9007199254740993,"h":170141183460469231731687303715884105727,"d":0.10,"day":"2008-01-31","#;
    assert!(json.starts_with(expected), "{json}");
    let csv = scratch.wow(&["query", sql, "--csv"]).success().stdout;
    let expected = "i,h,d,day,t,s,n,f\n9007199254740993,170141183460469231731687303715884105727,0.10,2008-01-31,\
                    2008-01-31 10:00:00.500,\"a,\"\"b\"\"\tc\n\",,=1+1\n";
    assert_eq!(csv, expected);
    let plain = scratch.wow(&["query", sql]).success().stdout;
    assert!(plain.contains("\ta,\"b\"\\tc\\n\t"), "{plain}");
    scratch
        .wow(&[
            "query",
            "from stg_wowlogs_with_sessions order by datetime",
            "--parquet",
            "rows.parquet",
            "--limit",
            "102",
        ])
        .success();
    let rows: usize = read_parquet(&scratch.path("rows.parquet")).iter().map(|batch| batch.num_rows()).sum();
    assert_eq!(rows, 102);
    fs::write(scratch.path("other.txt"), "mine").unwrap();
    let sentence = scratch.wow(&["query", "select 1", "--parquet", "other.txt"]).failure(2);
    assert!(sentence.contains("name another file with --parquet FILE"), "{sentence}");
    assert_eq!(scratch.wow(&["query", "select 1 as one where false", "--csv"]).success().stdout, "one\n");
    assert_eq!(scratch.wow(&["query", "from range(5) t(i)", "--limit", "2"]).success().stdout, "i\n0\n1\n");
}

#[test]
fn a_query_reads_and_does_nothing_else() {
    let scratch = built();
    let before = fs::read(scratch.database()).unwrap();
    for (sql, word) in [
        ("insert into wowlogs from wowlogs", "insert"),
        ("DROP TABLE wowlogs", "drop"),
        ("copy wowlogs to 'stolen.csv'", "copy"),
        ("attach 'other.duckdb' as other", "attach"),
    ] {
        let sentence = scratch.wow(&["query", sql]).failure(2);
        assert_eq!(
            sentence,
            format!("`wow query` only reads, and `{word}` would change something; use DuckDB for that")
        );
    }
    for sql in [
        "select 1; drop table wowlogs",
        "with x as (delete from wowlogs returning 1) from x",
        "/* */ drop table wowlogs",
    ] {
        scratch.wow(&["query", sql]).failure(2);
    }
    let run = scratch.wow(&["query", "select\n  nothing\nfrom stg_players"]);
    assert!(run.stderr.contains("LINE 2:   nothing\n"), "{run:?}");
    assert_eq!(fs::read(scratch.database()).unwrap(), before);
    assert!(!scratch.path("stolen.csv").exists() && !scratch.path("other.duckdb").exists());
}

#[test]
fn compiled_sql_lies_where_dbt_puts_it() {
    let scratch = built();
    let run = scratch.wow(&["compile", "player_session_stats", "--bot-max-session", "77"]).success();
    assert!(run.stdout.contains("max_duration_minutes > 77 then"), "{run:?}");
    let folder = scratch.path("target/compiled/wow_analytics");
    let file = fs::read_to_string(folder.join("models/staging/player_session_stats.sql")).unwrap();
    assert_eq!(file, run.stdout);
    let run = scratch.wow(&["compile"]).success();
    assert_eq!(run.stdout, "");
    for name in [
        "analyses/top_bots.sql",
        "tests/level_is_between_1_and_80.sql",
        "models/staging/schema.yml/unique_stg_players_player_id.sql",
        "seeds/seeds.yml/accepted_values_zones_60be39dd8c1ebe9c319c3ea085c8a1e7.sql",
        "snapshots/player_facts.sql/player_facts.sql",
    ] {
        let sql = fs::read_to_string(folder.join(name)).unwrap();
        assert!(!sql.contains("{{") && sql.ends_with('\n'), "{name}: {sql}");
    }
    let listed = scratch
        .wow(&["ls", "--select", "+stg_players", "--resource-type", "model", "--output", "path"])
        .success();
    assert_eq!(listed.stdout.lines().count(), 4, "{listed:?}");
    assert!(listed.stdout.contains("models/staging/stg_players.sql\n"), "{listed:?}");
}

#[test]
fn a_players_history_is_told_over_time() {
    let scratch = built();
    scratch.wow(&["snapshot"]).success();
    run_sql(&scratch.database(), "insert into wowlogs values (83, 6, 11, 'Orc', 'Mage', 'x', '2008-01-02')");
    scratch.wow(&["run"]).success();
    let noted = scratch.wow(&["snapshot", "--json"]).success().json();
    assert_eq!(
        noted["snapshots"][0].to_string(),
        r#"{"changed":1,"new":0,"rows":3,"snapshot":"player_facts"}"#
    );
    let history = scratch.wow(&["history", "83", "--json"]).success().json();
    let states: Vec<_> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["guild"].clone(), row["max_level"].clone()))
        .collect();
    assert_eq!(states, [(5.into(), 10.into()), (6.into(), 11.into())]);
    assert_eq!(history[0]["valid_to"], history[1]["valid_from"]);
    assert!(history[1]["valid_to"].is_null());
    let sentence = scratch.wow(&["history", "-5"]).failure(2);
    assert!(sentence.starts_with("wow_test.duckdb has no history of a player -5;"), "{sentence}");
}

#[test]
fn two_environments_are_compared_by_their_logs() {
    let scratch = built();
    fs::copy(scratch.database(), scratch.path("wow.duckdb")).unwrap();
    run_sql(
        &scratch.path("wow.duckdb"),
        "delete from wowlogs where player_id = 7 and datetime > '2008-01-02 01:00:00';
         insert into wowlogs values (9, 1, 1, 'Orc', 'Mage', 'x', '2008-01-02')",
    );
    let before = fs::read(scratch.path("wow.duckdb")).unwrap();
    let answer = scratch.wow(&["compare", "--json"]).success().json();
    let of =
        |side: &str| ["players", "events", "sessions", "bots"].map(|key| answer[side][key].as_u64().unwrap());
    assert_eq!((of("from"), of("to")), ([2, 104, 2, 1], [3, 12, 3, 0]));
    assert_eq!((&answer["changed_sides"], &answer["only_to"]), (&[7].into(), &[9].into()));
    let answer =
        scratch.wow(&["compare", "--json", "--bot-max-session", "1000", "--bot-avg-session", "1000"]).json();
    assert_eq!((&answer["changed_sides"], &answer["from"]["bots"]), (&serde_json::json!([]), &0.into()));
    let run = scratch.wow(&["compare", "--from", "prod", "--to", "dev"]).success();
    assert!(run.stdout.contains("Changed sides: 1 player\n  7: prod not flagged"), "{run:?}");
    assert_eq!(
        scratch.wow(&["compare", "--from", "prod"]).failure(2),
        "--from and --to are the same environment; name dev and prod"
    );
    assert_eq!(fs::read(scratch.path("wow.duckdb")).unwrap(), before);
}
