//! The header of a page. The parquet crate skips its lists by the length that they announce and adds up its sizes unchecked,
//! so that a few bytes would keep it busy for minutes or make it panic.

use parquet::basic::Encoding;

use super::thrift::{Fields, Kind, skip, take_number};

/// What a header says of the page behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) page: PageKind,
    /// Bytes of the page as it is stored.
    pub(super) stored_bytes: usize,
    /// The CRC-32 of these bytes.
    pub(super) checksum: Option<u32>,
}

/// What kind of page it is, and what there is to know of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    Dictionary {
        values: u32,
    },
    /// All of the page is compressed, its levels too.
    Version1 {
        rows: u32,
        encoding: Encoding,
        level_encoding: Encoding,
    },
    /// Its levels are never compressed.
    Version2 {
        rows: u32,
        encoding: Encoding,
        /// Bytes of levels of repetition, which come first, and of those that tell where there is a value.
        level_bytes: [usize; 2],
        is_compressed: bool,
    },
    /// Pages of an index, which nobody writes.
    Index,
}

impl Header {
    /// Takes a header off the front of bytes; `None` where it does not end there, or is none.
    pub(super) fn take(bytes: &mut &[u8]) -> Option<Self> {
        let mut numbers = [None; 4];
        let (mut version_1, mut dictionary, mut version_2) = ([None; 3], [None; 1], [None; 7]);
        let mut fields = Fields::default();
        while let Some((field, kind)) = fields.next(bytes)? {
            match (field, kind) {
                (1..=4, Kind::Number) => numbers[field as usize - 1] = Some(take_number(bytes)?),
                (5, Kind::Structure) => version_1 = take_numbers(bytes)?,
                (7, Kind::Structure) => dictionary = take_numbers(bytes)?,
                (8, Kind::Structure) => version_2 = take_numbers(bytes)?,
                _ => skip(bytes, kind)?,
            }
        }
        let [kind, _, stored_bytes, checksum] = numbers;
        let page = match kind? {
            0 => PageKind::Version1 {
                rows: count(version_1[0])?,
                encoding: encoding(version_1[1])?,
                level_encoding: encoding(version_1[2])?,
            },
            1 => PageKind::Index,
            2 => PageKind::Dictionary { values: count(dictionary[0])? },
            3 => PageKind::Version2 {
                rows: count(version_2[0])?,
                encoding: encoding(version_2[3])?,
                level_bytes: [count(version_2[5])? as usize, count(version_2[4])? as usize],
                is_compressed: version_2[6] != Some(0),
            },
            _ => return None,
        };
        // A checksum is an unsigned number in the place of a signed one.
        let checksum = checksum.map(|checksum| checksum as u32);
        Some(Self { page, stored_bytes: count(stored_bytes)? as usize, checksum })
    }
}

/// The numbers and flags of a structure's first fields; what else is in it is passed over.
fn take_numbers<const FIELDS: usize>(bytes: &mut &[u8]) -> Option<[Option<i64>; FIELDS]> {
    let mut numbers = [None; FIELDS];
    let mut fields = Fields::default();
    while let Some((field, kind)) = fields.next(bytes)? {
        let number = usize::try_from(field).ok().and_then(|field| numbers.get_mut(field.checked_sub(1)?));
        match (number, kind) {
            (Some(number), Kind::Number) => *number = Some(take_number(bytes)?),
            (Some(number), Kind::Flag(flag)) => *number = Some(flag.into()),
            _ => skip(bytes, kind)?,
        }
    }
    Some(numbers)
}

/// A number of values or bytes, which is one of 31 bits.
fn count(number: Option<i64>) -> Option<u32> {
    i32::try_from(number?).ok().and_then(|number| u32::try_from(number).ok())
}

fn encoding(number: Option<i64>) -> Option<Encoding> {
    Encoding::VARIANTS.iter().copied().find(|encoding| Some(*encoding as i64) == number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A page of seven bytes: three rows, PLAIN, both kinds of levels as run lengths.
    const VERSION_1: [u8; 18] =
        [0x15, 0, 0x15, 14, 0x15, 14, 0x2c, 0x15, 6, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0, 9];

    fn take(mut bytes: &[u8]) -> Option<(Header, usize)> {
        Header::take(&mut bytes).map(|header| (header, bytes.len()))
    }

    #[test]
    fn a_header_is_taken_off_what_follows_it() {
        let (header, rest) = take(&VERSION_1).unwrap();
        assert_eq!((header.stored_bytes, header.checksum, rest), (7, None, 1));
        let (encoding, level_encoding) = (Encoding::PLAIN, Encoding::RLE);
        assert_eq!(header.page, PageKind::Version1 { rows: 3, encoding, level_encoding });
        for cut in 0..VERSION_1.len() - 1 {
            assert_eq!(take(&VERSION_1[..cut]), None, "cut to {cut} bytes");
        }
    }

    #[test]
    fn lists_that_cannot_be_and_sizes_below_zero_are_refused_at_once() {
        // Behind the sizes a field that nobody knows: a list of 2^31 - 1 flags.
        let flags = [0xf9, 0xf2, 0xff, 0xff, 0xff, 0xff, 0x07];
        assert_eq!(take(&[&VERSION_1[..6], &flags[..], &[1, 1, 0]].concat()), None);
        // A page of -1 bytes, and one of 2^31.
        for size in [&[1][..], &[0x80, 0x80, 0x80, 0x80, 0x10][..]] {
            assert_eq!(take(&[&VERSION_1[..5], size, &VERSION_1[6..]].concat()), None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_header_or_none(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = take(&bytes);
        }
    }
}
