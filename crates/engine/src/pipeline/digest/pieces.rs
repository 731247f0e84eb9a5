//! Pieces of bytes that are stored elsewhere.

use std::ops::Range;

use crate::Error;
use crate::pipeline::codec::decode;

/// Bytes between two ranges up to which they are asked for as one: to ask takes longer than to be given these.
const BETWEEN_BYTES: usize = 1 << 16;

/// Some of many bytes, each piece with its place among them, in order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pieces<'a> {
    pieces: &'a [(usize, Vec<u8>)],
}

impl<'a> Pieces<'a> {
    pub(super) const fn new(pieces: &'a [(usize, Vec<u8>)]) -> Self {
        Self { pieces }
    }

    /// The bytes of a range.
    ///
    /// # Errors
    /// [`Error::Decode`] where they are not there.
    pub(super) fn get(self, range: &Range<usize>) -> Result<&'a [u8], Error> {
        let behind = self.pieces.partition_point(|(start, _)| *start <= range.start);
        let piece = behind.checked_sub(1).and_then(|place| self.pieces.get(place));
        let found =
            piece.and_then(|(start, bytes)| bytes.get(range.start - start..range.end.checked_sub(*start)?));
        found.ok_or_else(|| decode("what was kept of players is not there any more"))
    }
}

/// Takes ascending ranges together where little is between them.
pub(super) fn together(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match all.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(BETWEEN_BYTES) => last.end = range.end,
            _ => all.push(range),
        }
    }
    all
}
