//! Searches for what one player did.

use std::collections::HashMap;

use futures_channel::oneshot;
use wow_engine::pipeline::History;
use wow_engine::pipeline::sessions::Gap;
use wow_engine::time::Minutes;

use crate::protocol::{Failure, JobId};

/// What a search ends with.
pub(super) type Found = Result<History, Failure>;

/// Searches that wait for an answer from each unit that holds events of the player.
#[derive(Default)]
pub(super) struct Searches(HashMap<JobId, Search>);

struct Search {
    waiting: usize,
    history: History,
    gap: Gap,
    done: oneshot::Sender<Found>,
}

impl Searches {
    /// Waits for so many answers; without any, nothing is found.
    pub(super) fn start(
        &mut self,
        job: JobId,
        waiting: usize,
        session_gap_minutes: Minutes,
    ) -> oneshot::Receiver<Found> {
        let (done, answer) = oneshot::channel();
        if waiting == 0 {
            // The receiver is right here, and whoever asked may have closed the panel.
            let _ = done.send(Ok(History::default()));
        } else {
            let gap = Gap::new(session_gap_minutes);
            self.0.insert(job, Search { waiting, history: History::default(), gap, done });
        }
        answer
    }

    /// Takes an answer. The first failure ends the search.
    pub(super) fn answered(&mut self, job: JobId, found: Found) {
        let Some(search) = self.0.get_mut(&job) else { return };
        search.waiting -= 1;
        let answer = match found {
            Ok(history) => {
                search.history.join(history, search.gap);
                if search.waiting > 0 {
                    return;
                }
                Ok(std::mem::take(&mut search.history))
            }
            Err(failure) => Err(failure),
        };
        if let Some(search) = self.0.remove(&job) {
            // Whoever asked may have closed the panel.
            let _ = search.done.send(answer);
        }
    }
}
