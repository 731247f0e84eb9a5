//! `wow report`: the file of the command. That the page writes the same, and how it looks, is tested in the browser.

use std::fs;

use duckdb::Connection;
use wow_view::models::ANALYSES;

use crate::support::{CREATE_LOG, DEV_DATABASE, Scratch, run_sql};

/// Two players, one of whom is online for a day without a pause.
const LOG: &str = "insert into wowlogs
    select 1, 5, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01' + to_minutes(20 * i) from range(72) t(i);
    insert into wowlogs values (2, null, 11, 'Troll', 'Hunter', null, '2008-01-02 10:00:00')";

fn database() -> Scratch {
    Scratch::with_database(&format!("{CREATE_LOG} {LOG}"))
}

fn names(scratch: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(scratch.path("")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn report(scratch: &Scratch, args: &[&str]) -> String {
    let mut command = scratch.command(&[&["report"], args].concat());
    let output = command.env("SOURCE_DATE_EPOCH", "1796000000").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    fs::read_to_string(scratch.path("report.html")).unwrap()
}

#[test]
fn a_database_is_reported_on_without_an_export_and_nothing_else_stays() {
    let scratch = database();
    let html = report(&scratch, &[]);
    assert_eq!(names(&scratch), ["report.html", DEV_DATABASE]);
    assert!(html.contains("73 events of 2 players") && html.contains("1 likely bot</b>"), "{html}");
    // On the second day there are ten hours without events.
    assert!(html.contains("23 of 24 tests pass, 1 warn"), "{html}");
    assert!(html.len() < 2_000_000);
}

#[test]
fn an_export_is_read_unless_a_database_is_named() {
    let scratch = database();
    scratch.wow(&["export"]).success();
    fs::remove_file(scratch.database()).unwrap();
    run_sql(
        &scratch.path("other.duckdb"),
        &format!("{CREATE_LOG} {LOG}; delete from wowlogs where player_id = 1"),
    );
    assert!(report(&scratch, &[]).contains("73 events of 2 players"));
    assert!(report(&scratch, &["--database", "other.duckdb"]).contains("1 event of 1 player"));
    assert!(
        report(&scratch, &["--database", "other.duckdb", "--data", "public/data"])
            .contains("73 events of 2 players")
    );
    let export = fs::read(scratch.export_folder().join("manifest.json")).unwrap();
    assert!(String::from_utf8(export).unwrap().contains("\"rows\": 73"), "the export is left as it was");
}

#[test]
fn choices_are_those_of_the_report_and_the_same_ones_give_the_same_file() {
    let scratch = database();
    scratch.wow(&["export"]).success();
    let by_default = report(&scratch, &[]);
    assert_eq!(report(&scratch, &[]), by_default);
    let chosen =
        report(&scratch, &["--bot-max-session", "1440", "--bot-avg-session", "1440", "--title", "Quiet"]);
    assert!(chosen.contains("<h1>Quiet</h1>") && chosen.contains("players are flagged"), "{chosen}");
    assert!(chosen.contains("<dt>Longest session</dt><dd>24 h</dd>"), "{chosen}");
    let gap = report(&scratch, &["--session-gap", "10"]);
    assert!(gap.contains("<dt>Sessions</dt><dd>73</dd>"), "a gap of 10 minutes parts all events: {gap}");
    let filtered = report(&scratch, &["--class", "Hunter", "--from", "2008-01-02", "--bots", "out"]);
    assert!(filtered.contains("1 event of 1 player") && filtered.contains("<dt>Classes</dt><dd>Hunter</dd>"));
}

#[test]
fn what_cannot_be_done_is_told_and_leaves_the_report_before() {
    let scratch = database();
    let before = report(&scratch, &[]);
    let missing = scratch.wow(&["report", "--data", "nowhere"]);
    assert_eq!(missing.status, Some(2));
    assert!(missing.stderr.contains("there is no export in nowhere/dev"), "{missing:?}");
    let folder = scratch.wow(&["report", "--out", "."]);
    assert_eq!(folder.status, Some(2));
    assert!(folder.stderr.contains("name a file in it with --out FILE"), "{folder:?}");
    let clock = scratch.command(&["report"]).env("SOURCE_DATE_EPOCH", "today").output().unwrap();
    assert_eq!(clock.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&clock.stderr).contains("set it to seconds since 1970"));
    for (args, told) in [
        (["--class", "mage"], "the log has no class `mage`; it has Hunter, Mage"),
        (["--race", ""], "the log has no race ``; it has Orc, Troll"),
        (["--session-gap", "4294967295"], "4294967295 is not in 0..=10000000"),
    ] {
        let run = scratch.wow(&[&["report"], &args[..]].concat());
        assert_eq!(run.status, Some(2), "{run:?}");
        assert!(run.stderr.contains(told), "{run:?}");
    }
    let turned = scratch.wow(&["report", "--from", "2008-02-01", "--to", "2008-01-01"]);
    assert_eq!(turned.status, Some(2));
    assert!(turned.stderr.contains("--from 2008-02-01 is after --to 2008-01-01; swap them"), "{turned:?}");
    assert_eq!(fs::read_to_string(scratch.path("report.html")).unwrap(), before);
    assert_eq!(names(&scratch), ["report.html", DEV_DATABASE]);
}

#[test]
fn nothing_but_a_report_is_replaced() {
    let scratch = database();
    scratch.wow(&["export"]).success();
    let kept = [DEV_DATABASE, "public/data/dev/manifest.json"];
    let before = kept.map(|name| fs::read(scratch.path(name)).unwrap());
    for out in [DEV_DATABASE, "public/data/dev/manifest.json", "/dev/null", "-"] {
        let run = scratch.wow(&["report", "--out", out]);
        assert_eq!(run.status, Some(2), "{run:?}");
        assert!(run.stderr.contains("with --out FILE"), "{run:?}");
    }
    assert_eq!(kept.map(|name| fs::read(scratch.path(name)).unwrap()), before);
    // A file that is empty, as `mktemp` makes it, is nobody's.
    fs::write(scratch.path("report.html"), "").unwrap();
    report(&scratch, &[]);
}

#[cfg(unix)]
#[test]
fn who_may_not_read_the_report_before_may_not_read_the_next() {
    use std::os::unix::fs::PermissionsExt as _;

    let scratch = database();
    report(&scratch, &[]);
    let file = scratch.path("report.html");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    report(&scratch, &["--title", "Another"]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn production_is_named_and_reported_as_such() {
    let scratch = Scratch::new();
    run_sql(&scratch.path("wow.duckdb"), &format!("{CREATE_LOG} {LOG}"));
    let run = scratch.wow(&["report", "--target", "prod"]).success();
    assert!(run.stdout.contains("🚨 PRODUCTION database (wow.duckdb)"), "{}", run.stdout);
    let html = fs::read_to_string(scratch.path("report.html")).unwrap();
    assert!(html.contains("<title>🚨 PRODUCTION · ") && !html.contains(">DEV<"));
}

#[test]
fn its_queries_run_on_the_models_and_give_its_numbers() {
    let scratch = database();
    let html = report(&scratch, &[]);
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "create table player_session_stats (player_id bigint, total_sessions bigint, total_events bigint,
                 max_session_duration_minutes bigint, avg_session_duration_minutes double, is_likely_bot integer);
             insert into player_session_stats values (1, 1, 72, 1420, 1420, 1), (2, 1, 1, 0, 0, 0)",
        )
        .unwrap();
    let run = |name: &str| {
        let query = ANALYSES.iter().find(|query| query.name == name).unwrap();
        assert!(html.contains(query.sql.lines().nth(1).unwrap()), "{} is in the report", query.name);
        let mut statement = connection.prepare(query.sql).unwrap();
        let rows = statement.query_map([], |row| {
            Ok([0, 1, 2, 3].map(|column| row.get::<_, duckdb::types::Value>(column).unwrap()))
        });
        rows.unwrap().map(|row| row.unwrap().map(|value| number(&value))).collect::<Vec<_>>()
    };
    assert_eq!(run("players_over_a_limit"), [[1.0, 1.0, 1_420.0, 1_420.0]]);
    let shares = run("share_of_likely_bots");
    assert_eq!(shares, [[0.0, 1.0, 1.0, 1.4], [1.0, 1.0, 72.0, 98.6]]);
    let row = |[bot, players, events, percent]: &[f64; 4]| {
        format!("<tr><th scope=\"row\">{bot}</th><td>{players}</td><td>{events}</td><td>{percent}</td></tr>")
    };
    let rows: Vec<String> = shares.iter().map(row).collect();
    assert!(rows.iter().all(|row| html.contains(row.as_str())), "{rows:?}");
}

fn number(value: &duckdb::types::Value) -> f64 {
    use duckdb::types::Value;
    match value {
        Value::Int(number) => f64::from(*number),
        Value::BigInt(number) => *number as f64,
        Value::HugeInt(number) => *number as f64,
        Value::Double(number) => *number,
        other => panic!("{other:?} is no number"),
    }
}
