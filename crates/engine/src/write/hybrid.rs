//! Small numbers as Parquet's hybrid of run lengths and bit packing.

use super::delta::varint;

/// How many packed values a group has.
const GROUP: usize = 8;

/// Appends a run of equal numbers, each of which takes `bytes` bytes at most.
pub(super) fn run(value: u32, count: usize, bytes: usize, page: &mut Vec<u8>) {
    if count > 0 {
        varint((count as u64) << 1, page);
        page.extend_from_slice(&value.to_le_bytes()[..bytes]);
    }
}

/// Appends codes of this many bytes each, given as runs. Where most rows are as the one before, every run is given by
/// its length, which is what the engine reads fastest; otherwise the long ones are, and the others one by one.
pub(super) fn codes(runs: impl Iterator<Item = (u32, usize)> + Clone, bytes: usize, page: &mut Vec<u8>) {
    let (count, rows) = runs.clone().fold((0, 0), |(count, all), (_, rows)| (count + 1, all + rows));
    if 2 * count <= rows {
        runs.for_each(|(code, rows)| run(code, rows, bytes, page));
        return;
    }
    let mut singles = Vec::new();
    for (code, mut rows) in runs {
        // Single codes come in groups of eight, so an open group takes the run's first ones.
        let open = (GROUP - singles.len() % GROUP) % GROUP;
        let first = if rows >= open + GROUP { open } else { rows };
        singles.resize(singles.len() + first, code);
        rows -= first;
        if rows > 0 {
            packed(&mut singles, bytes, page);
            run(code, rows, bytes, page);
        }
    }
    packed(&mut singles, bytes, page);
}

/// Appends single codes, of which any number are there at the end of a page and whole groups before.
fn packed(singles: &mut Vec<u32>, bytes: usize, page: &mut Vec<u8>) {
    if singles.is_empty() {
        return;
    }
    // The count of the page's values cuts off what fills the last group.
    singles.resize(singles.len().next_multiple_of(GROUP), 0);
    varint((singles.len() / GROUP) as u64 * 2 + 1, page);
    for code in singles.drain(..) {
        page.extend_from_slice(&code.to_le_bytes()[..bytes]);
    }
}

/// Appends flags of one bit each, as one packed run.
pub(super) fn flags(flags: &[bool], page: &mut Vec<u8>) {
    // The last group of eight is filled with zeros, which the count of the page's values cuts off.
    varint((flags.len().div_ceil(GROUP) as u64) << 1 | 1, page);
    for eight in flags.chunks(GROUP) {
        page.push(eight.iter().enumerate().fold(0, |byte, (bit, &flag)| byte | u8::from(flag) << bit));
    }
}
