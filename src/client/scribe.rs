//! Files that a worker of their own makes in one go, so that the page stays alive meanwhile and the workers that hold the data
//! can go on, or be gone.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use web_sys::js_sys::Uint8Array;

use super::workers::{Handle, Heard};
use crate::protocol::{Failure, Reply, Request, WholeFile, check_build};

/// Makes a file of what is attached, which is handed over.
///
/// # Errors
/// What the worker met, or that there is none.
pub(crate) async fn write(file: WholeFile, attached: &[Uint8Array]) -> Result<Uint8Array, Failure> {
    let (ready, is_ready) = oneshot::channel();
    let (done, answer) = oneshot::channel();
    let waiting = Rc::new(RefCell::new((Some(ready), Some(done))));
    let worker = Handle::start(move |heard| {
        let (ready, done) = &mut *waiting.borrow_mut();
        // Whoever waits may have given up.
        match heard {
            Heard::Reply(Reply::Ready { build }, _) => {
                if let Some(ready) = ready.take() {
                    let _ = ready.send(check_build(&build));
                }
            }
            heard => {
                *ready = None;
                if let Some(done) = done.take() {
                    let _ = done.send(heard);
                }
            }
        }
    })?;
    if let Ok(is_of_this_build) = is_ready.await {
        is_of_this_build?;
        worker.hand_over(&Request::Write { job: 0, file }, attached);
    }
    match answer.await {
        Ok(Heard::Reply(Reply::Written { written, .. }, attached)) => {
            written?;
            attached.into_iter().next().ok_or_else(|| broken("it sent no file"))
        }
        Ok(Heard::Reply(Reply::Failed { failure, .. }, _) | Heard::Broken(failure)) => Err(failure),
        _ => Err(broken("it did not answer what was asked")),
    }
}

fn broken(how: &str) -> Failure {
    Failure::Worker { detail: how.to_owned() }
}
