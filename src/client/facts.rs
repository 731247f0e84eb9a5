//! What snapshots saw of a player, asked of any worker.

use std::collections::HashMap;

use futures_channel::oneshot;
use wow_engine::facts::PlayerFacts;

use super::run::Run;
use crate::protocol::{Failure, JobId, PartSource, Request};

/// What was asked ends with this.
pub(super) type Found = Result<Vec<PlayerFacts>, Failure>;

/// Who waits for an answer.
#[derive(Default)]
pub(super) struct Asked(HashMap<JobId, oneshot::Sender<Found>>);

impl Asked {
    /// Takes an answer.
    pub(super) fn answered(&mut self, job: JobId, found: Found) {
        if let Some(done) = self.0.remove(&job) {
            // Whoever asked may have closed the panel.
            let _ = done.send(found);
        }
    }
}

impl Run {
    /// Asks for what snapshots saw of a player. Any worker that listens will do; without one there is no answer.
    pub(super) fn facts(&mut self, source: PartSource, player_id: i64) -> oneshot::Receiver<Found> {
        let (done, answer) = oneshot::channel();
        let job = self.new_job();
        if let Some(worker) = self.workers.iter().find(|worker| worker.is_ready) {
            worker.post(&Request::Facts { job, source, player_id }, &[]);
            self.asked_for_facts.0.insert(job, done);
        }
        answer
    }
}
