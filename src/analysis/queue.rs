//! Which worker scans which unit next.
//!
//! Units are pulled: a worker that is free asks for its next one, so that a slow worker gets fewer. What it holds
//! comes first, then what nobody holds. When both are used up it takes over what another worker holds and has not
//! begun, which it must read again from the source.

use std::cmp::Reverse;
use std::collections::VecDeque;

/// A worker's last waiting unit is left to it: to read it again costs another worker about as much time as the
/// holder needs to come to it. A worker's only unit is therefore never taken over.
const LEFT_TO_THE_HOLDER: usize = 1;

/// The units that nobody has begun.
#[derive(Debug, Default)]
pub struct Queue {
    /// Units that no worker holds.
    free: VecDeque<Waiting>,
    /// Units that are held, worker by worker.
    own: Vec<VecDeque<Waiting>>,
}

#[derive(Debug, Clone, Copy)]
struct Waiting {
    unit: usize,
    bytes: u64,
}

impl Queue {
    /// So many units that nobody holds, dealt in their order: the picture of what is in so far needs the first
    /// ones first. They are cut to like sizes, so that dealing the largest first would gain next to nothing.
    #[must_use]
    pub fn in_order(units: usize) -> Self {
        Self { free: (0..units).map(|unit| Waiting { unit, bytes: 0 }).collect(), own: Vec::new() }
    }

    /// Units by their size in bytes and the worker that holds them, dealt with the largest first, so that those
    /// that end last are small.
    #[must_use]
    pub fn by_size(units: impl IntoIterator<Item = (u64, Option<usize>)>, workers: usize) -> Self {
        let mut waiting: Vec<(Waiting, Option<usize>)> = units
            .into_iter()
            .enumerate()
            .map(|(unit, (bytes, holder))| (Waiting { unit, bytes }, holder))
            .collect();
        waiting.sort_by_key(|(waiting, _)| Reverse(waiting.bytes));
        let mut queue = Self { free: VecDeque::new(), own: vec![VecDeque::new(); workers] };
        for (waiting, holder) in waiting {
            match holder.and_then(|worker| queue.own.get_mut(worker)) {
                Some(own) => own.push_back(waiting),
                None => queue.free.push_back(waiting),
            }
        }
        queue
    }

    /// The next unit for a worker that is free; none when there is nothing left for it.
    pub fn next(&mut self, worker: usize) -> Option<usize> {
        let own = self.own.get_mut(worker).and_then(VecDeque::pop_front);
        let next = own.or_else(|| self.free.pop_front()).or_else(|| {
            let held = self.own.iter_mut().filter(|own| own.len() > LEFT_TO_THE_HOLDER);
            held.max_by_key(|own| {
                own.iter().fold(0_u64, |bytes, waiting| bytes.saturating_add(waiting.bytes))
            })?
            .pop_back()
        });
        next.map(|waiting| waiting.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each of the given workers gets when they ask in this order.
    fn deal(queue: &mut Queue, workers: &[usize]) -> Vec<Option<usize>> {
        workers.iter().map(|&worker| queue.next(worker)).collect()
    }

    #[test]
    fn the_first_picture_gets_the_first_units_first() {
        let mut queue = Queue::in_order(3);
        assert_eq!(deal(&mut queue, &[1, 0, 1, 0]), [Some(0), Some(1), Some(2), None]);
    }

    #[test]
    fn own_units_come_first_and_large_ones_before_small_ones() {
        let units = [(5, Some(0)), (9, Some(0)), (7, Some(1)), (8, None)];
        let mut queue = Queue::by_size(units, 2);
        assert_eq!(deal(&mut queue, &[0, 1, 1, 0, 1]), [Some(1), Some(2), Some(3), Some(0), None]);
    }

    #[test]
    fn a_worker_without_units_takes_the_smallest_of_the_one_that_has_most_to_do() {
        let units = [(3, Some(0)), (2, Some(0)), (9, Some(1)), (8, Some(1)), (1, Some(1))];
        let mut queue = Queue::by_size(units, 3);
        assert_eq!(deal(&mut queue, &[2, 2]), [Some(4), Some(3)]);
        assert_eq!(queue.next(2), Some(1), "one unit of worker 1 is left to it");
        assert_eq!(queue.next(2), None);
        assert_eq!(deal(&mut queue, &[1, 0]), [Some(2), Some(0)]);
    }

    #[test]
    fn sizes_that_cannot_be_are_dealt_like_others() {
        let units = [(u64::MAX, Some(0)), (u64::MAX, Some(0)), (1, Some(1)), (1, Some(1))];
        let mut queue = Queue::by_size(units, 3);
        assert_eq!(deal(&mut queue, &[2, 2, 0, 1]), [Some(1), Some(3), Some(0), Some(2)]);
    }

    #[test]
    fn every_unit_is_dealt_exactly_once_whatever_the_workers_do() {
        for workers in 1..=4 {
            for order in [[0, 1, 2, 3], [3, 3, 1, 0], [2, 2, 2, 2]] {
                let units: Vec<(u64, Option<usize>)> =
                    (0..23).map(|unit| (unit % 7, (unit % 5 != 0).then_some(unit as usize % 4))).collect();
                let mut queue = Queue::by_size(units, workers);
                let mut dealt = Vec::new();
                let mut idle = 0;
                // Those that ask often first, then every worker until there is nothing left for any.
                let asking = order.iter().map(|worker| worker % workers).cycle().take(15);
                for worker in asking.chain((0..workers).cycle()) {
                    match queue.next(worker) {
                        Some(unit) => {
                            idle = 0;
                            dealt.push(unit);
                        }
                        None => idle += 1,
                    }
                    if idle > 19 {
                        break;
                    }
                }
                dealt.sort_unstable();
                assert_eq!(dealt, (0..23).collect::<Vec<_>>(), "{workers} workers, {order:?}");
            }
        }
    }
}
