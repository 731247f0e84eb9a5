//! What digests say of other parameters is what a scan of the events finds: with any number of workers, whatever the log is cut
//! into, and in whatever order parameters are asked for.

use proptest::prelude::*;
use std::collections::HashMap;
use std::ops::Range;

use wow_engine::pipeline::{Digest, Partial, Query, Recount, Report, STRETCH_GAP};
use wow_engine::schema::NumberKind;
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

/// What is kept of a log whose units several workers scanned, and the bytes that are stored elsewhere of some units.
struct Kept {
    workers: Vec<Digest>,
    stored: HashMap<usize, Vec<u8>>,
    report: Report,
}

impl Kept {
    fn new(
        rows: &[Row],
        cuts: &[prop::sample::Index],
        workers: usize,
        params: Params,
        kind: NumberKind,
        is_stored: impl Fn(usize) -> bool,
    ) -> Self {
        let mut stored = HashMap::new();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(rows.len() + 1)).collect();
        cuts.sort_unstable();
        let mut kept: Vec<Digest> = (0..workers).map(|_| Digest::default()).collect();
        let mut merged = Partial::empty(params, kind).keeping_seams();
        let mut start = 0;
        for (unit, end) in cuts.into_iter().chain([rows.len()]).enumerate() {
            let (partial, players) = scan_and_keep(&rows[start..end], 3, params, kind).unwrap();
            let worker = &mut kept[unit % workers];
            if is_stored(unit) {
                stored.insert(unit, worker.insert_index(unit, players).concat());
            } else {
                worker.insert(unit, players);
            }
            merged = merged.merge(partial).unwrap();
            start = end;
        }
        Self { workers: kept, stored, report: merged.finish() }
    }

    fn recounted(&mut self, params: Params) -> Result<Report, Error> {
        let query = Query::from(params);
        let known_gap = self.report.params.session_gap_minutes;
        let mut recounts = Vec::new();
        for worker in &mut self.workers {
            let recount = recount(worker, &self.stored, &query, known_gap)?;
            recounts.push(Recount::from_bytes(&recount.into_bytes()?)?);
        }
        self.report.recounted(&query, recounts)
    }
}

/// Recounts a worker's units, each with the ranges of its bytes that are asked for, and no others.
fn recount(
    worker: &mut Digest,
    stored: &HashMap<usize, Vec<u8>>,
    query: &Query,
    known_gap: Minutes,
) -> Result<Recount, Error> {
    let read = |place: usize, ranges: Vec<Range<usize>>| -> Vec<(usize, Vec<u8>)> {
        ranges.into_iter().map(|range| (range.start, stored[&place][range].to_vec())).collect()
    };
    let mut recounting = worker.begin_recount(query, known_gap)?;
    let mut moving = Vec::new();
    for place in recounting.places() {
        moving.push((place, recounting.count(place, &read(place, recounting.asks(place)))?));
    }
    for (place, moving) in moving {
        recounting.go_along(&moving, &read(place, recounting.asks_of(&moving)))?;
    }
    Ok(recounting.finish())
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
        is_stored in any::<[bool; 6]>(),
    ) {
        let kind = if is_float { NumberKind::Float } else { NumberKind::Integer };
        let mut kept = Kept::new(&rows, &cuts, workers, first, kind, |unit| is_stored[unit % 6]);
        // A report that is not of the query before shows that nothing depends on which one the page has.
        for (step, params) in slid_to.into_iter().enumerate() {
            let answer = kept.recounted(params);
            if params.session_gap_minutes < STRETCH_GAP {
                prop_assert!(matches!(answer, Err(Error::Mismatch(_))));
                // It was scanned, then, and the next answer goes on from that.
                kept.report = Kept::new(&rows, &cuts, workers, params, kind, |_| false).report;
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
        let mut kept = Kept::new(&rows, &cuts, 1, Params::default(), NumberKind::Integer, |_| false);
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

    #[test]
    fn bytes_that_are_cut_off_or_missing_are_no_answer(
        rows in ordered_logs(),
        lost in any::<prop::sample::Index>(),
        gap in 12..200_u32,
    ) {
        let kept = || Kept::new(&rows, &[], 1, Params::default(), NumberKind::Integer, |_| true);
        let params = Params { session_gap_minutes: Minutes::of(gap), ..Params::default() };
        let (query, known) = (Query::from(params), Minutes::of(30));
        let stored = kept().stored.remove(&0).unwrap();
        let asks = kept().workers[0].begin_recount(&query, known).unwrap().asks(0);
        for range in asks {
            let given = stored[range.clone()][..lost.index(range.len())].to_vec();
            let mut worker = kept().workers.remove(0);
            let mut recounting = worker.begin_recount(&query, known).unwrap();
            prop_assert!(recounting.count(0, &[(range.start, given)]).is_err());
        }
    }
}
