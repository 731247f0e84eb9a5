use proptest::prelude::*;
use wow_charts::{FlaggedAt, Theme, draw_flagged, svg};
use wow_engine::Params;
use wow_engine::pipeline::{PlayerTable, Report};
use wow_engine::time::{Day, Days, Minutes};

use super::*;
use crate::filter::BotChoice;
use crate::limits;
use crate::marks::Marks;
use crate::player::player;
use crate::sample::{self, PLAYERS};

fn limits(longest: u32, average: u32) -> Params {
    let (longest, average) = (Minutes::of(longest), Minutes::of(average));
    Params { bot_max_session_minutes: longest, bot_avg_session_minutes: average, ..Params::default() }
}

fn ids(report: &Report, params: &Params, order: Order) -> Vec<i64> {
    let flagged = Line::new(&report.players, order).flagged(&report.players, params);
    flagged.into_iter().map(|index| report.players.player_id[index as usize]).collect()
}

#[test]
fn counts_tell_the_rules_apart_and_what_the_limits_changed() {
    let report = sample::report(&PLAYERS);
    let default = Params::default();
    let tally = |params: &Params| Tally::from(&report.totals(params));
    let before = tally(&default);
    let same = counts(&before, &before, &default);
    assert_eq!((same.flagged, same.longest_only, same.average_only, same.both), (3, 1, 1, 1));
    assert_eq!(same.flagged_note, "same as with 12 h / 6 h");
    assert_eq!(same.kept_note, "5.0 %, same as with 12 h / 6 h");

    let now = counts(&tally(&limits(719, 361)), &before, &default);
    assert_eq!((now.flagged, now.longest_only, now.average_only, now.both), (3, 2, 0, 1));
    let none = counts(&tally(&limits(1_500, 2_000)), &before, &default);
    assert_eq!((none.flagged, none.flagged_note.as_str()), (0, "−3 against 12 h / 6 h"));
    assert_eq!(none.kept_note, "100 %, +950 against 12 h / 6 h");
}

/// From the first limit on a curve to the last.
fn all_of(limit: Limit) -> (Minutes, Minutes) {
    (Minutes::default(), limit.end_minutes())
}

#[test]
fn the_curve_is_drawn_around_the_usual_limit_and_as_far_as_the_one_in_force() {
    let usual = limits(720, 360);
    let around = |limit: Limit, params: &Params| {
        let (least, most) = limit.around(&usual, params);
        (least.get(), most.get())
    };
    assert_eq!(around(Limit::Longest, &usual), (360, 1_440));
    assert_eq!(around(Limit::Average, &usual), (180, 720));
    assert_eq!(around(Limit::Longest, &limits(500, 360)), (360, 1_440), "it stays while the limit is in it");
    assert_eq!(around(Limit::Longest, &limits(100, 360)), (90, 1_440));
    assert_eq!(around(Limit::Longest, &limits(0, 360)), (0, 1_440));
    let (least, most) = Limit::Longest.around(&limits(101, 47), &limits(101, 47));
    assert_eq!((least.get(), most.get()), (45, 210), "the curve has a point for every quarter of an hour");
    assert_eq!(around(Limit::Longest, &limits(1_600, 360)), (360, 2_880));
    assert_eq!(around(Limit::Longest, &limits(525_600, 360)), (360, 2_880), "the curve has no more");
}

#[test]
fn the_curve_agrees_with_the_count_at_every_limit() {
    let report = sample::report(&PLAYERS);
    for (limit, other_minutes) in [(Limit::Longest, 360), (Limit::Average, 720), (Limit::Longest, 0)] {
        let mut params = Params::default();
        limit.other().set(&mut params, Minutes::of(other_minutes));
        let curve = Standing::new(&report.players).curve(&report.players, limit, &params);
        let chart = curve.chart(all_of(limit), &params, 3);
        assert_eq!(chart.current, FlaggedAt { limit_minutes: limit.of(&params).get(), players: 3 });
        assert_eq!(chart.curve.last().map(|at| at.limit_minutes), Some(limit.end_minutes().get()));
        for at in chart.curve {
            limit.set(&mut params, Minutes::new(at.limit_minutes).unwrap());
            assert_eq!(at.players, report.totals(&params).bots, "{limit:?} {}", at.limit_minutes);
        }
    }
}

