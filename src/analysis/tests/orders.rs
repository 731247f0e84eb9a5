//! What holds in whatever order things happen.

use proptest::prelude::*;

use super::data::{Dataset, Kind, query};
use super::world::{CORES, World};
use crate::analysis::{Event, Pending, Status};
use crate::protocol::Failure;

/// Something that happens.
#[derive(Debug, Clone)]
enum Happening {
    /// The reader goes elsewhere, as with another environment.
    Open(usize),
    /// The reader picks what cannot be opened.
    Refuse,
    /// The reader wants something, as with a slider, a filter, or Back.
    Choose(usize),
    Cancel,
    Retry,
    /// What there is to read is found, or not.
    Finds(bool),
    /// It is found, with the statistics of an earlier visit.
    FindsKnown,
    Fetches,
    /// A worker answers what it was asked first, or last.
    Answers(usize, bool),
    /// All workers answer what they have in hand.
    AllAnswer,
    /// A worker cannot do what it was asked: it is damaged, or out of order.
    Refuses(usize, bool),
    /// A worker breaks down.
    Breaks,
    /// A worker has lost what it held.
    Loses(usize),
    /// Something is heard of workers that were ended.
    Late(usize),
    Waits(u16),
}

fn places() -> [Dataset; 6] {
    [
        (Kind::Export, 5),
        (Kind::Export, 1),
        (Kind::Files, 4),
        (Kind::Unsorted, 3),
        (Kind::Csv, 2),
        (Kind::Elsewhere, 1),
    ]
    .map(|(kind, units)| Dataset { number: units as i64 * 10 + kind as i64, units, kind })
}

/// Gaps that need no events, one that does, and other events.
const WANTED: [(u32, Option<i64>); 6] =
    [(30, None), (31, None), (60, None), (5, None), (30, Some(9)), (45, Some(9))];

fn happening() -> impl Strategy<Value = Happening> {
    let worker = 0..CORES;
    prop_oneof![
        2 => (0..places().len()).prop_map(Happening::Open),
        1 => Just(Happening::Refuse),
        25 => (0..WANTED.len()).prop_map(Happening::Choose),
        3 => Just(Happening::Cancel),
        3 => Just(Happening::Retry),
        8 => prop::bool::weighted(0.9).prop_map(Happening::Finds),
        4 => Just(Happening::FindsKnown),
        4 => Just(Happening::Fetches),
        60 => (worker.clone(), any::<bool>()).prop_map(|(worker, last)| Happening::Answers(worker, last)),
        15 => Just(Happening::AllAnswer),
        2 => (worker.clone(), any::<bool>()).prop_map(|(worker, order)| Happening::Refuses(worker, order)),
        1 => Just(Happening::Breaks),
        3 => worker.prop_map(Happening::Loses),
        4 => any::<usize>().prop_map(Happening::Late),
        15 => (0_u16..700).prop_map(Happening::Waits),
    ]
}

fn happens(world: &mut World, happening: Happening) {
    match happening {
        Happening::Open(place) => world.open(places()[place]),
        Happening::Refuse => world.happens(Event::Refuse(damaged())),
        Happening::Choose(wanted) => world.choose(query(WANTED[wanted].0, WANTED[wanted].1)),
        Happening::Cancel => world.cancel(),
        Happening::Retry => world.retry(),
        Happening::Finds(is_there) => world.finds((!is_there).then(damaged), false),
        Happening::FindsKnown => world.finds(None, true),
        Happening::Fetches => world.fetches(),
        Happening::Answers(worker, is_last_first) => world.answers(worker, is_last_first),
        Happening::AllAnswer => world.all_answer(),
        Happening::Refuses(worker, is_damaged) => world.refuses(
            worker,
            match is_damaged {
                true => damaged(),
                false => Failure::OutOfOrder { name: String::new(), detail: String::new() },
            },
        ),
        Happening::Breaks => world.breaks(),
        Happening::Loses(worker) => {
            if let Some(worker) = world.workers.get_mut(worker) {
                worker.kept.2.clear();
            }
        }
        Happening::Late(which) => {
            if !world.late.is_empty() {
                let place = which % world.late.len();
                let (attempt, heard) = world.late.swap_remove(place);
                world.happens(Event::Heard(attempt, heard));
            }
        }
        Happening::Waits(ms) => world.waits(f64::from(ms)),
    }
}

fn damaged() -> Failure {
    Failure::Damaged { name: "a".to_owned(), detail: "b".to_owned() }
}

/// Once nothing more happens, what is wanted is in sight, or it is said why not.
fn has_settled(world: &World) {
    match &world.status {
        Status::Ready => {
            let report = world.report.as_ref().expect("a picture");
            assert!(report.answers(&world.wanted) && world.is_complete);
            assert_eq!(world.pending, Pending::Nothing);
        }
        Status::Cancelled | Status::Failed(_) => assert!(world.workers.is_empty()),
        Status::Loading(_) | Status::Again(_) => panic!("it waits for ever: {:?}", world.status),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// The world checks at each step what must always hold: see `world.rs`.
    #[test]
    fn whatever_happens_in_whatever_order(
        start in 0..places().len(),
        is_ready in any::<bool>(),
        happenings in prop::collection::vec(happening(), 1..120),
    ) {
        let mut world = World::new(places()[start]);
        if is_ready {
            world.settles();
        }
        for happening in happenings {
            happens(&mut world, happening);
        }
        world.settles();
        has_settled(&world);
        // Whatever it came to, reading again brings what is wanted.
        if world.status != Status::Ready {
            world.retry();
            world.settles();
            prop_assert_eq!(&world.status, &Status::Ready);
            has_settled(&world);
        }
    }
}
