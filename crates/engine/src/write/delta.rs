//! Whole numbers as Parquet's DELTA_BINARY_PACKED, laid out so that snappy finds repeats.
//!
//! The usual encoder packs differences in as few bits as they need, above the smallest of each block. Equal
//! differences then look different from block to block and begin in the middle of bytes, so that snappy, which
//! compares bytes, finds nothing. Here a difference takes whole bytes and is counted from zero: the same pause
//! between two events is the same bytes wherever it stands. Every reader of the encoding can read it.

/// Values in a block, as other writers have them, and as some readers expect.
const BLOCK_VALUES: usize = 128;
/// Values that share a width.
const MINIBLOCK_VALUES: usize = 32;
/// Bytes of a difference at least, unless all of a miniblock are zero. In microseconds they hold any pause of less
/// than 12 days, so that hardly a miniblock needs another width and repeats go on from one to the next.
const BYTES_MIN: u8 = 5;
/// Miniblocks in a block.
const MINIBLOCKS: usize = BLOCK_VALUES / MINIBLOCK_VALUES;

/// Appends the values to a page.
pub(super) fn encode(values: &[i64], page: &mut Vec<u8>) {
    varint(BLOCK_VALUES as u64, page);
    varint(MINIBLOCKS as u64, page);
    varint(values.len() as u64, page);
    varint(zigzag(values.first().copied().unwrap_or(0)), page);
    let mut deltas = [0_u64; BLOCK_VALUES];
    let mut start = 0;
    // Each block holds the differences that lead to the values after the first.
    while values.len() - start > 1 {
        let block = &values[start..values.len().min(start + BLOCK_VALUES + 1)];
        let count = block.len() - 1;
        for (delta, pair) in deltas.iter_mut().zip(block.windows(2)) {
            *delta = pair[1].wrapping_sub(pair[0]).cast_unsigned();
        }
        // The last miniblock is written whole.
        deltas[count..].fill(0);
        encode_block(&deltas, count.div_ceil(MINIBLOCK_VALUES), page);
        start += count;
    }
}

fn encode_block(deltas: &[u64; BLOCK_VALUES], miniblocks: usize, page: &mut Vec<u8>) {
    // The smallest difference is given as zero: sums wrap around, so negative ones only need all eight bytes.
    varint(zigzag(0), page);
    let mut widths = [0_u8; MINIBLOCKS];
    for (width, deltas) in widths.iter_mut().zip(deltas.chunks_exact(MINIBLOCK_VALUES)).take(miniblocks) {
        *width = match deltas.iter().fold(0, |all, delta| all | delta) {
            0 => 0,
            all => bytes_of(all).max(BYTES_MIN),
        };
    }
    page.extend(widths.map(|width| 8 * width));
    for (width, deltas) in widths.iter().zip(deltas.chunks_exact(MINIBLOCK_VALUES)) {
        match width {
            0 => {}
            1 => pack::<1>(deltas, page),
            2 => pack::<2>(deltas, page),
            3 => pack::<3>(deltas, page),
            4 => pack::<4>(deltas, page),
            5 => pack::<5>(deltas, page),
            6 => pack::<6>(deltas, page),
            7 => pack::<7>(deltas, page),
            _ => pack::<8>(deltas, page),
        }
    }
}

/// How many bytes a number needs; none for zero.
const fn bytes_of(number: u64) -> u8 {
    // At most 8.
    (u64::BITS - number.leading_zeros()).div_ceil(8) as u8
}

fn pack<const WIDTH: usize>(deltas: &[u64], page: &mut Vec<u8>) {
    for delta in deltas {
        page.extend_from_slice(&delta.to_le_bytes()[..WIDTH]);
    }
}

/// Signed numbers so that those near zero stay short.
const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// A number in sevens of bits, the lowest first.
pub(super) fn varint(mut value: u64, page: &mut Vec<u8>) {
    while value >= 0x80 {
        page.push(value as u8 | 0x80);
        value >>= 7;
    }
    page.push(value as u8);
}
