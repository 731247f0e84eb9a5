//! The bytes of an export's part, checked against its manifest.

use ::bytes::Bytes;
use web_sys::Response;

use super::bytes::{self, Hash};
use crate::http::{self, Freshness, Pieces};
use crate::kept;
use crate::protocol::{Failure, PartSource};

/// Bytes between two reports of progress.
const PROGRESS_BYTES: u64 = 1 << 20;
/// How much memory is asked for at once on the word of an announced size.
const TRUSTED_BYTES: u64 = 32 << 20;

/// Reads all bytes and does something with them while it is checked that they are the announced ones: what comes of it counts
/// only then. `on_bytes` is told now and then how many there are. What is kept for offline use comes first. What the browser keeps
/// of an earlier visit may be damaged or an error, and is
/// then fetched once more.
///
/// # Errors
/// [`Failure::Damaged`] when the server's bytes are others, and what else there is to say of bytes that could not be read.
pub(super) async fn read<T>(
    source: &PartSource,
    on_bytes: &dyn Fn(u64),
    act: &dyn Fn(Bytes) -> T,
) -> Result<T, Failure> {
    if source.may_be_kept
        && let Some(kept) = kept::find(&source.url).await
        && let Ok(done) = whole(source, &kept, on_bytes, act).await
    {
        return Ok(done);
    }
    match read_once(source, Freshness::Kept, on_bytes, act).await {
        Err(
            Failure::Damaged { .. }
            | Failure::BrokenOff { .. }
            | Failure::NotFound { .. }
            | Failure::Status { .. },
        ) => read_once(source, Freshness::Fetched, on_bytes, act).await,
        read => read,
    }
}

async fn read_once<T>(
    source: &PartSource,
    freshness: Freshness,
    on_bytes: &dyn Fn(u64),
    act: &dyn Fn(Bytes) -> T,
) -> Result<T, Failure> {
    whole(source, &http::get(&source.url, freshness).await?, on_bytes, act).await
}

async fn whole<T>(
    source: &PartSource,
    response: &Response,
    on_bytes: &dyn Fn(u64),
    act: &dyn Fn(Bytes) -> T,
) -> Result<T, Failure> {
    let damaged = |detail: String| Failure::Damaged { name: source.name.clone(), detail };
    let pieces = Pieces::of(response.body());
    let too_large =
        |bytes: &Vec<u8>| Failure::TooLarge { name: source.name.clone(), bytes: bytes.len() as u64 };
    let mut read = Vec::new();
    // Without that much room it is asked for piece by piece.
    let _ = read.try_reserve_exact(usize::try_from(source.bytes.min(TRUSTED_BYTES)).unwrap_or(0));
    let mut told = 0;
    let broken_off = |_| Failure::BrokenOff { name: source.name.clone() };
    while let Some(piece) = pieces.next().await.map_err(broken_off)? {
        bytes::append(&mut read, &piece).map_err(|_| too_large(&read))?;
        let so_far = read.len() as u64;
        if so_far - told >= PROGRESS_BYTES {
            told = so_far;
            on_bytes(so_far);
        }
    }
    let length = read.len() as u64;
    on_bytes(length);
    let read = Bytes::from(read);
    let hash = Hash::of(read.clone());
    let done = act(read);
    let sha256 = hash.hex().await?;
    if sha256 == source.sha256 {
        return Ok(done);
    }
    Err(damaged(if length == source.bytes {
        format!("its SHA-256 is {sha256}, where the manifest says {}", source.sha256)
    } else {
        format!("it has {length} bytes where the manifest says {}", source.bytes)
    }))
}
