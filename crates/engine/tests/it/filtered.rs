//! A filter gives what a log of the matching rows alone gives, whatever the order of the rows and however they are
//! cut up.

use std::ops::ControlFlow;

use proptest::prelude::*;
use wow_engine::pipeline::sessions::Gap;
use wow_engine::pipeline::{History, Partial, Report};
use wow_engine::read::{EventFile, player_history, scan};
use wow_engine::schema::NumberKind;
use wow_engine::time::{Day, Minutes};
use wow_engine::{Error, Filter, Params, Query};

use crate::any_layout::{Cell, START_SECONDS, file, open, plain, rows};
use crate::log::told;
use crate::sorting::in_shares;

const DAY_SECONDS: i64 = 86_400;

/// Whether a row matches, as SQL's WHERE says.
fn matches(filter: &Filter, row: &Cell) -> bool {
    let day = row.4.and_then(|seconds| Day::new(seconds.div_euclid(DAY_SECONDS)));
    let [race, class, _] = row.3;
    let is_in = |texts: &[String], text: Option<&str>| {
        texts.is_empty() || text.is_some_and(|text| texts.iter().any(|known| known == text))
    };
    filter.from_day.is_none_or(|from| day.is_some_and(|day| day >= from))
        && filter.to_day.is_none_or(|to| day.is_some_and(|day| day <= to))
        && is_in(&filter.classes, class)
        && is_in(&filter.races, race)
}

fn file_of(rows: &[Cell]) -> EventFile {
    open(file(rows, &plain())).unwrap()
}

fn scanned(file: &EventFile, query: &Query) -> Partial {
    scan(file, None, query.clone(), &mut |_| ControlFlow::Continue(())).unwrap()
}

/// What the matching rows alone give, and how many do not match.
fn expected(rows: &[Cell], filter: &Filter) -> (EventFile, Report, u64) {
    let matching: Vec<Cell> = rows.iter().filter(|row| matches(filter, row)).copied().collect();
    let file = file_of(&matching);
    let report = scanned(&file, &Query::default()).finish();
    (file, report, (rows.len() - matching.len()) as u64)
}

/// Days around those of the rows, and texts that some rows have, all of them or none.
fn filters() -> impl Strategy<Value = Filter> {
    let first_day = START_SECONDS.div_euclid(DAY_SECONDS);
    let day = move || prop::option::of(first_day - 1..first_day + 16);
    let texts = |texts: &'static [&'static str]| {
        let chosen = prop::sample::subsequence(texts, 0..=texts.len());
        chosen.prop_map(|texts| texts.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let classes = texts(&["Hunter", "Mage", "Rogue", "Tinker"]);
    (day(), day(), classes, texts(&["", "Orc", "Troll", "orc"])).prop_map(
        |(from_day, to_day, classes, races)| Filter {
            from_day: from_day.and_then(Day::new),
            to_day: to_day.and_then(Day::new),
            classes,
            races,
        },
    )
}

proptest! {
    // Every case writes and reads files.
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_under_a_filter_equals_one_pass_over_the_matching_rows(
        filter in filters(),
        mut cuts in prop::collection::vec(0..700_usize, 0..4),
    ) {
        let (rows, query) = (rows(), Query { filter: filter.clone(), ..Query::default() });
        let (_, expected, left_out) = expected(&rows, &filter);
        cuts.extend([0, rows.len()]);
        cuts.sort_unstable();
        let parts = cuts.windows(2).map(|ends| scanned(&file_of(&rows[ends[0]..ends[1]]), &query));
        let merged = parts.fold(Partial::empty(query.clone(), NumberKind::Integer), |all, next| {
            let crossed = Partial::from_bytes(&next.into_bytes().unwrap()).unwrap();
            all.merge(crossed).unwrap()
        });
        let report = merged.finish();
        prop_assert_eq!(told(&report), told(&expected));
        prop_assert_eq!((report.left_out, report.query()), (left_out, query));
    }

    #[test]
    fn rows_in_no_order_give_the_same(filter in filters(), shares in 1..4_usize, player in 0..8_i64) {
        let (mut rows, query) = (rows(), Query { filter: filter.clone(), ..Query::default() });
        let (ordered, expected, left_out) = expected(&rows, &filter);
        rows.reverse();
        let (file, go_on) = (file_of(&rows), &mut |_| ControlFlow::Continue(()));
        let mut history = History::default();
        let mut whole = Partial::empty(query.clone(), NumberKind::Integer);
        for sorted in in_shares(std::slice::from_ref(&file), shares) {
            history.join(sorted.player_history(&query, player).unwrap(), Gap::new(Minutes::of(30)));
            whole = whole.merge(sorted.scan(query.clone(), go_on).unwrap()).unwrap();
        }
        let report = whole.finish();
        prop_assert_eq!(told(&report), told(&expected));
        prop_assert_eq!(report.left_out, left_out);
        prop_assert_eq!(history, player_history(&ordered, None, &Query::default(), player).unwrap());
    }

    #[test]
    fn the_history_of_a_player_is_that_of_the_matching_rows(filter in filters(), player in 0..8_i64) {
        let (rows, query) = (rows(), Query { filter: filter.clone(), ..Query::default() });
        let (ordered, ..) = expected(&rows, &filter);
        let found = player_history(&file_of(&rows), None, &query, player).unwrap();
        prop_assert_eq!(found, player_history(&ordered, None, &Query::default(), player).unwrap());
    }
}

#[test]
fn rejected_rows_are_counted_whatever_the_filter() {
    let mut rows = rows();
    rows[3].0 = None;
    rows[4].4 = None;
    let filter = Filter { races: vec!["Pandaren".to_owned()], ..Filter::default() };
    let report = scanned(&file_of(&rows), &Query { filter, ..Query::default() }).finish();
    assert_eq!((report.rows, report.left_out, report.rejected.total()), (0, 698, 2));
    assert_eq!(report.strings.race.find("Orc"), Some(0), "the texts are those of the whole log");
}

#[test]
fn stretches_under_different_filters_do_not_belong_together() {
    let filter = Filter { from_day: Some(Day::of(0)), ..Filter::default() };
    let whole = Partial::empty(Params::default(), NumberKind::Integer);
    let part = Partial::empty(Query { filter, ..Query::default() }, NumberKind::Integer);
    assert!(matches!(whole.merge(part), Err(Error::Mismatch(_))));
}

#[test]
fn days_at_the_ends_of_time_are_days() {
    for (day, rows) in [(Day::MIN, 0), (Day::MAX, 700)] {
        let up_to = Filter { to_day: Some(day), ..Filter::default() };
        let report =
            scanned(&file_of(&super::any_layout::rows()), &Query { filter: up_to, ..Query::default() });
        assert_eq!(report.rows(), rows);
    }
}
