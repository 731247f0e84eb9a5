//! Production is written by no command that was not told so.

use std::fs;

use crate::support::{CREATE_LOG, Scratch, run_sql};

/// Every command that writes into a target's database, with what it needs to come so far. Those of dbt are in `dbt.rs`.
const WRITERS: [&[&str]; 6] = [
    &["generate", "--scale", "0.00003", "--replace"],
    &["import", "log.csv", "--replace"],
    &["run"],
    &["seed"],
    &["snapshot"],
    &["test", "--store-failures"],
];

fn production() -> Scratch {
    let scratch = Scratch::new();
    run_sql(
        &scratch.path("wow.duckdb"),
        &format!("{CREATE_LOG} insert into wowlogs (player_id, datetime) values (1, '2008-01-01')"),
    );
    scratch.wow(&["run", "--target", "prod", "--yes"]).success();
    fs::write(
        scratch.path("log.csv"),
        "player_id,guild,level,race,class,where,datetime\n1,1,10,Orc,Mage,Durotar,2008-01-01 00:00:00\n",
    )
    .unwrap();
    scratch
}

#[test]
fn every_command_that_writes_to_production_wants_to_be_told_so() {
    for command in WRITERS {
        let scratch = production();
        let before = fs::read(scratch.path("wow.duckdb")).unwrap();
        for chosen in [&["--target", "prod"][..], &["--database", "wow.duckdb", "--target", "prod"]] {
            let run = scratch.wow(&[chosen, command].concat());
            assert!(run.stdout.starts_with("🚨 PRODUCTION database (wow.duckdb)"), "{command:?}: {run:?}");
            assert_eq!(
                run.failure(2),
                "this would write to the production database; add --yes if that is meant"
            );
        }
        let by_variable = scratch.command(command).env("WOW_ENV", "prod").output().unwrap();
        assert_eq!(by_variable.status.code(), Some(2), "{command:?}");
        assert_eq!(fs::read(scratch.path("wow.duckdb")).unwrap(), before, "{command:?}");
        scratch.wow(&[command, &["--target", "prod", "--yes"]].concat()).success();
        assert_ne!(fs::read(scratch.path("wow.duckdb")).unwrap(), before, "{command:?}");
    }
}
