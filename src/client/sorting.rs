//! Files in no order: workers gather their events, say how many each player has, and hand each other the events of the players
//! that they take.

use web_sys::js_sys::Uint8Array;
use wow_engine::Error;
use wow_engine::contract::Reading;
use wow_engine::read::{PlayerCounts, Shares};

use super::Update;
use super::run::Run;
use crate::plan::Plan;
use crate::protocol::{Failure, Request};
use crate::queue::Queue;

/// How far the workers are.
#[derive(Default)]
pub(super) struct Sorting {
    /// Units that were gathered.
    gathered: usize,
    /// The workers that take a share each.
    takers: Vec<usize>,
    /// The events of each player as they were counted so far.
    counts: Vec<PlayerCounts>,
    /// Workers that have handed on what they gathered.
    handed: usize,
    /// What was handed on to each share.
    packs: Vec<Vec<Uint8Array>>,
}

impl Sorting {
    /// The workers that take a share each.
    pub(super) fn takers(&self) -> &[usize] {
        &self.takers
    }

    /// Takes what a worker hands on to each share; whether that was the last of them.
    pub(super) fn handed(&mut self, packs: Vec<Uint8Array>) -> bool {
        for (share, pack) in self.packs.iter_mut().zip(packs) {
            share.push(pack);
        }
        self.handed += 1;
        self.handed == self.takers.len()
    }

    /// What was handed on to a share, once.
    pub(super) fn take_handed(&mut self, share: usize) -> Vec<Uint8Array> {
        self.packs.get_mut(share).map(std::mem::take).unwrap_or_default()
    }
}

impl Run {
    /// Takes note that a unit was gathered; after the last one the events are counted.
    pub(super) fn gathered(&mut self, unit: usize, (place, reading): (usize, Reading)) -> Vec<Update> {
        if let Err(failure) = self.sources.learn(place, reading) {
            return self.fail(failure);
        }
        self.units[unit].done = (self.plan.units[unit].bytes, self.plan.units[unit].rows);
        self.sorting.gathered += 1;
        if self.sorting.gathered == self.plan.units.len() {
            // A worker that has not started yet would keep all waiting.
            let ready = (0..self.workers.len()).filter(|&worker| self.workers[worker].is_ready);
            self.sorting.takers = ready.collect();
            self.ask_takers(|job, _| Request::Players { job });
        }
        self.now_and_then()
    }

    /// Takes the counts of a worker; after the last ones the players are shared out.
    pub(super) fn counted(&mut self, counts: &[u8]) -> Vec<Update> {
        match PlayerCounts::from_bytes(counts) {
            Ok(counts) => self.sorting.counts.push(counts),
            Err(error) => return self.fail(Failure::Worker { detail: error.to_string() }),
        }
        let shares = self.sorting.takers.len();
        if self.sorting.counts.len() == shares {
            match Shares::cut(std::mem::take(&mut self.sorting.counts), shares) {
                Ok(shares) => {
                    self.sorting.packs = vec![Vec::new(); shares.len()];
                    self.ask_takers(|job, own| Request::ShareOut { job, shares: shares.clone(), own });
                }
                Err(Error::TooManyToSort { rows }) => return self.fail(Failure::TooManyToSort { rows }),
                Err(error) => return self.fail(Failure::Worker { detail: error.to_string() }),
            }
        }
        Vec::new()
    }

    /// Has the workers sort and scan what was handed on, each its share of the players.
    pub(super) fn scan_shares(&mut self) {
        let (_, bytes) = self.sources.size();
        // A worker has one share from the first to the last, for it alone has put it in order.
        let takers = self.sorting.takers().iter().map(|&worker| (0, Some(worker)));
        self.queue = Queue::by_size(takers, self.workers.len());
        self.begin(Plan::of_shares(bytes, self.sorting.takers().len()));
        for (state, unit) in self.units.iter_mut().zip(&self.plan.units) {
            state.done.0 = unit.bytes;
        }
        self.deal();
    }

    /// Asks every worker that takes a share for something, by its place among them.
    fn ask_takers(&mut self, request: impl Fn(u32, usize) -> Request) {
        for (share, &worker) in self.sorting.takers.iter().enumerate() {
            self.workers[worker].post(&request(self.job, share), &[]);
            self.workers[worker].in_hand += 1;
        }
    }
}
