//! `wow dbt`: what dbt is given, and that production is asked about. Most of it by a program in dbt's place that says how it
//! was called; at last by dbt itself.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{CREATE_LOG, Run, Scratch, query, run_sql, skipped};

/// A folder with a project and a program in dbt's place.
fn project() -> Scratch {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("wow_analytics")).unwrap();
    fs::write(scratch.path("wow_analytics/dbt_project.yml"), "name: wow_analytics\n").unwrap();
    let script = "#!/bin/sh\necho \"in $PWD\"\nfor arg; do echo \"arg $arg\"; done\nenv | grep -E '^(WOW|DBT)_.*=' | sort\n\
                  exit 7\n";
    fs::write(scratch.path("dbt.sh"), script).unwrap();
    fs::set_permissions(scratch.path("dbt.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    scratch
}

fn run(scratch: &Scratch, args: &[&str]) -> Run {
    let mut command = scratch.command(args);
    command.env("WOW_DBT", "./dbt.sh").env("DBT_ENV", "dev");
    command.output().unwrap().into()
}

/// The arguments that dbt was given.
fn args(run: &Run) -> Vec<&str> {
    assert_eq!(run.status, Some(7), "{run:?}");
    run.stdout.lines().filter_map(|line| line.strip_prefix("arg ")).collect()
}

#[test]
fn dbt_runs_in_the_project_on_the_databases_of_wow() {
    let scratch = project();
    fs::write(scratch.path("wow.toml"), "[prod]\ndatabase = \"data/live.duckdb\"\n").unwrap();
    let home = scratch.path("").canonicalize().unwrap();
    let project = home.join("wow_analytics");
    for folder in ["", "wow_analytics"] {
        let mut command = scratch.command(&["dbt", "run", "--select", "a b+", "--log-level", "debug"]);
        command.current_dir(scratch.path(folder)).env("DBT_ENV", "dev").env("WOW_ENV", "dev");
        command.env("WOW_DBT", scratch.path("dbt.sh"));
        let run = Run::from(command.output().unwrap());
        let project = project.to_str().unwrap();
        let ours = ["--target", "dev", "--project-dir", project, "--profiles-dir", project];
        assert_eq!(args(&run), [&["run", "--select", "a b+", "--log-level", "debug"], &ours[..]].concat());
        assert!(run.stdout.contains(&format!("in {project}\n")), "{run:?}");
        let database = |name: &str| {
            let line = run.stdout.lines().find_map(|line| line.strip_prefix(&format!("{name}="))).unwrap();
            assert!(Path::new(line).is_absolute(), "{line}");
            let path = PathBuf::from(line);
            let folder = path.parent().unwrap();
            fs::create_dir_all(folder).unwrap();
            folder.canonicalize().unwrap().join(path.file_name().unwrap())
        };
        assert_eq!(database("WOW_DEV_DATABASE"), home.join("wow_test.duckdb"));
        assert_eq!(database("WOW_PROD_DATABASE"), home.join("data/live.duckdb"));
        assert!(!run.stdout.contains("DBT_ENV") && !run.stdout.contains("WOW_ENV"), "{run:?}");
        assert!(!run.stdout.contains("database (") && run.stderr.starts_with("✅ DEV database ("), "{run:?}");
    }
    let named = run(&scratch, &["dbt", "--database", "mine.duckdb", "ls"]);
    assert!(named.stdout.contains("/mine.duckdb\n"), "{named:?}");
}

#[test]
fn what_is_asked_of_dbt_itself_is_passed_alone() {
    let scratch = project();
    for flag in ["--version", "-v"] {
        assert_eq!(args(&run(&scratch, &["dbt", flag])), [flag]);
    }
}

#[test]
fn commands_that_may_write_to_production_are_asked_about_wherever_the_target_stands() {
    let scratch = project();
    for writer in [
        &["run"][..],
        &["build", "--select", "a"],
        &["seed"],
        &["snapshot"],
        &["test", "--store-failures"],
        &["run-operation", "clear"],
        &["retry"],
        &["clone"],
        &["--log-level", "debug", "run"],
        &["something-new"],
    ] {
        for target in [&["--target", "prod"][..], &["--target=prod"], &["-t", "prod"], &["-tprod"]] {
            let refused = run(&scratch, &[&["dbt"], writer, target].concat());
            assert!(refused.stderr.starts_with("🚨 PRODUCTION database (wow.duckdb)"), "{refused:?}");
            let sentence = "this would write to the production database; add --yes if that is meant";
            assert_eq!(refused.failure(2), sentence, "{writer:?}");
        }
        run(&scratch, &[&["--target", "prod", "dbt"], writer].concat()).failure(2);
        run(&scratch, &[&["dbt", "--target", "prod"], writer].concat()).failure(2);
        for meant in [
            [&["dbt"], writer, &["--target", "prod", "--yes"]].concat(),
            [&["--target", "prod", "dbt", "--yes"], writer].concat(),
        ] {
            let run = run(&scratch, &meant);
            let args = args(&run);
            assert_eq!(args[..writer.len()], *writer);
            assert_eq!(args[writer.len()..][..2], ["--target", "prod"]);
            assert_eq!(args.len(), writer.len() + 6, "{args:?}");
        }
    }
    let mut by_variable = scratch.command(&["dbt", "run"]);
    by_variable.env("WOW_DBT", "./dbt.sh").env("DBT_ENV", "prod");
    Run::from(by_variable.output().unwrap()).failure(2);
    let mut stored = scratch.command(&["dbt", "test", "--target", "prod"]);
    stored.env("WOW_DBT", "./dbt.sh").env("DBT_STORE_FAILURES", "true");
    Run::from(stored.output().unwrap()).failure(2);
    for reader in [&["ls"][..], &["compile"], &["docs", "generate"], &["test"], &["debug"]] {
        args(&run(&scratch, &[&["dbt"], reader, &["--target", "prod"]].concat()));
    }
}

#[test]
fn what_would_lead_around_the_question_is_refused() {
    let scratch = project();
    for (args, says) in [
        (&["--target", "dev", "dbt", "run", "--target", "prod"][..], "two targets are named, dev and prod"),
        (&["dbt", "run", "-t", "dev", "--target=prod"], "two targets are named, dev and prod"),
        (&["dbt", "run", "--target", "ci"], "`ci` is no target of `wow`; there are dev and prod"),
        (&["dbt", "run", "--profiles-dir", "/tmp"], "`wow dbt` sets --profiles-dir itself; leave it out"),
        (&["dbt", "run", "--project-dir=/tmp"], "`wow dbt` sets --project-dir itself; leave it out"),
        (&["dbt", "run", "--profile", "mine"], "`wow dbt` sets --profile itself; leave it out"),
    ] {
        let sentence = run(&scratch, args).failure(2);
        assert!(sentence.starts_with(says), "{sentence}");
    }
}

#[test]
fn parameters_of_the_settings_file_become_variables_unless_some_are_given() {
    let scratch = project();
    fs::write(
        scratch.path("wow.toml"),
        "[parameters]\nchurn_days = 60\nas_of = 2008-01-31\nsession_gap_minutes = 30\n",
    )
    .unwrap();
    let with = run(&scratch, &["dbt", "run"]);
    let vars = args(&with).into_iter().skip_while(|arg| *arg != "--vars").nth(1).unwrap();
    let vars: serde_json::Value = serde_json::from_str(vars).unwrap();
    assert_eq!(vars, serde_json::json!({ "churn_days": 60, "as_of": "2008-01-31" }));
    assert!(
        with.stderr.contains("Parameters: churn_days 60 (wow.toml), as_of 2008-01-31 (wow.toml)"),
        "{with:?}"
    );
    for given in [&["--vars", "{churn_days: 7}"][..], &["--vars={churn_days: 7}"]] {
        let run = run(&scratch, &[&["dbt", "run"], given].concat());
        assert_eq!(args(&run).iter().filter(|arg| arg.starts_with("--vars")).count(), 1);
    }
}

#[test]
fn where_there_is_no_dbt_or_no_project_a_way_to_one_is_told() {
    let scratch = project();
    let mut command = scratch.command(&["dbt", "run"]);
    let sentence = Run::from(command.env("PATH", "").output().unwrap()).failure(2);
    assert!(sentence.starts_with("dbt cannot be run; get dbt by `pip install dbt-duckdb`"), "{sentence}");
    let mut command = scratch.command(&["dbt", "run"]);
    let sentence = Run::from(command.env("WOW_DBT", "./gone").output().unwrap()).failure(2);
    assert!(sentence.contains("gone cannot be run; "), "{sentence}");
    let sentence = Scratch::new().wow(&["dbt", "run"]).failure(2);
    assert!(
        sentence.starts_with("there is no dbt project here; run this in the folder that has"),
        "{sentence}"
    );
    assert_eq!(Scratch::new().wow(&["dbt"]).status, Some(2));
}

#[test]
fn signals_are_dbts() {
    let scratch = project();
    fs::write(
        scratch.path("dbt.sh"),
        "#!/bin/sh\ntrap 'exit 5' INT\necho ready > ../ready\nwhile :; do sleep 0.01; done\n",
    )
    .unwrap();
    let mut command = scratch.command(&["dbt", "run"]);
    let mut child = command.env("WOW_DBT", "./dbt.sh").stderr(Stdio::null()).spawn().unwrap();
    while !scratch.path("ready").exists() {
        assert!(child.try_wait().unwrap().is_none());
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(5));
}

/// Copies the files of a folder and of those in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        match path.is_dir() {
            true if name == "target" || name == "logs" => {}
            true => copy(&path, &to.join(name)),
            false => drop(fs::copy(&path, to.join(name)).unwrap()),
        }
    }
}

