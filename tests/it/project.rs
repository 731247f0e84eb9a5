//! The dbt project as `wow` knows it, against dbt: the same selections, ids, seeds, snapshots and results.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use duckdb::Connection;

use crate::dbt::Project;
use crate::support::{CREATE_LOG, Run, Scratch, run_sql};

/// What is typed, as dbt takes it too.
const SELECTIONS: [&str; 46] = [
    "",
    "--select stg_players",
    "--select +stg_players",
    "--select stg_players+",
    "--select 1+stg_players",
    "--select 2+stg_players",
    "--select stg_wowlogs_with_sessions+1",
    "--select stg_wowlogs_with_sessions+2",
    "--select 1+player_session_stats+1",
    "--select @player_session_stats",
    "--select @zones",
    "--select +player_facts",
    "--select stg_players zones",
    "--select stg_players --select zones",
    "--select +stg_players,config.materialized:table",
    "--select config.materialized:view",
    "--select config.severity:warn",
    "--select config.severity:error,test_type:singular",
    "--select config.enabled:true",
    "--select config.materialized:snapshot+",
    "--select resource_type:seed",
    "--select resource_type:test",
    "--select resource_type:exposure",
    "--select +exposure:bots",
    "--select exposure:*",
    "--select exposure:wow_analytics.compare",
    "--select source:main",
    "--select source:main.wowlogs+1",
    "--select source:wow_analytics.*.wowlogs",
    "--select test_type:generic",
    "--select test_type:singular",
    "--select test_type:data --exclude test_name:not_null",
    "--select test_name:unique",
    "--select test_name:accepted*",
    "--select *.stg_*",
    "--select *player?",
    "--select staging.stg_[pw]*",
    "--select wow_analytics.staging.*",
    "--select staging",
    "--select fqn:staging.stg_players",
    "--select path:models/staging",
    "--select path:models/staging/schema.yml",
    "--select models/staging/stg_players.sql",
    "--select file:zones.csv",
    "--select stg_players.sql --exclude resource_type:test",
    "--select package:this --exclude +stg_players zones+",
];
/// What only lists of every type have.
const ANALYSES: [&str; 2] = ["--resource-type analysis", "--resource-type analysis --select tag:page"];

fn words(typed: &str) -> Vec<&str> {
    typed.split_whitespace().collect()
}

