use wow_engine::Params;
use wow_engine::manifest::{Manifest, Rejected};
use wow_engine::pipeline::Report;
use wow_engine::time::{Day, Minutes};

use super::*;
use crate::filter::BotChoice;
use crate::sample::{self, PLAYERS};
use crate::zones::Grouping;

/// The sample, and one with its first player gone, its second no longer flagged and a new one.
fn both() -> (Report, Report) {
    let changed =
        sample::Player { sum_minutes: Minutes::of(10), longest_minutes: Minutes::of(10), ..PLAYERS[1] };
    let new = sample::Player { id: 6, class: "Rogue", level: 7, ..PLAYERS[3] };
    (sample::report(&PLAYERS), sample::report(&[changed, PLAYERS[2], new, PLAYERS[3], PLAYERS[4]]))
}

fn side(report: &Report) -> Side<'_> {
    Side { report, dataset: None }
}

fn row_of(rows: &[FigureRow], key: &str) -> [String; 3] {
    let row = rows.iter().find(|row| row.key == key).unwrap();
    [&row.here, &row.there, &row.difference].map(Clone::clone)
}

fn names() -> [String; 2] {
    ["dev", "prod"].map(str::to_owned)
}

#[test]
fn figures_stand_side_by_side_with_their_difference() {
    let (here, there) = both();
    let rows = figures(side(&here), side(&there), &Params::default(), BotChoice::In);
    let row = |key: &str| row_of(&rows, key);
    assert_eq!(row("events"), ["1,000", "1,010", "+10"]);
    assert_eq!(row("players"), ["5", "5", "0"]);
    assert_eq!(row("bots"), ["3", "2", "−1"]);
    assert_eq!(row("bot_share"), ["60.0 %", "40.0 %", "−20.0 points"]);
    assert_eq!(row("events_per_session"), ["50.00", "45.91", "−4.09"]);
    assert_eq!(row("session_minutes"), ["3 h 51 min", "2 h 30 min", "−1 h 22 min"]);
    // One by each rule alone and one by both, which the other does not flag.
    let rules = ["longest_only", "average_only", "both"].map(|key| row(key)[..2].to_vec());
    assert_eq!(rules, [["1", "1"], ["1", "1"], ["1", "0"]]);
    let only = figures(side(&here), side(&there), &Params::default(), BotChoice::Only);
    assert_eq!(
        (&row_of(&only, "events")[0], &row_of(&only, "players")[0]),
        (&"950".to_owned(), &"3".to_owned())
    );
}

#[test]
fn both_say_where_they_come_from_and_what_was_rejected() {
    let (mut here, there) = both();
    here.rejected = Rejected { null_player_id: 2, null_datetime: 1 };
    let export = |database: &str, id: &str| {
        Dataset::Export(Box::new(Manifest {
            database: database.to_owned(),
            exported_at: "2026-11-23T02:24:59Z".to_owned(),
            rejected: Rejected { null_player_id: 40, null_datetime: 0 },
            dataset_id: id.to_owned(),
            ..sample::manifest()
        }))
    };
    let files = Dataset::Files { names: vec!["a.parquet".to_owned()], is_local: true };
    let prod = export("wow.duckdb", "a81f00000000000030c2");
    let rows = |here_from, there_from| {
        let here = Side { report: &here, dataset: Some(here_from) };
        figures(here, Side { report: &there, dataset: Some(there_from) }, &Params::default(), BotChoice::In)
    };
    let beside_files = rows(&files, &prod);
    assert_eq!(row_of(&beside_files, "database"), ["a.parquet", "wow.duckdb", ""]);
    assert_eq!(row_of(&beside_files, "exported"), ["–", "23 Nov 2026 02:24 UTC", ""]);
    assert_eq!(row_of(&beside_files, "dataset"), ["–", "a81f…30c2", "–"]);
    assert_eq!(row_of(&beside_files, "rejected"), ["3", "40", "+37"]);
    assert_eq!(row_of(&rows(&prod, &prod), "dataset")[2], "the same data");
    assert_eq!(row_of(&rows(&prod, &export("wow.duckdb", "b")), "dataset")[2], "other data");
}

#[test]
fn an_empty_log_compares_without_nonsense() {
    let (here, nobody) = (sample::report(&PLAYERS), sample::report(&[]));
    for (a, b) in [(&here, &nobody), (&nobody, &here), (&nobody, &nobody)] {
        for row in figures(side(a), side(b), &Params::default(), BotChoice::In) {
            let text = format!("{} {} {}", row.here, row.there, row.difference);
            assert!(!text.contains("NaN") && !text.contains("inf"), "{} {text}", row.key);
        }
        for kind in Kind::ALL {
            let rows = distribution(kind, a, b, &Params::default(), BotChoice::Only, Grouping::Zone);
            assert!(rows.iter().all(|row| row.shares.iter().all(|share| *share <= 1.0)), "{kind:?}");
        }
    }
}

