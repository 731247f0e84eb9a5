//! The workers that read one dataset, and who waits for their answers.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use futures_channel::oneshot;
use web_sys::Blob;
use web_sys::js_sys::Uint8Array;

use super::workers::{Handle, Heard};
use crate::analysis::Packs;
use crate::protocol::{Failure, JobId, Reply, Request};

/// What a worker answers, and what came with it.
pub(super) type Answer = (Reply, Vec<Uint8Array>);

/// Workers, which end with this handle, so that whoever still asks something of them keeps them.
#[derive(Default)]
pub(super) struct Crew {
    handles: RefCell<Vec<Handle>>,
    /// Who waits, by the job of what was asked.
    waiting: RefCell<HashMap<JobId, oneshot::Sender<Answer>>>,
    last_job: Cell<JobId>,
    /// What workers have shared out in a job: for each share what each of them hands on to it.
    packs: RefCell<(JobId, Vec<Vec<Uint8Array>>)>,
}

impl Crew {
    /// Starts so many workers, and has `hear` told of each by its place.
    ///
    /// # Errors
    /// When the browser starts none.
    pub(super) fn start(
        &self,
        count: usize,
        hear: impl Fn(usize, Heard) + Clone + 'static,
    ) -> Result<(), Failure> {
        for place in 0..count {
            let hear = hear.clone();
            let handle = Handle::start(move |heard| hear(place, heard))?;
            self.handles.borrow_mut().push(handle);
        }
        Ok(())
    }

    /// Ends all workers, and tells who waits that nothing will come.
    pub(super) fn end(&self) {
        self.handles.borrow_mut().clear();
        self.waiting.borrow_mut().clear();
    }

    /// Sends a request with the files that it is about.
    ///
    /// # Errors
    /// When there is no such worker any more.
    pub(super) fn post(&self, worker: usize, request: &Request, files: &[Blob]) -> Result<(), Failure> {
        let handles = self.handles.borrow();
        let handle = handles.get(worker).ok_or_else(closed)?;
        handle.post(request, files);
        Ok(())
    }

    /// Sends a request with what was shared out to a share, which is handed over.
    ///
    /// # Errors
    /// When there is no such worker any more.
    pub(super) fn hand_over(&self, worker: usize, request: &Request, packs: Packs) -> Result<(), Failure> {
        let handles = self.handles.borrow();
        let handle = handles.get(worker).ok_or_else(closed)?;
        let (job, all) = &mut *self.packs.borrow_mut();
        let of_share = all.get_mut(packs.share).filter(|_| *job == packs.job).map(std::mem::take);
        handle.hand_over(request, &of_share.unwrap_or_default());
        Ok(())
    }

    /// Holds what a worker has shared out in a job. What was shared out in an earlier one is of no use any more.
    fn hold(&self, job: JobId, packs: Vec<Uint8Array>) {
        let (of, all) = &mut *self.packs.borrow_mut();
        if *of != job {
            (*of, *all) = (job, Vec::new());
        }
        all.resize_with(all.len().max(packs.len()), Vec::new);
        for (share, pack) in all.iter_mut().zip(packs) {
            share.push(pack);
        }
    }

    /// Names a question.
    pub(super) fn new_job(&self) -> JobId {
        let job = self.last_job.get().wrapping_add(1);
        self.last_job.set(job);
        job
    }

    /// Waits for the answer to a question that is asked next.
    pub(super) fn wait(&self, job: JobId) -> oneshot::Receiver<Answer> {
        let (done, answer) = oneshot::channel();
        self.waiting.borrow_mut().insert(job, done);
        answer
    }

    /// Asks a worker something.
    ///
    /// # Errors
    /// When there is no such worker any more.
    pub(super) fn ask(
        &self,
        worker: usize,
        request: impl FnOnce(JobId) -> Request,
        files: &[Blob],
    ) -> Result<oneshot::Receiver<Answer>, Failure> {
        let job = self.new_job();
        let answer = self.wait(job);
        self.post(worker, &request(job), files)?;
        Ok(answer)
    }

    /// Takes the answer to a question; gives back a reply that is none.
    pub(super) fn answered(&self, reply: Reply, attached: Vec<Uint8Array>) -> Option<Answer> {
        if let Reply::SharedOut { job } = reply {
            self.hold(job, attached);
            return Some((reply, Vec::new()));
        }
        let (Reply::History { job, .. } | Reply::Facts { job, .. } | Reply::Rows { job, .. }) = reply else {
            return Some((reply, attached));
        };
        if let Some(done) = self.waiting.borrow_mut().remove(&job) {
            // Whoever asked may have closed the panel, or given up.
            let _ = done.send((reply, attached));
        }
        None
    }
}

/// What a question ends with when the workers do.
pub(super) fn closed() -> Failure {
    Failure::Worker { detail: "the data were closed meanwhile".into() }
}

/// What a question ends with that was answered with something else.
pub(super) fn unasked() -> Failure {
    Failure::Worker { detail: "it did not answer what was asked".into() }
}
