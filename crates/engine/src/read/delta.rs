//! Parquet's DELTA_BINARY_PACKED: whole numbers by the differences between them.
//!
//! `benches/beside_crates` sets it beside the parquet crate's decoder. Times as `wow export` writes them, whose differences have
//! 40 bits, take a quarter of the time here; those of at most 32 bits a fifth more. And what lies in a page is an error here,
//! not a panic.

use bytes::{Buf as _, Bytes};

use super::bits::{WORD_BITS, cut_short, take_varint, word_at};
use crate::Error;

/// Far more than writers put into one.
const MINIBLOCK_VALUES_MAX: u64 = 1 << 15;

/// Numbers of 64 bits, read from a page without nulls. The parquet crate reads those whose differences have more than
/// 32 bits one by one.
pub(super) struct Delta {
    /// What is behind the open miniblock's beginning.
    bytes: Bytes,
    miniblocks: usize,
    miniblock_values: usize,
    /// The number before the next one; the next one itself at the beginning.
    last: i64,
    is_first: bool,
    /// Numbers still to come.
    left: usize,
    /// The smallest difference of the block.
    base: i64,
    /// The bits of a difference in each of the block's miniblocks to come.
    widths: Bytes,
    miniblock: Miniblock,
}

/// Differences that have the same number of bits.
#[derive(Default)]
struct Miniblock {
    width: usize,
    /// How many differences are read, and how many are still to come.
    read: usize,
    left: usize,
}

impl Delta {
    /// The numbers of a page.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the page does not begin as such pages do.
    pub(super) fn new(page: &Bytes) -> Result<Self, Error> {
        let mut rest = page.as_ref();
        let mut take = || take_varint(&mut rest);
        let (block_values, miniblocks, count, first) = (take()?, take()?, take()?, take()?);
        let miniblock_values = block_values.checked_div(miniblocks).unwrap_or(0);
        // The format has multiples of 32; miniblocks of multiples of 8 end where a byte does.
        let is_sound =
            miniblock_values % 8 == 0 && miniblock_values.checked_mul(miniblocks) == Some(block_values);
        if !is_sound || !(1..=MINIBLOCK_VALUES_MAX).contains(&miniblock_values) {
            return Err(Error::Damaged(format!(
                "a page has {miniblocks} miniblocks in {block_values} values"
            )));
        }
        Ok(Self {
            bytes: page.slice_ref(rest),
            miniblocks: usize::try_from(miniblocks).map_err(|_| cut_short())?,
            // At most the limit.
            miniblock_values: miniblock_values as usize,
            last: unzigzag(first),
            is_first: true,
            left: usize::try_from(count).unwrap_or(usize::MAX),
            base: 0,
            widths: Bytes::new(),
            miniblock: Miniblock::default(),
        })
    }

    /// The numbers at the front of bytes, and what is behind them.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the bytes end before.
    pub(super) fn before(bytes: &Bytes) -> Result<(Self, Bytes), Error> {
        let numbers = Self::new(bytes)?;
        let mut rest = numbers.bytes.as_ref();
        // The first is in no block.
        let mut left = numbers.left.saturating_sub(1);
        while left > 0 {
            take_varint(&mut rest)?;
            for width in rest.split_off(..numbers.miniblocks).ok_or_else(cut_short)? {
                // Miniblocks without numbers are not stored, whatever width they are said to have.
                let stored = if left > 0 { usize::from(*width) * numbers.miniblock_values / 8 } else { 0 };
                rest.split_off(..stored).ok_or_else(cut_short)?;
                left = left.saturating_sub(numbers.miniblock_values);
            }
        }
        let rest = bytes.slice_ref(rest);
        Ok((numbers, rest))
    }

    /// Appends the next `count` numbers.
    ///
    /// # Errors
    /// [`Error::Damaged`] when there are fewer.
    pub(super) fn read(&mut self, count: usize, out: &mut Vec<i64>) -> Result<(), Error> {
        self.left = self.left.checked_sub(count).ok_or_else(cut_short)?;
        let mut wanted = count;
        if wanted > 0 && self.is_first {
            self.is_first = false;
            out.push(self.last);
            wanted -= 1;
        }
        while wanted > 0 {
            if self.miniblock.left == 0 {
                self.open_miniblock()?;
            }
            let here = wanted.min(self.miniblock.left);
            self.unpack(here, out)?;
            self.miniblock.read += here;
            self.miniblock.left -= here;
            wanted -= here;
        }
        Ok(())
    }

    fn open_miniblock(&mut self) -> Result<(), Error> {
        // A miniblock is stored whole, whether all of it is needed or not.
        let stored = self.miniblock.width * self.miniblock.read / 8;
        self.bytes.advance(stored.min(self.bytes.len()));
        if self.widths.is_empty() {
            let mut rest = self.bytes.as_ref();
            self.base = unzigzag(take_varint(&mut rest)?);
            let widths = rest.split_off(..self.miniblocks).ok_or_else(cut_short)?;
            self.widths = self.bytes.slice_ref(widths);
            self.bytes = self.bytes.slice_ref(rest);
        }
        let width = usize::from(self.widths.get_u8());
        if width > 64 {
            return Err(Error::Damaged(format!("a page has differences of {width} bits")));
        }
        self.miniblock = Miniblock { width, read: 0, left: self.miniblock_values };
        Ok(())
    }

