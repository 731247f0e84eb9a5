//! The workers, and what is sent to them.

use std::cell::RefCell;
use std::rc::Weak;

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::{Array, Uint8Array};
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker};

use super::run::Run;
use crate::protocol::{Failure, Reply, Request};

/// What of the page's markup has the address of a worker's script, which is named by its content.
const WORKER_SCRIPT: &str = r#"meta[name="worker"]"#;
/// More workers than this gain nothing on the data sizes that fit in a browser.
const MOST_WORKERS: usize = 8;

/// As many workers as there are cores.
pub(super) fn count() -> usize {
    let cores = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
    (cores as usize).clamp(1, MOST_WORKERS)
}

/// The address of a worker's script.
fn script() -> Option<String> {
    let named = web_sys::window()?.document()?.query_selector(WORKER_SCRIPT).ok()??;
    named.get_attribute("content")
}

/// A worker, which ends with this handle.
pub(super) struct Handle {
    worker: Worker,
    /// Requests that it has not answered, searches aside.
    pub(super) in_hand: usize,
    /// Whether it has said that it listens.
    pub(super) is_ready: bool,
    _listeners: [EventListener; 2],
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Handle {
    /// Starts the worker at a place among all, whose replies go to `run`.
    ///
    /// # Errors
    /// When the browser starts none.
    pub(super) fn start(place: usize, run: &Weak<RefCell<Run>>) -> Result<Self, Failure> {
        let script =
            script().ok_or_else(|| Failure::Worker { detail: "the page does not tell its script".into() })?;
        let worker = Worker::new(&script)
            .map_err(|error| Failure::Worker { detail: format!("it could not be started ({error:?})") })?;
        let message = {
            let run = Weak::clone(run);
            EventListener::new(&worker, "message", move |event| {
                let (Some(run), Some(event)) = (run.upgrade(), event.dyn_ref::<MessageEvent>()) else {
                    return;
                };
                match received(event) {
                    Some((reply, bytes)) => Run::tell(&run, |run| run.answered(place, reply, &bytes)),
                    None => Run::tell(&run, |run| {
                        run.fail(Failure::Worker { detail: "it sent something unreadable".into() })
                    }),
                }
            })
        };
        let error = {
            let run = Weak::clone(run);
            EventListener::new(&worker, "error", move |event| {
                let detail = event
                    .dyn_ref::<ErrorEvent>()
                    .map_or_else(|| "its script could not be loaded".to_owned(), ErrorEvent::message);
                if let Some(run) = run.upgrade() {
                    Run::tell(&run, |run| run.fail(Failure::Worker { detail }));
                }
            })
        };
        Ok(Self { worker, in_hand: 0, is_ready: false, _listeners: [message, error] })
    }

    /// Sends a request with the files that it is about.
    pub(super) fn post(&self, request: &Request, files: &[Blob]) {
        let Ok(text) = serde_json::to_string(request) else { return };
        let message = Array::of1(&JsValue::from(text));
        for file in files {
            message.push(file);
        }
        // Plain text and files can always be cloned, so the browser does not refuse them.
        let _ = self.worker.post_message(&message);
    }
}

/// A reply and the bytes that came with it.
fn received(event: &MessageEvent) -> Option<(Reply, Vec<u8>)> {
    let message: Array = event.data().dyn_into().ok()?;
    let reply = serde_json::from_str(&message.get(0).as_string()?).ok()?;
    let bytes = message.get(1).dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec());
    Some((reply, bytes.unwrap_or_default()))
}
