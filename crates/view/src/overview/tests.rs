use wow_charts::{Activity, ActivityDay, Bar, Funnel};
use wow_engine::Params;
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::{BOT, HUMAN};
use wow_engine::time::{Day, Minutes};

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
        ("churned", "50.0 %", 1, "bots left out: last event over 30 days before 10 Feb 2008"),
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
    let funnels = funnel(&totals, Rejected::default(), false).funnels;
    assert!(funnels.iter().all(|funnel| funnel.all.count == 0 && funnel.kept.count == 0));
    assert_eq!(daily_say(&daily(&report, BotChoice::In), BotChoice::In), "Distinct players per day.");
    assert!(weekly_say(&weekly(&report, BotChoice::In), BotChoice::In).ends_with("server time."));
}

#[test]
fn the_funnel_tells_of_rejected_rows_only_where_there_are_some() {
    let report = sample::report(&PLAYERS);
    let totals = report.totals(&Params::default());
    let counts = |rejected| -> Vec<String> {
        let table = funnel_table(&funnel(&totals, rejected, false));
        table.rows.iter().map(|row| row.join(" | ")).collect()
    };
    assert_eq!(
        counts(Rejected::default()),
        [
            "Log rows | 1,000 | rows | 100 %",
            "left out: bots' rows | 950 | rows | 95.0 %",
            "Kept rows | 50 | rows | 5.0 %",
            "Players | 5 | players | 100 %",
            "left out: bots | 3 | players | 60.0 %",
            "Kept players | 2 | players | 40.0 %",
        ]
    );
    let some = counts(Rejected { null_player_id: 200, null_datetime: 50 });
    assert_eq!(
        some[..4],
        [
            "Log rows | 1,250 | rows | 100 %",
            "left out: no player or time | 250 | rows | 20.0 %",
            "left out: bots' rows | 950 | rows | 76.0 %",
            "Kept rows | 50 | rows | 4.0 %",
        ]
    );
}

#[test]
fn what_is_left_out_and_what_is_kept_are_all_that_there_is() {
    let report = sample::report(&PLAYERS);
    let rejected = Rejected { null_player_id: 200, null_datetime: 50 };
    for Funnel { all, dropped, kept, .. } in
        funnel(&report.totals(&Params::default()), rejected, true).funnels
    {
        let dropped: u64 = dropped.iter().map(|(part, _)| part.count).sum();
        assert_eq!(kept.count + dropped, all.count, "{}", all.name);
    }
}

#[test]
fn churn_says_of_whom_it_is_and_over_years_that_it_is_no_rate() {
    let (mut report, params) = (sample::report(&PLAYERS), Params::default());
    let mut note = |first_day: i64| {
        report.activity.days = vec![(Day::new(first_day).unwrap(), [1, 1])].into();
        let [.., churned] = tiles(&report, &params, BotChoice::In, &report.totals(&params));
        churned.note
    };
    assert_eq!(note(NEW_YEAR.get()), "bots left out: last event over 30 days before 10 Feb 2008");
    assert_eq!(
        note(NEW_YEAR.get() - 700),
        "bots left out, of all ever seen, not a rate: last event over 30 days before 10 Feb 2008"
    );
}

#[test]
fn classes_and_levels_are_of_the_players_that_are_shown() {
    let report = sample::report(&PLAYERS);
    let shown = |bots| kept(&report, &Params::default(), bots);
    let bar = |label: &str, humans, bots| Bar { label: label.to_owned(), humans, bots, is_rest: false };
    let all = shown(BotChoice::In);
    assert_eq!(all.classes, [bar("Mage", 1, 2), bar("Shaman", 1, 1)]);
    assert_eq!(all.races, [bar("no race", 2, 3)]);
    assert_eq!(groups_table(&all.classes, "class").rows[0], ["Mage", "1", "2", "3", "60.0 %"]);
    let at = |kept: &Kept, level: usize| {
        (kept.levels.chart.counts[level - 1].humans, kept.levels.chart.counts[level - 1].bots)
    };
    assert_eq!((at(&all, 70), at(&all, 80), all.levels.impossible), ((1, 0), (0, 3), 1));
    assert_eq!(
        levels_say(&all.levels, BotChoice::In),
        "Players by the highest level seen. Most: level 80 with 3. Not drawn: 1 outside 1–80."
    );
    let humans = shown(BotChoice::Out);
    assert_eq!(humans.classes, [bar("Mage", 1, 0), bar("Shaman", 1, 0)]);
    assert_eq!(
        levels_say(&humans.levels, BotChoice::Out),
        "Players without bots by the highest level seen. Most: level 70 with 1. Not drawn: 1 outside 1–80."
    );
}

