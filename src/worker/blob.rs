//! A file of this machine, read by ranges.

use std::cell::{Cell, RefCell};
use std::io::Read;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use web_sys::js_sys::{Object, Uint8Array};
use web_sys::{Blob, FileReaderSync};
use wow_engine::read::{ChunkReader, Length};

use super::bytes::append;

/// Bytes that are read at once, so that the small pages of a column, and their headers, cost no read each.
const WINDOW_BYTES: u64 = 1 << 20;
/// Windows that are kept: one for each column of the event table, which are read side by side, and one more.
const WINDOWS: usize = 8;

/// The bytes of a blob, of which a few windows are in memory at a time. Offsets are 64 bits wide, for a file may be
/// larger than this target's memory; the browser takes them as doubles, which are exact up to 8 PiB.
///
/// The decoder wants sources that threads may share. A worker has one thread, which is what the wrapper checks.
#[derive(Clone)]
pub(super) struct BlobSource(Arc<SendWrapper<Inner>>);

struct Inner {
    blob: Blob,
    reader: FileReaderSync,
    len: u64,
    /// The one used last comes last.
    windows: RefCell<Vec<Window>>,
    bytes_read: Cell<u64>,
}

struct Window {
    start: u64,
    bytes: Bytes,
}

impl Window {
    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl BlobSource {
    /// # Errors
    /// When the browser has no reader for files.
    pub(super) fn new(blob: Blob) -> std::result::Result<Self, JsValue> {
        let len = blob.size() as u64;
        let reader = FileReaderSync::new()?;
        let inner = Inner { blob, reader, len, windows: RefCell::new(Vec::new()), bytes_read: Cell::new(0) };
        Ok(Self(Arc::new(SendWrapper::new(inner))))
    }

    /// How many bytes were read so far, some perhaps twice.
    pub(super) fn bytes_read(&self) -> u64 {
        self.0.bytes_read.get()
    }

    /// Gives back the memory of the windows, of which there would else be some for each of many files.
    pub(super) fn forget(&self) {
        self.0.windows.borrow_mut().clear();
    }
}

impl Inner {
    /// The bytes from `start` on, so many or more; fewer at the end.
    fn at_least(&self, start: u64, length: usize) -> Result<Bytes> {
        if length as u64 > WINDOW_BYTES {
            return self.read(start, length as u64);
        }
        let windows = &mut *self.windows.borrow_mut();
        let end = start.saturating_add(length as u64).min(self.len);
        let window = match windows.iter().position(|window| window.start <= start && end <= window.end()) {
            Some(known) => windows.remove(known),
            None => {
                if windows.len() == WINDOWS {
                    windows.remove(0);
                }
                Window { start, bytes: self.read(start, WINDOW_BYTES)? }
            }
        };
        let bytes = window.bytes.slice((start - window.start) as usize..);
        windows.push(window);
        Ok(bytes)
    }

    fn read(&self, start: u64, length: u64) -> Result<Bytes> {
        let end = start.saturating_add(length).min(self.len);
        if start >= end {
            return Ok(Bytes::new());
        }
        let range = self.blob.slice_with_f64_and_f64(start as f64, end as f64);
        let buffer = range.and_then(|range| self.reader.read_as_array_buffer(&range)).map_err(unreadable)?;
        let array = Uint8Array::new(&buffer);
        let mut bytes = Vec::new();
        // The length of a page is only what the file says.
        append(&mut bytes, &array)
            .map_err(|_| damaged(format!("{} bytes at once do not fit in memory", array.length())))?;
        self.bytes_read.set(self.bytes_read.get() + bytes.len() as u64);
        Ok(bytes.into())
    }
}

fn unreadable(error: JsValue) -> ParquetError {
    let error = String::from(Object::from(error).to_string());
    damaged(format!("the browser cannot read it any more ({error})"))
}

/// What the engine passes on as it is.
fn damaged(how: String) -> ParquetError {
    ParquetError::External(Box::new(wow_engine::Error::Damaged(how)))
}

impl Length for BlobSource {
    fn len(&self) -> u64 {
        self.0.len
    }
}

impl ChunkReader for BlobSource {
    type T = Stream;

    fn get_read(&self, start: u64) -> Result<Stream> {
        Ok(Stream { source: Arc::clone(&self.0), at: start, ahead: Bytes::new() })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.0.at_least(start, length)?;
        let missing = || ParquetError::EOF(format!("it ends {} bytes too early", length - bytes.len()));
        if bytes.len() < length { Err(missing()) } else { Ok(bytes.slice(..length)) }
    }
}

/// The bytes of a blob one after the other.
pub(super) struct Stream {
    source: Arc<SendWrapper<Inner>>,
    at: u64,
    ahead: Bytes,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.ahead.is_empty() {
            self.ahead = self.source.at_least(self.at, 1).map_err(std::io::Error::other)?;
        }
        let bytes = self.ahead.split_to(buffer.len().min(self.ahead.len()));
        buffer[..bytes.len()].copy_from_slice(&bytes);
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }
}