    fn unpack(&mut self, count: usize, out: &mut Vec<i64>) -> Result<(), Error> {
        let Miniblock { width, read, .. } = self.miniblock;
        let start = read * width;
        if start + count * width > self.bytes.len().saturating_mul(8) {
            return Err(cut_short());
        }
        let filled = out.len();
        out.resize(filled + count, 0);
        let (out, bytes) = (&mut out[filled..], self.bytes.as_ref());
        let bits = (start..).step_by(width.max(1));
        let mask = if width == 0 { 0 } else { u64::MAX >> (64 - width) };
        // Whole bytes, as `wow export` writes them, of which a word's worth is read whatever there is of it.
        let whole = bytes.get(start / 8..).filter(|_| width > 0 && width % 8 == 0);
        let whole = whole.and_then(|bytes| bytes.get(..count * (width / 8) + 8));
        self.last = match whole {
            Some(bytes) => {
                let words = bytes.windows(8).step_by(width / 8);
                let word = |eight: &[u8]| eight.first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight));
                sum(self.last, self.base, words.map(|eight| word(eight) & mask), out)
            }
            None if width <= WORD_BITS => {
                sum(self.last, self.base, bits.map(|bit| word_at(bytes, bit) & mask), out)
            }
            None => {
                let (low, high) = (u64::from(u32::MAX), |bit| word_at(bytes, bit + 32) << 32);
                sum(self.last, self.base, bits.map(|bit| (word_at(bytes, bit) & low | high(bit)) & mask), out)
            }
        };
        Ok(())
    }
}

/// Fills `out` with what the differences lead to, and gives the last of it.
fn sum(mut last: i64, base: i64, differences: impl Iterator<Item = u64>, out: &mut [i64]) -> i64 {
    for (out, difference) in out.iter_mut().zip(differences) {
        last = last.wrapping_add(base).wrapping_add(difference.cast_signed());
        *out = last;
    }
    last
}

/// The inverse of a signed number's form in which those near zero are short.
const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use parquet::basic::Encoding;
    use parquet::column::page::Page;
    use parquet::data_type::Int64Type;
    use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use proptest::prelude::*;

    use super::*;

    /// The pages that the parquet crate makes of numbers.
    pub(in super::super) fn pages(numbers: &[i64], properties: WriterPropertiesBuilder) -> Vec<Page> {
        let schema = Arc::new(parse_message_type("message log { required int64 number; }").unwrap());
        let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(numbers, None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        let file = SerializedFileReader::new(Bytes::from(writer.into_inner().unwrap())).unwrap();
        let pages = file.get_row_group(0).unwrap().get_column_page_reader(0).unwrap();
        pages.map(Result::unwrap).collect()
    }

    fn page(numbers: &[i64]) -> Bytes {
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(false)
            .set_encoding(Encoding::DELTA_BINARY_PACKED);
        pages(numbers, properties)[0].buffer().clone()
    }

    fn read(delta: &mut Delta, count: usize) -> Result<Vec<i64>, Error> {
        let mut read = Vec::new();
        delta.read(count, &mut read).map(|()| read)
    }

    /// Numbers whose differences have about as many bits, from none to all.
    fn numbers() -> impl Strategy<Value = Vec<i64>> {
        (0..64_u32).prop_flat_map(|bits| {
            prop::collection::vec(any::<i64>().prop_map(move |number| number >> bits), 1..600)
        })
    }

    proptest! {
        #[test]
        fn what_the_parquet_crate_writes_is_read_in_any_pieces(
            numbers in numbers(),
            pieces in prop::collection::vec(1..200_usize, 1..8),
        ) {
            let mut delta = Delta::new(&page(&numbers)).unwrap();
            let mut left = numbers.as_slice();
            for piece in pieces {
                let piece = left.split_off(..piece.min(left.len())).unwrap();
                prop_assert_eq!(read(&mut delta, piece.len()).unwrap(), piece);
            }
            prop_assert_eq!(read(&mut delta, left.len()).unwrap(), left);
            prop_assert!(read(&mut delta, 1).is_err());
        }

        #[test]
        fn a_page_cut_short_is_an_error(numbers in numbers(), cut in any::<prop::sample::Index>()) {
            let page = page(&numbers);
            // The last miniblock is filled up, and what fills it may be missing.
            let cut = page.slice(..cut.index(page.len()));
            match Delta::new(&cut).and_then(|mut delta| read(&mut delta, numbers.len())) {
                Ok(read) => prop_assert_eq!(read, numbers),
                Err(error) => prop_assert!(matches!(error, Error::Damaged(_))),
            }
        }

        #[test]
        fn any_bytes_are_read_or_are_an_error(
            start in prop_oneof![Just(vec![0x80, 1, 4]), prop::collection::vec(any::<u8>(), 3)],
            rest in prop::collection::vec(any::<u8>(), 0..60),
            count in 0..400_usize,
        ) {
            let page = Bytes::from([start, rest].concat());
            if let Ok(read) = Delta::new(&page).and_then(|mut delta| read(&mut delta, count)) {
                prop_assert_eq!(read.len(), count);
            }
        }
    }
}
