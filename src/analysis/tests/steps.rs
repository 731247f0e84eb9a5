//! What becomes of one thing after the other.

use super::data::{Dataset, Kind, query};
use super::world::{REST_MS, World};
use crate::analysis::{Event, Pass, Pending, Status};
use crate::protocol::{Failure, Request};

const EXPORT: Dataset = Dataset { number: 7, units: 5, kind: Kind::Export };

/// All of an export is there.
fn ready() -> World {
    let mut world = World::new(EXPORT);
    world.settles();
    assert_eq!((&world.status, world.is_complete), (&Status::Ready, true));
    world
}

/// The gaps of the whole pictures that were shown.
fn gaps(world: &World) -> Vec<i64> {
    world.pictures.iter().map(|query| query.params.session_gap_minutes.get()).collect()
}

fn are_recounts(world: &World) -> bool {
    let mut requests = world.workers.iter().flat_map(|worker| &worker.requests);
    requests.all(|request| matches!(request, Request::Recount { .. }))
}

#[test]
fn a_gap_that_is_dragged_is_followed_round_by_round_and_the_newest_wish_wins() {
    let mut world = ready();
    for gap in 31..35 {
        world.choose(query(gap, None));
        assert_eq!((world.pending, &world.status), (Pending::Recount, &Status::Ready));
        assert!(world.workers.iter().all(|worker| worker.requests.len() == 1), "one round at a time");
    }
    world.all_answer();
    assert_eq!((gaps(&world), world.pending), (vec![30, 31], Pending::Recount));
    world.all_answer();
    assert_eq!((gaps(&world), world.pending), (vec![30, 31, 34], Pending::Nothing));
    assert!(world.is_quiet());
    assert_eq!(world.begun, [Pass::Scan, Pass::Recount, Pass::Recount]);
}

#[test]
fn a_worker_that_keeps_nothing_is_not_asked() {
    let mut world = World::new(Dataset { units: 2, ..EXPORT });
    world.finds(None, false);
    // The other listens only once there is nothing left to scan.
    for worker in [0, 0, 0, 1] {
        world.answers(worker, false);
    }
    world.choose(query(31, None));
    assert_eq!(world.workers.iter().map(|worker| worker.requests.len()).collect::<Vec<_>>(), [1, 0]);
    world.all_answer();
    assert_eq!((gaps(&world), world.pending), (vec![30, 31], Pending::Nothing));
}

#[test]
fn a_choice_that_is_taken_back_while_it_is_counted_is_not_shown() {
    let mut world = ready();
    world.choose(query(31, None));
    world.answers(0, false);
    world.choose(query(30, None));
    assert_eq!(world.pending, Pending::Nothing);
    // The next question waits until that of the round that was ended is answered.
    world.choose(query(32, None));
    assert_eq!(world.workers.iter().map(|worker| worker.requests.len()).collect::<Vec<_>>(), [1, 1, 1]);
    world.settles();
    assert_eq!((gaps(&world), world.pending), (vec![30, 32], Pending::Nothing));
}

#[test]
fn files_that_turn_out_to_be_in_no_order_are_sorted_to_the_end_whatever_is_chosen_meanwhile() {
    let mut world = World::new(Dataset { number: 7, units: 5, kind: Kind::Files });
    world.settles();
    world.choose(query(5, None));
    world.waits(REST_MS);
    world.refuses(0, Failure::OutOfOrder { name: String::new(), detail: String::new() });
    world.cancel();
    assert!(matches!(world.status, Status::Again(_)), "the picture may be wrong, so it goes on");
    world.settles();
    assert_eq!((&world.status, world.pending), (&Status::Ready, Pending::Nothing));
    assert!(world.report.as_ref().unwrap().answers(&query(30, None)));
}

#[test]
fn what_takes_the_events_is_asked_at_once_and_of_many_wishes_the_last_once_it_rests() {
    let mut world = ready();
    world.choose(query(11, None));
    world.waits(0.0);
    assert!(matches!(world.status, Status::Again(_)));
    for gap in [10, 9, 8] {
        world.waits(REST_MS - 1.0);
        world.choose(query(gap, None));
        world.all_answer();
        assert_eq!(world.pending, Pending::Scan);
        assert!(world.workers.iter().all(|worker| worker.requests.is_empty()), "{gap} has not rested");
    }
    world.waits(REST_MS);
    let asked = world.workers.iter().flat_map(|worker| &worker.requests);
    assert!(asked.clone().count() > 0);
    for request in asked {
        assert!(matches!(request, Request::Scan { query, .. } if *query == self::query(8, None)));
    }
    world.settles();
    assert_eq!(
        (gaps(&world), world.pending),
        (vec![30, 11, 8], Pending::Nothing),
        "one on the way, and the last"
    );
}

