//! The jobs of a day in their order, once with `wow` and once with dbt, each beside databases of its own that began as copies
//! of the same: what is in them afterwards must be the same, job for job.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use duckdb::Connection;
use serde_json::Value;

use super::{PROD_DATABASE, Project, rows};
use crate::support::{DEV_DATABASE, Run, Scratch, run_sql};

/// The columns of the two models with a row per event that any event of an instant may carry.
const PAUSE: &str = "minutes_since_last_event, is_session_start";
/// What a snapshot adds, which tells when it was taken.
const SNAPSHOT_COLUMNS: &str = "dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to";
/// The queries that people ask.
const QUERIES: [&str; 4] = ["bot_statistics", "top_bots", "player_sessions", "quality_metrics"];

/// Two copies of the project and its databases.
struct Day {
    /// Where `wow` is at work.
    ours: Project,
    /// Where dbt is.
    theirs: Project,
}

impl Day {
    /// A dev and a production log, with nothing made of them.
    fn begin() -> Option<Self> {
        let scratch = Scratch::new();
        scratch.wow(&["generate", "--scale", "0.002"]).success();
        scratch.wow(&["generate", "--scale", "0.003", "--seed", "7", "--target", "prod", "--yes"]).success();
        let theirs = Project::beside(scratch.copy())?;
        Some(Self { ours: Project::beside(scratch)?, theirs })
    }

    /// The same job with both; neither may fail.
    #[track_caller]
    fn both(&self, wow: &str, dbt: &str) -> Run {
        self.theirs.dbt(dbt).success();
        self.wow(wow).success()
    }

    fn wow(&self, words: &str) -> Run {
        self.wow_with(&words.split(' ').collect::<Vec<_>>())
    }

    fn wow_with(&self, words: &[&str]) -> Run {
        self.ours.scratch.command(words).env("WOW_DBT", &self.ours.dbt).output().unwrap().into()
    }

    /// Both databases hold the same tables and views, of the same columns and rows.
    #[track_caller]
    fn assert_same(&self, database: &str) {
        let connection = Connection::open_in_memory().unwrap();
        for (project, name) in [(&self.ours, "ours"), (&self.theirs, "theirs")] {
            let path = project.scratch.path(database);
            connection.execute_batch(&format!("attach '{}' as {name} (read_only)", path.display())).unwrap();
        }
        let relations = |name: &str| {
            connection.execute_batch(&format!("use {name}")).unwrap();
            texts(
                &connection,
                "select concat_ws(' ', table_name, table_type, list(concat_ws(' ', column_name, data_type) order by ordinal_position)::varchar)
                 from information_schema.tables join information_schema.columns using (table_catalog, table_schema, table_name)
                 where table_catalog = current_database() and table_schema = 'main' group by table_name, table_type order by all",
            )
        };
        let ours = relations("ours");
        assert_eq!(ours, relations("theirs"), "{database}");
        for relation in ours.iter().filter_map(|told| told.split(' ').next()) {
            // A view reads what lies beside it.
            let rows = |name: &str| {
                connection.execute_batch(&format!("use {name}")).unwrap();
                let is_of_events = ["stg_wowlogs_with_sessions", "stg_wowlogs_no_bots"].contains(&relation);
                let left_out = match relation {
                    _ if is_of_events => format!("exclude ({PAUSE})"),
                    "player_facts" => format!("exclude ({SNAPSHOT_COLUMNS}), dbt_valid_to is null as is_now"),
                    _ => String::new(),
                };
                let mut rows = texts(
                    &connection,
                    &format!(
                        "select t::varchar from (select * {left_out} from {name}.main.{relation}) as t order by all"
                    ),
                );
                if is_of_events {
                    rows.extend(texts(
                        &connection,
                        &format!("select concat_ws(' ', player_id, datetime, {PAUSE}) from {name}.main.{relation} order by all"),
                    ));
                }
                rows
            };
            assert!(rows("ours") == rows("theirs"), "{database}: {relation} differs");
        }
    }

