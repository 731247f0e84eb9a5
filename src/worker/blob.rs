//! A file of this machine, read by the ranges that work on it asks for.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::Range;

use ::bytes::Bytes;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;
use web_sys::js_sys::{Object, Uint8Array};
use wow_engine::Error;
use wow_engine::read::{Step, Work};

use super::bytes::append;

/// A blob whose ranges are read. Offsets are 64 bits wide, for a file may be larger than this target's memory; the browser takes
/// them as doubles, which are exact up to 8 PiB.
pub(super) struct BlobSource {
    blob: Blob,
    bytes_read: Cell<u64>,
}

/// Ranges that are on their way, in the order in which they were asked for, each with its place in the file.
#[derive(Default)]
pub(super) struct OnItsWay(VecDeque<(u64, JsFuture)>);

impl BlobSource {
    pub(super) const fn new(blob: Blob) -> Self {
        Self { blob, bytes_read: Cell::new(0) }
    }

    /// Its size.
    pub(super) fn len(&self) -> u64 {
        self.blob.size() as u64
    }

    /// How many bytes were read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read.get()
    }

    /// Does work on the file to its end. `on_rows` is told after each step how many rows are done.
    ///
    /// # Errors
    /// What the work finds wrong, and what the browser cannot read.
    pub(super) async fn complete(
        &self,
        work: &mut impl Work,
        on_rows: &mut dyn FnMut(u64),
    ) -> Result<(), Error> {
        self.go_on(&mut OnItsWay::default(), work, on_rows).await
    }

    /// Goes on with work for which some ranges are on their way, while others may be so still at its end. What comes next is
    /// read while a step is done.
    ///
    /// # Errors
    /// As [`Self::complete`].
    pub(super) async fn go_on(
        &self,
        on_its_way: &mut OnItsWay,
        work: &mut impl Work,
        on_rows: &mut dyn FnMut(u64),
    ) -> Result<(), Error> {
        let mut rows = 0;
        loop {
            let step = work.step()?;
            for range in work.asks() {
                on_its_way.0.push_back((range.start, ask(&self.blob, range)?));
            }
            match step {
                Step::Rows(more) => {
                    rows += more;
                    on_rows(rows);
                }
                Step::End => return Ok(()),
                Step::Waits => {
                    let nothing = || Error::Damaged("it ends too soon".into());
                    let (start, buffer) = on_its_way.0.pop_front().ok_or_else(nothing)?;
                    let bytes = Bytes::from(bytes_of(buffer).await?);
                    self.bytes_read.set(self.bytes_read.get() + bytes.len() as u64);
                    work.give(start, &bytes)?;
                }
            }
        }
    }
}

/// Asks for a range of a blob.
///
/// # Errors
/// Where the browser refuses.
pub(super) fn ask(blob: &Blob, range: Range<u64>) -> Result<JsFuture, Error> {
    let slice = blob.slice_with_f64_and_f64(range.start as f64, range.end as f64);
    Ok(JsFuture::from(slice.map_err(unreadable)?.array_buffer()))
}

/// The bytes that were asked for, once they are there.
///
/// # Errors
/// What the browser cannot read, and where there is no room.
pub(super) async fn bytes_of(asked: JsFuture) -> Result<Vec<u8>, Error> {
    let array = Uint8Array::new(&asked.await.map_err(unreadable)?);
    let mut bytes = Vec::new();
    // The length of a page is only what the file says.
    append(&mut bytes, &array)
        .map_err(|_| Error::Damaged(format!("{} bytes at once do not fit in memory", array.length())))?;
    Ok(bytes)
}

fn unreadable(error: JsValue) -> Error {
    let error = String::from(Object::from(error).to_string());
    Error::Damaged(format!("the browser cannot read it any more ({error})"))
}
