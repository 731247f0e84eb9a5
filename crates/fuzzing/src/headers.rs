//! The headers of a file's pages, as far as they say how large the pages are.

#[path = "../../engine/src/read/bits.rs"]
#[allow(dead_code, unreachable_pub, reason = "it belongs to the engine, which uses all of it")]
mod bits;
#[path = "../../engine/src/read/thrift.rs"]
#[allow(dead_code, unreachable_pub, reason = "it belongs to the engine, which uses all of it")]
mod thrift;

use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use thrift::{Fields, Kind, skip, take_number};

/// No page that a fuzzer makes of its few bytes is larger.
const MOST_PAGE_BYTES: i64 = 1 << 20;

/// Whether no page says that it is far larger than any page of these targets is. The Arrow reader sets as much memory aside
/// as a page says that it needs.
pub(crate) fn announce_little(file: &[u8], metadata: &ParquetMetaData) -> bool {
    let mut chunks = metadata.row_groups().iter().flat_map(|group| group.columns());
    chunks.all(|chunk| announces_little(file, chunk).is_some())
}

/// `None` where a page of the chunk says that it is large, or a header cannot be read.
fn announces_little(file: &[u8], chunk: &ColumnChunkMetaData) -> Option<()> {
    let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let start = usize::try_from(start).ok()?;
    let end = start.checked_add(usize::try_from(chunk.compressed_size()).ok()?)?;
    let mut pages = file.get(start..end)?;
    while !pages.is_empty() {
        let stored_bytes = take_header(&mut pages)?;
        pages.split_off(..stored_bytes)?;
    }
    Some(())
}

/// Goes past a header, and gives the bytes of the page behind it.
fn take_header(bytes: &mut &[u8]) -> Option<usize> {
    let (mut unpacked_bytes, mut stored_bytes) = (None, None);
    let mut fields = Fields::default();
    while let Some((field, kind)) = fields.next(bytes)? {
        match (field, kind) {
            (2, Kind::Number) => unpacked_bytes = Some(take_number(bytes)?),
            (3, Kind::Number) => stored_bytes = Some(take_number(bytes)?),
            _ => skip(bytes, kind)?,
        }
    }
    let is_little = unpacked_bytes.is_some_and(|bytes| bytes <= MOST_PAGE_BYTES);
    stored_bytes.filter(|_| is_little).and_then(|bytes| usize::try_from(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_says_that_it_is_large_is_told() {
        // Its kind, its size unpacked, and that it is stored in three bytes.
        let header = |unpacked: &[u8]| [&[0x15, 0, 0x15][..], unpacked, &[0x15, 6, 0]].concat();
        assert_eq!(take_header(&mut header(&[6]).as_slice()), Some(3));
        assert_eq!(take_header(&mut header(&[0xfe, 0xff, 0xff, 0xff, 0x0f]).as_slice()), None);
    }
}
