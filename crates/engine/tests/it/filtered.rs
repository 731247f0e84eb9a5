//! A filter gives what a log of the matching rows alone gives, whatever the order of the rows and however they are
//! cut up.

use std::ops::ControlFlow;

use proptest::prelude::*;
use wow_engine::pipeline::sessions::Gap;
use wow_engine::pipeline::{Digest, HUMAN, History, Judge, NO_GUILD, Partial, Report, Scanner};
use wow_engine::read::{EventFile, player_history, scan};
use wow_engine::schema::NumberKind;
use wow_engine::time::{Day, Minutes};
use wow_engine::{Error, Filter, Params, Query};

use crate::any_layout::{Cell, START_SECONDS, file, open, plain, rows as made_rows};
use crate::log::told;
use crate::sorting::in_shares;

const DAY_SECONDS: i64 = 86_400;

/// Whether a row matches, as SQL's WHERE says.
fn matches(filter: &Filter, row: &Cell) -> bool {
    let day = row.4.and_then(|seconds| Day::new(seconds.div_euclid(DAY_SECONDS)));
    let [race, class, zone] = row.3;
    let guild = row.1.map(|guild| guild.to_string());
    let is_none =
        filter.guilds.iter().any(|known| known == NO_GUILD) && row.1.is_none_or(|guild| guild == -1);
    let is_in = |texts: &[String], text: Option<&str>| {
        texts.is_empty() || text.is_some_and(|text| texts.iter().any(|known| known == text))
    };
    filter.from_day.is_none_or(|from| day.is_some_and(|day| day >= from))
        && filter.to_day.is_none_or(|to| day.is_some_and(|day| day <= to))
        && is_in(&filter.classes, class)
        && is_in(&filter.races, race)
        && is_in(&filter.zones, zone)
        && (is_in(&filter.guilds, guild.as_deref()) || is_none)
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
    let some = |of: BoxedStrategy<Vec<String>>| prop_oneof![3 => Just(Vec::new()), 2 => of];
    let guilds = some(texts(&["-1", "0", "12", "5", "no number", NO_GUILD]).boxed());
    let zones = some(texts(&["Dalaran競技場", "Durotar", "Zul'Gurub", "durotar"]).boxed());
    (day(), day(), classes, texts(&["", "Orc", "Troll", "orc"]), guilds, zones).prop_map(
        |(from_day, to_day, classes, races, guilds, zones)| Filter {
            from_day: from_day.and_then(Day::new),
            to_day: to_day.and_then(Day::new),
            classes,
            races,
            guilds,
            zones,
            judge: Judge::Filtered,
        },
    )
}

/// The rows of some players.
fn of_players(rows: &[Cell], of: impl Fn(i64) -> bool) -> Vec<Cell> {
    rows.iter().filter(|row| row.0.is_some_and(&of)).copied().collect()
}

/// The rows, some of whose guild is the number that stands for none.
fn rows() -> Vec<Cell> {
    let mut rows = made_rows();
    rows.iter_mut().step_by(31).for_each(|row| row.1 = Some(-1));
    rows
}

/// The statistics of stretches that begin and end anywhere, each of which crosses from a worker to the page.
fn in_parts(rows: &[Cell], cuts: &[usize], query: &Query) -> Report {
    let mut cuts = [cuts, &[0, rows.len()]].concat();
    cuts.sort_unstable();
    let parts = cuts.windows(2).map(|ends| scanned(&file_of(&rows[ends[0]..ends[1]]), query));
    let merged = parts.fold(Partial::empty(query.clone(), NumberKind::Integer), |all, next| {
        let crossed = Partial::from_bytes(&next.into_bytes().unwrap()).unwrap();
        all.merge(crossed).unwrap()
    });
    merged.finish()
}

