//! Events in any order are put in order, and come out the same whoever gathered them.

use std::ops::ControlFlow;

use proptest::prelude::*;
use wow_engine::Params;
use wow_engine::pipeline::Partial;
use wow_engine::read::{EventFile, Gatherer, Pack, Shares, SortedEvents};

use crate::any_layout::{Cell, file, open, plain, rows};

/// The files by turns gathered by as many as there are shares, and handed on as bytes.
pub(crate) fn in_shares(files: &[EventFile], of: usize) -> Vec<SortedEvents> {
    let gathered = |worker: usize| {
        let mut gatherer = Gatherer::default();
        for file in files.iter().skip(worker).step_by(of) {
            gatherer.take(file, &mut |_| ControlFlow::Continue(())).unwrap();
        }
        gatherer
    };
    let gatherers: Vec<Gatherer> = (0..of).map(gathered).collect();
    let shares = Shares::cut(gatherers.iter().map(Gatherer::players), of).unwrap();
    let mut handed: Vec<Vec<Pack>> = (0..of).map(|_| Vec::new()).collect();
    for gatherer in gatherers {
        for (share, pack) in gatherer.share_out(&shares).unwrap().into_iter().enumerate() {
            handed[share].push(Pack::from_bytes(&pack.into_bytes().unwrap()).unwrap());
        }
    }
    handed.into_iter().map(|packs| SortedEvents::of(packs).unwrap()).collect()
}

/// The report of the files, as bytes.
fn report(files: &[EventFile], of: usize) -> Vec<u8> {
    let scanned = in_shares(files, of)
        .iter()
        .map(|share| share.scan(Params::default(), &mut |_| ControlFlow::Continue(())).unwrap())
        .reduce(|all, next| Partial::merge(all, next).unwrap());
    scanned.unwrap().finish().to_bytes().unwrap()
}

proptest! {
    // Every case writes and reads files.
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_number_of_workers_makes_the_same_report(
        order in Just((0..rows().len()).collect::<Vec<_>>()).prop_shuffle(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        workers in 2..5_usize,
        twins in any::<bool>(),
    ) {
        let of_log = rows();
        let mut shuffled: Vec<Cell> = order.into_iter().map(|row| of_log[row]).collect();
        if twins {
            // Two events of a player at one instant, which say different things.
            let (time, player) = (shuffled[0].4, shuffled[0].0);
            (shuffled[7].0, shuffled[7].4) = (player, time);
        }
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(shuffled.len())).collect();
        ends.extend([0, shuffled.len()]);
        ends.sort_unstable();
        let files: Vec<EventFile> = ends
            .windows(2)
            .filter(|ends| ends[0] < ends[1])
            .map(|ends| open(file(&shuffled[ends[0]..ends[1]], &plain())).unwrap())
            .collect();
        prop_assert!(report(&files, workers) == report(&files, 1));
    }
}
