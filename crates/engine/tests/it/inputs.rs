//! Every input is read right or refused with its true reason. The numbers are those that SQL gives in DuckDB.

use std::ops::ControlFlow;
use std::path::Path;

use bytes::Bytes;
use serde::Deserialize;
use wow_engine::contract::Partition;
use wow_engine::pipeline::Report;
use wow_engine::read::{Gatherer, LogFile};
use wow_engine::schema::{NumberKind, key_to_float};
use wow_engine::{Error, Params};

fn bytes_of(name: &str) -> Bytes {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs");
    std::fs::read(folder.join(name)).unwrap().into()
}

fn open(name: &str) -> Result<LogFile, Error> {
    LogFile::open_in(bytes_of(name), &Partition::of_path(name))
}

pub(crate) fn sorted(files: &[LogFile]) -> Result<Report, Error> {
    let go_on = &mut |_| ControlFlow::Continue(());
    let mut gatherer = Gatherer::default();
    for file in files {
        gatherer.take(file, go_on)?;
    }
    Ok(gatherer.sorted()?.scan(Params::default(), go_on)?.finish())
}

/// Events, players, sessions, likely bots and churned players without bots.
pub(crate) fn told(report: &Report) -> String {
    let totals = report.totals(&report.params);
    let (events, players, sessions) = (totals.events, totals.players, totals.sessions);
    format!("{events}E {players}P {sessions}S {}B {}C", totals.bots, totals.churned)
}

/// An input and what becomes of it.
#[derive(Deserialize)]
struct Case {
    files: Vec<String>,
    /// What [`told`] says.
    log: Option<String>,
    #[serde(default)]
    notices: Vec<String>,
    /// The reason for which it is refused, or a part of it.
    refused: Option<String>,
}

#[track_caller]
fn check(case: &Case) {
    let names = &case.files;
    let files = names.iter().map(|name| open(name)).collect::<Result<Vec<LogFile>, _>>();
    let told = files.and_then(|files| Ok((told(&sorted(&files)?), files)));
    match (&case.refused, told) {
        (None, Ok((told, files))) => {
            assert_eq!(Some(told), case.log, "{names:?}");
            let said = files.iter().flat_map(LogFile::notices).map(|notice| notice.to_string());
            assert_eq!(said.collect::<Vec<_>>(), case.notices, "{names:?}");
        }
        (Some(refused), Err(error)) => {
            assert!(error.to_string().contains(refused), "{names:?}: {error}");
        }
        (None, Err(error)) => panic!("{names:?}: {error}"),
        (Some(refused), Ok((told, _))) => panic!("{names:?}: {told}, where it is refused: {refused}"),
    }
}

#[test]
fn every_input_is_read_right_or_refused_with_its_true_reason() {
    let cases: Vec<Case> = serde_json::from_slice(&bytes_of("expected.json")).unwrap();
    assert!(cases.len() > 20, "{} cases", cases.len());
    cases.iter().for_each(check);
}

#[test]
fn folders_give_their_columns() {
    let check_parts = |parts: &[&str], log: &str| {
        let files = parts.iter().map(|&part| part.to_owned()).collect();
        check(&Case { files, log: Some(log.to_owned()), notices: Vec::new(), refused: None });
    };
    let parts = ["Blood%20Elf", "Orc", "Tauren", "Troll", "Undead"];
    let parts = parts.map(|race| format!("hive/race={race}/data_0.parquet"));
    check_parts(&parts.each_ref().map(String::as_str), "613E 12P 39S 2B 1C");
    let buckets = ["same_names/bucket=0/data_0.parquet", "same_names/bucket=1/data_0.parquet"];
    check_parts(&buckets, "600E 8P 210S 0B 0C");
    assert_eq!(open(buckets[0]).unwrap().columns().ignored().collect::<Vec<_>>(), ["bucket="]);
}

#[test]
fn guild_numbers_of_different_types_come_together() {
    let log = |rows: &[&str]| {
        let text = format!("player_id,guild,level,race,class,where,datetime\n{}\n", rows.join("\n"));
        LogFile::open(Bytes::from(text)).unwrap()
    };
    let guilds = |files: &[LogFile]| {
        let report = sorted(files).unwrap();
        let key = |&key: &i64| match report.guild_kind {
            NumberKind::Integer => key.to_string(),
            NumberKind::Float => format!("{:?}", key_to_float(key)),
        };
        report.players.guild.iter().map(key).collect::<Vec<_>>()
    };
    let whole = || log(&["1,9007199254740993,1,,,,2008-01-01"]);
    assert_eq!(guilds(&[whole(), log(&["2,0.5,1,,,,2008-01-01"])]), ["9007199254740992.0", "0.5"]);
    let both = [log(&["2,0.5,1,,,,2008-01-01"]), log(&["1,7,1,,,,2008-01-01"])];
    assert_eq!(guilds(&both), ["7.0", "0.5"]);

    // Doubles of another program, all of them whole, beside whole numbers.
    let doubles = || open("guild_double.parquet").unwrap();
    let alone = sorted(&[doubles()]).unwrap();
    assert_eq!(alone.guild_kind, NumberKind::Float);
    assert_eq!(guilds(&[whole(), doubles()])[0], "9007199254740993");
}