proptest! {
    // Every case writes and reads files.
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_under_a_filter_equals_one_pass_over_the_matching_rows(
        filter in filters(),
        cuts in prop::collection::vec(0..700_usize, 0..4),
    ) {
        let (rows, query) = (rows(), Query { filter: filter.clone(), ..Query::default() });
        let (_, expected, left_out) = expected(&rows, &filter);
        let report = in_parts(&rows, &cuts, &query);
        prop_assert_eq!(told(&report), told(&expected));
        prop_assert_eq!((report.left_out, report.query()), (left_out, query));
        let whole = scanned(&file_of(&rows), &Query::default()).finish();
        prop_assert_eq!(report.coverage, whole.coverage);
    }

    #[test]
    fn players_are_judged_by_the_whole_log_and_counted_by_what_matches(
        filter in filters(),
        cuts in prop::collection::vec(0..700_usize, 0..4),
        limits in (0..3_000_u32, 0..3_000_u32),
        shares in 1..4_usize,
    ) {
        let params = Params {
            bot_max_session_minutes: Minutes::of(limits.0),
            bot_avg_session_minutes: Minutes::of(limits.1),
            ..Params::default()
        };
        let rows = rows();
        let filter = Filter { judge: Judge::All, ..filter };
        let query = Query { params, filter: filter.clone() };
        let whole = scanned(&file_of(&rows), &Query::from(params)).finish();
        let flagged = whole.flagged();
        // Neither group of players is told from the other where nobody can be flagged.
        let lenient = Params { bot_max_session_minutes: Minutes::MAX, bot_avg_session_minutes: Minutes::MAX, ..params };
        let alone = |is_bot: bool| {
            let rows = of_players(&rows, |player| flagged.contains(&player) == is_bot);
            let matching: Vec<Cell> = rows.into_iter().filter(|row| matches(&filter, row)).collect();
            scanned(&file_of(&matching), &Query::from(lenient)).finish()
        };
        let groups = [alone(false), alone(true)];
        let mut sorted = rows.clone();
        sorted.reverse();
        let file = file_of(&sorted);
        let of_shares = in_shares(std::slice::from_ref(&file), shares).into_iter().fold(
            Partial::empty(query.clone(), NumberKind::Integer),
            |all, share| all.merge(share.scan(query.clone(), &mut |_| ControlFlow::Continue(())).unwrap()).unwrap(),
        );
        for report in [in_parts(&rows, &cuts, &query), of_shares.finish()] {
            let report = Report::from_bytes(&report.to_bytes().unwrap()).unwrap();
            for (group, alone) in groups.iter().enumerate() {
                prop_assert_eq!(&report.activity.hours[group], &alone.activity.hours[HUMAN]);
                let of = |counts: [u64; 2], group: usize| (counts[group] > 0).then_some(counts[group]);
                let days = |report: &Report, group: usize| {
                    report.activity.days.iter().filter_map(|(day, n)| Some((day, of(n, group)?))).collect::<Vec<_>>()
                };
                prop_assert_eq!(days(&report, group), days(alone, HUMAN));
                let durations = |report: &Report, group: usize| {
                    let counts = report.sessions.durations.iter();
                    counts.filter_map(|(minutes, n)| Some((minutes, of(n, group)?))).collect::<Vec<_>>()
                };
                prop_assert_eq!(durations(&report, group), durations(alone, HUMAN));
                let gap = |report: &Report, group: usize| report.sessions.with_gap(Minutes::of(60)).unwrap()[group];
                prop_assert_eq!(gap(&report, group), gap(alone, HUMAN));
            }
            let totals = report.totals(&params);
            prop_assert_eq!(totals.bots, groups[1].players.len() as u64);
            prop_assert_eq!((totals.bot_events, totals.events), (groups[1].rows, groups[0].rows + groups[1].rows));
            prop_assert_eq!(totals.bot_sessions, groups[1].totals(&lenient).sessions);
            for (index, id) in report.players.player_id.iter().enumerate() {
                let in_whole = whole.players.find(*id).unwrap();
                let is_bot = flagged.contains(id);
                prop_assert_eq!(report.verdict(index, &params), whole.verdict(in_whole, &params));
                if !filter.is_empty() {
                    prop_assert_eq!(report.judged().sessions_row(index), whole.players.sessions_row(in_whole));
                }
                let alone = &groups[usize::from(is_bot)];
                let counted = alone.players.find(*id).and_then(|index| alone.players.sessions_row(index));
                prop_assert_eq!(report.players.sessions_row(index), counted);
            }
            prop_assert_eq!(&report.coverage, &whole.coverage);
        }
    }

    #[test]
    fn other_limits_need_no_second_look_whoever_is_judged_by_what(
        filter in filters(),
        judge in prop_oneof![Just(Judge::All), Just(Judge::Filtered)],
        limits in prop::collection::vec((0..3_000_u32, 0..3_000_u32, 12..90_u32), 1..5),
        shares in 1..4_usize,
    ) {
        let (mut rows, filter) = (rows(), Filter { judge, ..filter });
        rows.reverse();
        let file = file_of(&rows);
        let shares = in_shares(std::slice::from_ref(&file), shares);
        let query = Query { filter: filter.clone(), ..Query::default() };
        let mut digest = Digest::default();
        let mut whole = Partial::empty(query.clone(), NumberKind::Integer).keeping_seams();
        for (place, share) in shares.iter().enumerate() {
            let scanner = Scanner::new(query.clone(), share.guild_kind()).keeping();
            let scanned = share.scan_with(scanner, &mut |_| ControlFlow::Continue(())).unwrap();
            let (partial, kept) = scanned.finish_and_keep();
            digest.insert(place, kept.unwrap());
            whole = whole.merge(partial).unwrap();
        }
        let mut report = whole.finish();
        for (longest, average, gap) in limits {
            let is_gap_live = !filter.judges_apart();
            let params = Params {
                bot_max_session_minutes: Minutes::of(longest),
                bot_avg_session_minutes: Minutes::of(average),
                session_gap_minutes: if is_gap_live { Minutes::of(gap) } else { Minutes::of(30) },
                ..Params::default()
            };
            let wanted = Query { params, filter: filter.clone() };
            prop_assert!(digest.answers(&wanted));
            let another_gap = Params { session_gap_minutes: Minutes::of(91), ..params };
            prop_assert_eq!(digest.answers(&Query { params: another_gap, filter: filter.clone() }), is_gap_live);
            let recount = digest.recount(&wanted, report.params.session_gap_minutes).unwrap();
            report = report.recounted(&wanted, vec![recount]).unwrap();
            let scanned = shares.iter().fold(Partial::empty(wanted.clone(), NumberKind::Integer), |all, share| {
                all.merge(share.scan(wanted.clone(), &mut |_| ControlFlow::Continue(())).unwrap()).unwrap()
            });
            prop_assert_eq!(told(&report), told(&scanned.finish()));
        }
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
        let report = scanned(&file_of(&made_rows()), &Query { filter: up_to, ..Query::default() });
        assert_eq!(report.rows(), rows);
    }
}