    /// What became of each node, by the results that both wrote.
    #[track_caller]
    fn assert_same_results(&self) {
        let results = |project: &Project| -> BTreeMap<String, (String, Value)> {
            let results = project.json("target/run_results.json")["results"].clone();
            let told = |result: &Value| {
                let text = |key: &str| result[key].as_str().unwrap().to_owned();
                (text("unique_id"), (text("status"), result["failures"].clone()))
            };
            results.as_array().unwrap().iter().map(told).collect()
        };
        assert_eq!(results(&self.ours), results(&self.theirs));
    }
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_day_with_wow_and_with_dbt_ends_with_the_same() {
    let Some(day) = Day::begin() else { return };
    day.models();
    day.seeds_and_snapshots();
    day.tests();
    day.queries();
    day.documentation();
    day.production();
    day.environments();
    day.locked();
    day.refreshed();
    day.cleaned();
}

impl Day {
    fn models(&self) {
        self.both("debug", "debug");
        self.both("run", "run");
        self.assert_same(DEV_DATABASE);
        self.assert_same_results();
        // One model alone, by other parameters; then those that read it; then one with all that it reads.
        self.both(
            "run --select player_session_stats --bot-max-session 60",
            r#"run --select player_session_stats --vars {"bot_max_session_minutes":60}"#,
        );
        self.assert_same(DEV_DATABASE);
        self.both("run --select player_session_stats+", "run --select player_session_stats+");
        self.assert_same(DEV_DATABASE);
        self.both("run --select +stg_players --full-refresh", "run --select +stg_players --full-refresh");
        self.assert_same(DEV_DATABASE);
        self.assert_same_results();
        let nothing = self.wow("run --select player_segments+").failure(2);
        assert!(nothing.contains("player_segments"), "{nothing}");
    }

    fn seeds_and_snapshots(&self) {
        self.both("seed", "seed");
        self.both("snapshot", "snapshot");
        self.assert_same(DEV_DATABASE);
        for project in [&self.ours, &self.theirs] {
            run_sql(
                &project.scratch.database(),
                "update wowlogs set guild = 77 where player_id in (select player_id from stg_players order by all limit 5)",
            );
        }
        self.both("run", "run");
        // Each goes on with the other's table.
        self.ours.dbt("snapshot").success();
        self.theirs.scratch.wow(&["snapshot"]).success();
        self.assert_same(DEV_DATABASE);
        let ended = "select count(*)::varchar from player_facts where dbt_valid_to is not null";
        assert_eq!(self.ours.rows(ended), ["5"]);
        let player = self
            .ours
            .rows("select player_id::varchar from player_facts where dbt_valid_to is not null limit 1");
        let history = self.wow(&format!("history {} --json", player[0])).success().json();
        assert_eq!(history["rows"].as_array().or(history.as_array()).unwrap().len(), 2, "{history}");
    }

    fn tests(&self) {
        self.both("test", "test");
        self.assert_same_results();
        for project in [&self.ours, &self.theirs] {
            run_sql(
                &project.scratch.database(),
                "insert into player_session_stats from player_session_stats limit 3",
            );
        }
        let (ours, theirs) = (self.wow("test"), self.theirs.dbt("test"));
        assert_eq!((ours.status, theirs.status), (Some(1), Some(1)), "{}", ours.stdout);
        self.assert_same_results();
        assert!(ours.stdout.contains("unique_player_session_stats_player_id"), "{}", ours.stdout);
        self.both("run", "run");
    }

    fn queries(&self) {
        self.both("compile", "compile");
        for query in QUERIES {
            let compiled = |project: &Project| {
                let file = format!("target/compiled/wow_analytics/analyses/{query}.sql");
                fs::read_to_string(project.folder().join(file)).unwrap()
            };
            let ours = self.ours.rows(&format!("select t::varchar from ({}) as t", compiled(&self.ours)));
            let theirs =
                self.theirs.rows(&format!("select t::varchar from ({}) as t", compiled(&self.theirs)));
            assert_eq!(ours, theirs, "{query}");
            let asked = self.wow(&format!("query {query} --csv")).success().stdout;
            assert_eq!(asked.lines().count(), ours.len() + 1, "{query}: {asked}");
        }
        let player =
            self.ours.rows("select player_id::varchar from stg_players order by total_events desc limit 1");
        let asked = self.wow(&format!("query player_sessions --var player_id={} --csv", player[0])).success();
        let sessions = self.ours.rows(&format!(
            "select concat_ws(',', session_id, strftime(min(datetime), '%Y-%m-%d %H:%M:%S'), strftime(max(datetime), '%Y-%m-%d %H:%M:%S'), count(*),
                 datediff('minute', min(datetime), max(datetime)))
             from stg_wowlogs_with_sessions where player_id = {} group by session_id order by min(datetime)",
            player[0]
        ));
        assert_eq!(asked.stdout.lines().skip(1).collect::<Vec<_>>(), sessions);
    }

