//! The values of a page, out of any encoding that is not of a dictionary's codes. The parquet crate's decoders believe the
//! lengths in a page and panic where they lie, and in the browser a panic ends the worker.

use bytes::Bytes;
use parquet::basic::{Encoding, Type as Physical};
use parquet::schema::types::ColumnDescriptor;

use super::bits::cut_short;
use super::delta::Delta;
use super::{contradiction, unknown};
use crate::Error;

/// Decodes the values of a page.
pub(super) enum Decoder {
    /// So many bytes each, one after the other.
    Plain {
        bytes: Bytes,
        width: usize,
    },
    /// So many bytes each: the first byte of each value, then the second of each.
    Split {
        bytes: Bytes,
        width: usize,
        next: usize,
    },
    /// Numbers by their differences.
    Numbers(Delta),
    Texts(Texts),
}

/// Decodes texts, or other bytes that are not always as many.
pub(super) enum Texts {
    /// Each behind its length.
    Plain(Bytes),
    /// Behind the lengths of all of them.
    Lengths { lengths: Delta, bytes: Bytes },
    /// Each begins as the one before does, for so many bytes.
    Prefixes { prefixes: Delta, lengths: Delta, bytes: Bytes, last: Vec<u8> },
}

impl Decoder {
    /// The values of a page of such a column.
    ///
    /// # Errors
    /// [`Error::Damaged`] for encodings that the column's type does not have, and where the page does not begin as it should.
    pub(super) fn new(column: &ColumnDescriptor, encoding: Encoding, bytes: Bytes) -> Result<Self, Error> {
        let width = match column.physical_type() {
            Physical::INT32 | Physical::FLOAT => Some(4),
            Physical::INT64 | Physical::DOUBLE => Some(8),
            Physical::INT96 => Some(12),
            Physical::FIXED_LEN_BYTE_ARRAY => {
                let width = usize::try_from(column.type_length()).ok().filter(|width| *width > 0);
                Some(width.ok_or_else(contradiction)?)
            }
            Physical::BYTE_ARRAY => None,
            Physical::BOOLEAN => return Err(unknown()),
        };
        Ok(match (encoding, column.physical_type(), width) {
            (Encoding::PLAIN, _, Some(width)) => Self::Plain { bytes, width },
            (Encoding::PLAIN, _, None) => Self::Texts(Texts::Plain(bytes)),
            (Encoding::BYTE_STREAM_SPLIT, physical, Some(width)) if physical != Physical::INT96 => {
                Self::Split { bytes, width, next: 0 }
            }
            (Encoding::DELTA_BINARY_PACKED, Physical::INT32 | Physical::INT64, _) => {
                Self::Numbers(Delta::new(&bytes)?)
            }
            (Encoding::DELTA_LENGTH_BYTE_ARRAY, Physical::BYTE_ARRAY, _) => {
                let (lengths, bytes) = Delta::before(&bytes)?;
                Self::Texts(Texts::Lengths { lengths, bytes })
            }
            (Encoding::DELTA_BYTE_ARRAY, Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY, _) => {
                let (prefixes, rest) = Delta::before(&bytes)?;
                let (lengths, bytes) = Delta::before(&rest)?;
                Self::Texts(Texts::Prefixes { prefixes, lengths, bytes, last: Vec::new() })
            }
            _ => return Err(unknown()),
        })
    }

    /// Gives the bytes of each of the next `count` values, those of numbers with the lowest first.
    ///
    /// # Errors
    /// [`Error::Damaged`] when there are fewer.
    pub(super) fn read(&mut self, count: usize, mut take: impl FnMut(&[u8])) -> Result<(), Error> {
        match self {
            Self::Plain { bytes, width } => {
                take_values(bytes, count, *width)?.chunks_exact(*width).for_each(take);
            }
            Self::Split { bytes, width, next } => {
                let values = bytes.len() / *width;
                let end = next.checked_add(count).filter(|end| *end <= values).ok_or_else(cut_short)?;
                let mut value = vec![0; *width];
                for index in std::mem::replace(next, end)..end {
                    for (byte, stream) in value.iter_mut().zip(bytes.chunks_exact(values)) {
                        *byte = stream[index];
                    }
                    take(&value);
                }
            }
            Self::Numbers(delta) => {
                let mut numbers = Vec::new();
                delta.read(count, &mut numbers)?;
                // Of a number of 32 bits those are the first four bytes, whatever the differences ran over into.
                numbers.iter().for_each(|number| take(&number.to_le_bytes()));
            }
            Self::Texts(texts) => texts.read(count, take)?,
        }
        Ok(())
    }

    /// Appends the next `count` values of a column of 64-bit numbers.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) fn read_int64(&mut self, count: usize, out: &mut Vec<i64>) -> Result<(), Error> {
        match self {
            Self::Numbers(delta) => delta.read(count, out),
            Self::Plain { bytes, width: 8 } => {
                let values = take_values(bytes, count, 8)?;
                out.extend(values.as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes)));
                Ok(())
            }
            _ => self.read(count, |bytes| out.push(i64::from_le_bytes(first(bytes)))),
        }
    }
}

impl Texts {
    fn read(&mut self, count: usize, mut take: impl FnMut(&[u8])) -> Result<(), Error> {
        match self {
            Self::Plain(bytes) => {
                let mut rest = bytes.as_ref();
                for _ in 0..count {
                    let length = rest.split_off(..4).ok_or_else(cut_short)?;
                    take(take_text(&mut rest, u32::from_le_bytes(first(length)).into())?);
                }
                *bytes = bytes.slice_ref(rest);
            }
            Self::Lengths { lengths, bytes } => {
                let mut rest = bytes.as_ref();
                for length in numbers(lengths, count)? {
                    take(take_text(&mut rest, length)?);
                }
                *bytes = bytes.slice_ref(rest);
            }
            Self::Prefixes { prefixes, lengths, bytes, last } => {
                let mut rest = bytes.as_ref();
                for (prefix, length) in numbers(prefixes, count)?.into_iter().zip(numbers(lengths, count)?) {
                    let prefix = usize::try_from(prefix).ok().filter(|prefix| *prefix <= last.len());
                    last.truncate(prefix.ok_or_else(contradiction)?);
                    last.extend_from_slice(take_text(&mut rest, length)?);
                    take(last);
                }
                *bytes = bytes.slice_ref(rest);
            }
        }
        Ok(())
    }
}

fn take_values(bytes: &mut Bytes, count: usize, width: usize) -> Result<Bytes, Error> {
    let length = count.checked_mul(width).filter(|length| *length <= bytes.len());
    Ok(bytes.split_to(length.ok_or_else(cut_short)?))
}

fn take_text<'a>(bytes: &mut &'a [u8], length: i64) -> Result<&'a [u8], Error> {
    let length = usize::try_from(length).ok();
    length.and_then(|length| bytes.split_off(..length)).ok_or_else(cut_short)
}

/// The next lengths, which have 32 bits, whatever their differences ran over into.
fn numbers(lengths: &mut Delta, count: usize) -> Result<Vec<i64>, Error> {
    let mut numbers = Vec::new();
    lengths.read(count, &mut numbers)?;
    numbers.iter_mut().for_each(|number| *number = i64::from(*number as i32));
    Ok(numbers)
}

/// The first bytes of a value, zeros where it has fewer.
pub(super) fn first<const BYTES: usize>(value: &[u8]) -> [u8; BYTES] {
    value.first_chunk().copied().unwrap_or([0; BYTES])
}