#[test]
fn the_curve_falls_right_after_the_longest_session() {
    let report = sample::report(&PLAYERS);
    let chart = Standing::new(&report.players)
        .curve(&report.players, Limit::Longest, &Params::default())
        .chart(all_of(Limit::Longest), &Params::default(), 3);
    let at = |minutes: u32| chart.curve[(minutes / STEP_MINUTES) as usize].players;
    // 720 is not above 720; the player with an average of 360⅓ stays flagged, whatever the longest session.
    assert_eq!([0, 90, 705, 720, 1_485, 1_500, 2_880].map(at), [5, 4, 4, 3, 3, 2, 2]);
}

#[test]
fn rows_say_which_rule_and_by_how_much() {
    let report = sample::report(&PLAYERS);
    let params = Params::default();
    let greatest = Greatest::new(&report.players);
    let row = |index| flagged_row(&report.players, &greatest, &params, index);
    let cells = |index| row(index).map(|row| row.cells).unwrap_or_default();
    assert_eq!(cells(1)[..6], ["3", "longest + average", "12 h 1 min", "+1 min", "12 h 1 min", "+6 h 1 min"]);
    assert_eq!(cells(1)[8], "9 Feb 2008 11:59 → 10 Feb 2008 00:00");
    assert_eq!(cells(2)[1..6], ["average", "6 h 40 min", "–", "6 h", "+0.33 min"]);
    assert_eq!(cells(4)[..4], ["9223372036854775807", "longest", "25 h", "+13 h"]);
    assert_eq!(row(5), None);
    // 25 hours are the longest session, and 12 hours and a minute the greatest average.
    let bars = |index| row(index).map(|row| (row.bar_percents[3], row.bar_percents[5]));
    assert_eq!([1, 2, 4].map(bars), [Some((1, 100)), Some((0, 1)), Some((100, 0))]);
}

#[test]
fn any_column_sorts_and_equal_players_stay_in_order_of_id() {
    let report = sample::report(&PLAYERS);
    let params = Params::default();
    let by = |column, is_descending| ids(&report, &params, Order { column, is_descending });
    assert_eq!(ids(&report, &params, Order::default()), [i64::MAX, 3, 5]);
    assert_eq!(by(Column::Longest, false), [5, 3, i64::MAX]);
    assert_eq!(by(Column::LongestOver, true), [i64::MAX, 3, 5]);
    // Who is not over that limit comes last either way.
    assert_eq!(by(Column::LongestOver, false), [3, i64::MAX, 5]);
    assert_eq!(by(Column::AverageOver, false), [5, 3, i64::MAX]);
    assert_eq!(by(Column::Rule, false), [i64::MAX, 5, 3]);
    assert_eq!(by(Column::Average, true), [3, 5, i64::MAX]);
    assert_eq!(by(Column::SessionEvents, true), [3, 5, i64::MAX]);
    assert_eq!(ids(&report, &limits(0, 0), Order { column: Column::Player, is_descending: false }).len(), 5);
}

