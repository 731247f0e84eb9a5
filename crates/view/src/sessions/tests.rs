use wow_charts::HistogramCount;
use wow_engine::Params;
use wow_engine::pipeline::events::Events;
use wow_engine::pipeline::{NULL_CODE, Report, Scanner};
use wow_engine::schema::NumberKind;
use wow_engine::time::{MINUTE_US, Micros, Minutes};

use super::*;
use crate::filter::BotChoice;

/// The statistics of players with events at these minutes.
fn report(players: &[&[i64]], params: Params) -> Report {
    let mut scanner = Scanner::new(params, NumberKind::Integer);
    for (player_id, minutes) in (1..).zip(players) {
        let mut events = Events {
            time_us: minutes
                .iter()
                .map(|minute| Micros::default().saturating_add(minute * MINUTE_US))
                .collect(),
            ..Events::default()
        };
        let rows = minutes.len();
        events.player_id.push(player_id, rows);
        events.guild.push(None, rows);
        events.level.push(None, rows);
        for texts in [&mut events.race, &mut events.class, &mut events.zone] {
            texts.push(NULL_CODE, rows);
        }
        scanner.push(&events).unwrap();
    }
    scanner.finish().finish()
}

/// Sessions of 0, 20 and 40 minutes of one player, one of 60 of another, and one of 800 of a bot.
fn sample() -> Report {
    let bot: Vec<i64> = (0..=40).map(|step| step * 20).collect();
    report(&[&[0, 100, 120, 1_000, 1_020, 1_040], &[0, 30, 60], &bot], Params::default())
}

fn spreads(report: &Report, bots: BotChoice) -> (Spread, Spread) {
    (Spread::new(&report.sessions.durations, bots), Spread::new(&report.sessions.events, bots))
}

#[test]
fn quantiles_are_those_of_the_sessions_one_by_one() {
    let report = sample();
    let (durations, events) = spreads(&report, BotChoice::In);
    assert_eq!((durations.sessions(), durations.median(), durations.p95()), (5, Some(40.0), Some(800)));
    let (humans, _) = spreads(&report, BotChoice::Out);
    assert_eq!((humans.sessions(), humans.median(), humans.p95()), (4, Some(30.0), Some(60)));
    assert_eq!(spreads(&report, BotChoice::Only).0.median(), Some(800.0));
    assert_eq!(humans.greatest(), Some(60));
    assert_eq!((events.median(), events.p95(), events.greatest()), (Some(3.0), Some(41), Some(41)));
    // 20 sessions of which the last is one of the 5 % that are longer.
    let many: Vec<(i64, [u64; 2])> = (1..=20).map(|minutes| (minutes, [1, 0])).collect();
    assert_eq!(Spread::new(&many.into(), BotChoice::In).p95(), Some(19));
}

#[test]
fn the_tiles_name_what_is_longest_and_what_bots_change() {
    let told = |bots| {
        tiles(&sample(), bots).map(|tile| {
            let whose = if tile.is_bots { ", bot" } else { "" };
            format!("{}: {}, {}{whose}", tile.key, tile.shown, tile.note)
        })
    };
    assert_eq!(
        told(BotChoice::In),
        [
            "sessions: 5, 20.0 % of likely bots",
            "median: 40 min, without bots 30 min",
            "p95: 13 h 20 min, without bots 1 h",
            "longest: 13 h 20 min, player 3, from 1 Jan 1970 00:00, bot",
            "lone: 1, 20.0 % of sessions",
        ]
    );
    assert_eq!(
        told(BotChoice::Out),
        [
            "sessions: 4, of players without bots",
            "median: 30 min, half last no longer",
            "p95: 1 h, 95 % last no longer",
            "longest: 1 h, player 2, from 1 Jan 1970 00:00",
            "lone: 1, 25.0 % of sessions",
        ]
    );
    let only = told(BotChoice::Only);
    assert_eq!(only[..2], ["sessions: 1, of likely bots", "median: 13 h 20 min, half last no longer"]);
}

#[test]
fn a_log_without_sessions_is_told_without_nonsense() {
    let report = report(&[], Params::default());
    let (durations, events) = spreads(&report, BotChoice::In);
    for tile in tiles(&report, BotChoice::In) {
        let text = format!("{} {}", tile.shown, tile.note);
        assert!(tile.exact == 0 && !text.contains("NaN") && !text.contains("inf"), "{text}");
    }
    let params = Params::default();
    assert_eq!(durations_say(&durations, &params), "Sessions by their duration.");
    assert_eq!(events_say(&events), "Sessions by how many events they have.");
    assert!(super::durations(&durations, &params).marks.is_empty());
    assert_eq!(gap_counts(&report, &params, &Params::default(), BotChoice::In).sessions, Some(0));
}

