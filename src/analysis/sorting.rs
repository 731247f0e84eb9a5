//! Files in no order: workers gather their events, say how many each player has, and hand each other the events of the players
//! that they take.

use wow_engine::Error;
use wow_engine::contract::Reading;
use wow_engine::read::{MOST_SORTED_EVENTS, PlayerCounts, Shares};

use super::events::Packs;
use super::plan::Plan;
use super::queue::Queue;
use super::recounts::Recounts;
use super::work::{News, Step, Work};
use crate::protocol::{Failure, JobId, Request};
use wow_loading::Stage;

/// How far the workers are.
#[derive(Debug, Default)]
pub(super) struct Sorting {
    /// Units that were gathered.
    gathered: usize,
    /// The workers that take a share each.
    takers: Vec<usize>,
    /// The events of each player as they were counted so far.
    counts: Vec<PlayerCounts>,
    /// What workers are still to be asked, one thing each.
    due: Vec<(usize, Request)>,
    /// Workers that have handed on what they gathered.
    handed: usize,
    /// The job by which they did.
    job: JobId,
    /// The shares that have not been sent what was handed on to them.
    unsent: Vec<usize>,
}

impl Sorting {
    /// What a worker is to be asked next.
    pub(super) fn next_for(&mut self, worker: usize) -> Option<Request> {
        let place = self.due.iter().position(|(asked, _)| *asked == worker)?;
        Some(self.due.swap_remove(place).1)
    }

    /// What a share is to be sent of what was handed on, once.
    pub(super) fn take_packs(&mut self, share: usize) -> Option<Packs> {
        let place = self.unsent.iter().position(|unsent| *unsent == share)?;
        self.unsent.swap_remove(place);
        Some(Packs { job: self.job, share })
    }
}

impl<R: Recounts> Work<R> {
    /// Starts to sort all files: their events are gathered first.
    pub(super) fn sort(&mut self) -> Step<R> {
        let (rows, _) = self.sources.size();
        if rows > MOST_SORTED_EVENTS {
            return Err(Failure::TooManyToSort { rows });
        }
        self.stage = Stage::Sorting;
        self.is_again = false;
        self.kept = None;
        let plan = self.sources.to_gather();
        self.queue = Queue::in_order(plan.units.len());
        self.begin_pass(plan);
        self.sorting = Sorting::default();
        self.deal();
        Ok(vec![News::Sorting, News::Progress(self.so_far())])
    }

    /// Takes note that a unit was gathered; after the last one the events are counted.
    pub(super) fn gathered(&mut self, unit: usize, (place, reading): (usize, Reading)) -> Step<R> {
        self.sources.learn(place, reading)?;
        let absent = || Failure::Worker { detail: format!("it gathered unit {unit}, which there is not") };
        let state = self.units.get_mut(unit).ok_or_else(absent)?;
        state.done = (self.plan.units[unit].bytes, self.plan.units[unit].rows);
        self.sorting.gathered += 1;
        if self.sorting.gathered == self.plan.units.len() {
            // A worker that has not started yet would keep all waiting.
            let ready = (0..self.workers.len()).filter(|&worker| self.workers[worker].is_ready);
            self.sorting.takers = ready.collect();
            self.ask_takers(|job, _| Request::Players { job });
        }
        Ok(self.now_and_then())
    }

    /// Takes the counts of a worker; after the last ones the players are shared out.
    pub(super) fn counted(&mut self, counts: &[u8]) -> Step<R> {
        let broken = |error: Error| Failure::Worker { detail: error.to_string() };
        self.sorting.counts.push(PlayerCounts::from_bytes(counts).map_err(broken)?);
        let shares = self.sorting.takers.len();
        if self.sorting.counts.len() == shares {
            let shares = Shares::cut(std::mem::take(&mut self.sorting.counts), shares);
            let shares = shares.map_err(|error| match error {
                Error::TooManyToSort { rows } => Failure::TooManyToSort { rows },
                error => broken(error),
            })?;
            self.sorting.job = self.job;
            self.ask_takers(|job, own| Request::ShareOut { job, shares: shares.clone(), own });
        }
        Ok(Vec::new())
    }

    /// Takes note that a worker has handed on what it gathered. After the last one all sort and scan what was handed on to
    /// them, each its share of the players.
    pub(super) fn handed_on(&mut self) {
        self.sorting.handed += 1;
        if self.sorting.handed < self.sorting.takers.len() {
            return;
        }
        let (_, bytes) = self.sources.size();
        // A worker has one share from the first to the last, for it alone has put it in order.
        let takers = self.sorting.takers.iter().map(|&worker| (0, Some(worker)));
        self.queue = Queue::by_size(takers, self.workers.len());
        self.sorting.unsent = (0..self.sorting.takers.len()).collect();
        self.begin_pass(Plan::of_shares(bytes, self.sorting.takers.len()));
        for (state, unit) in self.units.iter_mut().zip(&self.plan.units) {
            state.done.0 = unit.bytes;
        }
        self.deal();
    }

    /// Asks every worker that takes a share for something, by its place among them.
    fn ask_takers(&mut self, request: impl Fn(JobId, usize) -> Request) {
        let takers = self.sorting.takers.iter().enumerate();
        self.sorting.due = takers.map(|(share, &worker)| (worker, request(self.job, share))).collect();
        self.deal();
    }
}
