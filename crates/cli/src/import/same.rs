//! Files that are named twice, or copied: their events would be counted twice.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::Source;
use crate::failure::Failure;
use crate::interrupt;

/// Bytes that are compared at a time.
const BLOCK_BYTES: u64 = 1 << 16;

/// Checks that no two files hold the same events. Only files of one size are read, and only as far as another begins alike;
/// those in folders that give other values hold other events, and those without rows none.
///
/// # Errors
/// A [`Failure`] that names two of them, or a file that cannot be read.
pub(super) fn refuse_same(sources: &[Source]) -> anyhow::Result<()> {
    let with_rows = sources.iter().filter(|source| !source.is_empty());
    let mut alike = several(with_rows.map(|source| ((source.bytes, source.partition()), source)));
    let mut compared = 0;
    while !alike.is_empty() {
        if let Some([first, second, ..]) =
            alike.iter().find(|group| group[0].bytes <= compared).map(Vec::as_slice)
        {
            return Err(Failure::usage(format!(
                "{} and {} hold the same bytes, whose events would be counted twice; name one of them",
                first.location(),
                second.location()
            )));
        }
        let mut still_alike = Vec::new();
        for group in alike {
            interrupt::check()?;
            let blocks = group.into_iter().map(|source| {
                let block = source.block(compared, BLOCK_BYTES)?;
                // Its hash, for there may be very many files.
                Ok((Sha256::digest(block), source))
            });
            still_alike.extend(several(blocks.collect::<anyhow::Result<Vec<_>>>()?));
        }
        alike = still_alike;
        compared += BLOCK_BYTES;
    }
    Ok(())
}

/// Those that share a key with another, each in its group.
fn several<'a, K: Eq + std::hash::Hash>(
    keyed: impl IntoIterator<Item = (K, &'a Source)>,
) -> Vec<Vec<&'a Source>> {
    let mut groups: HashMap<K, Vec<&Source>> = HashMap::new();
    for (key, source) in keyed {
        groups.entry(key).or_default().push(source);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}
