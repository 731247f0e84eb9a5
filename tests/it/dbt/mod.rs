//! The dbt project as people use it: real dbt, with the commands typed in its folder.

mod journey;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use duckdb::Connection;
use serde_json::Value;

use crate::support::{CREATE_LOG, DEV_DATABASE, Run, Scratch, copy_folder, run_sql, skipped};

const PROD_DATABASE: &str = "wow.duckdb";
/// What a project has besides what dbt writes into it.
const PARTS: [&str; 6] = ["analyses", "macros", "models", "seeds", "snapshots", "tests"];
/// All that is made in a database, and as what.
const MADE: [&str; 7] = [
    "expansions BASE TABLE",
    "player_facts BASE TABLE",
    "player_session_stats BASE TABLE",
    "stg_players VIEW",
    "stg_wowlogs_no_bots BASE TABLE",
    "stg_wowlogs_with_sessions VIEW",
    "zones BASE TABLE",
];
const MADE_QUERY: &str = "select table_name || ' ' || table_type from information_schema.tables
    where table_name <> 'wowlogs' order by all";

/// A copy of the project beside databases.
pub(crate) struct Project {
    scratch: Scratch,
    dbt: PathBuf,
}

impl Project {
    /// Nothing, said on standard error, where this machine has no dbt.
    pub(crate) fn beside(scratch: Scratch) -> Option<Self> {
        let python = std::env::var_os("DBT_PYTHON").map(PathBuf::from);
        let Some(dbt) = python.map(|python| python.with_file_name("dbt")).filter(|dbt| dbt.is_file()) else {
            skipped("the dbt project", "no dbt; name the Python that has it in DBT_PYTHON");
            return None;
        };
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wow_analytics");
        for part in PARTS {
            let copy = scratch.path("wow_analytics").join(part);
            fs::create_dir_all(&copy).unwrap();
            copy_folder(&project.join(part), &copy);
        }
        for file in ["dbt_project.yml", "profiles.yml"] {
            fs::copy(project.join(file), scratch.path("wow_analytics").join(file)).unwrap();
        }
        Some(Self { scratch, dbt })
    }

    /// dbt with these words, typed in the project's folder; `DBT_ENV=` among them sets that variable.
    pub(crate) fn dbt(&self, words: &str) -> Run {
        let mut command = Command::new(&self.dbt);
        self.scratch.prepare(&mut command);
        command.current_dir(self.folder()).arg("--no-use-colors");
        for word in words.split(' ') {
            match word.strip_prefix("DBT_ENV=") {
                Some(environment) => command.env("DBT_ENV", environment),
                None => command.arg(word),
            };
        }
        command.output().unwrap().into()
    }

    /// Runs dbt, of whose steps none may fail, warn or be skipped, and says how many there were.
    #[track_caller]
    fn steps(&self, words: &str) -> usize {
        let run = self.dbt(words).success();
        let done = run.stdout.lines().find_map(|line| line.split_once("Done. PASS=")).map(|(_, done)| done);
        let steps = done.and_then(|done| done.split_once(" WARN=0 ERROR=0 SKIP=0 "));
        steps.unwrap_or_else(|| panic!("{}", run.stdout)).0.parse().unwrap()
    }

    /// Where the databases lie.
    pub(crate) const fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// Where the project is.
    pub(crate) fn folder(&self) -> PathBuf {
        self.scratch.path("wow_analytics")
    }

    fn json(&self, file: &str) -> Value {
        serde_json::from_slice(&fs::read(self.folder().join(file)).unwrap()).unwrap()
    }

    fn rows(&self, sql: &str) -> Vec<String> {
        rows(&self.scratch.database(), sql)
    }
}

