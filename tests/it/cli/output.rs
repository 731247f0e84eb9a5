//! What is printed for people, and what shells and manuals are given.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{CREATE_LOG, Scratch, run_sql, skipped};

fn both() -> Scratch {
    let scratch = Scratch::with_database(CREATE_LOG);
    run_sql(&scratch.path("wow.duckdb"), CREATE_LOG);
    scratch
}

#[test]
fn quiet_leaves_answers_errors_and_that_it_is_production() {
    let scratch = both();
    let quiet = scratch.wow(&["export", "--quiet"]).success();
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let prod = scratch.wow(&["export", "--quiet", "--target", "prod"]).success();
    assert_eq!((prod.stdout.as_str(), prod.stderr.as_str()), ("", "🚨 PRODUCTION database (wow.duckdb)\n"));
    let json = scratch.wow(&["export", "--quiet", "--json"]).success();
    assert_eq!((&json.json()["rows"], json.stderr.as_str()), (&serde_json::json!(0), ""));
    let debug = scratch.wow(&["debug", "--quiet"]).success();
    assert!(debug.stdout.starts_with("file ") && debug.stdout.ends_with("All is well.\n"), "{debug:?}");
    let config = scratch.wow(&["--quiet", "config"]).success();
    assert!(config.stdout.starts_with("target "), "{config:?}");
    let failed = scratch.wow(&["export", "--quiet", "--database", "gone.duckdb"]);
    assert!(failed.stderr.starts_with("error: there is no database at gone.duckdb"), "{failed:?}");
}

/// What a command prints on a terminal; nothing, said on standard error, where there is no `script`, which gives it one.
fn on_terminal(scratch: &Scratch, args: &str, variables: &[(&str, &str)]) -> Option<String> {
    let mut command = Command::new("script");
    scratch.prepare(&mut command);
    let wow = format!("{} {args}", env!("CARGO_BIN_EXE_wow"));
    command.args(["--quiet", "--command", &wow, "/dev/null"]).env("TERM", "xterm-256color");
    match command.envs(variables.iter().copied()).output() {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap()),
        Err(error) => {
            skipped("colours", &format!("no `script`: {error}"));
            None
        }
    }
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let scratch = both();
    let Some(dev) = on_terminal(&scratch, "debug", &[]) else { return };
    assert!(dev.starts_with("\u{1b}[32m✅ DEV database (wow_test.duckdb)\u{1b}[0m"), "{dev:?}");
    let prod = on_terminal(&scratch, "debug --target prod", &[]).unwrap();
    assert!(prod.starts_with("\u{1b}[1m\u{1b}[31m🚨 PRODUCTION database (wow.duckdb)\u{1b}[0m"), "{prod:?}");
    let error = on_terminal(&scratch, "export --database gone.duckdb", &[]).unwrap();
    assert!(error.contains("\u{1b}[31merror:\u{1b}[0m there is no database"), "{error:?}");
    for variables in [[("NO_COLOR", "1")], [("TERM", "dumb")]] {
        let plain = on_terminal(&scratch, "debug", &variables).unwrap();
        assert!(plain.starts_with("✅ DEV database") && !plain.contains('\u{1b}'), "{plain:?}");
    }
    let piped = scratch.wow(&["debug"]).success();
    assert!(!piped.stdout.contains('\u{1b}'), "{piped:?}");
}

/// The names of all commands, as the help lists them.
fn commands(scratch: &Scratch) -> Vec<String> {
    let help = scratch.wow(&["--help"]).success().stdout;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).filter(|name| name != "help").collect()
}

#[test]
fn shells_complete_every_command_whatever_the_settings() {
    let scratch = Scratch::new();
    fs::write(scratch.path("wow.toml"), "broken").unwrap();
    let commands = commands(&scratch);
    assert!(commands.len() > 10, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = scratch.wow(&["completions", shell]).success().stdout;
        for command in &commands {
            assert!(script.contains(command.as_str()), "{command} in {shell}");
        }
    }
    let script = scratch.wow(&["completions", "bash"]).success().stdout;
    fs::write(scratch.path("wow.bash"), script).unwrap();
    let complete =
        "source ./wow.bash; COMP_WORDS=(wow ref); COMP_CWORD=1; _wow wow ref wow; echo ${COMPREPLY[@]}";
    let mut bash = Command::new("bash");
    scratch.prepare(&mut bash);
    let output = bash.args(["-c", complete]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "refresh-dev\n", "{output:?}");
}

#[test]
fn the_manual_has_a_page_a_command_and_replaces_nothing_else() {
    let scratch = Scratch::new();
    let page = scratch.wow(&["man"]).success().stdout;
    assert!(page.contains(".TH wow 1") && page.contains("wow\\-refresh\\-dev(1)"), "{page}");
    let written = scratch.wow(&["man", "--out", "man"]).success();
    let pages = fs::read_dir(scratch.path("man")).unwrap().count();
    assert_eq!(pages, commands(&scratch).len() + 1);
    assert!(written.stdout.contains(&format!("Written {pages} pages into man")), "{written:?}");
    let page = fs::read_to_string(scratch.path("man/wow-import.1")).unwrap();
    assert!(page.contains("wow import wowah_data.csv"), "{page}");
    scratch.wow(&["man", "--out", "man"]).success();
    fs::write(scratch.path("man/wow.1"), "mine").unwrap();
    let sentence = scratch.wow(&["man", "--out", "man"]).failure(2);
    assert!(
        sentence.starts_with("man/wow.1 is there and is nothing that `wow man` has written"),
        "{sentence}"
    );
}

#[test]
fn every_command_is_shown_in_the_documentation() {
    let documentation = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/commands.md");
    let text = fs::read_to_string(documentation).unwrap();
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("### ")).collect();
    for command in commands(&Scratch::new()) {
        let name = format!("wow {command}");
        let is_shown = headings.iter().any(|heading| heading[4..].split(", ").any(|shown| shown == name));
        assert!(is_shown, "docs/commands.md has no heading for `{name}`");
    }
}
