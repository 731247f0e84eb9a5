//! A file at an address as a blob. The browser keeps its bytes outside this page's memory, on disk where they are
//! many, so that a file may be larger than that memory and is read by ranges like one of this machine.

use std::ops::ControlFlow;

use web_sys::Blob;
use web_sys::js_sys::Array;

use crate::http::{self, Freshness, Pieces};
use crate::protocol::Failure;

/// Bytes that are gathered before they are handed to the browser.
const BLOB_BYTES: u64 = 8 << 20;

/// Fetches all bytes. `on_bytes` is told how many are there and how many there will be, where that is known, and
/// may give it up: then there is no blob.
///
/// # Errors
/// A [`Failure`] that says why there is nothing to read, or that the transfer broke off.
pub(super) async fn fetch(
    name: &str,
    url: &str,
    freshness: Freshness,
    on_bytes: impl Fn(u64, Option<u64>) -> ControlFlow<()>,
) -> Result<Option<Blob>, Failure> {
    let response = http::get(url, freshness).await?;
    let announced = http::body_bytes(&response);
    let pieces = Pieces::of(response.body());
    let (blobs, mut gathered) = (Array::new(), Array::new());
    let (mut bytes, mut bytes_in_blobs) = (0, 0);
    let unstorable = |_| Failure::TooLarge { name: name.to_owned(), bytes: announced.unwrap_or(0) };
    let blob_of = |pieces: &Array| Blob::new_with_u8_array_sequence(pieces).map_err(unstorable);
    let broken_off = |_| Failure::BrokenOff { name: name.to_owned() };
    while let Some(piece) = pieces.next().await.map_err(broken_off)? {
        gathered.push(&piece);
        bytes += u64::from(piece.length());
        if bytes - bytes_in_blobs >= BLOB_BYTES {
            let blob = blob_of(&gathered)?;
            blobs.push(&blob);
            (gathered, bytes_in_blobs) = (Array::new(), bytes);
        }
        if on_bytes(bytes, announced).is_break() {
            return Ok(None);
        }
    }
    let blob = blob_of(&gathered)?;
    blobs.push(&blob);
    Blob::new_with_blob_sequence(&blobs).map(Some).map_err(unstorable)
}
