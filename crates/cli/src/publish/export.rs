//! Puts an export in place: parts first, then the manifest, which makes them the export.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use serde::Deserialize;
use wow_engine::manifest::Manifest;

use super::{Workspace, names_in};

/// The manifest's file name.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The manifest of the export before, whose parts a page may still ask for.
const PREVIOUS_MANIFEST: &str = "manifest.previous.json";
/// Digits of the hash in a part's name: enough that two parts never share it.
const NAME_DIGITS: usize = 16;

/// The name of a part: hashes tell it from every other, so that no cache serves a stale one.
pub(crate) fn part_name(number: usize, sha256: &str) -> String {
    format!("part-{number}-{}.parquet", sha256.get(..NAME_DIGITS).unwrap_or(sha256))
}

/// Puts the parts and then the manifest in place, then removes the parts of exports older than the one before.
/// `parts` are the files that the manifest's parts are in until then. Until the manifest is in place, readers see the
/// previous export, whole; those who read its manifest find its parts until the next export.
///
/// # Errors
/// When a file cannot be put in place, and after Ctrl-C.
pub(crate) fn publish_export<'a>(
    workspace: &Workspace,
    parts: impl Iterator<Item = &'a Path>,
    manifest: &Manifest,
) -> anyhow::Result<()> {
    let folder = &workspace.place.folder;
    let text = serde_json::to_string_pretty(manifest)? + "\n";
    let new = workspace.write(MANIFEST, text.as_bytes())?;
    let previous = match fs::read(folder.join(MANIFEST)) {
        Ok(text) => Some(workspace.write(PREVIOUS_MANIFEST, &text)?),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    workspace.publish(
        || {
            for (temporary, part) in parts.zip(&manifest.parts) {
                fs::rename(temporary, folder.join(&part.file))?;
            }
            if let Some(previous) = previous {
                fs::rename(previous, folder.join(PREVIOUS_MANIFEST))?;
            }
            Ok(())
        },
        || Ok(fs::rename(new, folder.join(MANIFEST))?),
    )?;
    // The export is published; parts that cannot be removed now are removed after the next one.
    let _ = remove_older_parts(folder, manifest);
    Ok(())
}

fn remove_older_parts(folder: &Path, manifest: &Manifest) -> io::Result<()> {
    let mut kept = previous_parts(folder)?;
    kept.extend(manifest.parts.iter().map(|part| part.file.clone()));
    for name in names_in(folder)? {
        if is_part_name(&name) && !kept.contains(&name) {
            fs::remove_file(folder.join(name))?;
        }
    }
    Ok(())
}

/// The files of the export before; none when its manifest is of another version.
fn previous_parts(folder: &Path) -> io::Result<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct Named {
        parts: Vec<File>,
    }
    #[derive(Deserialize)]
    struct File {
        file: String,
    }
    let text = match fs::read(folder.join(PREVIOUS_MANIFEST)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        text => text?,
    };
    let named = serde_json::from_slice(&text).unwrap_or(Named { parts: Vec::new() });
    Ok(named.parts.into_iter().map(|part| part.file).collect())
}

/// Whether a file is named as parts are; others in the folder are left alone.
pub(crate) fn is_part_name(name: &str) -> bool {
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
        assert!(is_part_name(&part_name(0, &"0123456789abcdef".repeat(4))));
        for other in
            ["part-1.parquet", "part--0123456789abcdef.parquet", "part-0-notes.parquet", "manifest.json"]
        {
            assert!(!is_part_name(other), "{other}");
        }
    }
}
