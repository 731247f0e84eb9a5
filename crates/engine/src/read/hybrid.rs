//! Parquet's hybrid of run lengths and bit packing, in which codes of a dictionary and levels are stored, read as runs.
//!
//! `benches/beside_crates` sets it beside the parquet crate's decoder, both giving a value for each row. Codes as `wow export`
//! writes them take half to four fifths of the time here, and those packed bit by bit that change with nearly every row a third
//! more. The crate's decoder gives no runs, by which all that follows costs something for a run and not for a row, and panics
//! where a page lies.

use bytes::Bytes;

use super::bits::{WORD_BITS, cut_short, take_varint, word_at};
use crate::Error;

/// The widest codes that the format has.
const WIDTH_MAX: usize = 32;

/// Small numbers, read from a page as runs of equal ones.
pub(super) struct Hybrid {
    bytes: Bytes,
    /// Where the next header is.
    header: usize,
    /// Bits of a number.
    width: usize,
    /// How many numbers come before the next header, and which.
    left: usize,
    next: Next,
}

#[derive(Clone, Copy)]
enum Next {
    /// All the same.
    Equal(u32),
    /// Packed from this bit of the bytes on.
    Packed(usize),
}

impl Hybrid {
    /// Numbers of so many bits each.
    ///
    /// # Errors
    /// [`Error::Damaged`] for more bits than any code has.
    pub(super) fn new(bytes: Bytes, width: usize) -> Result<Self, Error> {
        if width > WIDTH_MAX {
            return Err(Error::Damaged(format!("a page has codes of {width} bits")));
        }
        Ok(Self { bytes, header: 0, width, left: 0, next: Next::Equal(0) })
    }

    /// Reads the next `count` numbers: gives `take` each run of equal ones and its length, except that a long run may
    /// come in pieces.
    ///
    /// # Errors
    /// [`Error::Damaged`] when there are fewer, or a number has more bits than it may, and those of `take`.
    pub(super) fn read(
        &mut self,
        count: usize,
        mut take: impl FnMut(u32, usize) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut wanted = count;
        while wanted > 0 {
            if self.left == 0 {
                self.read_header()?;
            }
            let here = wanted.min(self.left);
            self.left -= here;
            wanted -= here;
            match &mut self.next {
                Next::Equal(number) if here > 0 => take(*number, here)?,
                Next::Packed(bit) if here > 0 => {
                    unpack(&self.bytes, *bit, self.width, here, &mut take)?;
                    *bit += here * self.width;
                }
                _ => {}
            }
        }
        Ok(())
    }

    #[inline]
    fn read_header(&mut self) -> Result<(), Error> {
        let mut rest = self.bytes.get(self.header..).unwrap_or_default();
        let header = take_varint(&mut rest)?;
        let count = usize::try_from(header >> 1).unwrap_or(usize::MAX);
        if header & 1 == 0 {
            let number = rest.split_off(..self.width.div_ceil(8)).ok_or_else(cut_short)?;
            let number = number.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte));
            if u64::from(number) >> self.width != 0 {
                return Err(Error::Damaged(format!("a page has code {number} of {} bits", self.width)));
            }
            self.header = self.bytes.len() - rest.len();
            (self.next, self.left) = (Next::Equal(number), count);
        } else {
            let start = self.bytes.len() - rest.len();
            // Some writers cut off what would only fill up the last eight numbers.
            let stored = rest.len().saturating_mul(8).checked_div(self.width).unwrap_or(usize::MAX);
            self.header = start.saturating_add(count.saturating_mul(self.width));
            self.left = count.saturating_mul(8).min(stored);
            self.next = Next::Packed(start.saturating_mul(8));
        }
        Ok(())
    }
}

/// Gives `take` the runs among packed numbers.
fn unpack(
    bytes: &[u8],
    mut bit: usize,
    width: usize,
    count: usize,
    take: &mut impl FnMut(u32, usize) -> Result<(), Error>,
) -> Result<(), Error> {
    if width == 0 {
        return take(0, count);
    }
    let per_word = WORD_BITS / width;
    let mask = (1 << width) - 1;
    let (mut number, mut run) = (0, 0);
    let mut left = count;
    while left > 0 {
        let here = per_word.min(left);
        let mut word = word_at(bytes, bit);
        for _ in 0..here {
            // At most 32 bits are left.
            let next = (word & mask) as u32;
            if next != number && run > 0 {
                take(number, run)?;
                run = 0;
            }
            number = next;
            run += 1;
            word >>= width;
        }
        bit += here * width;
        left -= here;
    }
    take(number, run)
}

#[cfg(test)]
mod tests {
    use parquet::column::page::Page;
    use parquet::file::properties::WriterProperties;
    use proptest::prelude::*;

    use super::super::delta::tests::pages as pages_of;
    use super::*;

    /// Part of a page as the format describes it.
    #[derive(Debug, Clone)]
    enum Part {
        Equal(u32, usize),
        Packed(Vec<[u32; 8]>),
    }

