//! Puts one file in place that can be made again: what was there before is not kept.

use std::fs;
use std::path::Path;

use super::{Place, Workspace, folder_of, followed};
use crate::failure::Failure;

/// The temporary folder's entry that becomes the file.
const NEW: &str = "new";

/// A file that comes to be whole or not at all.
pub(crate) struct NewFile {
    workspace: Workspace,
}

impl NewFile {
    /// Locks the file's place. A symbolic link is followed.
    ///
    /// # Errors
    /// A [`Failure`] when another process is at work on it, or when a folder is in its place.
    pub(crate) fn open(path: &Path, command: &'static str) -> anyhow::Result<Self> {
        let path = followed(path)?;
        if path.is_dir() || path.file_name().is_none() {
            return Err(Failure::usage(format!(
                "{} is a folder; name a file in it with --out FILE",
                path.display()
            )));
        }
        let folder = folder_of(&path).to_owned();
        Ok(Self { workspace: Workspace::open(Place { path, folder, command, option: "--out FILE" })? })
    }

    /// Where what is needed on the way may lie until then.
    pub(crate) fn temporary(&self) -> &Path {
        self.workspace.temporary()
    }

    /// Puts the file in place with this content.
    ///
    /// # Errors
    /// When it cannot be written, and after Ctrl-C.
    pub(crate) fn publish(self, content: &[u8]) -> anyhow::Result<()> {
        let path = &self.workspace.place.path;
        let written = self.workspace.write(NEW, content);
        let new =
            written.map_err(|error| anyhow::Error::new(error).context(self.workspace.place.unusable()))?;
        self.workspace.publish(|| Ok(()), || Ok(fs::rename(new, path)?))
    }
}
