//! The bytes of an export's part, hashed while they arrive.

use sha2::{Digest, Sha256};
use web_sys::js_sys::Uint8Array;

use crate::http::{self, Freshness, Pieces};
use crate::protocol::{Failure, PartSource};

/// Bytes between two reports of progress.
const PROGRESS_BYTES: u64 = 1 << 20;
/// How much memory is asked for at once on the word of an announced size.
const TRUSTED_BYTES: u64 = 32 << 20;

/// Reads all bytes and checks that they are the announced ones; `on_bytes` is told now and then how many there are.
///
/// # Errors
/// [`Failure::Damaged`] when they are others, and what else there is to say of bytes that could not be read.
pub(super) async fn read(source: &PartSource, on_bytes: &dyn Fn(u64)) -> Result<Vec<u8>, Failure> {
    let damaged = |detail: String| Failure::Damaged { name: source.name.clone(), detail };
    let pieces = Pieces::of(http::get(&source.url, Freshness::Kept).await?.body());
    let mut sink = Sink { name: &source.name, bytes: Vec::new(), hash: Sha256::new() };
    sink.reserve(source.bytes.min(TRUSTED_BYTES))?;
    let mut told = 0;
    while let Some(piece) =
        pieces.next().await.map_err(|detail| damaged(format!("the transfer broke off ({detail})")))?
    {
        sink.take(&piece)?;
        let read = sink.bytes.len() as u64;
        if read - told >= PROGRESS_BYTES {
            told = read;
            on_bytes(read);
        }
    }
    let Sink { bytes, hash, .. } = sink;
    on_bytes(bytes.len() as u64);
    let sha256: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    if sha256 == source.sha256 {
        return Ok(bytes);
    }
    Err(damaged(if bytes.len() as u64 == source.bytes {
        format!("its SHA-256 is {sha256}, where the manifest says {}", source.sha256)
    } else {
        format!("it has {} bytes where the manifest says {}", bytes.len(), source.bytes)
    }))
}

struct Sink<'a> {
    name: &'a str,
    bytes: Vec<u8>,
    hash: Sha256,
}

impl Sink<'_> {
    fn reserve(&mut self, more: u64) -> Result<(), Failure> {
        let bytes = (self.bytes.len() as u64).saturating_add(more);
        usize::try_from(more)
            .ok()
            .and_then(|more| self.bytes.try_reserve(more).ok())
            .ok_or_else(|| Failure::TooLarge { name: self.name.to_owned(), bytes })
    }

    fn take(&mut self, piece: &Uint8Array) -> Result<(), Failure> {
        let start = self.bytes.len();
        self.reserve(u64::from(piece.length()))?;
        self.bytes.resize(start + piece.length() as usize, 0);
        piece.copy_to(&mut self.bytes[start..]);
        self.hash.update(&self.bytes[start..]);
        Ok(())
    }
}