#[test]
fn the_csv_holds_the_same_players_in_the_same_order() {
    let report = sample::report(&PLAYERS);
    let (params, order) = (Params::default(), Order::default());
    let players = Line::new(&report.players, order).flagged(&report.players, &params);
    let csv = String::from_utf8(flagged_csv(&report.players, &params, &players, &Marks::default()))
        .unwrap_or_default();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[1],
        "9223372036854775807,longest,1500,780,200,,10,790,2008-02-07 23:00:00,2008-02-09 00:00:00,1"
    );
    assert!(lines[3].starts_with("5,average,400,,360.33,0.33,3,60,"), "{}", lines[3]);
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
fn a_density_drawn_again_is_the_one_drawn_anew() {
    let (first, other) = (sample::report(&PLAYERS).players, sample::report(&PLAYERS[..4]).players);
    let theme = wow_charts::Theme::light();
    let mut kept = DensityPlot::default();
    for (players, longest, average, width_px) in [
        (&first, 720, 360, 700),
        (&first, 705, 360, 700),
        (&first, 0, 0, 700),
        (&first, 525_600, 345, 700),
        (&first, 720, 360, 500),
        (&other, 720, 360, 500),
    ] {
        let (params, size_px) = (limits(longest, average), (width_px, 400));
        let ends = ends_with_limits(density_ends(players, &Params::default()), &params);
        for bots in BotChoice::ALL {
            let again = kept.draw(players, ends, &params, bots, size_px, &theme).unwrap();
            let anew = DensityPlot::default().draw(players, ends, &params, bots, size_px, &theme).unwrap();
            assert_eq!(again, anew, "{bots:?}");
            // What is still and what moves can be read as the whole is, and each tint is told where it is seen.
            let still = kept.still(players, ends, bots, size_px, &theme).unwrap();
            let moving = kept.moving(&params, bots, size_px, &theme).unwrap().unwrap();
            assert_eq!(kept.marks(&params, bots), anew.frame.marks);
            assert_eq!(still.tints.len(), moving.clips.len());
            assert_eq!((still.picture.size_px, still.picture.frame.plot), (anew.size_px, anew.frame.plot));
        }
    }
}

#[test]
fn the_density_table_counts_the_players_shown() {
    let report = sample::report(&PLAYERS);
    let table = |bots| density_table(&report.players, &Params::default(), bots);
    let counted = |bots| -> usize {
        let rows = table(bots).rows;
        rows.iter().flat_map(|row| &row[1..]).filter_map(|cell| cell.parse::<usize>().ok()).sum()
    };
    assert_eq!(BotChoice::ALL.map(counted), [5, 2, 3]);
    let table = table(BotChoice::Out);
    // Longest 12 h to 24 h, average 6 h to 12 h: the player exactly at both limits.
    assert_eq!((table.head[5].as_str(), table.rows[5][5].as_str()), ("6 h to 12 h", "1"));
}

#[test]
fn limits_at_their_ends_are_told_and_drawn() {
    let report = sample::report(&PLAYERS);
    for (end, flagged, gap, margin) in [
        (Minutes::MIN, 5, "gap −5,124,095,572 h · ", "+5,124,095,584 h"),
        (Minutes::MAX, 0, "gap 5,124,095,572 h · ", "−5,124,095,560 h"),
    ] {
        let params = Params {
            session_gap_minutes: end,
            bot_max_session_minutes: end,
            bot_avg_session_minutes: end,
            churn_days: Days::MAX,
            as_of_day: Some(Day::MAX),
        };
        let listed = Line::new(&report.players, Order::default()).flagged(&report.players, &params);
        assert_eq!(listed.len(), flagged);
        let greatest = Greatest::new(&report.players);
        assert!(
            listed
                .iter()
                .all(|&index| flagged_row(&report.players, &greatest, &params, index as usize).is_some())
        );
        assert!(limits::sentence(&params, params.as_of_day).starts_with(gap));
        assert_eq!(player(&report, &params, -7).unwrap().rules[0].margin, margin);
        let curve = Standing::new(&report.players).curve(&report.players, Limit::Longest, &params);
        let chart = curve.chart(Limit::Longest.around(&params, &params), &params, flagged as u64);
        assert!(svg(720, 270, "flagged", |area| draw_flagged(area, &chart, &Theme::light())).is_ok());
    }
}

/// Players with many ties, some at the edge of every limit, and some that no log could hold.
fn reports() -> impl Strategy<Value = Report> {
    let minutes = || prop_oneof![0..40_i64, any::<i64>().prop_map(|minutes| minutes % Minutes::MAX.get())];
    let sessions = prop_oneof![1..4_u64, 1..=1_u64 << 40];
    let player = (minutes(), minutes(), sessions, 1..5_u64);
    prop::collection::vec(player, 0..40).prop_map(|players| {
        let player =
            |(id, (longest_minutes, sum_minutes, sessions, events)): (_, (i64, i64, _, _))| sample::Player {
                id,
                sessions,
                sum_minutes: Minutes::new(sum_minutes).unwrap(),
                longest_minutes: Minutes::new(longest_minutes.rem_euclid(3_000)).unwrap(),
                events,
                last_day: Day::of(0),
                class: "Mage",
                level: 1,
            };
        sample::report(&(0..).zip(players).map(player).collect::<Vec<_>>())
    })
}