#[test]
fn the_chart_of_durations_has_the_limit_on_single_sessions_drawn_in() {
    let (spread, _) = spreads(&sample(), BotChoice::In);
    let data = durations(&spread, &Params::default());
    let marks: Vec<(&str, f64, bool)> =
        data.marks.iter().map(|mark| (mark.label.as_str(), mark.value, mark.is_limit)).collect();
    let expected = [
        ("median 40 min", 40.0, false),
        ("p95 13 h 20 min", 800.0, false),
        ("longest limit 12 h", 720.0, true),
    ];
    assert_eq!(marks, expected);
    assert_eq!(data.counts.last(), Some(&HistogramCount { value: 800, humans: 0, bots: 1 }));
    assert_eq!(
        durations_say(&spread, &Params::default()),
        "Half last 40 min or less, 95 % at most 13 h 20 min; 20.0 % last longer than the limit of 12 h."
    );
}

#[test]
fn a_session_of_exactly_a_limit_lies_in_the_band_below_it() {
    let counts = vec![(0, [3, 1]), (10, [1, 0]), (11, [1, 0]), (720, [0, 1]), (721, [0, 2]), (9_999, [1, 0])];
    let table = durations_table(&Spread::new(&counts.into(), BotChoice::In));
    let row = |label: &str| table.rows.iter().find(|row| row[0] == label).unwrap()[1..].join(" ");
    assert_eq!(row("0 min, or a single event"), "3 1 4 40.0 %");
    assert_eq!(row("over 0 min to 10 min"), "1 0 1 10.0 %");
    assert_eq!(row("over 10 min to 30 min"), "1 0 1 10.0 %");
    assert_eq!(row("over 6 h to 12 h"), "0 1 1 10.0 %");
    assert_eq!(row("over 12 h to 24 h"), "0 2 2 20.0 %");
    assert_eq!(row("over 48 h"), "1 0 1 10.0 %");
}

#[test]
fn bands_of_events_name_their_first_and_last() {
    let counts = vec![(1, [3, 0]), (2, [2, 0]), (3, [1, 0]), (5, [1, 0]), (1_001, [0, 1])];
    let table = events_table(&Spread::new(&counts.into(), BotChoice::In));
    let rows: Vec<(&str, &str)> = table.rows.iter().map(|row| (row[0].as_str(), row[3].as_str())).collect();
    assert_eq!(rows[..4], [("1", "3"), ("2", "2"), ("3 – 5", "2"), ("6 – 10", "0")]);
    assert_eq!(rows.last(), Some(&("1,001 and more", "1")));
}

#[test]
fn another_gap_is_answered_from_the_pauses() {
    let report = sample();
    let with_gap = |minutes| {
        let session_gap_minutes = Minutes::of(minutes);
        let params = Params { session_gap_minutes, ..Params::default() };
        let counts = gap_counts(&report, &params, &Params::default(), BotChoice::In);
        (counts.sessions, counts.note)
    };
    assert_eq!(with_gap(30), (Some(5), "same as with 30 min".into()));
    // The pauses of 30 minutes become too long, then those of 20.
    assert_eq!(with_gap(29), (Some(7), "+2 (40.0 %) against 30 min".into()));
    assert_eq!(with_gap(19).0, Some(7 + 1 + 2 + 40));
    assert_eq!(with_gap(100), (Some(4), "−1 (20.0 %) against 30 min".into()));
    let params = Params { session_gap_minutes: Minutes::of(19), ..Params::default() };
    assert_eq!(gap_counts(&report, &params, &Params::default(), BotChoice::Only).sessions, Some(41));
    assert_eq!(with_gap(4), (None, "known once the events are scanned with this gap".into()));
    let against = |usual: u32| {
        let usual = Params { session_gap_minutes: Minutes::of(usual), ..Params::default() };
        gap_counts(&report, &Params::default(), &usual, BotChoice::In).note
    };
    assert_eq!(against(29), "−2 (28.6 %) against 29 min");
    assert_eq!(against(4), "not counted with the usual 4 min");
}

#[test]
fn a_gap_beyond_the_slider_is_counted_once_it_is_scanned_with() {
    let params = Params { session_gap_minutes: Minutes::of(2), ..Params::default() };
    let report = report(&[&[0, 2, 5]], params);
    assert_eq!(gap_counts(&report, &params, &Params::default(), BotChoice::In).sessions, Some(2));
}

#[test]
fn the_curve_ends_where_the_slider_does() {
    let data = gaps(&sample(), &Params::default(), BotChoice::In);
    assert_eq!((data.curve.len(), data.current_minutes), (176, 30));
    assert!(data.curve.is_sorted_by(|a, b| a.humans + a.bots >= b.humans + b.bots));
    let table = gaps_table(&data);
    assert_eq!(table.rows[0], ["5 min", "9", "41", "50"]);
    assert_eq!(table.rows.last().unwrap(), &["3 h", "3", "1", "4"]);
    assert_eq!(gaps_say(&data), "From 50 sessions with 5 min to 4 with 3 h.");
}