#[test]
fn distributions_have_a_share_of_each() {
    let (here, there) = both();
    let rows = |kind: Kind, bots| {
        let rows = distribution(kind, &here, &there, &Params::default(), bots, Grouping::Zone);
        let row = |row: &Share| (row.label.clone(), row.counts, row.difference.clone());
        rows.iter().filter(|row| row.counts != [0, 0]).map(row).collect::<Vec<_>>()
    };
    let row = |label: &str, counts, difference: &str| (label.to_owned(), counts, difference.to_owned());
    // Three mages and two shamans here, three mages, a shaman and a rogue there.
    assert_eq!(
        rows(Kind::Classes, BotChoice::In),
        [row("Mage", [3, 3], "0.0"), row("Shaman", [2, 1], "−20.0"), row("Rogue", [0, 1], "+20.0")]
    );
    // Without bots: a shaman and a mage here, a shaman, a mage and a rogue there.
    assert_eq!(
        rows(Kind::Classes, BotChoice::Out),
        [row("Mage", [1, 1], "−16.7"), row("Shaman", [1, 1], "−16.7"), row("Rogue", [0, 1], "+33.3")]
    );
    assert_eq!(
        rows(Kind::Levels, BotChoice::Out),
        [
            row("1–9", [0, 1], "+33.3"),
            row("70", [1, 0], "−50.0"),
            row("80", [0, 1], "+33.3"),
            row("none, or outside 1–80", [1, 1], "−16.7")
        ]
    );
    assert_eq!(rows(Kind::Longest, BotChoice::Out).len(), 3);
}

#[test]
fn sessions_are_compared_one_by_one() {
    let (mut here, mut there) = both();
    here.sessions.durations = vec![(Minutes::of(5), [3, 1]), (Minutes::of(720), [0, 2])].into();
    there.sessions.durations = vec![(Minutes::of(10), [4, 0])].into();
    here.sessions.events = vec![(1, [3, 2]), (4, [0, 1])].into();
    there.sessions.events = vec![(2, [4, 0])].into();
    let counts = |kind, bots| {
        let rows = distribution(kind, &here, &there, &Params::default(), bots, Grouping::Zone);
        rows.into_iter().map(|row| row.counts).filter(|counts| *counts != [0, 0]).collect::<Vec<_>>()
    };
    assert_eq!(counts(Kind::Sessions, BotChoice::In), [[4, 0], [0, 4], [2, 0]]);
    assert_eq!(counts(Kind::Sessions, BotChoice::Out), [[3, 0], [0, 4]]);
    assert_eq!(counts(Kind::Events, BotChoice::In), [[5, 0], [0, 4], [1, 0]]);
    let say = |kind: Kind, zones| kind.say(BotChoice::Out, zones);
    assert_eq!(say(Kind::Sessions, Grouping::Zone), "Sessions without bots by duration: the share of each.");
    assert_eq!(say(Kind::Zones, Grouping::Continent), "Events without bots by continent: the share of each.");
    let rows = figures(side(&here), side(&there), &Params::default(), BotChoice::In);
    let row = |key: &str| row_of(&rows, key);
    assert_eq!(row("median_minutes"), ["5 min", "10 min", "+5 min"]);
    assert_eq!(row("p95_minutes"), ["12 h", "10 min", "−11 h 50 min"]);
    assert_eq!(row("lone"), ["5", "0", "−5"]);
}

#[test]
fn weekdays_and_times_of_day_are_of_the_groups_shown() {
    let (mut here, there) = both();
    here.activity.hours[0][24 + 4] = 6;
    here.activity.hours[0][6 * 24 + 5] = 2;
    here.activity.hours[1][0] = 9;
    let rows = |kind, bots| {
        let rows = distribution(kind, &here, &there, &Params::default(), bots, Grouping::Zone);
        let row = |row: Share| (row.label, row.counts[0]);
        rows.into_iter().map(row).filter(|(_, count)| *count > 0).collect::<Vec<_>>()
    };
    let row = |label: &str, count| (label.to_owned(), count);
    assert_eq!(rows(Kind::Weekdays, BotChoice::In), [row("Monday", 9), row("Tuesday", 6), row("Sunday", 2)]);
    assert_eq!(rows(Kind::Weekdays, BotChoice::Out), [row("Tuesday", 6), row("Sunday", 2)]);
    assert_eq!(rows(Kind::Hours, BotChoice::In), [row("00:00–03:00", 9), row("03:00–06:00", 8)]);
    assert_eq!(rows(Kind::Hours, BotChoice::Only), [row("00:00–03:00", 9)]);
}

#[test]
fn a_spread_is_charted_and_tabled_with_the_names_of_both() {
    let (here, there) = both();
    let rows = distribution(Kind::Classes, &here, &there, &Params::default(), BotChoice::Out, Grouping::Zone);
    let chart = pairs(&rows, &names());
    assert_eq!(chart.rows[0].reading, "dev 1, 50.0 % · prod 1, 33.3 % · −16.7 points");
    let table = pairs_table(Kind::Classes, &rows, &names());
    assert_eq!(table.head, ["classes", "dev", "dev, share", "prod", "prod, share", "points"]);
    assert_eq!(table.rows[2], ["Rogue", "0", "0 %", "1", "33.3 %", "+33.3"]);
}

