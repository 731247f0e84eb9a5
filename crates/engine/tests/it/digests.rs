//! What digests say of other parameters is what a scan of the events finds: with any number of workers, whatever the log is cut
//! into, and in whatever order parameters are asked for.

use proptest::prelude::*;
use wow_engine::pipeline::{Digest, Partial, Query, Recount, Report, STRETCH_GAP};
use wow_engine::schema::GuildKind;
use wow_engine::time::{Days, Minutes};
use wow_engine::{Error, Filter, Params};

use crate::log::{Row, ordered_logs, scan, scan_and_keep, told};

/// Parameters of which those that a step of a slider changes are often the only ones to change.
fn params() -> impl Strategy<Value = Params> {
    let gap = prop_oneof![28..33_u32, 0..400_u32];
    let longest = prop_oneof![Just(60), 0..800_u32];
    let average = prop_oneof![Just(30), 0..400_u32];
    (gap, longest, average, 0..60_u16).prop_map(|(gap, longest, average, churn_days)| Params {
        session_gap_minutes: Minutes::of(gap),
        bot_max_session_minutes: Minutes::of(longest),
        bot_avg_session_minutes: Minutes::of(average),
        churn_days: Days::of(churn_days),
        as_of_day: None,
    })
}

/// What is kept of a log whose units several workers scanned.
struct Kept {
    workers: Vec<Digest>,
    report: Report,
}

impl Kept {
    fn new(
        rows: &[Row],
        cuts: &[prop::sample::Index],
        workers: usize,
        params: Params,
        kind: GuildKind,
    ) -> Self {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(rows.len() + 1)).collect();
        cuts.sort_unstable();
        let mut kept: Vec<Digest> = (0..workers).map(|_| Digest::default()).collect();
        let mut merged = Partial::empty(params, kind).keeping_seams();
        let mut start = 0;
        for (unit, end) in cuts.into_iter().chain([rows.len()]).enumerate() {
            let (partial, players) = scan_and_keep(&rows[start..end], 3, params, kind).unwrap();
            kept[unit % workers].insert(unit, players);
            merged = merged.merge(partial).unwrap();
            start = end;
        }
        Self { workers: kept, report: merged.finish() }
    }

    fn recounted(&mut self, params: Params) -> Result<Report, Error> {
        let query = Query::from(params);
        let known_gap = self.report.params.session_gap_minutes;
        let mut recounts = Vec::new();
        for worker in &mut self.workers {
            let recount = worker.recount(&query, known_gap)?;
            recounts.push(Recount::from_bytes(&recount.into_bytes()?)?);
        }
        self.report.recounted(&query, recounts)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_way_of_sliding_gives_what_a_scan_gives(
        rows in ordered_logs(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        workers in 1..4_usize,
        first in params(),
        slid_to in prop::collection::vec(params(), 1..6),
        is_float in any::<bool>(),
    ) {
        let kind = if is_float { GuildKind::Float } else { GuildKind::Integer };
        let mut kept = Kept::new(&rows, &cuts, workers, first, kind);
        // A report that is not of the query before shows that nothing depends on which one the page has.
        for (step, params) in slid_to.into_iter().enumerate() {
            let answer = kept.recounted(params);
            if params.session_gap_minutes < STRETCH_GAP {
                prop_assert!(matches!(answer, Err(Error::Mismatch(_))));
                continue;
            }
            let answer = answer.unwrap();
            let scanned = scan(&rows, rows.len(), params, kind).unwrap().finish();
            prop_assert_eq!(told(&answer), told(&scanned));
            if step % 2 == 0 {
                kept.report = answer;
            }
        }
    }

    #[test]
    fn recounts_that_do_not_belong_together_are_refused(
        rows in ordered_logs(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let mut kept = Kept::new(&rows, &cuts, 1, Params::default(), GuildKind::Integer);
        let longer = Params { session_gap_minutes: Minutes::of(60), ..Params::default() };
        let query = Query::from(longer);
        let whole = kept.workers[0].recount(&query, Minutes::of(30)).unwrap();
        prop_assert!(kept.report.recounted(&query, vec![whole.clone()]).is_ok());
        // What is missing, or there twice.
        prop_assert!(kept.report.recounted(&query, vec![whole.clone(), whole.clone()]).is_err() || kept.workers[0].is_empty());
        prop_assert!(kept.report.recounted(&query, vec![]).is_err() || kept.workers[0].is_empty());
        let filter = Filter { classes: vec!["Orc".into()], ..Filter::default() };
        let filtered = Query { filter, ..query };
        prop_assert!(kept.report.recounted(&filtered, vec![whole]).is_err());
        prop_assert!(!kept.workers[0].answers(&filtered));
    }
}
