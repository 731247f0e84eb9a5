//! Answers to other parameters from what workers hold of the events that they scanned, without reading them again.
//!
//! All workers are asked in a round, and one round is under way at a time: what is wished for meanwhile is asked when it
//! ends, so that each is shown, however fast wishes come.

use wow_engine::Query;
use wow_engine::time::Minutes;

use super::events::Pass;
use super::recounts::Recounts;
use super::work::{News, Round, Work};
use crate::protocol::{JobId, Request};

impl<R: Recounts> Work<R> {
    /// Whether the workers hold what an answer takes.
    pub(super) fn can_recount(&self, wanted: &Query) -> bool {
        self.kept.as_ref().is_some_and(|kept| R::answers_live(&kept.query, wanted))
    }

    pub(super) const fn is_recounting(&self) -> bool {
        self.round.is_some()
    }

    /// Asks all workers that keep players, which ends what is under way. The picture in sight has the gap `known_gap`.
    pub(super) fn recount(&mut self, query: Query, known_gap: Minutes) -> Vec<News<R>> {
        let Some(of) = self.kept.as_ref().map(|kept| kept.job) else { return Vec::new() };
        self.stop();
        let job = self.new_job();
        let mut waiting = 0;
        for worker in self.workers.iter_mut().filter(|worker| worker.keeps == Some(of)) {
            worker.is_due = true;
            waiting += 1;
        }
        let (units, recounts) = (Vec::new(), Vec::new());
        self.round = Some(Round { job, query, waiting, of, known_gap, units, recounts });
        self.deal();
        vec![News::Begun(Pass::Recount)]
    }

    /// What a worker is to be asked in this round. It has one such question at a time, and may not yet have answered that of
    /// a round that was ended.
    pub(super) fn next_recount(&mut self, worker: usize) -> Option<(JobId, Request)> {
        let (round, worker) = (self.round.as_ref()?, &mut self.workers[worker]);
        if !worker.is_due || worker.recounting.is_some() {
            return None;
        }
        worker.is_due = false;
        worker.recounting = Some(round.job);
        let Round { job, of, known_gap, .. } = *round;
        Some((job, Request::Recount { job, of, query: round.query.clone(), known_gap }))
    }

    pub(super) fn end_round(&mut self) {
        self.round = None;
        for worker in &mut self.workers {
            worker.is_due = false;
        }
    }

    /// Whether a job is that of this round.
    pub(super) fn is_of_round(&self, job: JobId) -> bool {
        self.round.as_ref().is_some_and(|round| round.job == job)
    }

    /// Takes what a worker says of some units.
    pub(super) fn recounted(&mut self, job: JobId, units: Vec<usize>, bytes: &[u8]) -> Vec<News<R>> {
        let Some(round) = self.round.as_mut().filter(|round| round.job == job) else { return Vec::new() };
        let Ok(recount) = R::from_bytes(bytes) else { return self.not_recounted() };
        round.units.extend(units);
        round.recounts.push(recount);
        round.waiting -= 1;
        if round.waiting > 0 {
            return Vec::new();
        }
        round.units.sort_unstable();
        if !round.units.iter().copied().eq(0..self.units.len()) {
            return self.not_recounted();
        }
        let Some(Round { query, recounts, .. }) = self.round.take() else { return Vec::new() };
        vec![News::Recounted { query, recounts }]
    }

    /// Ends a round that has no answer. What workers keep is not what it was taken for.
    pub(super) fn not_recounted(&mut self) -> Vec<News<R>> {
        self.end_round();
        self.kept = None;
        vec![News::NotRecounted]
    }
}