    fn varint(mut number: usize, bytes: &mut Vec<u8>) {
        while number >= 0x80 {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
    }

    fn encoded(parts: &[Part], width: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in parts {
            match part {
                Part::Equal(number, count) => {
                    varint(count << 1, &mut bytes);
                    bytes.extend(&number.to_le_bytes()[..width.div_ceil(8)]);
                }
                Part::Packed(groups) => {
                    varint(groups.len() << 1 | 1, &mut bytes);
                    let bits: Vec<bool> = groups
                        .iter()
                        .flatten()
                        .flat_map(|number| (0..width).map(move |bit| number >> bit & 1 == 1))
                        .collect();
                    let byte =
                        |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
                    bytes.extend(bits.chunks(8).map(byte));
                }
            }
        }
        bytes
    }

    fn numbers(parts: &[Part]) -> Vec<u32> {
        let of = |part: &Part| match part {
            Part::Equal(number, count) => vec![*number; *count],
            Part::Packed(groups) => groups.as_flattened().to_vec(),
        };
        parts.iter().flat_map(of).collect()
    }

    /// Numbers of some width, few of them distinct, and how they are stored.
    fn pages() -> impl Strategy<Value = (usize, Vec<Part>)> {
        (0..=WIDTH_MAX).prop_flat_map(|width| {
            let most = u32::try_from((1_u64 << width) - 1).unwrap();
            let number = prop_oneof![Just(most), 0..=most.min(2), 0..=most];
            let equal = (number.clone(), prop_oneof![0..20_usize, 100..300_usize]);
            let group = prop::collection::vec(number, 8).prop_map(|group| group.try_into().unwrap());
            let part = prop_oneof![
                equal.prop_map(|(number, count)| Part::Equal(number, count)),
                prop::collection::vec(group, 0..6).prop_map(Part::Packed),
            ];
            (Just(width), prop::collection::vec(part, 0..8))
        })
    }

    fn read(hybrid: &mut Hybrid, count: usize) -> Result<Vec<u32>, Error> {
        let mut read = Vec::new();
        hybrid.read(count, |number, rows| {
            read.extend(std::iter::repeat_n(number, rows));
            Ok(())
        })?;
        Ok(read)
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_in_any_pieces(
            (width, parts) in pages(),
            pieces in prop::collection::vec(1..40_usize, 1..40),
        ) {
            let mut left = numbers(&parts);
            let mut hybrid = Hybrid::new(encoded(&parts, width).into(), width).unwrap();
            for piece in pieces {
                let piece: Vec<u32> = left.drain(..piece.min(left.len())).collect();
                prop_assert_eq!(read(&mut hybrid, piece.len()).unwrap(), piece);
            }
            prop_assert_eq!(read(&mut hybrid, left.len()).unwrap(), left);
            prop_assert!(read(&mut hybrid, 1).is_err());
        }

        #[test]
        fn codes_that_the_parquet_crate_writes_are_read(
            runs in prop::collection::vec((0..300_i64, prop_oneof![1..4_usize, 1..200_usize]), 1..400)
        ) {
            let numbers: Vec<i64> = runs.iter().flat_map(|&(number, rows)| vec![number - 150; rows]).collect();
            let (mut dictionary, mut found) = (Vec::new(), Vec::new());
            for page in pages_of(&numbers, WriterProperties::builder()) {
                if let Page::DictionaryPage { buf, .. } = &page {
                    dictionary.extend(buf.as_chunks().0.iter().copied().map(i64::from_le_bytes));
                    continue;
                }
                let bytes = page.buffer();
                let mut codes = Hybrid::new(bytes.slice(1..), bytes[0].into()).unwrap();
                let codes = read(&mut codes, page.num_values() as usize).unwrap();
                found.extend(codes.into_iter().map(|code| dictionary[code as usize]));
            }
            prop_assert_eq!(found, numbers);
        }

        #[test]
        fn any_bytes_are_read_or_are_an_error(
            bytes in prop::collection::vec(any::<u8>(), 0..40),
            width in 0..80_usize,
            count in 0..5_000_usize,
        ) {
            let read = Hybrid::new(bytes.into(), width).and_then(|mut hybrid| read(&mut hybrid, count));
            if let Ok(read) = read {
                prop_assert_eq!(read.len(), count);
                prop_assert!(read.iter().all(|number| u64::from(*number) >> width == 0));
            }
        }

        #[test]
        fn the_last_eight_may_be_cut_short(width in 1..=WIDTH_MAX, rows in 1..=8_usize) {
            let most = u32::try_from((1_u64 << width) - 1).unwrap();
            let mut bytes = encoded(&[Part::Packed(vec![[most; 8]])], width);
            bytes.truncate(1 + (rows * width).div_ceil(8));
            let mut hybrid = Hybrid::new(bytes.into(), width).unwrap();
            prop_assert_eq!(read(&mut hybrid, rows).unwrap(), vec![most; rows]);
        }
    }
}
