//! Any split of an ordered log, merged in order and in any association, equals one pass.

use std::slice;

use proptest::prelude::*;
use wow_engine::pipeline::{BOT, HUMAN, Partial};
use wow_engine::schema::NumberKind;
use wow_engine::time::{Day, Days, Minutes};
use wow_engine::{Error, Params};

use crate::log::{Row, ordered_logs, scan, told};

/// How a log is cut up and put together again.
#[derive(Debug, Clone)]
struct Split {
    /// Places of the cuts; equal ones make empty stretches.
    cuts: Vec<prop::sample::Index>,
    batch_rows: usize,
    /// Which neighbours are merged next.
    order: Vec<prop::sample::Index>,
    /// Whether every stretch crosses from a worker to the page.
    through_bytes: bool,
}

fn splits() -> impl Strategy<Value = Split> {
    let places = || prop::collection::vec(any::<prop::sample::Index>(), 8);
    (places(), 0..=8_usize, 1..9_usize, places(), any::<bool>()).prop_map(
        |(mut cuts, count, batch_rows, order, through_bytes)| {
            cuts.truncate(count);
            Split { cuts, batch_rows, order, through_bytes }
        },
    )
}

fn in_stretches(rows: &[Row], split: &Split, params: Params, kind: NumberKind) -> Result<Partial, Error> {
    let mut cuts: Vec<usize> = split.cuts.iter().map(|cut| cut.index(rows.len() + 1)).collect();
    cuts.push(rows.len());
    cuts.sort_unstable();
    let mut start = 0;
    let mut partials = Vec::new();
    for end in cuts {
        let mut partial = scan(&rows[start..end], split.batch_rows, params, kind)?;
        if split.through_bytes {
            partial = Partial::from_bytes(&partial.into_bytes()?)?;
        }
        partials.push(partial);
        start = end;
    }
    for place in &split.order {
        if partials.len() > 1 {
            let at = place.index(partials.len() - 1);
            let next = partials.remove(at + 1);
            let merged = partials.remove(at).merge(next)?;
            partials.insert(at, merged);
        }
    }
    Ok(partials.remove(0))
}

fn guild_kinds() -> impl Strategy<Value = NumberKind> {
    prop_oneof![Just(NumberKind::Integer), Just(NumberKind::Float)]
}