#[test]
fn dbt_itself_builds_the_models_in_both_databases() {
    let python = std::env::var("DBT_PYTHON").unwrap_or_default();
    let dbt = Path::new(&python).with_file_name("dbt");
    if python.is_empty() || !dbt.exists() {
        skipped("dbt_itself_builds_the_models_in_both_databases", "no dbt; name its Python in DBT_PYTHON");
        return;
    }
    let scratch = Scratch::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    copy(&root.join("wow_analytics"), &scratch.path("wow_analytics"));
    // Two events that are 50 minutes apart: one session where the gap is 60 minutes.
    let log = format!(
        "{CREATE_LOG} insert into wowlogs (player_id, level, datetime) values (1, 10, '2008-01-01 10:00:00'),
             (1, 10, '2008-01-01 10:50:00')"
    );
    fs::write(
        scratch.path("wow.toml"),
        "[prod]\ndatabase = \"live.duckdb\"\n[parameters]\nsession_gap_minutes = 60\n",
    )
    .unwrap();
    for (args, database) in [
        (&["dbt", "run"][..], "wow_test.duckdb"),
        (&["dbt", "run", "--target", "prod", "--yes"], "live.duckdb"),
    ] {
        run_sql(&scratch.path(database), &log);
        let mut command = scratch.command(args);
        let run = Run::from(command.env("WOW_DBT", &dbt).output().unwrap()).success();
        assert!(run.stdout.contains("PASS=4"), "{run:?}");
        let sql = "select 1 from player_session_stats where total_sessions = 1";
        assert_eq!(query(&scratch.path(database), sql)[0].num_rows(), 1);
    }
    assert!(!scratch.path("wow.duckdb").exists());
    let mut command = scratch.command(&["dbt", "run", "--select", "no_such_model+", "--no-such-option"]);
    let refused = Run::from(command.env("WOW_DBT", &dbt).output().unwrap());
    assert_eq!(refused.status, Some(2), "dbt's own status: {refused:?}");
}
