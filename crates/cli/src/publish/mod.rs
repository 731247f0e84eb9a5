//! How results come to be: all of them or nothing, whatever fails and whenever the process ends.
//!
//! All commands that write publish in the same steps:
//!
//! 1. A [`Workspace`] is opened: it locks what is published before anything is looked at or asked, and keeps it locked
//!    until the command ends. What killed commands have left beside it is cleared away.
//! 2. Everything is written into the workspace's temporary folder, which lies beside, and flushed.
//! 3. The generation that is there now is kept as the previous one, for one round.
//! 4. One rename makes the new generation valid, with the folders flushed before and after.
//! 5. What is older than the previous generation is removed. Where that fails, the next command does it.
//!
//! | published | valid by the rename of | previous generation |
//! |---|---|---|
//! | an [`export`] | `manifest.json` | `manifest.previous.json` and its parts |
//! | an export in a [`bucket`] | the conditional write of `manifest.json` | the same |
//! | models, a [`folder`] | the folder | `FOLDER.previous` |
//! | a [`database`] of the log alone | the file | `FILE.previous` |
//! | a log among other tables, models in a database | DuckDB's commit | none |
//! | dev as a copy of production, by [`refresh`] | the file | `FILE.backup-TIME` |
//! | a report, a [`file`] | the file | none: it can be made again |

mod backup;
mod bucket;
pub(crate) mod database;
pub(crate) mod export;
pub(crate) mod file;
pub(crate) mod folder;
pub(crate) mod refresh;
mod scratch;
pub(crate) mod share;
pub(crate) mod transaction;
mod workspace;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

pub(crate) use self::workspace::{Place, Workspace, leftovers, remove_leftover};
use crate::failure::Failure;

/// The path of the generation that was valid before.
fn previous_of(path: &Path) -> PathBuf {
    with_suffix(path, ".previous")
}

/// The path with something after its last name's end.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Where a symbolic link leads, so that it stays one; other paths are left as the user wrote them.
///
/// # Errors
/// [`Failure::Usage`] when it leads nowhere.
fn followed(path: &Path) -> anyhow::Result<PathBuf> {
    if !path.is_symlink() {
        return Ok(path.to_owned());
    }
    path.canonicalize().with_context(|| {
        Failure::Usage(format!("{} is a link that leads nowhere; mend it or remove it", path.display()))
    })
}

/// The folder that a file or folder lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// The names in a folder; what is not Unicode in one is replaced, which makes it none of ours.
///
/// # Errors
/// When the folder cannot be read.
fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// Sees that a folder's entries are on the disk.
///
/// # Errors
/// When the disk does not take them; some network drives know no such flush, which is none.
fn flush_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error) if is_unknown(&error) => Ok(()),
        result => result,
    }
}

/// Gives a file a second name; false where the file system knows no such thing, as on memory sticks.
///
/// # Errors
/// When the name is taken or cannot be given.
fn link(file: &Path, name: &Path) -> io::Result<bool> {
    match fs::hard_link(file, name) {
        Err(error) if is_unknown(&error) || error.kind() == ErrorKind::PermissionDenied => Ok(false),
        result => result.map(|()| true),
    }
}

/// Whether a file system means by an error that it cannot do such a thing at all.
fn is_unknown(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported)
}
