//! Every data test can fail: each is shown data that break it.

use wow_engine::contract::{Column, Format, Found, Notice, Reading, TimeTexts};
use wow_engine::manifest::Part;
use wow_engine::pipeline::HUMAN;
use wow_engine::time::{Day, HOUR_US};

use super::*;
use crate::sample;

const NOW_US: Micros = Day::of(20_833).start().saturating_add(8 * HOUR_US);

struct Log {
    report: Report,
    manifest: Manifest,
    parts: Vec<(usize, PartFacts)>,
}

/// The sample's five players in two parts, all consistent.
fn log() -> Log {
    let mut report = sample::report(&sample::PLAYERS);
    // Flagged are 3, 5 and the last one.
    report.activity.hours[HUMAN][7] = 50;
    report.activity.hours[wow_engine::pipeline::BOT][8] = 950;
    report.level_out_of_range = 0;
    report.first_us = Some(Micros::of(1));
    report.last_us = Some(Micros::of(2));
    let part = |file: &str, rows, players, first_player_id, last_player_id| Part {
        file: file.into(),
        rows,
        players,
        first_player_id,
        last_player_id,
        bytes: 10,
        sha256: "ab".repeat(32),
        query: None,
    };
    let manifest = Manifest {
        rows: 1_000,
        players: 5,
        first_event_us: Some(Micros::of(1)),
        last_event_us: Some(Micros::of(2)),
        rejected: Rejected { null_player_id: 2, null_datetime: 1 },
        parts: vec![part("part-a.parquet", 120, 2, -7, 3), part("part-b.parquet", 880, 3, 5, i64::MAX)],
        ..sample::manifest()
    };
    let facts = |name: &str, rows| PartFacts {
        name: name.into(),
        bytes: 10,
        rows,
        sha256: Some("ab".repeat(32)),
        was_announced: true,
        reading: None,
    };
    let parts = vec![(0, facts("part-a.parquet", 120)), (1, facts("part-b.parquet", 880))];
    Log { report, manifest, parts }
}

impl Log {
    fn results(&self, is_complete: bool) -> Vec<Check> {
        let dataset = Dataset::Export(Box::new(self.manifest.clone()));
        checks(&self.evidence(&dataset, is_complete))
    }

    fn evidence<'a>(&'a self, dataset: &'a Dataset, is_complete: bool) -> Evidence<'a> {
        Evidence {
            report: Some(&self.report),
            dataset: Some(dataset),
            parts: &self.parts,
            is_complete,
            now_us: NOW_US,
        }
    }
}

/// The names of the tests that do not pass after a change, with rows and the first of them.
fn broken_by(change: impl FnOnce(&mut Log)) -> Vec<(String, u64, String)> {
    let mut log = log();
    change(&mut log);
    let not_passed = log.results(true).into_iter().filter(|check| check.status != Status::Pass);
    not_passed.map(|check| (check.key, check.failing, check.found.join("; "))).collect()
}

fn names(broken: &[(String, u64, String)]) -> Vec<&str> {
    broken.iter().map(|(key, ..)| key.as_str()).collect()
}

#[test]
fn a_consistent_log_passes_every_test() {
    assert_eq!(broken_by(|_| {}), []);
    let results = log().results(true);
    assert_eq!(summary(&results), format!("{0} of {0} tests pass.", results.len()));
}

#[test]
fn nothing_passes_before_all_parts_are_in() {
    let results = log().results(false);
    assert!(results.iter().all(|check| check.status == Status::NotFinished));
    assert!(summary(&results).contains("once all parts are in"));
}

#[test]
fn a_player_that_is_there_twice_is_found() {
    let broken = broken_by(|log| sample::players(&mut log.report).player_id[4] = 8);
    let twice: Vec<_> = broken.iter().filter(|(key, ..)| key.contains("unique")).collect();
    // Player 8 is kept, its double is flagged, so only model 2 has it twice.
    assert_eq!(twice.len(), 1);
    assert_eq!((twice[0].1, twice[0].2.as_str()), (1, "player 8"));
    assert!(names(&broken).contains(&"stg_wowlogs_no_bots.no flagged player"));
    let kept = broken_by(|log| sample::players(&mut log.report).player_id[3] = -7);
    assert!(names(&kept).contains(&"stg_players.unique player_id"));
}

