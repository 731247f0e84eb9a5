//! Numbers packed bit by bit, the lowest bits first.

use crate::Error;

/// How many bits [`word_at`] gives at least.
pub(super) const WORD_BITS: usize = 57;

/// At least [`WORD_BITS`] bits from this bit on; what lies behind the end is zero.
#[inline]
pub(super) fn word_at(bytes: &[u8], bit: usize) -> u64 {
    let rest = bytes.get(bit / 8..).unwrap_or_default();
    let word = match rest.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    word >> (bit % 8)
}

/// Takes a number in sevens of bits, the lowest first, off the front.
///
/// # Errors
/// [`Error::Damaged`] when it does not end, or has more than 64 bits.
#[inline]
pub(super) fn take_varint(bytes: &mut &[u8]) -> Result<u64, Error> {
    // Most are short.
    if let Some((&byte, rest)) = bytes.split_first()
        && byte < 0x80
    {
        *bytes = rest;
        return Ok(byte.into());
    }
    take_long_varint(bytes)
}

fn take_long_varint(bytes: &mut &[u8]) -> Result<u64, Error> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = *bytes.split_off_first().ok_or_else(cut_short)?;
        let seven = u64::from(byte & 0x7f);
        number |= seven << shift;
        if byte & 0x80 == 0 && seven << shift >> shift == seven {
            return Ok(number);
        }
    }
    Err(Error::Damaged("a number in a page has more than 64 bits".into()))
}

/// A page has less in it than it says.
pub(super) fn cut_short() -> Error {
    Error::Damaged("a page ends before its values".into())
}