#[test]
fn the_axis_of_levels_ends_at_the_highest_level_that_there_was() {
    let ends_at = |levels: [i64; 5]| {
        let mut report = sample::report(&PLAYERS);
        sample::players(&mut report).level_max = levels.to_vec().into();
        kept(&report, &Params::default(), BotChoice::In).levels.chart.counts.len()
    };
    assert_eq!(ends_at([1, 9, 33, 60, 60]), 60);
    assert_eq!(ends_at([1, 9, 61, 60, 999]), 70);
    assert_eq!(ends_at([71; 5]), 80);
    assert_eq!(ends_at([-1; 5]), 60);
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
    let row = |index: u64| Bar { label: format!("class {index}"), humans: 2, bots: 1, is_rest: false };
    let rows: Vec<Bar> = (0..1_005).map(row).collect();
    let table = groups_table(&rows, "class");
    assert_eq!(table.rows.len(), 1_001);
    assert_eq!(table.rows[1_000], ["5 others", "10", "5", "15", "0.5 %"]);
}

#[test]
fn the_busiest_day_and_hour_are_named() {
    let day = |offset, humans, bots| ActivityDay { day: NEW_YEAR.get() + offset, humans, bots };
    let days = vec![day(0, 80, 20), day(1, 95, 6), day(5, 99, 0)];
    let data = Activity { days, ..Activity::default() };
    let say = daily_say(&data, BotChoice::In);
    let end = "8.7 % of those seen on a day are likely bots. Most: 101 on 2 Jan 2008. 3 days have no events.";
    assert!(say.ends_with(end), "{say}");
    assert_eq!(daily_table(&data).rows[1], ["2 Jan 2008", "95", "6", "101"]);

    let mut report = sample::report(&PLAYERS);
    report.activity.hours[HUMAN][6 * 24 + 23] = 12_345;
    report.activity.hours[BOT][0] = 99_999;
    let week = weekly(&report, BotChoice::In);
    assert!(weekly_say(&week, BotChoice::In).ends_with("Busiest: Monday 00:00–01:00 with 99,999."));
    assert_eq!(weekly_table(&week).rows[6][24], "12,345");
    let humans = weekly(&report, BotChoice::Out);
    assert!(weekly_say(&humans, BotChoice::Out).ends_with("Busiest: Sunday 23:00–24:00 with 12,345."));
    assert!(weekly_say(&humans, BotChoice::Out).starts_with("Events without bots by weekday"));

    report.activity.hours[HUMAN] = vec![1_000; 168];
    report.activity.hours[BOT] = vec![0; 168];
    report.activity.hours[HUMAN][9] = 1_020;
    let say = weekly_say(&weekly(&report, BotChoice::In), BotChoice::In);
    assert!(say.ends_with("No clear pattern: every hour is within 2.0 % of the mean."), "{say}");
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
    let churn = "bots left out: last event over 30 days before 10 Feb 2008";
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
        (0, "of likely bots: last event over 30 days before 10 Feb 2008"),
    ];
    assert_eq!(shown(BotChoice::Only), expected.map(|(exact, note)| (exact, note.to_owned())));

    let week = weekly(&report, BotChoice::Only);
    assert_eq!((week.events[0][0], week.events[0][1]), (0, 950));
    assert!(weekly_say(&week, BotChoice::Only).starts_with("Events of likely bots by weekday"));
    let kept = kept(&report, &params, BotChoice::Only);
    let bar = |label: &str, bots| Bar { label: label.to_owned(), humans: 0, bots, is_rest: false };
    assert_eq!(kept.classes, [bar("Mage", 2), bar("Shaman", 1)]);
    assert_eq!(groups_table(&kept.classes, "class").rows[0], ["Mage", "0", "2", "2", "66.7 %"]);
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

#[test]
fn who_left_is_counted_in_the_month_when_their_days_without_an_event_became_too_many() {
    // As of 31 December 1970, day 364, churn after 30 days: whoever was seen last on day 334 is still there, on 333 left
    // on that very day; on 304 at the start of the month; on 303 and 274 in the month before; on 273 earlier.
    let days = [364, 334, 333, 304, 303, 274, 273];
    let mut report = sample::report(&days.map(|day| sample::Player { last_day: Day::of(day), ..PLAYERS[0] }));
    let params = Params::default();
    let answer = answers::leaving(&report, &params, BotChoice::In);
    assert_eq!(answer.shown, "2");
    assert_eq!(answer.says, "players left in the 30 days to 31 Dec 1970, 2 in the 30 days before.");
    // A bot does not leave.
    sample::players(&mut report).duration_max_minutes[2] = Minutes::of(721);
    assert_eq!(answers::leaving(&report, &params, BotChoice::Out).shown, "1");
    assert_eq!(
        answers::leaving(&report, &params, BotChoice::Only).says,
        "likely bot left in the 30 days to 31 Dec 1970, 0 in the 30 days before."
    );
}

