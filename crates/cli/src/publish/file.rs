//! Puts one file in place that can be made again: what was there before is not kept.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

use super::{Place, Workspace, folder_of, followed};
use crate::failure::Failure;

/// The temporary folder's entry that becomes the file.
const NEW: &str = "new";

/// A file that comes to be whole or not at all.
pub(crate) struct NewFile {
    workspace: Workspace,
    form: Form,
}

/// What such a file is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    /// How it begins: nothing else is replaced.
    pub(crate) beginning: &'static str,
    /// What names another file.
    pub(crate) option: &'static str,
}

impl NewFile {
    /// Locks the file's place. A symbolic link is followed.
    ///
    /// # Errors
    /// A [`Failure`] when another process is at work on it, or when something else is in its place.
    pub(crate) fn open(path: &Path, command: &'static str, form: Form) -> anyhow::Result<Self> {
        let option = form.option;
        if path == Path::new("-") {
            return Err(Failure::usage(format!("`-` is no file here; name one with {option}")));
        }
        let path = followed(path)?;
        if path.is_dir() || path.file_name().is_none() {
            return Err(Failure::usage(format!(
                "{} is a folder; name a file in it with {option}",
                path.display()
            )));
        }
        let folder = folder_of(&path).to_owned();
        let workspace = Workspace::open(Place { path, folder, command, option })?;
        let file = Self { workspace, form };
        file.refuse_others()?;
        Ok(file)
    }

    /// Keeps a database or a device from being replaced by a slip of the hand.
    fn refuse_others(&self) -> anyhow::Result<()> {
        let path = &self.workspace.place.path;
        let Ok(metadata) = fs::metadata(path) else { return Ok(()) };
        let mut start = Vec::new();
        if metadata.is_file() {
            let file = File::open(path).with_context(|| self.workspace.place.unusable())?;
            file.take(self.form.beginning.len() as u64).read_to_end(&mut start)?;
        }
        if metadata.is_file() && (start.is_empty() || start == self.form.beginning.as_bytes()) {
            return Ok(());
        }
        Err(Failure::usage(format!(
            "{} is there and is nothing that `wow {}` has written; remove it, or name another file with {}",
            path.display(),
            self.workspace.place.command,
            self.form.option
        )))
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
        self.workspace.publish(
            || {
                self.refuse_others()?;
                // Whoever may not read the file before may not read this one.
                match fs::metadata(path) {
                    Ok(before) => Ok(fs::set_permissions(&new, before.permissions())?),
                    Err(_) => Ok(()),
                }
            },
            || Ok(fs::rename(&new, path)?),
        )
    }
}
