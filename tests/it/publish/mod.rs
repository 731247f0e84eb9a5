//! What is published is whole or as it was, whichever call to the system goes wrong and whenever the process ends.

mod faults;
mod locks;
mod previous;
mod state;

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use self::faults::{Fault, Faults, on_all_cores};
use self::state::{
    State, export_of, facts_of, fingerprint, log_of, models_of, refreshed, relations_of, temporary_names,
};
use crate::support::{CREATE_LOG, Run, Scratch, contents, run_sql};

/// The rows of a small log.
pub(crate) fn rows(count: u32) -> String {
    format!(
        r#"insert into wowlogs select i % 3, 1, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01' + to_hours(i)
        from range({count}) t(i);"#
    )
}

/// A file with a small log.
fn write_csv(scratch: &Scratch, count: u32) {
    let rows: String =
        (0..count).map(|i| format!("{i},1,10,Orc,Mage,Durotar,2008-01-01 00:00:0{i}\n")).collect();
    fs::write(scratch.path("log.csv"), format!("player_id,guild,level,race,class,where,datetime\n{rows}"))
        .unwrap();
}

/// A command and what a reader sees of what it publishes.
struct Published {
    args: &'static [&'static str],
    state: fn(&Scratch) -> State,
}

const EXPORT: Published = Published { args: &["export"], state: export_of };
const RUN: Published = Published { args: &["run", "--to", "parquet", "models"], state: models_of };
const RUN_IN_DATABASE: Published = Published { args: &["run"], state: relations_of };
const SEED: Published = Published { args: &["seed"], state: relations_of };
const SNAPSHOT: Published = Published { args: &["snapshot"], state: facts_of };
const IMPORT: Published = Published { args: &["import", "log.csv", "--replace"], state: log_of };
const GENERATE: Published =
    Published { args: &["generate", "--scale", "0.00003", "--replace"], state: log_of };
const REFRESH: Published = Published { args: &["refresh-dev"], state: refreshed };

impl Published {
    /// Lets each call of the command go wrong in turn, in a copy of the folder: what is published must be what was
    /// there, or what is to be, and the sentence must say which; the next command must work and leave nothing over.
    fn check(&self, before: &Scratch, test: &str) {
        let Some(faults) = Faults::build(test) else { return };
        let counting = before.copy();
        faults.run(&counting, self.args, None, None).success();
        let calls = faults.calls(&counting);
        assert!(calls.len() > 10, "only these calls were counted: {calls:#?}");
        let generations = Generations {
            published: self,
            old: (self.state)(before),
            new: (self.state)(&counting),
            seen: Mutex::default(),
        };
        assert_ne!(generations.old, generations.new);
        let cases: Vec<(Fault, usize)> = (1..=calls.len())
            .flat_map(|at| {
                let error = if at % 2 == 0 { Fault::Io } else { Fault::Full };
                // To end after a call that changes nothing is to end before it.
                let ends = at == 1 || CHANGES.iter().any(|name| calls[at - 2].starts_with(name));
                let ends: &[Fault] = if ends { &[Fault::Kill, Fault::Interrupt] } else { &[] };
                ends.iter().chain([&error]).map(|fault| (*fault, at)).collect::<Vec<_>>()
            })
            .collect();
        on_all_cores(&cases, |&(fault, at)| {
            let scratch = before.copy();
            let run = faults.run(&scratch, self.args, Some((fault, at)), None);
            let what = format!("{fault:?} at call {at} of {:#?}\n{run:#?}", faults.calls(&scratch));
            generations.check(&scratch, fault, &run, &what);
        });
    }
}

/// Calls that change what is in a folder or file.
const CHANGES: [&str; 9] =
    ["create", "write", "mkdir", "rmdir", "unlink", "remove", "rename", "link", "ftruncate"];

/// What may be there after a fault.
struct Generations<'a> {
    published: &'a Published,
    old: State,
    new: State,
    /// What readers see of folders that were met already, which the next command has mended.
    seen: Mutex<BTreeMap<String, State>>,
}

