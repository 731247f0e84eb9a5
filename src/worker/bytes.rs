//! Bytes that the browser holds, in this module's memory, and what they hash to.

use std::collections::TryReserveError;

use ::bytes::Bytes;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Array, Uint8Array};
use web_sys::{Blob, SubtleCrypto};
use wow_engine::manifest::hex;

use super::later::{self, arrived};
use super::scope;
use crate::protocol::Failure;

/// What is copied at a time.
const PIECE_BYTES: u32 = 1 << 16;

/// Puts a copy of an array behind the bytes.
///
/// # Errors
/// When there is no room for it.
pub(super) fn append(bytes: &mut Vec<u8>, array: &Uint8Array) -> Result<(), TryReserveError> {
    let length = array.length();
    bytes.try_reserve(length as usize)?;
    // In pieces, because room for all of it would first be filled with zeros, byte by byte where code is built small.
    for start in (0..length).step_by(PIECE_BYTES as usize) {
        let end = length.min(start.saturating_add(PIECE_BYTES));
        bytes.extend_from_slice(&array.subarray(start, end).to_vec());
    }
    Ok(())
}

/// All bytes of a blob; `None` where the browser does not have them any more, or there is no room for them.
pub(super) async fn of_blob(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    let mut bytes = Vec::new();
    append(&mut bytes, &Uint8Array::new(&buffer)).ok()?;
    Some(bytes)
}

/// A copy of bytes for the browser to store; `None` where it will not.
pub(super) fn blob_of(bytes: &[u8]) -> Option<Blob> {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).ok()
}

/// A SHA-256 that the browser computes, ten times as fast as our own code; some browsers do it on another thread.
pub(super) struct Hash {
    by_browser: Option<JsFuture>,
    bytes: Bytes,
}

impl Hash {
    /// Begins to hash bytes.
    pub(super) fn of(bytes: Bytes) -> Self {
        Self { by_browser: by_browser(&bytes), bytes }
    }

    /// The hash in hex. It is our own code's where the browser has none, as on pages that come over plain HTTP.
    ///
    /// # Errors
    /// [`Failure::Worker`] when that code does not arrive.
    pub(super) async fn hex(self) -> Result<String, Failure> {
        let hash = match self.by_browser {
            Some(hash) => hash.await.ok(),
            None => None,
        };
        match hash {
            Some(hash) => Ok(hex(&Uint8Array::new(&hash).to_vec())),
            None => arrived(later::sha256(&self.bytes).await),
        }
    }
}

fn by_browser(bytes: &[u8]) -> Option<JsFuture> {
    let subtle: SubtleCrypto = scope().crypto().ok()?.subtle().dyn_into().ok()?;
    subtle.digest_with_str_and_u8_array("SHA-256", bytes).ok().map(JsFuture::from)
}
