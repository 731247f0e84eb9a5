//! A folder that results are published into: one writer at a time, and all of it or nothing.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::TempDir;

use crate::failure::Failure;

/// The folder while its new content is made. Dropping it removes all that is temporary.
pub(crate) struct Workspace {
    /// The folder that is published into.
    pub(crate) folder: PathBuf,
    temporary: TempDir,
    /// The folder itself, locked; the system unlocks it when the process ends, however it ends.
    lock: File,
}

impl Workspace {
    /// Makes the folder where it is missing, locks it, and clears away what a `wow COMMAND` that was killed has
    /// left.
    ///
    /// # Errors
    /// A [`Failure`] when the folder cannot be made or another process is at work in it.
    pub(crate) fn open(folder: PathBuf, command: &str) -> anyhow::Result<Self> {
        let unusable = || {
            Failure::Usage(format!(
                "{} cannot be used as a folder for `wow {command}`; name another with --out DIR",
                folder.display()
            ))
        };
        fs::create_dir_all(&folder).with_context(unusable)?;
        let lock = File::open(&folder).with_context(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::check(format!(
                    "another `wow {command}` is writing into {}; wait for it to end, or name another folder with \
                     --out DIR",
                    folder.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(unusable),
        }
        let prefix = format!(".wow-{command}-");
        for name in names_in(&folder)? {
            if name.starts_with(&prefix) {
                fs::remove_dir_all(folder.join(name))?;
            }
        }
        let temporary =
            tempfile::Builder::new().prefix(&prefix).tempdir_in(&folder).with_context(unusable)?;
        Ok(Self { folder, temporary, lock })
    }

    /// Where files are written until they are published.
    pub(crate) fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Moves finished files into the folder, under these names, and sees that their entries are on the disk.
    ///
    /// # Errors
    /// When a file cannot be put in place.
    pub(crate) fn put<'a>(&self, files: impl IntoIterator<Item = (&'a Path, &'a str)>) -> io::Result<()> {
        for (temporary, name) in files {
            fs::rename(temporary, self.folder.join(name))?;
        }
        self.lock.sync_all()
    }
}

/// The names in a folder; one that is not Unicode is none of ours.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string().ok());
    }
    Ok(names)
}
