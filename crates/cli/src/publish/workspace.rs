//! What is published into: one writer at a time, and all of it or nothing.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use super::scratch::{PATIENCE, Refusal, Scratch};
use super::{flush_folder, folder_of, names_in};
use crate::failure::Failure;
use crate::interrupt;

/// How temporary folders begin; what follows is the name of what is published.
const PREFIX: &str = ".wow-new-";
/// How those of earlier versions begin.
const EARLIER_PREFIXES: [&str; 2] = [".wow-export-", ".wow-run-"];

/// What is published, and how messages speak of it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The file or folder that comes to be.
    pub(crate) path: PathBuf,
    /// The folder in which temporary files lie and that is flushed.
    pub(crate) folder: PathBuf,
    /// The command at work.
    pub(crate) command: &'static str,
    /// The option that names another place.
    pub(crate) option: &'static str,
}

/// The place while its new content is made. Dropping it removes all that is temporary and unlocks the place.
pub(crate) struct Workspace {
    /// What is published.
    pub(crate) place: Place,
    // Dropped in this order: a folder that was made goes only if nothing has come into it.
    scratch: Scratch,
    made: MadeFolders,
}

impl Workspace {
    /// Makes the folder where it is missing, locks the place, and clears away what killed commands have left beside.
    ///
    /// # Errors
    /// A [`Failure`] when the folder cannot be made or another process is at work on the place.
    pub(crate) fn open(place: Place) -> anyhow::Result<Self> {
        let name = place.path.file_name().context("what is published has no name")?.to_owned();
        Self::open_as(place, &name)
    }

    /// The same under another name than that of what is published, which must be a file's name.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub(super) fn open_as(place: Place, name: &OsStr) -> anyhow::Result<Self> {
        let made = MadeFolders::before(&place.folder);
        let holder = format!("`wow {}` (process {})", place.command, std::process::id());
        let mut scratch_name = std::ffi::OsString::from(PREFIX);
        scratch_name.push(name);
        let scratch = match Scratch::acquire(place.folder.join(scratch_name), &holder, PATIENCE) {
            Ok(scratch) => scratch,
            Err(Refusal::Held(holder)) => {
                return Err(Failure::check(format!(
                    "{holder} is writing {}; wait for it to end, or name another with {}",
                    place.path.display(),
                    place.option
                )));
            }
            Err(Refusal::Unusable(error)) => return Err(error).with_context(|| place.unusable()),
        };
        remove_leftovers(&place.folder, scratch.path(), &holder).with_context(|| place.unusable())?;
        if place.path.is_dir() && place.path != place.folder {
            // Earlier versions put theirs into the folder that is published.
            remove_leftovers(&place.path, scratch.path(), &holder).with_context(|| place.unusable())?;
        }
        Ok(Self { place, scratch, made })
    }

    /// Where files are written until they are published.
    pub(crate) fn temporary(&self) -> &Path {
        self.scratch.path()
    }

    /// Writes a small file to be published; it is on the disk then.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, name: &str, content: &[u8]) -> io::Result<PathBuf> {
        let path = self.temporary().join(name);
        let mut file = File::create(&path)?;
        file.write_all(content)?;
        file.sync_all()?;
        Ok(path)
    }

    /// Publishes what was written. `prepare` keeps the previous generation and puts in place what nobody reads yet;
    /// `make_valid` is the one step after which readers see the new generation.
    ///
    /// # Errors
    /// After Ctrl-C and when a step fails: what was there is unchanged, unless the [`Failure`] says otherwise.
    pub(super) fn publish(
        &self,
        prepare: impl FnOnce() -> anyhow::Result<()>,
        make_valid: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        // From here on nothing takes long, so that the rest is done whole.
        interrupt::last_check()?;
        prepare()?;
        self.flush()?;
        make_valid()?;
        self.flush().with_context(|| {
            Failure::Check(format!(
                "{} is written, but the disk did not confirm that it will last; check the disk and run the command \
                 again",
                self.place.path.display()
            ))
        })
    }

    fn flush(&self) -> io::Result<()> {
        flush_folder(&self.place.folder)?;
        self.made.flush()
    }
}

impl Place {
    /// What to say when the disk refuses.
    pub(super) fn unusable(&self) -> Failure {
        Failure::Usage(format!(
            "{} cannot be written by `wow {}`: see the cause, or name another with {}",
            self.path.display(),
            self.command,
            self.option
        ))
    }
}

/// Removes the temporary folders of commands that no longer live, of whatever was to be published.
fn remove_leftovers(folder: &Path, own: &Path, holder: &str) -> io::Result<()> {
    for path in temporaries_in(folder)? {
        if path != own {
            // Whoever gets it holds the only claim on it, and dropping removes it. One that is held is left alone, and
            // one that cannot be removed is no hindrance.
            drop(Scratch::acquire(path, holder, Duration::ZERO));
        }
    }
    Ok(())
}

/// The temporary folders in a folder that commands which no longer live have left.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn leftovers(folder: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(temporaries_in(folder)?.into_iter().filter(|path| Scratch::is_free(path)).collect())
}

/// Removes such a folder, unless a command has taken it over meanwhile.
///
/// # Errors
/// When it is there afterwards.
pub(crate) fn remove_leftover(path: &Path) -> io::Result<()> {
    let holder = format!("`wow clean` (process {})", std::process::id());
    match Scratch::acquire(path.to_owned(), &holder, Duration::ZERO) {
        Ok(scratch) => drop(scratch),
        Err(Refusal::Held(_)) => return Ok(()),
        Err(Refusal::Unusable(error)) => return Err(error),
    }
    if path.exists() { Err(io::Error::other("something in it cannot be removed")) } else { Ok(()) }
}

/// Folders that are called like temporary ones. A link leads to what is somebody else's.
fn temporaries_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_temporary =
        |name: &String| [PREFIX].iter().chain(&EARLIER_PREFIXES).any(|prefix| name.starts_with(prefix));
    let names = names_in(folder)?.into_iter().filter(is_temporary);
    Ok(names.map(|name| folder.join(name)).filter(|path| path.is_dir() && !path.is_symlink()).collect())
}

/// Folders that had to be made, the deepest first. Dropping removes those that are empty.
struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// The folders that are missing on the way to this one.
    fn before(folder: &Path) -> Self {
        let missing = |folder: &&Path| *folder != Path::new("") && !folder.exists();
        Self(folder.ancestors().take_while(missing).map(Path::to_owned).collect())
    }

    /// Sees that their names are on the disk.
    fn flush(&self) -> io::Result<()> {
        self.0.iter().try_for_each(|folder| flush_folder(folder_of(folder)))
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            let _ = fs::remove_dir(folder);
        }
    }
}
