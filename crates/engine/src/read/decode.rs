//! The values of a page, out of any encoding that is not of a dictionary's codes. The parquet crate's decoders believe the
//! lengths in a page and panic where they lie, and in the browser a panic ends the worker.

use bytes::Bytes;
use parquet::basic::{Encoding, Type as Physical};
use parquet::schema::types::ColumnDescriptor;

use super::bits::cut_short;
use super::delta::Delta;
use super::{contradiction, unknown};
use crate::Error;

/// Texts that begin as others do may come to so many times their bytes in the page, and to so many bytes at any rate: else
/// each byte of a page could stand for a text as long as all of it.
const PREFIX_RATIO_MAX: usize = 256;
const PREFIX_BYTES_ALLOWED: usize = 64 << 20;

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
    /// Each begins as the one before does, for so many bytes. New texts may come to so many bytes more.
    Prefixes { prefixes: Delta, lengths: Delta, bytes: Bytes, last: Vec<u8>, room: usize },
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
                let room = bytes.len().saturating_mul(PREFIX_RATIO_MAX).max(PREFIX_BYTES_ALLOWED);
                Self::Texts(Texts::Prefixes { prefixes, lengths, bytes, last: Vec::new(), room })
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
                // No more than there is, should no value be wanted.
                let mut value = vec![0; (*width).min(bytes.len())];
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
            Self::Prefixes { prefixes, lengths, bytes, last, room } => {
                let mut rest = bytes.as_ref();
                for (prefix, length) in numbers(prefixes, count)?.into_iter().zip(numbers(lengths, count)?) {
                    let prefix = usize::try_from(prefix).ok().filter(|prefix| *prefix <= last.len());
                    last.truncate(prefix.ok_or_else(contradiction)?);
                    let suffix = take_text(&mut rest, length)?;
                    last.extend_from_slice(suffix);
                    if !suffix.is_empty() {
                        *room = room.checked_sub(last.len()).ok_or_else(contradiction)?;
                    }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;
    use proptest::prelude::*;

    use super::*;

    fn decoder(column: &str, encoding: Encoding, bytes: &[u8]) -> Result<Decoder, Error> {
        let schema = parse_message_type(&format!("message log {{ required {column}; }}")).unwrap();
        let column = SchemaDescriptor::new(Arc::new(schema)).column(0);
        Decoder::new(&column, encoding, Bytes::copy_from_slice(bytes))
    }

    /// The next values.
    fn read(decoder: &mut Decoder, count: usize) -> Result<Vec<Vec<u8>>, Error> {
        let mut values = Vec::new();
        decoder.read(count, |value| values.push(value.to_vec()))?;
        Ok(values)
    }

    /// Checks that all values are read, in one piece or in two, and that none is read of fewer bytes.
    #[track_caller]
    fn check(column: &str, encoding: Encoding, bytes: &[u8], values: &[&[u8]]) {
        for first in 0..=values.len() {
            let mut decoder = decoder(column, encoding, bytes).unwrap();
            let pieces =
                [read(&mut decoder, first).unwrap(), read(&mut decoder, values.len() - first).unwrap()];
            assert_eq!(pieces.concat(), values, "{column} as {encoding}");
            assert!(read(&mut decoder, 1).is_err());
        }
        for cut in 0..bytes.len() {
            let cut = decoder(column, encoding, &bytes[..cut]);
            let read = cut.and_then(|mut decoder| read(&mut decoder, values.len()));
            assert!(matches!(read, Err(Error::Damaged(_))), "{column} as {encoding}");
        }
    }

    #[test]
    fn values_of_fixed_widths_are_read_whole_or_split() {
        for (column, width) in
            [("int32 a", 4), ("float a", 4), ("int64 a", 8), ("fixed_len_byte_array(3) a", 3)]
        {
            let bytes: Vec<u8> = (0..2 * width).collect();
            let (first, second) = bytes.split_at(width.into());
            check(column, Encoding::PLAIN, &bytes, &[first, second]);
            let split: Vec<u8> = first.iter().zip(second).flat_map(|(a, b)| [*a, *b]).collect();
            check(column, Encoding::BYTE_STREAM_SPLIT, &split, &[first, second]);
        }
        check("int96 a", Encoding::PLAIN, &[7; 24], &[&[7; 12], &[7; 12]]);
    }

    /// Small numbers, each as large as the one before or larger, by their differences of a byte each. Miniblocks that no
    /// number is in have a width all the same.
    fn differences(numbers: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x80, 1, 4, numbers.len() as u8, 2 * numbers[0]];
        if numbers.len() > 1 {
            bytes.extend([0, 8, 0xff, 0xff, 0xff]);
            let mut differences: Vec<u8> = numbers.windows(2).map(|pair| pair[1] - pair[0]).collect();
            differences.resize(32, 0);
            bytes.extend(differences);
        }
        bytes
    }

    #[test]
    fn texts_are_read_in_every_encoding() {
        let texts: [&[u8]; 3] = [b"", b"a", b"abc"];
        check("binary a", Encoding::PLAIN, b"\0\0\0\0\x01\0\0\0a\x03\0\0\0abc", &texts);
        let page = [&differences(&[0, 1, 3])[..], b"aabc"].concat();
        check("binary a", Encoding::DELTA_LENGTH_BYTE_ARRAY, &page, &texts);
        let page = [&differences(&[0, 0, 1])[..], &differences(&[0, 1, 2]), b"abc"].concat();
        check("binary a", Encoding::DELTA_BYTE_ARRAY, &page, &texts);
        let page = [&differences(&[0, 1])[..], &differences(&[1]), b"ab"].concat();
        let one = decoder("binary a", Encoding::DELTA_BYTE_ARRAY, &page);
        assert!(read(&mut one.unwrap(), 2).is_err(), "there are fewer lengths than prefixes");
        let page = [&differences(&[0, 2])[..], &differences(&[1, 1]), b"ab"].concat();
        let longer = decoder("binary a", Encoding::DELTA_BYTE_ARRAY, &page);
        assert!(read(&mut longer.unwrap(), 2).is_err(), "a prefix is longer than the text before");
    }

    #[test]
    fn texts_that_come_to_far_more_than_their_page_are_refused() {
        // 20,000 texts, each the one before and a letter more, which together are 200 MB.
        let steady = |step: u8, first: u8| {
            let blocks = [step, 0, 0, 0, 0].repeat(20_000 / 128 + 1);
            [&[0x80, 1, 4, 0xa0, 0x9c, 1, first][..], &blocks].concat()
        };
        let page = [steady(2, 0), steady(0, 2), vec![b'a'; 20_000]].concat();
        let mut decoder = decoder("binary a", Encoding::DELTA_BYTE_ARRAY, &page).unwrap();
        assert_eq!(read(&mut decoder, 5_000).unwrap()[4_999], [b'a'; 5_000]);
        assert!(matches!(read(&mut decoder, 15_000), Err(Error::Damaged(_))));
    }

    #[test]
    fn encodings_that_a_type_does_not_have_are_refused() {
        for (column, encoding) in [
            ("boolean a", Encoding::PLAIN),
            ("int96 a", Encoding::BYTE_STREAM_SPLIT),
            ("double a", Encoding::DELTA_BINARY_PACKED),
            ("int64 a", Encoding::DELTA_BYTE_ARRAY),
            ("binary a", Encoding::BYTE_STREAM_SPLIT),
            ("binary a", Encoding::RLE),
        ] {
            assert_eq!(decoder(column, encoding, &[0; 40]).err(), Some(unknown()), "{column} as {encoding}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_are_an_error(
            column in prop::sample::select(vec!["int32 a", "int64 a", "int96 a", "binary a", "fixed_len_byte_array(3) a"]),
            encoding in prop::sample::select(Encoding::VARIANTS),
            start in prop_oneof![Just(vec![]), Just(vec![0x80, 1, 4]), Just(differences(&[0, 2, 2]))],
            rest in prop::collection::vec(prop_oneof![0..4_u8, any::<u8>()], 0..60),
            counts in prop::collection::vec(0..200_usize, 1..4),
        ) {
            let Ok(mut decoder) = decoder(column, encoding, &[start, rest].concat()) else { return Ok(()) };
            for count in counts {
                match read(&mut decoder, count) {
                    Ok(values) => prop_assert_eq!(values.len(), count),
                    Err(error) => prop_assert!(matches!(error, Error::Damaged(_))),
                }
            }
        }
    }
}