#[test]
fn days_and_gaps_run_beside_each_other() {
    let (mut here, mut there) = both();
    here.activity.days = vec![(Day::of(1), [3, 1]), (Day::of(3), [2, 0])].into();
    there.activity.days = vec![(Day::of(2), [5, 5])].into();
    let table = |bots| courses_table(&daily(&here, &there, bots, &names()));
    assert_eq!(table(BotChoice::In).head, ["day", "dev", "prod", "prod − dev"]);
    assert_eq!(
        table(BotChoice::In).rows,
        [["2 Jan 1970", "4", "–", "–"], ["3 Jan 1970", "–", "10", "–"], ["4 Jan 1970", "2", "–", "–"]]
    );
    assert_eq!(table(BotChoice::Only).rows[0], ["2 Jan 1970", "1", "–", "–"]);
    let gaps = courses_table(&gaps(&here, &there, BotChoice::In, &names()));
    assert_eq!((gaps.rows.len(), gaps.rows[25][0].as_str()), (176, "30 min"));
}

#[test]
fn very_many_names_end_in_one_row() {
    let (mut here, there) = (sample::report(&[]), sample::report(&[]));
    for zone in 0..100 {
        here.strings.zone.code(&format!("zone {zone}"));
        here.activity.zones.push([2, 0]);
    }
    let zones = distribution(Kind::Zones, &here, &there, &Params::default(), BotChoice::In, Grouping::Zone);
    assert_eq!((zones.len(), zones[12].label.as_str(), zones[12].counts), (13, "88 others", [176, 0]));
    assert_eq!(zones.iter().filter(|row| row.is_rest).count(), 1);
    let grouped = distribution(Kind::Zones, &here, &there, &Params::default(), BotChoice::In, Grouping::Kind);
    assert_eq!((grouped.len(), grouped[0].label.as_str(), grouped[0].counts), (1, "other", [200, 0]));
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
            "12 h 1 min",
            "100",
            "not flagged",
            "10 min",
            "10 min",
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
fn an_average_that_ends_in_half_a_hundredth_is_rounded_as_sql_rounds_it() {
    let of = |sum_minutes| sample::report(&[sample::Player { sessions: 8, sum_minutes, ..PLAYERS[1] }]);
    let (here, there) = (of(Minutes::of(97)), sample::report(&[]));
    let params = Params::default();
    let changes = changes(&here, &there, &params);
    assert_eq!(changes.only_here[0].cells(&here, &there, &params)[3], "12 min");
    let csv = changes_csv(&changes.only_here, &here, &there, &params, ["dev", "prod"]);
    assert_eq!(String::from_utf8(csv).unwrap().lines().nth(1), Some("3,longest,721,12.13,100,,,,"));
    let rows = figures(side(&here), side(&of(Minutes::of(96))), &params, BotChoice::In);
    assert_eq!(row_of(&rows, "session_minutes"), ["12 min", "12 min", "−0.13 min"]);
}

#[test]
fn production_is_compared_with_dev_and_files_with_what_was_chosen() {
    assert_eq!(other(Badge::Dev, Environment::Dev), Environment::Prod);
    assert_eq!(other(Badge::Production, Environment::Prod), Environment::Dev);
    assert_eq!(other(Badge::LocalFile, Environment::Prod), Environment::Prod);
}

#[test]
fn players_that_differ_are_listed_in_any_order() {
    let (here, there) = (sample::report(&PLAYERS), sample::report(&[]));
    let changes = changes(&here, &there, &Params::default());
    let ids = |sort: &str| {
        let mut listing = Listing::default();
        assert!(listing.take("differing", "only-here") && listing.take("differing_sort", sort));
        let listed = listing.players(&changes, &here, &there, &Params::default());
        listed.iter().map(|change| change.player_id).collect::<Vec<_>>()
    };
    let last = i64::MAX;
    assert_eq!(ids("player"), [-7, 3, 5, 8, last]);
    assert_eq!(ids("-player"), [last, 8, 5, 3, -7]);
    assert_eq!(ids("-longest_here"), [last, 3, -7, 5, 8]);
    assert_eq!(ids("events_here"), [-7, 8, 5, 3, last]);
    assert_eq!(ids("rule_here"), [-7, 8, last, 5, 3]);
    // Nobody is there, so the order is that of the ids.
    assert_eq!(ids("average_there"), [-7, 3, 5, 8, last]);
    let order = Order::default().pressed("events_here");
    assert_eq!((order.is_descending, order.pressed("events_here").is_descending), (true, false));
}

#[test]
fn nothing_to_compare_is_said_only_where_both_have_nothing() {
    let (some, mut none) = (sample::report(&PLAYERS), sample::report(&[]));
    none.left_out = 5;
    let why = |here, there| why_empty(here, there, &Params::default(), BotChoice::In);
    assert_eq!((why(&some, &none), why(&none, &some)), (None, None));
    assert!(why(&none, &none).is_some());
}