#[test]
fn the_share_of_bots_is_told_of_the_whole_log_and_of_its_last_two_months() {
    let mut report = sample::report(&PLAYERS);
    let day = |offset: i64| Day::new(NEW_YEAR.get() + offset).unwrap();
    // The newest event is on day 40: days 11 to 40 are the last month.
    report.last_us = Some(day(40).start());
    report.first_us = Some(day(0).start());
    report.activity.days =
        vec![(day(0), [6, 4]), (day(10), [2, 8]), (day(11), [9, 1]), (day(40), [7, 3])].into();
    let totals = report.totals(&Params::default());
    let answer = answers::bots(&report, &totals);
    assert_eq!(
        (answer.shown.as_str(), answer.says.as_str()),
        ("95.0 %", "of events are from 3 likely bots, 60.0 % of players.")
    );
    assert_eq!(
        answer.beside,
        "Of the players seen on a day, 20.0 % were bots in the last 30 days, 60.0 % in the 30 days before."
    );
    report.coverage = [0, 10, 11, 40].map(|offset| (day(offset), 1)).to_vec().into();
    assert_eq!(answers::coverage(&report), "4 of 41 days from 1 Jan 2008 to 10 Feb 2008 have events.");
    report.activity.days = vec![(day(40), [3, 1])].into();
    assert!(answers::bots(&report, &totals).beside.ends_with("25.0 % were bots in the last 30 days."));
}

#[test]
fn an_empty_log_answers_without_nonsense() {
    let (report, params) = (sample::report(&[]), Params::default());
    let bots = answers::bots(&report, &report.totals(&params));
    assert_eq!((bots.shown.as_str(), bots.beside.as_str()), ("–", ""));
    assert_eq!(answers::leaving(&report, &params, BotChoice::In).shown, "0");
    assert_eq!(answers::coverage(&report), "");
}

#[test]
fn tiles_lead_somewhere_and_sketch_what_they_count() {
    let (mut report, params) = (sample::report(&PLAYERS), Params::default());
    let day = |offset: i64| Day::new(NEW_YEAR.get() + offset).unwrap();
    (report.first_us, report.last_us) = (Some(day(0).start()), Some(day(40).start()));
    report.activity.days = vec![(day(0), [6, 4]), (day(40), [7, 3])].into();
    let tiles = |bots| tiles(&report, &params, bots, &report.totals(&params));
    let [events, players, _, bots, of_bots, churned] = tiles(BotChoice::In);
    assert_eq!(events.sketch, Some(Sketch::Shares([0.05, 0.95])));
    assert_eq!(of_bots.sketch, Some(Sketch::Shares([0.0, 0.95])));
    let ends = |tile: &Tile| match &tile.sketch {
        Some(Sketch::Course(values)) => (values.len(), values[0], values[1], values[40]),
        other => panic!("{other:?}"),
    };
    assert_eq!(ends(&players), (41, Some(10.0), None, Some(10.0)));
    assert_eq!(ends(&bots), (41, Some(4.0), None, Some(3.0)));
    // The one who was seen last on 1 January; the other was seen on the day that churn is counted to.
    assert_eq!(ends(&churned), (41, Some(1.0), Some(0.0), Some(0.0)));
    assert_eq!(ends(&tiles(BotChoice::Out)[1]), (41, Some(6.0), None, Some(7.0)));
    assert!(tiles(BotChoice::In).iter().all(|tile| tile.page.is_some()));
}

#[test]
fn a_day_without_anybody_who_matches_is_no_day_without_events() {
    let mut report = sample::report(&PLAYERS);
    let day = |offset: i64| Day::new(NEW_YEAR.get() + offset).unwrap();
    report.activity.days = vec![(day(2), [3, 1]), (day(6), [5, 0])].into();
    report.coverage = [0, 2, 4, 6, 9].map(|offset| (day(offset), 1)).to_vec().into();
    let days: Vec<(i64, u64)> = daily(&report, BotChoice::In)
        .days
        .iter()
        .map(|seen| (seen.day - NEW_YEAR.get(), seen_on(seen)))
        .collect();
    assert_eq!(days, [(2, 4), (4, 0), (6, 5)]);
    assert!(daily_say(&daily(&report, BotChoice::In), BotChoice::In).ends_with("2 days have no events."));
}
