//! The workers, and what is sent to them.

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::{Array, Function, Uint8Array};
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker};

use crate::http::begun;
use crate::protocol::{Failure, Reply, Request, from_bytes, to_bytes};

/// As many workers as there are cores, within reason.
pub(super) fn count() -> usize {
    begun("workers").and_then(|workers| workers.as_f64()).map_or(1, |workers| workers as usize)
}

/// A worker that start.js started before this code was there, or starts now; it is sent its code by it.
///
/// # Errors
/// When the browser starts none.
fn started() -> Result<Worker, Failure> {
    let start = begun("worker").and_then(|start| start.dyn_into::<Function>().ok());
    let start =
        start.ok_or_else(|| Failure::Worker { detail: "the page does not tell how to start it".into() })?;
    let worker = start.call0(&JsValue::UNDEFINED).and_then(JsCast::dyn_into);
    worker.map_err(|error| Failure::Worker { detail: format!("it could not be started ({error:?})") })
}

/// What is heard of a worker.
pub(super) enum Heard {
    /// It answers; what is attached comes beside it.
    Reply(Reply, Vec<Uint8Array>),
    /// It will answer no more.
    Broken(Failure),
}

/// A worker, which ends with this handle.
pub(super) struct Handle {
    worker: Worker,
    _listeners: [EventListener; 2],
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Handle {
    /// Starts a worker, whose replies are told to `hear`.
    ///
    /// # Errors
    /// When the browser starts none.
    pub(super) fn start(hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, Failure> {
        let worker = started()?;
        let message = {
            let hear = hear.clone();
            EventListener::new(&worker, "message", move |event| {
                let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
                let unreadable = || Failure::Worker { detail: "it sent something unreadable".into() };
                hear(received(event).unwrap_or_else(|| Heard::Broken(unreadable())));
            })
        };
        let error = EventListener::new(&worker, "error", move |event| {
            let detail = event
                .dyn_ref::<ErrorEvent>()
                .map_or_else(|| "its script could not be loaded".to_owned(), ErrorEvent::message);
            hear(Heard::Broken(Failure::Worker { detail }));
        });
        Ok(Self { worker, _listeners: [message, error] })
    }

    /// Sends a request with the files that it is about.
    pub(super) fn post(&self, request: &Request, files: &[Blob]) {
        if let Some(message) = message(request, files) {
            // Plain text and files can always be cloned, so the browser does not refuse them.
            let _ = self.worker.post_message(&message);
        }
    }

    /// Sends a request with bytes, which are handed over.
    pub(super) fn hand_over(&self, request: &Request, bytes: &[Uint8Array]) {
        if let Some(message) = message(request, bytes) {
            let buffers: Array = bytes.iter().map(Uint8Array::buffer).collect();
            // Each array has a buffer of its own, which nobody else holds.
            let _ = self.worker.post_message_with_transfer(&message, &buffers);
        }
    }
}

fn message<T: AsRef<JsValue>>(request: &Request, attached: &[T]) -> Option<Array> {
    let message = Array::of1(&Uint8Array::from(to_bytes(request)?.as_slice()));
    for attachment in attached {
        message.push(attachment.as_ref());
    }
    Some(message)
}

/// A reply and the bytes that came with it.
fn received(event: &MessageEvent) -> Option<Heard> {
    let message: Array = event.data().dyn_into().ok()?;
    let reply = from_bytes(&message.get(0).dyn_into::<Uint8Array>().ok()?.to_vec())?;
    let attached = message.iter().skip(1).filter_map(|bytes| bytes.dyn_into().ok()).collect();
    Some(Heard::Reply(reply, attached))
}
