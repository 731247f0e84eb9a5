//! What a digest says of other parameters is what a scan of the events finds.

use proptest::prelude::*;
use wow_engine::pipeline::Query;
use wow_engine::schema::GuildKind;
use wow_engine::time::{Days, Minutes};
use wow_engine::{Error, Filter, Params};

use crate::log::{Row, ordered_logs, scan, scan_with_digest, told};

fn params() -> impl Strategy<Value = Params> {
    (0..400_u32, 0..800_u32, 0..400_u32, 0..60_u16).prop_map(|(gap, longest, average, churn_days)| Params {
        session_gap_minutes: Minutes::of(gap),
        bot_max_session_minutes: Minutes::of(longest),
        bot_avg_session_minutes: Minutes::of(average),
        churn_days: Days::of(churn_days),
        as_of_day: None,
    })
}

fn halves(rows: &[Row], cut: prop::sample::Index) -> [&[Row]; 2] {
    let (first, second) = rows.split_at(cut.index(rows.len() + 1));
    [first, second]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_way_of_sliding_gives_what_a_scan_gives(
        rows in ordered_logs(),
        cut in any::<prop::sample::Index>(),
        first in params(),
        slid_to in prop::collection::vec(params(), 1..5),
        is_float in any::<bool>(),
    ) {
        let kind = if is_float { GuildKind::Float } else { GuildKind::Integer };
        let digests = halves(&rows, cut).map(|rows| scan_with_digest(rows, 3, first, kind).unwrap());
        for params in slid_to {
            let answers = params.session_gap_minutes >= first.session_gap_minutes.min(Minutes::of(12));
            for (_, digest) in &digests {
                prop_assert_eq!(digest.answers(&Query::from(params)), answers);
                let other = Query { params, filter: Filter { classes: vec!["Orc".into()], ..Filter::default() } };
                prop_assert!(!digest.answers(&other));
            }
            let partials = digests.each_ref().map(|(_, digest)| digest.partial(params));
            match partials {
                [Ok(first), Ok(second)] if answers => {
                    let merged = first.merge(second).unwrap().finish();
                    let scanned = scan(&rows, rows.len(), params, kind).unwrap().finish();
                    prop_assert_eq!(told(&merged), told(&scanned));
                }
                [Err(Error::Mismatch(_)), Err(Error::Mismatch(_))] if !answers => {}
                _ => prop_assert!(false, "{answers}"),
            }
        }
    }
}
