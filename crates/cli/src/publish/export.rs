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
/// How the name begins of the file with what snapshots saw of players.
const FACTS_PREFIX: &str = "player-facts-";
/// Digits of the hash in a part's name: enough that two parts never share it.
const NAME_DIGITS: usize = 16;

/// The name of a part: hashes tell it from every other, so that no cache serves a stale one.
pub(crate) fn part_name(number: usize, sha256: &str) -> String {
    format!("part-{number}-{}.parquet", sha256.get(..NAME_DIGITS).unwrap_or(sha256))
}

/// The name of the file with what snapshots saw of players, which its hash tells from every other too.
pub(crate) fn facts_name(sha256: &str) -> String {
    format!("{FACTS_PREFIX}{}.parquet", sha256.get(..NAME_DIGITS).unwrap_or(sha256))
}

/// Puts the files and then the manifest in place, then removes the files of exports older than the one before.
/// `files` are what the manifest names, each with where it is until then. Until the manifest is in place, readers see the
/// previous export, whole; those who read its manifest find its files until the next export.
///
/// # Errors
/// When a file cannot be put in place, and after Ctrl-C.
pub(crate) fn publish_export<'a>(
    workspace: &Workspace,
    files: impl Iterator<Item = (&'a Path, &'a str)>,
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
            for (temporary, name) in files {
                fs::rename(temporary, folder.join(name))?;
            }
            if let Some(previous) = previous {
                fs::rename(previous, folder.join(PREVIOUS_MANIFEST))?;
            }
            Ok(())
        },
        || Ok(fs::rename(new, folder.join(MANIFEST))?),
    )?;
    // The export is published; files that cannot be removed now are removed after the next one.
    let _ = remove_older_files(folder, manifest);
    Ok(())
}

fn remove_older_files(folder: &Path, manifest: &Manifest) -> io::Result<()> {
    let mut kept = previous_files(folder)?;
    kept.extend(manifest.parts.iter().map(|part| part.file.clone()));
    kept.extend(manifest.player_facts.iter().map(|facts| facts.file.clone()));
    for name in names_in(folder)? {
        if is_file_name(&name) && !kept.contains(&name) {
            fs::remove_file(folder.join(name))?;
        }
    }
    Ok(())
}

/// The files of the export before; none when its manifest is of another version.
fn previous_files(folder: &Path) -> io::Result<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct Named {
        parts: Vec<File>,
        player_facts: Option<File>,
    }
    #[derive(Deserialize)]
    struct File {
        file: String,
    }
    let text = match fs::read(folder.join(PREVIOUS_MANIFEST)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        text => text?,
    };
    let named = serde_json::from_slice(&text).unwrap_or(Named { parts: Vec::new(), player_facts: None });
    Ok(named.parts.into_iter().chain(named.player_facts).map(|file| file.file).collect())
}

/// Whether a file is named as those of exports are; others in the folder are left alone.
pub(crate) fn is_file_name(name: &str) -> bool {
    let is_hash = |hash: &str| hash.len() == NAME_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(name) = name.strip_suffix(".parquet") else { return false };
    if let Some(hash) = name.strip_prefix(FACTS_PREFIX) {
        return is_hash(hash);
    }
    let inner = name.strip_prefix("part-").and_then(|inner| inner.split_once('-'));
    inner.is_some_and(|(number, hash)| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && is_hash(hash)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_files_are_removed() {
        let hash = "0123456789abcdef".repeat(4);
        assert!(is_file_name(&part_name(0, &hash)) && is_file_name(&facts_name(&hash)));
        for other in [
            "part-1.parquet",
            "part--0123456789abcdef.parquet",
            "part-0-notes.parquet",
            "player-facts-x.parquet",
            "manifest.json",
        ] {
            assert!(!is_file_name(other), "{other}");
        }
    }
}
