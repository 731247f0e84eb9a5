//! Snappy's format, decompressed for pages of short numbers that repeat: the time to read one element is what counts.

use super::bits::{take_varint, word_at};
use crate::Error;

/// More bytes than any element of two or three bytes becomes, for each byte of the input.
const GROWTH_MAX: u64 = 64;
/// Copies write whole words, and so up to this many bytes behind the end.
const SLACK: usize = 16;

/// What the bytes decompress to, behind what `before` holds.
///
/// # Errors
/// [`Error::Parquet`] for what is not Snappy's, or more than `bytes_max`.
pub(super) fn decompress(mut input: &[u8], before: &[u8], bytes_max: u64) -> Result<Vec<u8>, Error> {
    let length = take_varint(&mut input)?;
    if length > bytes_max || length > (input.len() as u64).saturating_mul(GROWTH_MAX) {
        return Err(Error::Parquet("a page is larger than its column".into()));
    }
    // At most 64 times what is in memory, which was checked not to be too much.
    let end = before.len() + length as usize;
    let mut out = vec![0; end + SLACK];
    out[..before.len()].copy_from_slice(before);
    let mut writer = Writer { start: before.len(), at: before.len(), end, out };
    let mut at = 0;
    while at < input.len() {
        let word = word_at(input, 8 * at);
        let tag = word as usize & 0xff;
        if tag & 3 > 0 {
            let (bytes, offset, length) = copy_of(word);
            at += bytes;
            writer.copy(offset, length)?;
        } else {
            let (bytes, length) = literal_of(word);
            at += bytes;
            writer.literal(input, at, length)?;
            at += length;
        }
    }
    let Writer { at: written, mut out, .. } = writer;
    // An element that was cut short has taken the zeros behind the input for its own bytes.
    if written != end || at != input.len() {
        return Err(damaged());
    }
    out.truncate(end);
    Ok(out)
}

/// The size of a copy's element, how far back it begins, and how many bytes it copies.
#[inline]
fn copy_of(word: u64) -> (usize, usize, usize) {
    let (tag, rest) = (word as usize & 0xff, (word >> 8) as usize);
    // Selected rather than branched on: which of them comes next is not to be foretold.
    let near = (2, (tag >> 5) << 8 | rest & 0xff, 4 + (tag >> 2 & 7));
    let far = (3, rest & 0xffff, 1 + (tag >> 2));
    match tag & 3 {
        3 => (5, rest & 0xffff_ffff, 1 + (tag >> 2)),
        kind => {
            if kind == 1 {
                near
            } else {
                far
            }
        }
    }
}

/// The size of a literal's element without its bytes, and how many those are.
#[inline]
fn literal_of(word: u64) -> (usize, usize) {
    let short = word as usize >> 2 & 0x3f;
    if short < 60 {
        return (1, short + 1);
    }
    let bytes = short - 59;
    // Four bytes at most, and one more may be more than 32 bits hold.
    let length = (word >> 8 & ((1 << (8 * bytes)) - 1)) as usize;
    (1 + bytes, length.saturating_add(1))
}

struct Writer {
    start: usize,
    at: usize,
    end: usize,
    out: Vec<u8>,
}

impl Writer {
    /// Appends so many of the bytes that begin `offset` before.
    #[inline]
    fn copy(&mut self, offset: usize, length: usize) -> Result<(), Error> {
        if offset == 0 || offset > self.at - self.start || length > self.end - self.at {
            return Err(damaged());
        }
        let (mut from, mut at) = (self.at - offset, self.at);
        self.at += length;
        if offset >= 8 && length <= 16 {
            self.copy_eight(from, at);
            self.copy_eight(from + 8, at + 8);
            return Ok(());
        }
        while at < self.at {
            // What is copied from behind the end, and so too early, is overwritten next.
            self.copy_eight(from, at);
            let known = at - from;
            at += known.min(8);
            from += if known < 8 { 0 } else { 8 };
        }
        Ok(())
    }

    #[inline]
    fn copy_eight(&mut self, from: usize, at: usize) {
        self.out.copy_within(from..from + 8, at);
    }

    /// Appends so many bytes of the input.
    #[inline]
    fn literal(&mut self, input: &[u8], from: usize, length: usize) -> Result<(), Error> {
        if length > self.end - self.at {
            return Err(damaged());
        }
        let out = &mut self.out[self.at..];
        self.at += length;
        if length <= 16
            && let (Some(out), Some(bytes)) =
                (out.first_chunk_mut::<16>(), input.get(from..).and_then(|rest| rest.first_chunk()))
        {
            *out = *bytes;
            return Ok(());
        }
        let bytes = input.get(from..).and_then(|rest| rest.get(..length)).ok_or_else(damaged)?;
        out[..length].copy_from_slice(bytes);
        Ok(())
    }
}

fn damaged() -> Error {
    Error::Parquet("a page's Snappy is damaged".into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes that repeat at all distances, near and far.
    fn texts() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            prop::collection::vec(any::<u8>(), 1..6),
            prop::collection::vec(0..3_u8, 1..200),
            Just(vec![7; 5]),
        ];
        let pieces = prop::collection::vec(piece, 1..12);
        let order = prop::collection::vec(any::<prop::sample::Index>(), 0..400);
        (pieces, order)
            .prop_map(|(pieces, order)| order.iter().flat_map(|index| index.get(&pieces).clone()).collect())
    }

    proptest! {
        #[test]
        fn what_snap_compresses_is_decompressed(text in texts(), before in prop::collection::vec(any::<u8>(), 0..9)) {
            let compressed = snap::raw::Encoder::new().compress_vec(&text).unwrap();
            let all = decompress(&compressed, &before, 1 << 20).unwrap();
            prop_assert_eq!(all, [before, text].concat());
        }

        #[test]
        fn damaged_bytes_are_decompressed_as_snap_does_or_are_an_error(
            text in texts(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = snap::raw::Encoder::new().compress_vec(&text).unwrap();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
                let theirs = snap::raw::decompress_len(bytes).ok().filter(|len| *len <= 1 << 20);
                let theirs = theirs.and_then(|_| snap::raw::Decoder::new().decompress_vec(bytes).ok());
                let ours = decompress(bytes, &[], 1 << 20).ok();
                // Nothing at all is an error to theirs.
                prop_assert_eq!(ours, theirs);
            }
        }
    }
}
