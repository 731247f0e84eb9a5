//! The folder of an export: one writer at a time, all of it or nothing.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::TempDir;
use wow_engine::manifest::{Environment, Manifest};

use super::parts::{NAME_DIGITS, WrittenPart};
use crate::failure::Failure;
use crate::interrupt;

/// The manifest's file name.
const MANIFEST: &str = "manifest.json";
/// How the folders begin that hold an export until it is published.
const TEMPORARY_PREFIX: &str = ".wow-export-";

/// The folder while an export is made. Dropping it removes all that is temporary.
pub(super) struct Workspace {
    /// The folder that is published into.
    pub(super) folder: PathBuf,
    temporary: TempDir,
    /// The folder itself, locked; the system unlocks it when the process ends, however it ends.
    lock: File,
}

impl Workspace {
    /// Makes the folder of an environment where it is missing, locks it, and clears away what an export that was
    /// killed has left.
    ///
    /// # Errors
    /// A [`Failure`] when the folder cannot be made or another export is at work in it.
    pub(super) fn open(out: &Path, environment: Environment) -> anyhow::Result<Self> {
        let folder = out.join(environment.name());
        let unusable = || {
            Failure::Usage(format!(
                "{} cannot be used as a folder for the export; name another with --out DIR",
                folder.display()
            ))
        };
        fs::create_dir_all(&folder).with_context(unusable)?;
        let lock = File::open(&folder).with_context(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::check(format!(
                    "another export is writing into {}; wait for it to end, or name another folder with --out DIR",
                    folder.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(unusable),
        }
        for name in names_in(&folder)? {
            if name.starts_with(TEMPORARY_PREFIX) {
                fs::remove_dir_all(folder.join(name))?;
            }
        }
        let temporary =
            tempfile::Builder::new().prefix(TEMPORARY_PREFIX).tempdir_in(&folder).with_context(unusable)?;
        Ok(Self { folder, temporary, lock })
    }

    /// Where parts are written until they are published.
    pub(super) fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Puts the parts and then the manifest in place, then removes the parts of older exports. Until the manifest
    /// is in place, readers see the previous export, whole.
    ///
    /// # Errors
    /// When a file cannot be put in place, and after Ctrl-C.
    pub(super) fn publish(self, parts: &[WrittenPart], manifest: &Manifest) -> anyhow::Result<()> {
        let manifest_text = serde_json::to_string_pretty(manifest)? + "\n";
        let temporary_manifest = self.temporary().join(MANIFEST);
        let mut file = File::create(&temporary_manifest)?;
        file.write_all(manifest_text.as_bytes())?;
        file.sync_all()?;
        // From here on nothing takes long, so that the rest is done whole.
        interrupt::check()?;
        for part in parts {
            fs::rename(&part.temporary, self.folder.join(&part.part.file))?;
        }
        // The folder's entries must be on the disk before the manifest speaks of them.
        self.lock.sync_all()?;
        fs::rename(&temporary_manifest, self.folder.join(MANIFEST))?;
        self.lock.sync_all()?;
        self.remove_all_but(manifest)
    }

    fn remove_all_but(&self, manifest: &Manifest) -> anyhow::Result<()> {
        for name in names_in(&self.folder)? {
            if is_part_name(&name) && !manifest.parts.iter().any(|part| part.file == name) {
                fs::remove_file(self.folder.join(name))?;
            }
        }
        Ok(())
    }
}

fn names_in(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        // A name that is not Unicode is none of ours.
        names.extend(entry?.file_name().into_string().ok());
    }
    Ok(names)
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