#[test]
fn a_longer_gap_ends_a_scan_for_a_short_one_at_once() {
    let mut world = ready();
    world.choose(query(5, None));
    world.waits(REST_MS);
    assert!(matches!(world.status, Status::Again(_)));
    world.choose(query(40, None));
    assert_eq!((world.pending, &world.status), (Pending::Recount, &Status::Ready));
    // What they have in hand of the scan comes first.
    world.all_answer();
    assert!(are_recounts(&world));
    world.all_answer();
    assert_eq!((gaps(&world), world.pending), (vec![30, 40], Pending::Nothing));
}

#[test]
fn cancel_takes_the_choice_back_and_the_picture_stays() {
    let mut world = ready();
    world.choose(query(30, Some(3)));
    world.waits(REST_MS);
    assert!(matches!(world.status, Status::Again(_)));
    world.answers(0, false);
    world.cancel();
    assert_eq!(
        (&world.status, world.pending, &world.wanted),
        (&Status::Ready, Pending::Nothing, &query(30, None))
    );
    world.settles();
    assert_eq!(gaps(&world), [30]);

    // Of some units other players are kept by now, so the events are read again.
    world.choose(query(40, None));
    assert_eq!(world.pending, Pending::Scan);
    world.settles();
    assert_eq!(gaps(&world), [30, 40]);
}

#[test]
fn a_worker_that_has_lost_what_it_held_has_the_events_read_again() {
    let mut world = ready();
    world.workers[1].kept.2.clear();
    world.choose(query(40, None));
    world.all_answer();
    assert_eq!((gaps(&world), world.pending), (vec![30], Pending::Scan));
    world.settles();
    assert_eq!((gaps(&world), world.pending), (vec![30, 40], Pending::Nothing));
    assert_eq!(world.begun, [Pass::Scan, Pass::Recount, Pass::Scan]);
}

#[test]
fn a_worker_that_breaks_down_leaves_the_picture_until_all_is_read_again() {
    let mut world = ready();
    world.choose(query(40, None));
    world.breaks();
    assert!(matches!(world.status, Status::Failed(Failure::Worker { .. })));
    assert_eq!((world.is_complete, world.pending), (true, Pending::Scan));
    assert!(world.workers.is_empty());
    world.retry();
    assert!(matches!(world.status, Status::Loading(_)) && world.is_complete);
    world.settles();
    assert_eq!((gaps(&world), world.pending), (vec![30, 40], Pending::Nothing));
}

#[test]
fn what_is_in_is_shown_when_reading_is_cancelled_and_what_is_said_later_counts_no_more() {
    let mut world = World::new(EXPORT);
    world.finds(None, false);
    // Two listen and have two units each; the first then answers both.
    for worker in [0, 1, 0, 0, 1] {
        world.answers(worker, false);
    }
    assert_eq!(world.report.as_ref().unwrap().players.len(), 1, "more is shown after a while");
    world.cancel();
    assert_eq!((&world.status, world.is_complete), (&Status::Cancelled, false));
    let players = world.report.as_ref().unwrap().players.len();
    assert_eq!(players, 3);
    for (attempt, heard) in std::mem::take(&mut world.late) {
        world.happens(Event::Heard(attempt, heard));
    }
    assert_eq!(world.report.as_ref().unwrap().players.len(), players);
}

#[test]
fn what_is_known_of_an_earlier_visit_is_in_sight_while_the_data_are_read() {
    let mut world = World::new(EXPORT);
    world.finds(None, true);
    assert_eq!((world.is_complete, gaps(&world)), (true, vec![30]));
    assert!(matches!(world.status, Status::Again(_)), "{:?}", world.status);
    // Another wish waits until all are read.
    world.choose(query(45, None));
    assert_eq!((world.pending, gaps(&world)), (Pending::Scan, vec![30]));
    world.settles();
    assert_eq!((&world.status, gaps(&world)), (&Status::Ready, vec![30, 30, 45]));
    assert_eq!(world.begun, [Pass::Scan, Pass::Recount]);

    let mut world = World::new(EXPORT);
    world.finds(None, true);
    world.cancel();
    assert_eq!((&world.status, world.is_complete), (&Status::Cancelled, true));
    world.retry();
    world.settles();
    assert_eq!((&world.status, gaps(&world)), (&Status::Ready, vec![30, 30]));
}
