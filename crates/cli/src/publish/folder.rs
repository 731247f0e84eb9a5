//! Puts a whole folder of files in place: all of them change at once, under names that stay.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{Place, Workspace, flush_folder, folder_of, followed, is_unknown, link, names_in, previous_of};
use crate::failure::Failure;

/// The temporary folder's entry that becomes the folder.
const NEW: &str = "new";
/// The temporary folder's entry that becomes the previous folder.
const PREVIOUS: &str = "previous";

/// A folder whose files are all of one generation.
pub(crate) struct Generation {
    workspace: Workspace,
    /// Whether a file's name is one that this command gives.
    is_ours: fn(&str) -> bool,
}

impl Generation {
    /// Locks the folder and makes a place for its next generation. A symbolic link is followed.
    ///
    /// # Errors
    /// A [`Failure`] when another process is at work on it, or when it holds what is none of ours, which would be
    /// lost with it.
    pub(crate) fn open(
        folder: &Path,
        command: &'static str,
        is_ours: fn(&str) -> bool,
    ) -> anyhow::Result<Self> {
        let path = followed(folder)?;
        let parent = folder_of(&path).to_owned();
        let workspace = Workspace::open(Place { path, folder: parent, command, option: "--out DIR" })?;
        let generation = Self { workspace, is_ours };
        generation.refuse_others()?;
        fs::create_dir(generation.new_folder())?;
        Ok(generation)
    }

    /// The folder that they will be in.
    pub(crate) fn path(&self) -> &Path {
        &self.workspace.place.path
    }

    /// Where what is needed on the way may lie until then.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.workspace.temporary().to_owned()
    }

    /// Where the next generation's files are written.
    pub(crate) fn new_folder(&self) -> PathBuf {
        self.workspace.temporary().join(NEW)
    }

    /// Puts the folder in place; gives the folder that the generation before is in, if there was one.
    ///
    /// # Errors
    /// When it cannot be put in place, and after Ctrl-C.
    pub(crate) fn publish(self) -> anyhow::Result<Option<PathBuf>> {
        let path = &self.workspace.place.path;
        let new = self.new_folder();
        let mut is_kept = false;
        self.workspace.publish(
            || {
                flush_folder(&new)?;
                self.refuse_others()?;
                is_kept = path.exists() && self.keep()?;
                Ok(())
            },
            || Ok(put(&new, path, &self.workspace.temporary().join("replaced"))?),
        )?;
        Ok(is_kept.then(|| previous_of(path)))
    }

    /// Gives the files that are there a second name in the previous folder; false where that cannot be.
    fn keep(&self) -> io::Result<bool> {
        let path = &self.workspace.place.path;
        let kept = self.workspace.temporary().join(PREVIOUS);
        fs::create_dir(&kept)?;
        for name in names_in(path)?.iter().filter(|name| path.join(name).is_file()) {
            if !link(&path.join(name), &kept.join(name))? {
                return Ok(false);
            }
        }
        flush_folder(&kept)?;
        put(&kept, &previous_of(path), &self.workspace.temporary().join("older"))?;
        Ok(true)
    }

    fn refuse_others(&self) -> anyhow::Result<()> {
        let path = &self.workspace.place.path;
        for folder in [path, &previous_of(path)] {
            if !folder.exists() {
                continue;
            }
            let names = names_in(folder).with_context(|| self.workspace.place.unusable())?;
            if let Some(name) = names.into_iter().find(|name| !(self.is_ours)(name)) {
                return Err(Failure::usage(format!(
                    "{} holds `{name}`, which `wow {}` did not write; move it elsewhere, or name another folder with \
                     --out DIR",
                    folder.display(),
                    self.workspace.place.command
                )));
            }
        }
        Ok(())
    }
}

/// Moves a folder to a place in one step; what is there comes to be where the folder was. On network drives that
/// cannot do that in one step the place is empty for a moment, while what was there is moved to `aside`.
fn put(folder: &Path, place: &Path, aside: &Path) -> io::Result<()> {
    if !place.exists() {
        return fs::rename(folder, place);
    }
    match renameat_with(CWD, folder, CWD, place, RenameFlags::EXCHANGE).map_err(io::Error::from) {
        Err(error) if is_unknown(&error) => {
            fs::rename(place, aside)?;
            fs::rename(folder, place).inspect_err(|_| drop(fs::rename(aside, place)))
        }
        result => result,
    }
}
