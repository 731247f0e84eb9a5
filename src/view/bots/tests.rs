use wow_charts::FlaggedAt;
use wow_engine::Params;
use wow_engine::pipeline::Report;

use super::*;
use crate::view::sample::{self, PLAYERS};

fn limits(longest: i64, average: i64) -> Params {
    Params { bot_max_session_minutes: longest, bot_avg_session_minutes: average, ..Params::default() }
}

fn ids(report: &Report, params: &Params, order: Order) -> Vec<i64> {
    let standing = standing_order(report, order);
    let flagged = flagged(&report.players, params, order, &standing);
    flagged.into_iter().map(|index| report.players.player_id[index as usize]).collect()
}

#[test]
fn counts_tell_the_rules_apart_and_what_the_limits_changed() {
    let report = sample::report(&PLAYERS);
    let default = Params::default();
    let before = report.totals(&default);
    let same = counts(&before, &before, &default);
    assert_eq!((same.flagged, same.longest_only, same.average_only, same.both), (3, 1, 1, 1));
    assert_eq!(same.flagged_note, "same as with 12 h / 6 h");
    assert_eq!(same.kept_note, "5.0 %, same as with 12 h / 6 h");

    let now = counts(&report.totals(&limits(719, 361)), &before, &default);
    assert_eq!((now.flagged, now.longest_only, now.average_only, now.both), (3, 2, 0, 1));
    let none = counts(&report.totals(&limits(1_500, 2_000)), &before, &default);
    assert_eq!((none.flagged, none.flagged_note.as_str()), (0, "−3 against 12 h / 6 h"));
    assert_eq!(none.kept_note, "100 %, +950 against 12 h / 6 h");
}

#[test]
fn the_curve_agrees_with_the_count_at_every_limit() {
    let report = sample::report(&PLAYERS);
    for (limit, other_minutes) in [(Limit::Longest, 360), (Limit::Average, 720), (Limit::Longest, 0)] {
        let mut params = Params::default();
        limit.other().set(&mut params, other_minutes);
        let curve = Standings::new(&report, limit).curve(&report.players, &params);
        let chart = curve.chart(&params, 3);
        assert_eq!(chart.current, FlaggedAt { limit_minutes: limit.of(&params), players: 3 });
        assert_eq!(chart.curve.last().map(|at| at.limit_minutes), Some(limit.end_minutes()));
        for at in chart.curve {
            limit.set(&mut params, at.limit_minutes);
            assert_eq!(at.players, report.totals(&params).bots, "{limit:?} {}", at.limit_minutes);
        }
    }
}

#[test]
fn the_curve_falls_right_after_the_longest_session() {
    let report = sample::report(&PLAYERS);
    let chart = Standings::new(&report, Limit::Longest)
        .curve(&report.players, &Params::default())
        .chart(&Params::default(), 3);
    let at = |minutes: i64| chart.curve[(minutes / STEP_MINUTES) as usize].players;
    // 720 is not above 720; the player with an average of 360⅓ stays flagged, whatever the longest session.
    assert_eq!([0, 90, 705, 720, 1_485, 1_500, 2_880].map(at), [5, 4, 4, 3, 3, 2, 2]);
}

#[test]
fn rows_say_which_rule_and_by_how_much() {
    let report = sample::report(&PLAYERS);
    let params = Params::default();
    let cells = |index| flagged_row(&report.players, &params, index).map(|row| row.cells);
    let row = cells(1).unwrap_or_default();
    assert_eq!(row[..5], ["3", "longest + average", "12 h 1 min", "+1 min", "12 h 1 min"]);
    assert_eq!(row[7], "9 Feb 2008 11:59 → 10 Feb 2008 00:00");
    let row = cells(2).unwrap_or_default();
    assert_eq!(row[1..5], ["average", "6 h 40 min", "+0.33 min", "6 h"]);
    let row = cells(4).unwrap_or_default();
    assert_eq!(row[..4], ["9223372036854775807", "longest", "25 h", "+13 h"]);
    assert_eq!(cells(5), None);
}

#[test]
fn any_column_sorts_and_equal_players_stay_in_order_of_id() {
    let report = sample::report(&PLAYERS);
    let params = Params::default();
    let by = |column, is_descending| ids(&report, &params, Order { column, is_descending });
    assert_eq!(ids(&report, &params, Order::default()), [i64::MAX, 3, 5]);
    assert_eq!(by(Column::Longest, false), [5, 3, i64::MAX]);
    assert_eq!(by(Column::OverBy, true), [i64::MAX, 3, 5]);
    assert_eq!(by(Column::Rule, false), [i64::MAX, 5, 3]);
    assert_eq!(by(Column::Average, true), [3, 5, i64::MAX]);
    assert_eq!(by(Column::SessionEvents, true), [3, 5, i64::MAX]);
    assert_eq!(ids(&report, &limits(0, 0), Order { column: Column::Player, is_descending: false }).len(), 5);
}

#[test]
fn the_csv_holds_the_same_players_in_the_same_order() {
    let report = sample::report(&PLAYERS);
    let (params, order) = (Params::default(), Order::default());
    let players = flagged(&report.players, &params, order, &standing_order(&report, order));
    let csv = String::from_utf8(flagged_csv(&report.players, &params, &players)).unwrap_or_default();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[1],
        "9223372036854775807,longest,1500,780,200,10,790,2008-02-07 23:00:00,2008-02-09 00:00:00,1"
    );
    assert!(lines[3].starts_with("5,average,400,0.33,360.33,3,60,"), "{}", lines[3]);
}

#[test]
fn a_second_press_on_a_heading_turns_the_order_round() {
    let order = Order::default().pressed(Column::Events);
    assert_eq!(order, Order { column: Column::Events, is_descending: true });
    assert!(!order.pressed(Column::Events).is_descending);
    assert!(order.pressed(Column::Events).pressed(Column::Events).is_descending);
    assert!(!order.pressed(Column::Player).is_descending);
}

#[test]
fn typed_limits_are_whole_minutes_within_bounds() {
    let read = ["0", " 725 ", "525600", "525601", "-1", "7.5", "", "9e9"].map(Limit::read);
    assert_eq!(read, [Some(0), Some(725), Some(525_600), None, None, None, None, None]);
}

#[test]
fn the_density_marks_who_is_flagged_and_its_table_counts_all() {
    let report = sample::report(&PLAYERS);
    let shape = Shape::new(&report);
    let data = density(&shape, &report.players, &Params::default());
    assert_eq!(
        data.players.iter().map(|player| player.is_bot).collect::<Vec<_>>(),
        [false, true, true, false, true]
    );
    let table = density_table(&shape);
    let counted: usize =
        table.rows.iter().flat_map(|row| &row[1..]).filter_map(|cell| cell.parse::<usize>().ok()).sum();
    assert_eq!(counted, 5);
    // Longest 12 h to 24 h, average 6 h to 12 h: the player exactly at both limits.
    assert_eq!((table.head[5].as_str(), table.rows[5][5].as_str()), ("6 h to 12 h", "1"));
}