fn any_limits() -> impl Strategy<Value = Params> {
    let minutes = || prop_oneof![0..40_u32, 0..=525_600_u32];
    (minutes(), minutes()).prop_map(|(longest, average)| limits(longest, average))
}

/// What the rules say, word for word.
fn is_bot(table: &PlayerTable, index: usize, params: &Params) -> bool {
    let sum = i128::from(table.duration_sum_minutes[index].get());
    table.duration_max_minutes[index] > params.bot_max_session_minutes
        || sum > i128::from(params.bot_avg_session_minutes.get()) * i128::from(table.sessions[index])
}

proptest! {
    #[test]
    fn lists_that_stand_ready_give_what_a_search_from_scratch_gives(
        report in reports(),
        steps in prop::collection::vec(any_limits(), 1..4),
        column in prop::sample::select(Column::ALL.to_vec()),
        is_descending in any::<bool>(),
    ) {
        let (table, order) = (&report.players, Order { column, is_descending });
        let line = Line::new(table, order);
        let standing = Standing::new(table);
        for params in steps {
            let mut expected: Vec<u32> =
                (0..).take(table.len()).filter(|&player| is_bot(table, player as usize, &params)).collect();
            let (listed, totals) = (line.flagged(table, &params), report.totals(&params));
            prop_assert_eq!(totals.bots, expected.len() as u64);
            prop_assert_eq!(standing.tally(table, &params), Tally::from(&totals));
            expected.sort_by(|&a, &b| {
                let by = compared(table, &params, column, a as usize, b as usize);
                let last = [a, b].map(|player| has_no_margin(table, &params, column, player as usize));
                match last {
                    [true, true] => std::cmp::Ordering::Equal,
                    [false, false] => if is_descending { by.reverse() } else { by },
                    _ => last[0].cmp(&last[1]),
                }
            });
            let (from, to) = (expected.len() / 3, expected.len() / 2 + 1);
            let some: Vec<u32> = expected.iter().copied().take(to).skip(from).collect();
            prop_assert_eq!(line.flagged_at(table, &params, from..to), some);
            prop_assert_eq!(listed, expected);
            for limit in [Limit::Longest, Limit::Average] {
                let chart = standing.curve(table, limit, &params).chart(all_of(limit), &params, 0);
                for at in chart.curve {
                    let mut params = params;
                    limit.set(&mut params, Minutes::new(at.limit_minutes).unwrap());
                    let count = (0..table.len()).filter(|&player| is_bot(table, player, &params)).count();
                    prop_assert_eq!(at.players, count as u64);
                }
            }
        }
    }
}

/// Whether the column tells a margin, and the player has none over that limit.
fn has_no_margin(table: &PlayerTable, params: &Params, column: Column, index: usize) -> bool {
    let verdict = table.verdict(index, params);
    match column {
        Column::LongestOver => !verdict.long_session,
        Column::AverageOver => !verdict.avg_session,
        _ => false,
    }
}

/// How two rows of the table compare, by what their cells mean.
fn compared(table: &PlayerTable, params: &Params, column: Column, a: usize, b: usize) -> std::cmp::Ordering {
    let rules = |index: usize| {
        let verdict = table.verdict(index, params);
        (verdict.avg_session, verdict.long_session)
    };
    let average = |index: usize| table.avg_session_minutes(index);
    match column {
        Column::Player => a.cmp(&b),
        Column::Rule => rules(a).cmp(&rules(b)),
        Column::Longest => table.duration_max_minutes[a].cmp(&table.duration_max_minutes[b]),
        Column::LongestOver => table.duration_max_minutes[a].cmp(&table.duration_max_minutes[b]),
        Column::Average | Column::AverageOver => average(a).total_cmp(&average(b)),
        Column::Sessions => table.sessions[a].cmp(&table.sessions[b]),
        Column::Events => table.events[a].cmp(&table.events[b]),
        Column::Session => table.longest_start_us[a].cmp(&table.longest_start_us[b]),
        Column::SessionEvents => table.longest_events[a].cmp(&table.longest_events[b]),
    }
}
