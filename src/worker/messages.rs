//! What a worker is asked, and what it sends.

use wasm_bindgen::JsCast;
use web_sys::js_sys::{Array, Uint8Array};
use web_sys::{Blob, MessageEvent};
use wow_engine::pipeline::{Partial, Recount};
use wow_engine::write::Piece;

use super::scope;
use crate::protocol::{Failure, JobId, MadeRows, Reply, Request, from_bytes, to_bytes};

/// What came with a request.
pub(super) struct Attached {
    pub(super) files: Vec<Blob>,
    pub(super) bytes: Vec<Uint8Array>,
}

pub(super) fn received(event: &MessageEvent) -> Option<(Request, Attached)> {
    let message: Array = event.data().dyn_into().ok()?;
    let request = from_bytes(&message.get(0).dyn_into::<Uint8Array>().ok()?.to_vec())?;
    let files = message.iter().skip(1).filter_map(|file| file.dyn_into().ok()).collect();
    let bytes = message.iter().skip(1).filter_map(|bytes| bytes.dyn_into().ok()).collect();
    Some((request, Attached { files, bytes }))
}

pub(super) fn send(reply: &Reply) {
    send_with(reply, &[]);
}

pub(super) fn send_scanned(scanned: Reply, partial: Partial) -> Result<(), Failure> {
    let unsendable = |error: wow_engine::Error| Failure::Worker { detail: error.to_string() };
    let bytes = partial.into_bytes().map_err(unsendable)?;
    send_with(&scanned, &[&bytes]);
    Ok(())
}

pub(super) fn send_packs(job: JobId, packs: Vec<Vec<u8>>) {
    let packs: Vec<&[u8]> = packs.iter().map(Vec::as_slice).collect();
    send_with(&Reply::SharedOut { job }, &packs);
}

pub(super) fn send_recounted(job: JobId, units: Vec<usize>, recount: Recount) -> Result<(), Failure> {
    let unsendable = |error: wow_engine::Error| Failure::Worker { detail: error.to_string() };
    send_with(&Reply::Recounted { job, units }, &[&recount.into_bytes().map_err(unsendable)?]);
    Ok(())
}

pub(super) fn send_rows(job: JobId, made: Result<(MadeRows, Piece), Failure>) {
    match made {
        Ok((made, piece)) => {
            send_with(&Reply::Rows { job, made: Ok(made) }, &[piece.data(), piece.footer()]);
        }
        Err(failure) => send(&Reply::Rows { job, made: Err(failure) }),
    }
}

pub(super) fn send_file(job: JobId, file: Result<Vec<u8>, Failure>) {
    match file {
        Ok(bytes) => send_with(&Reply::Written { job, written: Ok(()) }, &[&bytes]),
        Err(failure) => send(&Reply::Written { job, written: Err(failure) }),
    }
}

/// Sends a reply with bytes, which are copied once into buffers of their own and handed over; the worker's memory cannot be.
pub(super) fn send_with(reply: &Reply, attachments: &[&[u8]]) {
    let Some(reply) = to_bytes(reply) else { return };
    let message = Array::of1(&Uint8Array::from(reply.as_slice()));
    let transfer = Array::new();
    for bytes in attachments {
        let bytes = Uint8Array::from(*bytes);
        message.push(&bytes);
        transfer.push(&bytes.buffer());
    }
    // The page may be gone; then nobody is left to tell.
    let _ = scope().post_message_with_transfer(&message, &transfer);
}
