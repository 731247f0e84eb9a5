//! Any bytes as a file.

use bytes::Bytes;
use wow_analytics::analysis::plan::Plan;
use wow_engine::read::{EventFile, RowGroup};

const MAGIC: &[u8] = b"PAR1";

/// Any bytes are a file that opens or is refused, and so are any bytes as a file's footer; what the footer says of its
/// row groups can be planned with.
pub fn footer(bytes: &[u8]) {
    open(Bytes::copy_from_slice(bytes));
    // Only with the right length and mark behind it is a footer looked at, which a fuzzer rarely hits upon.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    open([MAGIC, bytes, &length, MAGIC].concat().into());
}

fn open(bytes: Bytes) {
    let Ok(file) = EventFile::open(bytes) else { return };
    let row_groups: Vec<RowGroup> = (0..file.row_groups()).map(|index| file.row_group(index)).collect();
    let files = [row_groups.clone(), Vec::new(), row_groups];
    let plan = Plan::of_files(&files);
    let rows = plan.units.iter().map(|unit| unit.rows).fold(0, u64::saturating_add);
    assert_eq!(rows, file.rows().saturating_mul(2));
    let _ = (plan.bytes(), plan.held_of_parts(), Plan::of_shares(plan.bytes(), 3));
}