/// The rows of a query with one column, which is text.
fn rows(database: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(database).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_commands_of_a_day_work_in_their_order() {
    let scratch = Scratch::new();
    scratch.wow(&["generate", "--scale", "0.002"]).success();
    let Some(project) = Project::beside(scratch) else { return };
    assert!(project.dbt("debug").success().stdout.contains("All checks passed!"));
    assert_eq!(project.steps("run --select +stg_players"), 4);
    // Tests come before seeds and snapshots are made, whose tests then have nothing to fail on.
    assert!(project.steps("test") > 30);
    assert_eq!(project.steps("seed"), 2);
    assert_eq!(project.steps("snapshot"), 1);
    assert_eq!(project.steps("run --full-refresh"), 4);
    assert_eq!(project.rows(MADE_QUERY), MADE);
    let counts = "select count(*) || ' ' || count(distinct player_id) || ' ' || sum(is_likely_bot) from";
    assert_eq!(
        project.rows(&format!("{counts} player_facts")),
        project.rows(&format!("{counts} player_session_stats"))
    );
    assert_eq!(
        project.rows(r#"select distinct "where" from wowlogs anti join zones on zone = "where""#),
        [""; 0]
    );

    project.dbt("compile").success();
    for query in ["bot_statistics", "top_bots", "player_sessions", "quality_metrics"] {
        let file = project.folder().join(format!("target/compiled/wow_analytics/analyses/{query}.sql"));
        let sql = fs::read_to_string(file).unwrap();
        let count = project.rows(&format!("select count(*)::varchar from ({sql})"));
        assert_ne!(count, ["0"], "{query}");
    }
    project.dbt("docs generate").success();
    assert_everything_is_described(&project);
    let listed =
        project.dbt("ls --resource-type model --select +player_session_stats --output name").success();
    let models: Vec<&str> = listed.stdout.lines().rev().take(2).collect();
    assert_eq!(models, ["stg_wowlogs_with_sessions", "player_session_stats"]);
    project.dbt("clean").success();
    assert!(!project.folder().join("target").exists());
    assert_eq!(project.rows(MADE_QUERY), MADE);
}

/// Every table and column of the catalogue, and whatever else has a page in the documentation, has a description.
#[track_caller]
fn assert_everything_is_described(project: &Project) {
    let (manifest, catalog) = (project.json("target/manifest.json"), project.json("target/catalog.json"));
    let objects = |value: &Value, key: &str| value[key].as_object().unwrap().clone().into_iter();
    let described: Vec<(String, Value)> =
        ["nodes", "sources", "exposures"].into_iter().flat_map(|key| objects(&manifest, key)).collect();
    for (name, node) in &described {
        let is_generic = !node["test_metadata"].is_null();
        assert!(is_generic || node["description"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
    }
    for (name, table) in objects(&catalog, "nodes").chain(objects(&catalog, "sources")) {
        let (_, node) = described.iter().find(|(known, _)| *known == name).unwrap();
        for (column, _) in objects(&table, "columns") {
            assert!(node["columns"][&column]["description"].is_string(), "{name}: {column}");
        }
    }
    assert_eq!(objects(&catalog, "nodes").count(), MADE.len());
    for (name, of) in objects(&manifest, "macros") {
        // What a macro is for one database is told where the macro is.
        let is_for_one = name.contains(".default__") || name.contains(".spark__");
        if name.starts_with("macro.wow_analytics.") && !is_for_one {
            assert_ne!(of["description"], "", "{name}");
        }
    }
}

#[test]
fn production_is_made_only_where_it_is_named() {
    let log = format!(
        "{CREATE_LOG} insert into wowlogs values (1, 5, 10, 'Orc', 'Mage', 'Durotar', '2008-01-01');"
    );
    let scratch = Scratch::with_database(&log);
    run_sql(&scratch.path(PROD_DATABASE), &log);
    let Some(project) = Project::beside(scratch) else { return };
    let made = |name: &str| rows(&project.scratch.path(name), MADE_QUERY);
    assert_eq!(project.steps("run --target prod"), 4);
    assert_eq!((made(PROD_DATABASE).len(), made(DEV_DATABASE).len()), (4, 0));
    assert_eq!(project.steps("DBT_ENV=prod seed"), 2);
    assert_eq!((made(PROD_DATABASE).len(), made(DEV_DATABASE).len()), (6, 0));
    assert_eq!(project.steps("seed"), 2);
    assert_eq!((made(PROD_DATABASE).len(), made(DEV_DATABASE).len()), (6, 2));
    // Missing models fail their tests, as seeds and snapshots that are not made yet do not.
    assert_ne!(project.dbt("test --select stg_players").status, Some(0));
}

#[test]
fn a_snapshot_keeps_how_players_were() {
    // 4 is a bot: thirteen hours without a pause of more than half an hour.
    let log = format!(
        "{CREATE_LOG} insert into wowlogs values
             (1, 5, 10, 'Orc', 'Warrior', 'Durotar', '2008-01-01 10:00'),
             (2, null, 30, 'Troll', 'Mage', 'Desolace', '2008-01-02 10:00'),
             (3, -1, 5, 'Tauren', 'Druid', 'Mulgore', '2007-01-01 10:00');
         insert into wowlogs select 4, 7, 60, 'Undead', 'Rogue', 'Tanaris', unnest(range(
             timestamp '2008-01-01 00:00', timestamp '2008-01-01 13:30', interval 30 minute));"
    );
    let Some(project) = Project::beside(Scratch::with_database(&log)) else { return };
    // A warning of any kind would be an error: nothing in the project is deprecated.
    let build = || assert!(project.steps("--warn-error build") > 30);
    let facts = "select concat_ws(' ', player_id, class, race, coalesce(guild::varchar, '-'), max_level, is_likely_bot,
            churned, if(dbt_valid_to is null, 'now', 'then'))
        from player_facts order by player_id, dbt_valid_from";
    build();
    let first = [
        "1 Warrior Orc 5 10 0 0 now",
        "2 Mage Troll - 30 0 0 now",
        "3 Druid Tauren -1 5 0 1 now",
        "4 Rogue Undead 7 60 1 0 now",
    ];
    assert_eq!(project.rows(facts), first);
    build();
    assert_eq!(project.rows(facts), first, "nothing has changed");

    // 1 rises and changes its guild, 5 is new, and from its day on all others have churned.
    run_sql(
        &project.scratch.database(),
        "insert into wowlogs values (1, 6, 20, 'Orc', 'Warrior', 'Durotar', '2008-06-01 10:00'),
             (5, null, 1, 'Orc', 'Shaman', 'Durotar', '2008-06-01 10:00')",
    );
    build();
    assert_eq!(
        project.rows(facts),
        [
            "1 Warrior Orc 5 10 0 0 then",
            "1 Warrior Orc 6 20 0 0 now",
            "2 Mage Troll - 30 0 0 then",
            "2 Mage Troll - 30 0 1 now",
            "3 Druid Tauren -1 5 0 1 now",
            "4 Rogue Undead 7 60 1 0 then",
            "4 Rogue Undead 7 60 1 1 now",
            "5 Shaman Orc - 1 0 0 now",
        ]
    );
    let broken = "select player_id::varchar from player_facts
        window states as (partition by player_id order by dbt_valid_from)
        qualify dbt_updated_at <> dbt_valid_from
            or dbt_valid_to is distinct from lead(dbt_valid_from) over states";
    assert_eq!(project.rows(broken), [""; 0], "a state holds until the next");
}
