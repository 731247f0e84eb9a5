use wow_charts::{Activity, ActivityDay, Bar};
use wow_engine::Params;
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::{BOT, HUMAN};

use super::*;
use crate::filter::BotChoice;
use crate::sample::{self, NEW_YEAR, PLAYERS};
use crate::zones::Grouping;

#[test]
fn tiles_compare_their_figure_with_what_gives_it_meaning() {
    let (report, params) = (sample::report(&PLAYERS), Params::default());
    let tiles = tiles(&report, &params, BotChoice::In, &report.totals(&params));
    let shown = tiles.map(|tile| (tile.key, tile.shown, tile.exact, tile.note));
    let expected = [
        ("events", "1,000", 1_000, "50 without bots"),
        ("players", "5", 5, "2 without bots"),
        ("sessions", "20", 20, "50.0 events each"),
        ("bots", "3", 3, "60.0 % of players"),
        ("bot-events", "95.0 %", 950, "950 of all events"),
        ("churned", "50.0 %", 1, "last event over 30 days before 10 Feb 2008"),
    ];
    assert_eq!(shown, expected.map(|(key, shown, exact, note)| (key, shown.into(), exact, note.into())));
}

#[test]
fn an_empty_log_has_tiles_without_nonsense() {
    let (report, params) = (sample::report(&[]), Params::default());
    let totals = report.totals(&params);
    for tile in tiles(&report, &params, BotChoice::In, &totals) {
        let text = format!("{} {}", tile.shown, tile.note);
        assert!(tile.exact == 0 && !text.contains("NaN") && !text.contains("inf"), "{text}");
    }
    assert!(funnel(&totals, Rejected::default()).steps.iter().all(|step| step.share == 0.0));
    assert_eq!(daily_say(&daily(&report, BotChoice::In), BotChoice::In), "Distinct players per day.");
    assert!(weekly_say(&weekly(&report, BotChoice::In), BotChoice::In).ends_with("server time."));
}

#[test]
fn the_funnel_tells_of_rejected_rows_only_where_there_are_some() {
    let report = sample::report(&PLAYERS);
    let totals = report.totals(&Params::default());
    let counts = |rejected| {
        let steps = funnel(&totals, rejected).steps;
        steps.into_iter().map(|step| (step.name, step.count, step.share)).collect::<Vec<_>>()
    };
    assert_eq!(
        counts(Rejected::default()),
        [
            ("wowlogs".to_owned(), 1_000, 1.0),
            ("with_sessions".to_owned(), 20, 1.0),
            ("session_stats".to_owned(), 3, 0.95),
            ("no_bots".to_owned(), 50, 0.05),
            ("stg_players".to_owned(), 2, 0.05)
        ]
    );
    let some = counts(Rejected { null_player_id: 200, null_datetime: 50 });
    assert_eq!(
        &some[..3],
        [
            ("wowlogs".to_owned(), 1_250, 1.0),
            ("rejected".to_owned(), 250, 0.2),
            ("with_sessions".to_owned(), 20, 0.8)
        ]
    );
}

#[test]
fn classes_and_levels_leave_bots_out() {
    let report = sample::report(&PLAYERS);
    let kept = kept(&report, &Params::default(), BotChoice::In);
    let bar = |label: &str| Bar { label: label.to_owned(), humans: 1, bots: 0 };
    assert_eq!(kept.classes, [bar("Mage"), bar("Shaman")]);
    assert_eq!(kept.races, [Bar { humans: 2, ..bar("no race") }]);
    assert_eq!(
        (kept.levels.chart.players[69], kept.levels.chart.players[79], kept.levels.impossible),
        (1, 0, 1)
    );
    assert_eq!(
        levels_say(&kept.levels, BotChoice::In),
        "Players without bots by the highest level seen. Most: level 70 with 1. Not drawn: 1 outside 1–80."
    );
    assert_eq!(counts_table(&kept.classes, "class", "players").rows[0], ["Mage", "1", "50.0 %"]);
}

#[test]
fn levels_at_the_ends_of_the_numbers_are_counted_apart() {
    let mut report = sample::report(&PLAYERS);
    sample::players(&mut report).level_max[0] = i64::MIN;
    sample::players(&mut report).level_max[3] = i64::MAX;
    assert_eq!(kept(&report, &Params::default(), BotChoice::In).levels.impossible, 2);
}

