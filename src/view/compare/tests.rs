use wow_engine::Params;

use super::*;
use crate::view::filter::BotChoice;
use crate::view::sample::{self, PLAYERS};

/// The sample, and one with its first player gone, its second no longer flagged and a new one.
fn both() -> (wow_engine::pipeline::Report, wow_engine::pipeline::Report) {
    let changed = sample::Player { sum_minutes: 10, longest_minutes: 10, ..PLAYERS[1] };
    let new = sample::Player { id: 6, class: "Rogue", level: 7, ..PLAYERS[3] };
    (sample::report(&PLAYERS), sample::report(&[changed, PLAYERS[2], new, PLAYERS[3], PLAYERS[4]]))
}

#[test]
fn figures_stand_side_by_side_with_their_difference() {
    let (here, there) = both();
    let rows = figures(&here, &there, &Params::default(), BotChoice::In);
    let row = |key: &str| {
        let row = rows.iter().find(|row| row.key == key).unwrap();
        [row.here.as_str(), row.there.as_str(), row.difference.as_str()]
    };
    assert_eq!(row("events"), ["1,000", "1,010", "+10"]);
    assert_eq!(row("players"), ["5", "5", "0"]);
    assert_eq!(row("bots"), ["3", "2", "−1"]);
    assert_eq!(row("bot_share"), ["60.0 %", "40.0 %", "−20.0 points"]);
    assert_eq!(row("events_per_session"), ["50.00", "45.91", "−4.09"]);
    assert_eq!(row("session_minutes"), ["231.10", "149.59", "−81.51"]);
    let only = figures(&here, &there, &Params::default(), BotChoice::Only);
    assert_eq!((only[0].here.as_str(), only[1].here.as_str()), ("950", "3"));
}

#[test]
fn an_empty_log_compares_without_nonsense() {
    let (here, nobody) = (sample::report(&PLAYERS), sample::report(&[]));
    for (a, b) in [(&here, &nobody), (&nobody, &here), (&nobody, &nobody)] {
        for row in figures(a, b, &Params::default(), BotChoice::In) {
            let text = format!("{} {} {}", row.here, row.there, row.difference);
            assert!(!text.contains("NaN") && !text.contains("inf"), "{} {text}", row.key);
        }
        let shares = distributions(a, b, &Params::default(), BotChoice::Only);
        assert!(
            shares.iter().flat_map(|of| &of.rows).all(|row| row.shares.iter().all(|share| *share <= 1.0))
        );
    }
}

#[test]
fn distributions_have_a_share_of_each() {
    let (here, there) = both();
    let all = distributions(&here, &there, &Params::default(), BotChoice::In);
    let rows = |key: &str| {
        let of = all.iter().find(|of| of.key == key).unwrap();
        let row = |row: &Share| (row.label.clone(), row.counts, row.difference.clone());
        of.rows.iter().filter(|row| row.counts != [0, 0]).map(row).collect::<Vec<_>>()
    };
    let row = |label: &str, counts, difference: &str| (label.to_owned(), counts, difference.to_owned());
    // Without bots: a shaman and a mage here, a shaman, a mage and a rogue there.
    assert_eq!(
        rows("classes"),
        [row("Mage", [1, 1], "−16.7"), row("Shaman", [1, 1], "−16.7"), row("Rogue", [0, 1], "+33.3")]
    );
    assert_eq!(
        rows("levels"),
        [
            row("1–9", [0, 1], "+33.3"),
            row("70", [1, 0], "−50.0"),
            row("80", [0, 1], "+33.3"),
            row("none, or outside 1–80", [1, 1], "−16.7")
        ]
    );
    assert_eq!(rows("longest").len(), 3);
}

#[test]
fn sessions_are_compared_one_by_one() {
    let (mut here, mut there) = both();
    here.sessions.durations = vec![(5, [3, 1]), (720, [0, 2])].into();
    there.sessions.durations = vec![(10, [4, 0])].into();
    let counts = |bots| {
        let all = distributions(&here, &there, &Params::default(), bots);
        let of = all.into_iter().find(|of| of.key == "sessions").unwrap();
        let counts: Vec<_> =
            of.rows.into_iter().map(|row| row.counts).filter(|counts| *counts != [0, 0]).collect();
        (of.say, counts)
    };
    let by = |whose: &str| format!("Sessions{whose} by duration: how many, and their share.");
    assert_eq!(counts(BotChoice::In), (by(""), vec![[4, 0], [0, 4], [2, 0]]));
    assert_eq!(counts(BotChoice::Out), (by(" without bots"), vec![[3, 0], [0, 4]]));
    let rows = figures(&here, &there, &Params::default(), BotChoice::In);
    let row = |key: &str| {
        let row = rows.iter().find(|row| row.key == key).unwrap();
        [row.here.as_str(), row.there.as_str(), row.difference.as_str()]
    };
    assert_eq!(row("median_minutes"), ["5.00", "10.00", "+5.00"]);
    assert_eq!(row("p95_minutes"), ["720.00", "10.00", "−710.00"]);
}

#[test]
fn very_many_names_end_in_one_row() {
    let (mut here, there) = (sample::report(&[]), sample::report(&[]));
    for zone in 0..100 {
        here.strings.zone.code(&format!("zone {zone}"));
        here.activity.zones.push([2, 0]);
    }
    let all = distributions(&here, &there, &Params::default(), BotChoice::In);
    let zones = &all.last().unwrap().rows;
    assert_eq!((zones.len(), zones[12].label.as_str(), zones[12].counts), (13, "88 others", [176, 0]));
}

#[test]
fn players_that_changed_sides_are_found_with_the_reason() {
    let (here, there) = both();
    let params = Params::default();
    let changes = changes(&here, &there, &params);
    let ids = |changes: &[Change]| changes.iter().map(|change| change.player_id).collect::<Vec<_>>();
    assert_eq!(
        [ids(&changes.changed), ids(&changes.only_here), ids(&changes.only_there)],
        [vec![3], vec![-7], vec![6]]
    );
    assert_eq!(
        changes.changed[0].cells(&here, &there, &params),
        [
            "3",
            "longest + average",
            "12 h 1 min",
            "721.00 min",
            "100",
            "not flagged",
            "10 min",
            "10.00 min",
            "100"
        ]
    );
    let absent = changes.only_there[0].cells(&here, &there, &params);
    assert_eq!(absent[..3], ["6", "absent", "–"]);
    assert!(!changes.only_there[0].is_here());
    let csv =
        String::from_utf8(changes_csv(&changes.changed, &here, &there, &params, ["dev", "prod"])).unwrap();
    let mut lines = csv.lines();
    assert!(lines.next().unwrap().starts_with("player_id,dev_rule,dev_max_session_duration_minutes,"));
    assert_eq!(lines.next(), Some("3,longest + average,721,721,100,not flagged,10,10,100"));
}

#[test]
fn production_is_compared_with_dev_and_files_with_what_was_chosen() {
    assert_eq!(other(Badge::Dev, Environment::Dev), Environment::Prod);
    assert_eq!(other(Badge::Production, Environment::Prod), Environment::Dev);
    assert_eq!(other(Badge::LocalFile, Environment::Prod), Environment::Prod);
}