fn ids(run: &Run) -> Vec<String> {
    let mut ids: Vec<String> = run
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["unique_id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

#[test]
fn selections_are_those_of_dbt() {
    let Some(project) = Project::beside(Scratch::with_database(CREATE_LOG)) else { return };
    let selections: Vec<&str> = SELECTIONS.into_iter().chain(ANALYSES).collect();
    let typed: Vec<Vec<&str>> = selections.iter().map(|typed| words(typed)).collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/dbt/ls.py");
    let mut python = Command::new(std::env::var_os("DBT_PYTHON").unwrap());
    project.scratch().prepare(&mut python);
    python
        .arg(script)
        .arg(project.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut python = python.spawn().unwrap();
    python.stdin.take().unwrap().write_all(&serde_json::to_vec(&typed).unwrap()).unwrap();
    let run = Run::from(python.wait_with_output().unwrap()).success();
    let expected: Vec<Vec<String>> = serde_json::from_str(run.stdout.lines().last().unwrap()).unwrap();
    for (typed, expected) in selections.iter().zip(expected) {
        assert!(!expected.is_empty(), "{typed}");
        let run = project.scratch().wow(&[vec!["ls", "--json"], words(typed)].concat()).success();
        assert_eq!(ids(&run), expected, "{typed}");
    }
}

fn texts(database: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(database).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// The columns of a table with their types.
fn columns(database: &Path, name: &str) -> Vec<String> {
    let sql = format!(
        "select column_name || ' ' || data_type from information_schema.columns
         where table_name = '{name}' order by ordinal_position"
    );
    texts(database, &sql)
}

/// The columns with their types, then all rows.
fn relation(database: &Path, name: &str) -> Vec<String> {
    let rows = texts(database, &format!("select t::varchar from main.\"{name}\" as t order by 1"));
    [columns(database, name), rows].concat()
}

#[test]
fn seeds_become_the_tables_that_dbt_makes_of_them() {
    let Some(by_dbt) = Project::beside(Scratch::with_database(CREATE_LOG)) else { return };
    let own = "whole,broken,day,moment,flag,word,nothing,other\n\
               1,1.5,2008-01-31,2008-01-31 10:00:00,true,\"a, b\",,x\n-2,2,2009-02-28,2008-01-31 10:00:01,false,null,,\n,,,,,,,y\n";
    fs::write(by_dbt.folder().join("seeds/own.csv"), own).unwrap();
    let by_wow = by_dbt.scratch().copy();
    by_dbt.dbt("seed").success();
    for _ in 0..2 {
        by_wow.wow(&["seed"]).success();
        for name in ["zones", "expansions", "own"] {
            let (expected, found) =
                (relation(&by_dbt.scratch().database(), name), relation(&by_wow.database(), name));
            assert_eq!(found, expected, "{name}");
        }
    }
    // Without a project in the folder, those in the command.
    let alone = Scratch::with_database(CREATE_LOG);
    alone.wow(&["seed", "--select", "zones"]).success();
    assert_eq!(relation(&alone.database(), "zones"), relation(&by_wow.database(), "zones"));
}

/// The snapshot without its times: which states there were, in which order, and which of them hold.
const HISTORY: &str = "select player_id || ': ' || concat_ws(' ', class, guild, max_level, is_likely_bot, churned,
        coalesce(dbt_valid_to = lead(dbt_valid_from) over states, false), dbt_valid_to is null,
        dbt_updated_at = dbt_valid_from, dbt_scd_id = md5(player_id || '|' || dbt_valid_from))
    from player_facts window states as (partition by player_id order by dbt_valid_from) order by player_id, dbt_valid_from";

/// What happens to the log between two snapshots.
const EVENTS: [&str; 5] = [
    "insert into wowlogs select p, 7, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01' + to_hours(p)
        from range(1, 5) t(p)",
    // A fact changed, a guild that was none, and a new player.
    "insert into wowlogs values (1, 7, 11, 'Orc', 'Mage', 'Durotar', '2008-01-02'), (2, null, 10, 'Orc', 'Mage', 'x', '2008-01-02'),
        (9, 1, 1, 'Troll', 'Rogue', 'x', '2008-01-02')",
    "select 1",
    // A player vanished, one came back to how it was, and many churned.
    "delete from wowlogs where player_id = 4; insert into wowlogs values (2, 7, 10, 'Orc', 'Mage', 'x', '2008-04-01')",
    "insert into wowlogs values (4, 7, 12, 'Orc', 'Mage', 'x', '2008-04-02')",
];

#[test]
fn dbt_and_wow_go_on_with_each_others_snapshots() {
    let Some(project) = Project::beside(Scratch::with_database(CREATE_LOG)) else { return };
    let all_dbt = Project::beside(Scratch::with_database(CREATE_LOG)).unwrap();
    for (round, events) in EVENTS.iter().enumerate() {
        for log in [&project, &all_dbt] {
            run_sql(&log.scratch().database(), events);
            log.scratch().wow(&["run"]).success();
        }
        if round % 2 == 0 {
            project.scratch().wow(&["snapshot"]).success();
        } else {
            project.dbt("snapshot").success();
        }
        all_dbt.dbt("snapshot").success();
        let [found, expected] = [&project, &all_dbt].map(|log| texts(&log.scratch().database(), HISTORY));
        assert_eq!(found, expected, "round {round}");
        let [found, expected] =
            [&project, &all_dbt].map(|log| columns(&log.scratch().database(), "player_facts"));
        assert_eq!(found, expected, "round {round}");
    }
}

#[test]
fn dbts_tools_read_the_results() {
    let Some(project) = Project::beside(Scratch::with_database(CREATE_LOG)) else { return };
    run_sql(&project.scratch().database(), EVENTS[0]);
    run_sql(
        &project.scratch().database(),
        "insert into wowlogs values (1, 1, 99, 'Orc', 'Mage', 'x', '2008-01-01')",
    );
    for (command, statuses) in [
        (&["run"][..], "success"),
        (&["test"], "pass skipped warn"),
        (&["seed"], "success"),
        (&["snapshot"], "success"),
    ] {
        project.scratch().wow(command).success();
        let script = "import sys
from dbt.artifacts.schemas.run import RunResultsArtifact
results = RunResultsArtifact.read_and_check_versions(sys.argv[1])
print(*sorted({str(result.status) for result in results.results}))
print(results.args['which'], all(result.timing or str(result.status) == 'skipped' for result in results.results))";
        let mut python = Command::new(std::env::var_os("DBT_PYTHON").unwrap());
        project.scratch().prepare(&mut python);
        python.args(["-c", script]).arg(project.folder().join("target/run_results.json"));
        let run = Run::from(python.output().unwrap()).success();
        assert_eq!(run.stdout, format!("{statuses}\n{} True\n", command[0]));
    }
}