#[test]
fn zones_are_ranked_with_bots_and_named_without() {
    let mut report = sample::report(&PLAYERS);
    for zone in ["Orgrimmar", "Zul'Gurub", "Dalaran競技場"] {
        report.strings.zone.code(zone);
    }
    report.activity.zones = vec![[40, 5], [10, 900], [0, 0]];
    report.activity.no_zone = [7, 38];
    let zones = zones(&report, BotChoice::In, Grouping::Zone);
    let labels: Vec<&str> = zones.bars.iter().map(|zone| zone.label.as_str()).collect();
    assert_eq!(labels, ["Zul'Gurub", "Orgrimmar", "no zone"]);
    assert_eq!(
        zones_say(&zones, 10, BotChoice::In),
        "Events by zone. Without bots most are in Orgrimmar: 40."
    );
    assert!(zones_say(&zones, 2, BotChoice::In).starts_with("Events in the 2 busiest of 3 zones."));
    assert_eq!(zones.table().rows[0], ["Zul'Gurub", "10", "900", "910"]);
    let kinds = super::zones(&report, BotChoice::In, Grouping::Kind);
    assert_eq!(zones_say(&kinds, 10, BotChoice::In), "Events by kind of place. Without bots most: city, 40.");
}

#[test]
fn a_table_of_very_many_names_ends_with_the_sum_of_the_others() {
    let row = |index: u64| Bar { label: format!("class {index}"), humans: 2, bots: 1 };
    let rows: Vec<Bar> = (0..1_005).map(row).collect();
    let table = counts_table(&rows, "class", "players");
    assert_eq!(table.rows.len(), 1_001);
    assert_eq!(table.rows[1_000], ["5 others", "15", "0.5 %"]);
}

#[test]
fn the_busiest_day_and_hour_are_named() {
    let day = |offset, humans, bots| ActivityDay { day: NEW_YEAR.get() + offset, humans, bots };
    let days = vec![day(0, 80, 20), day(1, 95, 6), day(5, 99, 0)];
    let data = Activity { days, ..Activity::default() };
    let say = daily_say(&data, BotChoice::In);
    assert!(say.ends_with("8.7 % of those seen on a day are likely bots. Most: 101 on 2 Jan 2008."), "{say}");
    assert_eq!(daily_table(&data).rows[1], ["2 Jan 2008", "95", "6", "101"]);

    let mut report = sample::report(&PLAYERS);
    report.activity.hours[HUMAN][6 * 24 + 23] = 12_345;
    report.activity.hours[BOT][0] = 99_999;
    let week = weekly(&report, BotChoice::In);
    assert!(weekly_say(&week, BotChoice::In).ends_with("Busiest: Sunday 23:00–24:00 with 12,345."));
    assert_eq!(weekly_table(&week).rows[6][24], "12,345");
}

#[test]
fn every_figure_and_chart_follows_the_choice_of_bots() {
    let (mut report, params) = (sample::report(&PLAYERS), Params::default());
    report.activity.hours[HUMAN][0] = 50;
    report.activity.hours[BOT][1] = 950;
    report.strings.zone.code("Orgrimmar");
    report.activity.zones = vec![[50, 950]];
    let totals = report.totals(&params);
    let shown = |bots| tiles(&report, &params, bots, &totals).map(|tile| (tile.exact, tile.note));
    let churn = "last event over 30 days before 10 Feb 2008";
    let of_bots = (950, "950 of all events");
    let expected = [
        (50, "5.0 % of all"),
        (2, "40.0 % of all"),
        (6, "8.3 events each"),
        (0, "3 left out"),
        of_bots,
        (1, churn),
    ];
    assert_eq!(shown(BotChoice::Out), expected.map(|(exact, note)| (exact, note.to_owned())));
    let expected = [
        (950, "95.0 % of all"),
        (3, "60.0 % of all"),
        (14, "67.9 events each"),
        (3, "60.0 % of all players"),
        of_bots,
        (0, churn),
    ];
    assert_eq!(shown(BotChoice::Only), expected.map(|(exact, note)| (exact, note.to_owned())));

    let week = weekly(&report, BotChoice::Only);
    assert_eq!((week.events[0][0], week.events[0][1]), (0, 950));
    assert!(weekly_say(&week, BotChoice::Only).starts_with("Events of likely bots by weekday"));
    let kept = kept(&report, &params, BotChoice::Only);
    let bar = |label: &str, bots| Bar { label: label.to_owned(), humans: 0, bots };
    assert_eq!(kept.classes, [bar("Mage", 2), bar("Shaman", 1)]);
    assert_eq!(counts_table(&kept.classes, "class", "players").rows[0], ["Mage", "2", "66.7 %"]);
    assert!(
        common_say(&kept.classes, "class", BotChoice::Only)
            .starts_with("Likely bots by latest class. Most: Mage")
    );
    let zones = |bots| zones(&report, bots, Grouping::Zone);
    let zone = |bots| (zones(bots).bars[0].humans, zones(bots).bars[0].bots);
    assert_eq!(
        [zone(BotChoice::In), zone(BotChoice::Out), zone(BotChoice::Only)],
        [(50, 950), (50, 0), (0, 950)]
    );
    assert_eq!(
        zones_say(&zones(BotChoice::Only), 10, BotChoice::Only),
        "Events of likely bots by zone. Most are in Orgrimmar: 950."
    );
}