#[test]
fn the_first_five_failing_rows_are_shown() {
    let mut log = log();
    sample::players(&mut log.report).last_us.fill(NOW_US.saturating_add(1));
    let late = |log: &Log| {
        let results = log.results(true);
        let check = results.into_iter().find(|check| check.name == "newest event not in the future").unwrap();
        let players = check.found.iter().map(|row| row.split(' ').nth(1).unwrap().to_owned());
        (check.failing, players.collect::<Vec<_>>())
    };
    let five = ["-7", "3", "5", "8", "9223372036854775807"].map(str::to_owned);
    assert_eq!(late(&log), (5, five.to_vec()));
    sample::players(&mut log.report).last_us[1] = NOW_US;
    assert_eq!(late(&log).1, [&five[..1], &five[2..]].concat());
    let several = sample::report(&[sample::PLAYERS, sample::PLAYERS].concat());
    log.report.players = several.players;
    sample::players(&mut log.report).last_us.fill(NOW_US.saturating_add(1));
    assert_eq!((late(&log).0, late(&log).1.len()), (10, 5));
}

#[test]
fn an_id_that_no_part_announces_is_found() {
    let broken = broken_by(|log| sample::players(&mut log.report).player_id[3] = 4);
    assert_eq!(names(&broken), ["player_session_stats.not_null player_id", "stg_players.not_null player_id"]);
    assert_eq!(broken[0].2, "player 4");
}

#[test]
fn lost_events_are_found() {
    let lost = broken_by(|log| sample::players(&mut log.report).events[0] -= 1);
    assert_eq!(
        names(&lost),
        [
            "stg_wowlogs_with_sessions.not_null player_id",
            "stg_wowlogs_no_bots.not_null player_id",
            "player_session_stats.sum of events"
        ]
    );
    assert_eq!(lost[2].2, "999 and 1,000 are not the same");
    let uncounted = broken_by(|log| log.report.activity.hours[HUMAN][7] = 47);
    assert_eq!(
        names(&uncounted),
        [
            "stg_wowlogs_with_sessions.not_null datetime",
            "stg_wowlogs_no_bots.not_null player_id",
            "stg_wowlogs_no_bots.rows without bots"
        ]
    );
    assert!(uncounted.iter().all(|(_, failing, _)| *failing == 3));
    let unread = broken_by(|log| log.manifest.rows += 4);
    assert_eq!(names(&unread), ["wowlogs.rows of the source"]);
    assert_eq!(unread[0].2, "1,007 and 1,003 are not the same");
}

#[test]
fn sessions_that_do_not_fit_the_events_are_found() {
    let many = broken_by(|log| sample::players(&mut log.report).sessions[3] = 31);
    assert!(names(&many).contains(&"stg_wowlogs_with_sessions.not_null session_id"));
    assert!(names(&many).contains(&"stg_wowlogs_no_bots.not_null session_id"));
    let longest = broken_by(|log| {
        let end = &mut sample::players(&mut log.report).longest_end_us[0];
        *end = end.saturating_add(60_000_000);
    });
    assert_eq!(names(&longest), ["player_session_stats.not_null max_session_duration_minutes"]);
}

#[test]
fn odd_data_only_warn() {
    let mut log = log();
    log.report.level_out_of_range = 30;
    sample::players(&mut log.report).last_us[1] = NOW_US.saturating_add(1);
    let results = log.results(true);
    let odd: Vec<_> = results.iter().filter(|check| check.status != Status::Pass).collect();
    assert!(odd.iter().all(|check| check.status == Status::Warn));
    assert_eq!((odd[0].failing, odd[0].found[0].as_str()), (30, "player 8 at level 300"));
    assert_eq!((odd[1].failing, odd[1].found[0].as_str()), (1, "player 3 at 15 Jan 2027 08:00"));
    assert!(summary(&results).ends_with("2 warn."));
}

#[test]
fn parts_and_players_are_compared_with_the_manifest() {
    assert_eq!(names(&broken_by(|log| log.manifest.players = 6)), ["export.players"]);
    assert_eq!(
        names(&broken_by(|log| log.manifest.last_event_us = Some(Micros::of(3)))),
        ["export.time range"]
    );
    let part = broken_by(|log| log.parts[1].1.rows = 879);
    assert_eq!(part[0].2, "part-b.parquet: 880 rows and 10 bytes announced, 879 and 10 read");
    assert_eq!(broken_by(|log| log.parts.truncate(1))[0].2, "part-b.parquet was not read");
}

#[test]
fn files_without_a_manifest_say_what_cannot_be_compared() {
    let log = log();
    let dataset = Dataset::Files { names: vec!["a.parquet".into()], is_local: true };
    let results = checks(&log.evidence(&dataset, true));
    let not_run: Vec<_> = results.iter().filter(|check| check.status == Status::NotRun).collect();
    assert_eq!(not_run.len(), 4);
    assert!(results.iter().all(|check| matches!(check.status, Status::NotRun | Status::Pass)));
    assert_eq!(parts(&log.evidence(&dataset, true))[1].state, PartState::Read);
}

