//! Puts an export in place.

use std::fs::{self, File};
use std::io::Write as _;

use wow_engine::manifest::Manifest;

use super::parts::{NAME_DIGITS, WrittenPart};
use crate::interrupt;
use crate::workspace::{Workspace, names_in};

/// The manifest's file name.
const MANIFEST: &str = "manifest.json";

/// Puts the parts and then the manifest in place, then removes the parts of older exports. Until the manifest is
/// in place, readers see the previous export, whole.
///
/// # Errors
/// When a file cannot be put in place, and after Ctrl-C.
pub(super) fn publish(
    workspace: &Workspace,
    parts: &[WrittenPart],
    manifest: &Manifest,
) -> anyhow::Result<()> {
    let manifest_text = serde_json::to_string_pretty(manifest)? + "\n";
    let temporary_manifest = workspace.temporary().join(MANIFEST);
    let mut file = File::create(&temporary_manifest)?;
    file.write_all(manifest_text.as_bytes())?;
    file.sync_all()?;
    // From here on nothing takes long, so that the rest is done whole.
    interrupt::check()?;
    // The parts must be on the disk before the manifest speaks of them.
    workspace.put(parts.iter().map(|part| (part.temporary.as_path(), part.part.file.as_str())))?;
    workspace.put([(temporary_manifest.as_path(), MANIFEST)])?;
    remove_all_but(workspace, manifest)
}

fn remove_all_but(workspace: &Workspace, manifest: &Manifest) -> anyhow::Result<()> {
    for name in names_in(&workspace.folder)? {
        if is_part_name(&name) && !manifest.parts.iter().any(|part| part.file == name) {
            fs::remove_file(workspace.folder.join(name))?;
        }
    }
    Ok(())
}

/// Whether a file is named as parts are; others in the folder are left alone.
fn is_part_name(name: &str) -> bool {
    let inner = name.strip_prefix("part-").and_then(|name| name.strip_suffix(".parquet"));
    inner.and_then(|inner| inner.split_once('-')).is_some_and(|(number, hash)| {
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && hash.len() == NAME_DIGITS
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_parts_are_removed() {
        assert!(is_part_name("part-0-0123456789abcdef.parquet"));
        for other in
            ["part-1.parquet", "part--0123456789abcdef.parquet", "part-0-notes.parquet", "manifest.json"]
        {
            assert!(!is_part_name(other), "{other}");
        }
    }
}