impl Generations<'_> {
    fn check(&self, scratch: &Scratch, fault: Fault, run: &Run, what: &str) {
        let contents = fingerprint(&scratch.path(""));
        let seen = self.seen.lock().unwrap().get(&contents).cloned();
        let now = seen.clone().unwrap_or_else(|| (self.published.state)(scratch));
        assert!(now == self.old || now == self.new, "neither the old nor the new is there: {what}");
        match run.status {
            Some(0) => assert!(now == self.new, "it was to be published: {what}"),
            Some(_) => {
                let sentences: Vec<&str> =
                    run.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
                assert_eq!(sentences.len(), 1, "{what}");
                let is_new = ["did not confirm", "is a copy of production now"]
                    .iter()
                    .any(|told| sentences[0].contains(told));
                assert!(
                    now == if is_new { self.new.clone() } else { self.old.clone() },
                    "not as told: {what}"
                );
            }
            None => assert_eq!(fault, Fault::Kill, "{what}"),
        }
        if seen.is_none() {
            scratch.wow(self.published.args).success();
            assert!((self.published.state)(scratch) == self.new, "the next command: {what}");
            assert_eq!(temporary_names(&scratch.path("")), Vec::<String>::new(), "{what}");
            self.seen.lock().unwrap().insert(contents, now);
        }
    }
}

/// A folder with three exports made one after the other, of which the last is yet to be made.
fn exported_twice() -> Scratch {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {}", rows(3)));
    for count in [4, 5] {
        scratch.wow(&["export"]).success();
        run_sql(&scratch.database(), &rows(count));
    }
    scratch
}

#[test]
fn an_export() {
    EXPORT.check(&exported_twice(), "an_export");
}

#[test]
fn models() {
    let scratch = exported_twice();
    scratch.wow(RUN.args).success();
    run_sql(&scratch.database(), &rows(6));
    scratch.wow(&["export"]).success();
    RUN.check(&scratch, "models");
}

/// A log whose models in the database are of fewer events than there are now.
fn run_once() -> Scratch {
    let scratch =
        Scratch::with_database(&format!("{CREATE_LOG} {} create table notes as select 1", rows(30)));
    scratch.wow(RUN_IN_DATABASE.args).success();
    run_sql(&scratch.database(), &rows(40));
    scratch
}

#[test]
fn models_in_the_database() {
    RUN_IN_DATABASE.check(&run_once(), "models_in_the_database");
}

#[test]
fn seeds_in_the_database() {
    SEED.check(&run_once(), "seeds_in_the_database");
}

#[test]
fn a_snapshot_that_goes_on_with_another() {
    let scratch = run_once();
    scratch.wow(SNAPSHOT.args).success();
    run_sql(
        &scratch.database(),
        "insert into wowlogs values (0, 1, 11, 'Orc', 'Mage', 'Durotar', '2008-01-03')",
    );
    scratch.wow(RUN_IN_DATABASE.args).success();
    SNAPSHOT.check(&scratch, "a_snapshot_that_goes_on_with_another");
}

#[test]
fn models_in_the_database_of_an_export() {
    let scratch = run_once();
    scratch.wow(&["export"]).success();
    RUN_IN_DATABASE.check(&scratch, "models_in_the_database_of_an_export");
}

#[test]
fn an_import_into_a_new_database() {
    let scratch = Scratch::new();
    write_csv(&scratch, 5);
    IMPORT.check(&scratch, "an_import_into_a_new_database");
}

/// A process that was killed while it committed leaves a write-ahead log whose end is missing: that is no sign of another one
/// at work.
#[test]
fn a_write_ahead_log_that_was_cut_is_in_nobodys_way() {
    let before = dev_and_production();
    let log = before.path("wow_test.duckdb.wal");
    let bytes = fs::read(&log).unwrap();
    write_csv(&before, 5);
    for length in [1, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&log, &bytes[..length]).unwrap();
        for args in [IMPORT.args, REFRESH.args] {
            let scratch = before.copy();
            scratch.wow(args).success();
            assert!(!scratch.path("wow_test.duckdb.wal").exists(), "{args:?}");
        }
    }
}

#[test]
fn an_import_beside_other_tables() {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {} create table notes as select 1", rows(3)));
    write_csv(&scratch, 5);
    IMPORT.check(&scratch, "an_import_beside_other_tables");
}

#[test]
fn a_log_generated_in_place_of_another() {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {}", rows(3)));
    GENERATE.check(&scratch, "a_log_generated_in_place_of_another");
}