    fn documentation(&self) {
        self.both("dbt docs generate", "docs generate");
        let tables =
            |project: &Project| project.json("target/catalog.json")["nodes"].as_object().unwrap().len();
        assert_eq!(tables(&self.ours), tables(&self.theirs));
        let names = |listed: &Run| {
            let mut names: Vec<String> = listed.stdout.lines().map(str::to_owned).collect();
            names.sort();
            names.retain(|name| name.starts_with("stg_") || name.starts_with("player_"));
            names
        };
        let words = "ls --resource-type model --select +stg_players --output name";
        let (ours, theirs) = (self.wow(words).success(), self.theirs.dbt(words).success());
        assert_eq!(names(&ours), names(&theirs));
        assert_eq!(names(&ours).len(), 4);
    }

    fn production(&self) {
        let path = self.ours.scratch.path(PROD_DATABASE);
        let before = fs::read(&path).unwrap();
        for words in ["run", "seed", "snapshot", "test --store-failures", "dbt run"] {
            let refused =
                self.wow_with(&[&["--target", "prod"][..], &words.split(' ').collect::<Vec<_>>()].concat());
            assert_eq!(refused.status, Some(2), "{words}: {refused:?}");
            assert!(refused.stderr.contains("add --yes if that is meant"), "{words}: {refused:?}");
        }
        assert!(fs::read(&path).unwrap() == before);
        for words in ["run", "seed", "snapshot"] {
            self.both(&format!("{words} --target prod --yes"), &format!("{words} --target prod"));
        }
        self.both("test --target prod", "test --target prod");
        self.assert_same(PROD_DATABASE);
        self.both("run --select stg_players --target prod --yes", "run --select stg_players --target prod");
        self.assert_same(PROD_DATABASE);
    }

    fn environments(&self) {
        let compared = self.wow("compare --json").success().json();
        for (side, database) in [("from", DEV_DATABASE), ("to", PROD_DATABASE)] {
            let number =
                |sql: &str| -> u64 { rows(&self.theirs.scratch.path(database), sql)[0].parse().unwrap() };
            let told = |key: &str| compared[side][key].as_u64().unwrap();
            assert_eq!(told("players") - told("bots"), number("select count(*)::varchar from stg_players"));
            assert_eq!(told("bots"), number("select sum(is_likely_bot)::varchar from player_session_stats"));
            assert_eq!(
                told("sessions"),
                number("select sum(total_sessions)::varchar from player_session_stats")
            );
            assert_eq!(told("churned"), number("select sum(churned)::varchar from stg_players"));
        }
    }

    fn locked(&self) {
        let holders =
            [&self.ours, &self.theirs].map(|project| Connection::open(project.scratch.database()).unwrap());
        let sentence = self.wow("run").failure(1);
        let holder = format!("(process {}", std::process::id());
        assert!(sentence.contains("is locked by") && sentence.contains(&holder), "{sentence}");
        assert_ne!(self.theirs.dbt("run").status, Some(0));
        drop(holders);
        self.assert_same(DEV_DATABASE);
    }

    fn refreshed(&self) {
        let before = fs::read(self.ours.scratch.database()).unwrap();
        self.wow("refresh-dev").success();
        let theirs = &self.theirs.scratch;
        fs::copy(theirs.path(PROD_DATABASE), theirs.database()).unwrap();
        self.theirs.dbt("run").success();
        self.assert_same(DEV_DATABASE);
        let names = fs::read_dir(self.ours.scratch.path("")).unwrap().map(|entry| entry.unwrap().path());
        let is_backup = |path: &Path| path.to_string_lossy().contains("wow_test.duckdb.backup-");
        let backups: Vec<_> = names.filter(|path| is_backup(path)).collect();
        assert_eq!(backups.len(), 1);
        assert!(fs::read(&backups[0]).unwrap() == before);
    }

    fn cleaned(&self) {
        self.both("clean", "clean");
        for project in [&self.ours, &self.theirs] {
            assert!(!project.folder().join("target").exists());
        }
        self.assert_same(DEV_DATABASE);
    }
}
