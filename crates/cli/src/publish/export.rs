//! Puts an export in place: parts first, then the manifest, which makes them the export.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use serde::Deserialize;
use wow_engine::manifest::Manifest;

use super::bucket::BucketPlace;
use super::{Place, Workspace, names_in};
use crate::failure::Failure;
use crate::storage::Location;

/// The manifest's file name.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The manifest of the export before, whose parts a page may still ask for.
pub(super) const PREVIOUS_MANIFEST: &str = "manifest.previous.json";
/// How the name begins of the file with what snapshots saw of players.
const FACTS_PREFIX: &str = "player-facts-";
/// Digits of the hash in a name: enough that two files never share it.
const NAME_DIGITS: usize = 16;

/// The digits of a hash that are part of a name.
pub(super) fn name_digits(sha256: &str) -> &str {
    sha256.get(..NAME_DIGITS).unwrap_or(sha256)
}

/// Whether a text is what [`name_digits`] gives.
pub(super) fn are_name_digits(text: &str) -> bool {
    text.len() == NAME_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The name of a part: hashes tell it from every other, so that no cache serves a stale one.
pub(crate) fn part_name(number: usize, sha256: &str) -> String {
    format!("part-{number}-{}.parquet", name_digits(sha256))
}

/// The name of the file with what snapshots saw of players, which its hash tells from every other too.
pub(crate) fn facts_name(sha256: &str) -> String {
    format!("{FACTS_PREFIX}{}.parquet", name_digits(sha256))
}

/// Where an export comes to be.
pub(crate) enum ExportPlace {
    /// A folder of this machine.
    Folder(Workspace),
    /// A bucket.
    Bucket(Box<BucketPlace>),
}

impl ExportPlace {
    /// Keeps others of this machine from exporting to the same place, and sees whether it can be reached.
    ///
    /// # Errors
    /// A [`Failure`] when another process is at work on it, or it cannot be used.
    pub(crate) fn open(location: &Location) -> anyhow::Result<Self> {
        let (command, option) = ("export", "--out DIR");
        match location {
            Location::Local(folder) => {
                let place = Place { path: folder.clone(), folder: folder.clone(), command, option };
                Ok(Self::Folder(Workspace::open(place)?))
            }
            Location::Bucket(bucket) => {
                let place = Place { path: location.to_string().into(), folder: ".".into(), command, option };
                Ok(Self::Bucket(Box::new(BucketPlace::open(bucket, place)?)))
            }
            Location::Web(_) => Err(Failure::usage(format!(
                "{location} is an address that can only be read; name a folder with --out, or a bucket with s3://, gs:// or az://"
            ))),
        }
    }

    /// Where files are written until they are published.
    pub(crate) fn workspace(&self) -> &Workspace {
        match self {
            Self::Folder(workspace) => workspace,
            Self::Bucket(bucket) => &bucket.workspace,
        }
    }

    /// Publishes the files and the manifest that names them, each with where it is until then. Until the manifest is in
    /// place, readers see the previous export, whole; those who read its manifest find its files until the next export.
    ///
    /// # Errors
    /// When that cannot be done, and after Ctrl-C; what was there is as it was.
    pub(crate) fn publish<'a>(
        &self,
        files: impl Iterator<Item = (&'a Path, &'a str)>,
        manifest: &Manifest,
    ) -> anyhow::Result<()> {
        match self {
            Self::Folder(workspace) => publish_export(workspace, files, manifest),
            Self::Bucket(bucket) => bucket.publish(&files.collect::<Vec<_>>(), manifest),
        }
    }
}

/// Puts the files and then the manifest in place, then removes the files of exports older than the one before.
/// `files` are what the manifest names, each with where it is until then. Until the manifest is in place, readers see the
/// previous export, whole; those who read its manifest find its files until the next export.
///
/// # Errors
/// When a file cannot be put in place, and after Ctrl-C.
fn publish_export<'a>(
    workspace: &Workspace,
    files: impl Iterator<Item = (&'a Path, &'a str)>,
    manifest: &Manifest,
) -> anyhow::Result<()> {
    let folder = &workspace.place.folder;
    let new = workspace.write(MANIFEST, text_of(manifest)?.as_bytes())?;
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

/// A manifest as it is written.
pub(super) fn text_of(manifest: &Manifest) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(manifest)? + "\n")
}

fn remove_older_files(folder: &Path, manifest: &Manifest) -> io::Result<()> {
    let previous = match fs::read(folder.join(PREVIOUS_MANIFEST)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        text => text?,
    };
    let kept: BTreeSet<String> = files_of(manifest).map(|(file, _)| file.to_owned()).collect();
    let kept = &kept | &named_by(&previous);
    for name in names_in(folder)? {
        if is_file_name(&name) && !kept.contains(&name) {
            fs::remove_file(folder.join(name))?;
        }
    }
    Ok(())
}

/// The files that a manifest names, with their sizes.
pub(super) fn files_of(manifest: &Manifest) -> impl Iterator<Item = (&str, u64)> {
    let parts = manifest.parts.iter().map(|part| (part.file.as_str(), part.bytes));
    parts.chain(manifest.player_facts.iter().map(|facts| (facts.file.as_str(), facts.bytes)))
}

/// The files that the text of a manifest names; none when it is of another version.
pub(super) fn named_by(text: &[u8]) -> BTreeSet<String> {
    #[derive(Deserialize)]
    struct Named {
        parts: Vec<File>,
        player_facts: Option<File>,
    }
    #[derive(Deserialize)]
    struct File {
        file: String,
    }
    let named = serde_json::from_slice(text).unwrap_or(Named { parts: Vec::new(), player_facts: None });
    named.parts.into_iter().chain(named.player_facts).map(|file| file.file).collect()
}

/// Whether a file is named as those of exports are; others in the folder are left alone.
pub(crate) fn is_file_name(name: &str) -> bool {
    let Some(name) = name.strip_suffix(".parquet") else { return false };
    if let Some(hash) = name.strip_prefix(FACTS_PREFIX) {
        return are_name_digits(hash);
    }
    let inner = name.strip_prefix("part-").and_then(|inner| inner.split_once('-'));
    inner.is_some_and(|(number, hash)| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && are_name_digits(hash)
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