fn limits() -> impl Strategy<Value = Params> {
    let churn = (0..60_u16, prop::option::of(-400..400_i64));
    (prop_oneof![Just(30), 0..70_u32], 0..800_u32, 0..400_u32, churn).prop_map(
        |(gap, longest, average, (churn_days, as_of_day))| Params {
            session_gap_minutes: Minutes::of(gap),
            bot_max_session_minutes: Minutes::of(longest),
            bot_avg_session_minutes: Minutes::of(average),
            churn_days: Days::of(churn_days),
            as_of_day: as_of_day.and_then(Day::new),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_equals_one_pass(
        rows in ordered_logs(),
        split in splits(),
        params in limits(),
        kind in guild_kinds(),
    ) {
        let whole = scan(&rows, rows.len(), params, kind).unwrap().finish();
        let merged = in_stretches(&rows, &split, params, kind).unwrap().finish();
        prop_assert_eq!(told(&merged), told(&whole));
        prop_assert_eq!(whole.rows, rows.len() as u64);
    }

    #[test]
    fn sessions_are_counted_as_the_players_have_them(rows in ordered_logs(), params in limits()) {
        let report = scan(&rows, rows.len(), params, NumberKind::Integer).unwrap().finish();
        let (players, sessions) = (&report.players, &report.sessions);
        for group in [HUMAN, BOT] {
            let is_in = |&index: &usize| report.verdict(index, &params).is_bot() == (group == BOT);
            let sum = |of: &dyn Fn(usize) -> i64| (0..players.len()).filter(is_in).map(of).sum::<i64>();
            let counted = |counts: &mut dyn Iterator<Item = (i64, [u64; 2])>| {
                let of_group = counts.map(|(number, counts)| (number, counts[group].cast_signed()));
                of_group.fold((0, 0), |(all, sum), (number, count)| (all + count, sum + number * count))
            };
            let all = sum(&|index| players.sessions[index].cast_signed());
            let minutes = sum(&|index| players.duration_sum_minutes[index].get());
            let mut durations = sessions.durations.iter().map(|(minutes, counts)| (minutes.get(), counts));
            prop_assert_eq!(counted(&mut durations), (all, minutes));
            let events = sum(&|index| players.events[index].cast_signed());
            prop_assert_eq!(counted(&mut sessions.events.iter()), (all, events));
            let with_gap = sessions.with_gap(params.session_gap_minutes).map(|counts| counts[group].cast_signed());
            prop_assert_eq!(with_gap, (params.session_gap_minutes >= Minutes::of(5)).then_some(all));
        }
    }

    #[test]
    fn a_log_out_of_order_is_an_error_wherever_it_is_cut(
        mut rows in ordered_logs(),
        split in splits(),
        places in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        prop_assume!(!rows.is_empty());
        let len = rows.len();
        rows.swap(places.0.index(len), places.1.index(len));
        let ordered = rows.is_sorted_by_key(|row| (row.player_id, row.time_us));
        let merged = in_stretches(&rows, &split, Params::default(), NumberKind::Integer);
        match merged {
            Ok(_) => prop_assert!(ordered),
            Err(Error::OutOfOrder { .. }) => prop_assert!(!ordered),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn cut_bytes_are_an_error(rows in ordered_logs(), cut in any::<prop::sample::Index>()) {
        let bytes = scan(&rows, 3, Params::default(), NumberKind::Float).unwrap().into_bytes().unwrap();
        let cut = cut.index(bytes.len());
        prop_assert!(matches!(Partial::from_bytes(&bytes[..cut]), Err(Error::Decode(_))), "{cut}");
        let longer = [bytes.as_slice(), &[0]].concat();
        prop_assert!(matches!(Partial::from_bytes(&longer), Err(Error::Decode(_))));
    }
}

fn row(player_id: i64, time_us: i64) -> Row {
    Row { player_id, time_us, guild: None, level: None, race: None, class: None, zone: None }
}

#[test]
fn stretches_that_do_not_follow_are_an_error() {
    let of = |rows: &[Row]| scan(rows, 1, Params::default(), NumberKind::Integer).unwrap();
    let early = of(&[row(1, 0), row(2, 0), row(3, 5)]);
    let late = of(&[row(3, 5), row(4, 0)]);
    assert!(early.clone().merge(late.clone()).is_ok());
    assert_eq!(late.merge(early.clone()).unwrap_err(), Error::OutOfOrder { player_id: 1 });
    let same_player_earlier = of(&[row(3, 4)]);
    assert_eq!(early.merge(same_player_earlier).unwrap_err(), Error::OutOfOrder { player_id: 3 });
}

#[test]
fn stretches_of_different_kinds_are_an_error() {
    let params = Params::default();
    let gap = Params { session_gap_minutes: Minutes::of(31), ..params };
    let in_guild = Row { guild: Some(7), ..row(1, 0) };
    let of = |params, kind| scan(slice::from_ref(&in_guild), 1, params, kind).unwrap();
    let whole = of(params, NumberKind::Integer);
    assert!(matches!(whole.clone().merge(of(gap, NumberKind::Integer)), Err(Error::Mismatch(_))));
    assert!(matches!(whole.clone().merge(of(params, NumberKind::Float)), Err(Error::Mismatch(_))));
    // Where nobody has a guild, the kind of the numbers says nothing: a column without values may have any type.
    let without = scan(&[row(2, 0)], 1, params, NumberKind::Float).unwrap();
    assert_eq!(whole.clone().merge(without.clone()).unwrap().finish().guild_kind, NumberKind::Integer);
    let mut whole_after = whole.clone();
    whole_after = Partial::empty(params, NumberKind::Float).merge(whole_after).unwrap();
    assert_eq!(whole_after.finish().guild_kind, NumberKind::Integer);
    // An empty stretch has no guild numbers, whatever it was read from.
    let empty = Partial::empty(params, NumberKind::Float);
    assert!(
        empty
            .merge(whole.clone())
            .and_then(|all| all.merge(Partial::empty(params, NumberKind::Float)))
            .is_ok()
    );
}
