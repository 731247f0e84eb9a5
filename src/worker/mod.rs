//! The worker: reads parts, keeps their bytes, and answers what the page asks of them.

mod bytes_of;
mod parts;

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::js_sys::{Array, Uint8Array};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::protocol::{Failure, Reply, Request, VERSION};
use parts::Parts;

/// Starts the worker: it says that it is ready and then waits for requests.
pub fn start() {
    // A panic ends the worker, so the page is told before.
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        let detail = panic.to_string();
        send(&Reply::Failed { job: None, failure: Failure::Worker { detail } });
    }));
    let parts = Rc::new(RefCell::new(Parts::default()));
    let listener = EventListener::new(&scope(), "message", move |event| {
        let Some((request, file)) = event.dyn_ref().and_then(received) else { return };
        spawn_local(answer(Rc::clone(&parts), request, file));
    });
    // The worker listens as long as it lives.
    listener.forget();
    send(&Reply::Ready { version: VERSION.to_owned() });
}

async fn answer(parts: Rc<RefCell<Parts>>, request: Request, file: Option<web_sys::Blob>) {
    let (job, result) = match request {
        Request::Load { job, part, source, params } => {
            let progress = |bytes, rows| send(&Reply::Progress { job, part, bytes, rows });
            let result = async {
                let read = bytes_of::read(&source, file, &|bytes| progress(bytes, 0)).await?;
                let mut parts = parts.borrow_mut();
                parts.open(part, &source, read)?;
                parts.scan(part, params, &progress)
            };
            (job, result.await.map(|(facts, partial)| send_scanned(job, part, facts, &partial)))
        }
        Request::Scan { job, part, params } => {
            let progress = |bytes, rows| send(&Reply::Progress { job, part, bytes, rows });
            let result = parts.borrow().scan(part, params, &progress);
            (job, result.map(|(facts, partial)| send_scanned(job, part, facts, &partial)))
        }
        Request::Sessions { job, part, player_id, session_gap_minutes } => {
            let result = parts.borrow().sessions(part, player_id, session_gap_minutes);
            (job, result.map(|sessions| send(&Reply::Sessions { job, sessions })))
        }
    };
    if let Err(failure) = result {
        send(&Reply::Failed { job: Some(job), failure });
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    web_sys::js_sys::global().unchecked_into()
}

fn received(event: &MessageEvent) -> Option<(Request, Option<web_sys::Blob>)> {
    let message: Array = event.data().dyn_into().ok()?;
    let request = serde_json::from_str(&message.get(0).as_string()?).ok()?;
    Some((request, message.get(1).dyn_into().ok()))
}

fn send(reply: &Reply) {
    send_with(reply, None);
}

fn send_scanned(job: u32, part: usize, facts: crate::protocol::PartFacts, partial: &[u8]) {
    // Copied once into a buffer of its own, which is then handed over; the worker's memory cannot be.
    send_with(&Reply::Scanned { job, part, facts }, Some(&Uint8Array::from(partial)));
}

fn send_with(reply: &Reply, attachment: Option<&Uint8Array>) {
    // A reply is plain data, which always has a JSON form; without one there is nothing to send.
    let Ok(text) = serde_json::to_string(reply) else { return };
    let message = Array::of1(&JsValue::from(text));
    let transfer = Array::new();
    if let Some(bytes) = attachment {
        message.push(bytes);
        transfer.push(&bytes.buffer());
    }
    // The page may be gone; then nobody is left to tell.
    let _ = scope().post_message_with_transfer(&message, &transfer);
}