/// Dev with a write-ahead log, as a killed process leaves it, production, and a copy of that to compare.
fn dev_and_production() -> Scratch {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {}", rows(3)));
    run_sql(&scratch.database(), &format!("pragma disable_checkpoint_on_shutdown; {}", rows(1)));
    run_sql(&scratch.path("wow.duckdb"), &format!("{CREATE_LOG} {}", rows(5)));
    fs::create_dir(scratch.path("folder")).unwrap();
    fs::copy(scratch.path("wow.duckdb"), scratch.path("folder/wow.duckdb")).unwrap();
    scratch
}

#[test]
fn a_refreshed_dev() {
    REFRESH.check(&dev_and_production(), "a_refreshed_dev");
}

#[test]
fn a_dev_that_was_not_there_is_refreshed() {
    let scratch = dev_and_production();
    fs::remove_file(scratch.database()).unwrap();
    fs::remove_file(scratch.path("wow_test.duckdb.wal")).unwrap();
    REFRESH.check(&scratch, "a_dev_that_was_not_there_is_refreshed");
}

/// Where the last step fails, there is no backup either: it would be the database that is still there.
#[test]
fn a_refresh_that_fails_at_its_last_step_leaves_no_backup() {
    let Some(faults) = Faults::build("a_refresh_that_fails_at_its_last_step_leaves_no_backup") else {
        return;
    };
    let scratch = dev_and_production();
    let counting = scratch.copy();
    faults.run(&counting, REFRESH.args, None, None).success();
    // What renames come after it are those of the models' results.
    let makes_valid = |call: &String| call.starts_with("rename ") && call.contains("new.duckdb");
    let last = faults.calls(&counting).iter().rposition(makes_valid).unwrap();
    let before = log_of(&scratch);
    let sentence = faults.run(&scratch, REFRESH.args, Some((Fault::Io, last + 1)), None).failure(1);
    assert!(sentence.starts_with("wow_test.duckdb could not be written and is as it was"), "{sentence}");
    assert_eq!(log_of(&scratch), before);
    assert!(!contents(&scratch.path("")).into_keys().any(|name| name.contains(".backup-")));
}

/// What a command has begun that was killed before it replaced the database is no backup: it would change with it.
#[test]
fn a_backup_that_is_the_database_itself_goes_with_the_next_refresh() {
    let scratch = dev_and_production();
    let name = scratch.path("wow_test.duckdb.backup-2020-01-01T00-00-00");
    fs::hard_link(scratch.database(), &name).unwrap();
    scratch.wow(&["refresh-dev"]).success();
    assert!(!name.exists());
    let backups = contents(&scratch.path("")).into_keys().filter(|name| name.contains(".backup-"));
    assert_eq!(backups.count(), 1);
}

/// On memory sticks no file has two names, and on network drives no two folders change places.
#[test]
fn a_file_system_that_knows_neither_second_names_nor_swaps() {
    let Some(faults) = Faults::build("a_file_system_that_knows_neither_second_names_nor_swaps") else {
        return;
    };
    let scratch = exported_twice();
    scratch.wow(RUN.args).success();
    run_sql(&scratch.database(), &rows(6));
    scratch.wow(&["export"]).success();
    write_csv(&scratch, 5);
    let (models, log) = (models_of(&scratch), log_of(&scratch));
    for only in ["linkat", "renameat2"] {
        let run = |command: &Published| {
            faults.run(&scratch, command.args, Some((Fault::Unknown, 0)), Some(only)).success();
        };
        run(&RUN);
        assert_ne!(models_of(&scratch), models);
        run(&IMPORT);
        assert_ne!(log_of(&scratch), log);
        fs::remove_file(scratch.database()).unwrap();
        run(&IMPORT);
        assert_ne!(log_of(&scratch), log);
        fs::copy(scratch.database(), scratch.path("wow.duckdb")).unwrap();
        fs::create_dir_all(scratch.path("folder")).unwrap();
        fs::copy(scratch.database(), scratch.path("folder/wow.duckdb")).unwrap();
        run(&REFRESH);
        assert!(refreshed(&scratch).is_some());
        assert_eq!(temporary_names(&scratch.path("")), Vec::<String>::new());
    }
    assert!(faults.calls(&scratch).iter().any(|call| call.starts_with("linkat ")));
    assert!(faults.calls(&scratch).iter().any(|call| call.starts_with("renameat2 ")));
}