#[test]
fn a_filter_is_told_and_what_it_leaves_out_is_counted() {
    let mut log = log();
    assert_eq!(scope(&log.report, BotChoice::In), None);
    log.report.filter.from_day = Some(sample::NEW_YEAR);
    // 400 more rows in the parts, of which none matches.
    log.report.left_out = 400;
    log.manifest.rows += 400;
    log.manifest.players += 7;
    log.manifest.last_event_us = Some(sample::NEW_YEAR.start());
    let results = log.results(true);
    let source = results.iter().find(|check| check.name == "rows of the source").unwrap();
    assert_eq!((source.status, source.found[0].as_str()), (Status::Pass, "1,403 and 1,403"));
    let not_run: Vec<&str> =
        results.iter().filter(|check| check.status == Status::NotRun).map(|check| check.name).collect();
    assert_eq!(not_run, ["players", "time range"]);
    let dataset = Dataset::Export(Box::new(log.manifest.clone()));
    assert_eq!(freshness(&log.evidence(&dataset, true))[0].value, "1 Jan 2008 00:00");
    let said = scope(&log.report, BotChoice::Out).unwrap_or_default();
    assert!(said.contains("1,000 of 1,400 events that match") && said.contains("Both groups"), "{said}");
    log.report.left_out -= 1;
    assert_eq!(names(&broken_by(|broken| *broken = log))[0], "wowlogs.rows of the source");
}

#[test]
fn figures_and_freshness() {
    let mut log = log();
    let values = removal(&log.report, &Params::default()).map(|figure| figure.value);
    assert_eq!(values, ["1,000", "50", "95.0 %"]);
    log.report.last_us = Some(log.report.players.last_us[0]);
    let dataset = Dataset::Export(Box::new(log.manifest.clone()));
    let shown = freshness(&log.evidence(&dataset, true));
    let values: Vec<&str> = shown.iter().map(|figure| figure.value.as_str()).collect();
    assert_eq!(values, ["10 Feb 2008 00:00", "13 Feb 2008 00:00 UTC", "3 days"]);
    let rows = rejected(&log.evidence(&dataset, true));
    assert_eq!((rows[0].on_export, rows[1].on_export, rows[0].on_reading), (Some(2), Some(1), 0));
}

#[test]
fn parts_wait_until_they_are_read_and_checked() {
    let mut log = log();
    log.parts.remove(0);
    log.parts[0].1.sha256 = Some("cd".repeat(32));
    let dataset = Dataset::Export(Box::new(log.manifest.clone()));
    let states: Vec<PartState> =
        parts(&log.evidence(&dataset, false)).into_iter().map(|part| part.state).collect();
    assert_eq!(states, [PartState::Waiting, PartState::Differs]);
}

/// A file as another program writes it.
fn reading(notices: &[Notice]) -> Reading {
    let mut time_texts = TimeTexts::default();
    time_texts.read(b"01/31/08 00:02:04").unwrap();
    let found =
        |column: Column| Found { column, name: format!(" {}", column.name()), stored_as: "text".into() };
    Reading {
        format: Format::Csv,
        rows: Some(3),
        columns: Column::ALL.map(found).into(),
        ignored: vec!["note".into()],
        time_texts,
        notices: notices.to_vec(),
    }
}

#[test]
fn files_that_are_read_alike_are_told_together() {
    let mut log = log();
    let facts =
        |name: &str, reading| PartFacts { name: name.into(), reading: Some(reading), ..PartFacts::default() };
    log.parts = vec![
        (0, facts("a.csv", reading(&[]))),
        (1, facts("b.csv", reading(&[Notice::EmptyRows { rows: 5 }]))),
        (2, facts("c.csv", reading(&[]))),
        (3, PartFacts::default()),
    ];
    let dataset = Dataset::Files { names: vec!["a.csv".into()], is_local: true };
    let rows = readings(&log.evidence(&dataset, true));
    assert_eq!(rows.iter().map(ReadingRow::title).collect::<Vec<_>>(), ["2 files · CSV", "b.csv · CSV"]);
    assert_eq!(rows[0].files, ["a.csv", "c.csv"]);
    assert_eq!(rows[0].ignored, ["note"]);
    assert_eq!(rows[1].notices, ["5 empty rows are left out"]);
    let time = rows[0].columns.last().unwrap();
    assert_eq!((time.name, time.found.as_str()), ("datetime", " datetime"));
    assert_eq!(time.read_as, "time, written as 01/31/08 00:02:04");
}
