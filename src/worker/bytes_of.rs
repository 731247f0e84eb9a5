//! The bytes of a part, from an address or a file, hashed while they arrive.

use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Object, Reflect, Uint8Array};
use web_sys::{Blob, ReadableStreamDefaultReader};

use crate::http::{self, Freshness};
use crate::protocol::{Failure, PartSource};

/// Bytes between two reports of progress.
const PROGRESS_BYTES: u64 = 1 << 20;
/// How much memory is asked for at once on the word of an announced size.
const TRUSTED_BYTES: u64 = 32 << 20;

/// What was read.
pub(super) struct Read {
    /// All bytes.
    pub(super) bytes: Vec<u8>,
    /// Their SHA-256, in hex.
    pub(super) sha256: String,
}

/// Reads all bytes; `on_bytes` is told now and then how many there are.
///
/// # Errors
/// A [`Failure`] that names what could not be read and why.
pub(super) async fn read(
    source: &PartSource,
    file: Option<Blob>,
    on_bytes: &dyn Fn(u64),
) -> Result<Read, Failure> {
    let (stream, size) = match (&source.url, file) {
        (Some(url), _) => (http::get(url, Freshness::Kept).await?.body(), source.bytes),
        (None, Some(file)) => (Some(file.stream()), Some(file.size() as u64)),
        (None, None) => return Err(Failure::Worker { detail: "no file came with the request".into() }),
    };
    let mut sink = Sink { name: &source.name, bytes: Vec::new(), hash: Sha256::new() };
    sink.reserve(size.unwrap_or(0).min(TRUSTED_BYTES))?;
    if let Some(stream) = stream {
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let mut told = 0;
        while let Some(chunk) = next(&reader).await.map_err(|detail| broken(source, &detail))? {
            sink.take(&chunk)?;
            let read = sink.bytes.len() as u64;
            if read - told >= PROGRESS_BYTES {
                told = read;
                on_bytes(read);
            }
        }
    }
    on_bytes(sink.bytes.len() as u64);
    let sha256 = sink.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Read { bytes: sink.bytes, sha256 })
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

    fn take(&mut self, chunk: &Uint8Array) -> Result<(), Failure> {
        let start = self.bytes.len();
        self.reserve(u64::from(chunk.length()))?;
        self.bytes.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut self.bytes[start..]);
        self.hash.update(&self.bytes[start..]);
        Ok(())
    }
}

async fn next(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, String> {
    let text = |error: JsValue| Object::from(error).to_string().into();
    let step = JsFuture::from(reader.read()).await.map_err(text)?;
    let field = |name: &str| Reflect::get(&step, &JsValue::from(name)).unwrap_or(JsValue::UNDEFINED);
    if field("done").is_truthy() {
        return Ok(None);
    }
    field("value").dyn_into().map(Some).map_err(text)
}

fn broken(source: &PartSource, detail: &str) -> Failure {
    Failure::Damaged { name: source.name.clone(), detail: format!("the transfer broke off ({detail})") }
}
