//! The exports of a folder: where they are, and their files.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags};
use wow_engine::manifest::{Environment, Manifest};

use crate::parts_folder::PartsFolder;
use crate::publish::export::{MANIFEST, is_file_name};
use crate::target::Target;

/// The folder of exports below the one that `wow export` is run in, and below a built site.
const FOLDERS: [&str; 2] = ["public/data", "data"];

/// Where the exports of each environment are.
#[derive(Debug)]
pub(crate) struct Exports {
    folders: Vec<(Environment, PathBuf)>,
}

impl Exports {
    /// Looks for exports: in the folders where `wow export` and a built site have them, in the folder of an environment,
    /// and in the folder itself. Where there is none yet, one that `wow export` makes will be found.
    pub(crate) fn find(folder: &Path, environments: &[Environment]) -> Self {
        // Paths are shown, and the folder one is in needs no name.
        let folder = folder.strip_prefix(".").unwrap_or(folder);
        let find = |&environment: &Environment| {
            let name = environment.name();
            let below = FOLDERS.map(|data| folder.join(data).join(name));
            let default = below[0].clone();
            let mut found =
                below.into_iter().chain([folder.join(name)]).find(|folder| folder.join(MANIFEST).is_file());
            if found.is_none() && open(folder, environment).is_ok() {
                found = Some(folder.to_owned());
            }
            (environment, found.unwrap_or(default))
        };
        Self { folders: environments.iter().map(find).collect() }
    }

    /// The exports that are there, each with its folder and what its manifest says.
    pub(crate) fn there(&self) -> impl Iterator<Item = (Environment, &Path, anyhow::Result<Manifest>)> {
        let there = self.folders.iter().filter(|(_, folder)| folder.join(MANIFEST).is_file());
        there.map(|(environment, folder)| (*environment, folder.as_path(), open(folder, *environment)))
    }

    /// Opens a file by its address below the site's folder, `data/<environment>/<name>`; nothing where it is none of an
    /// export, or not there.
    ///
    /// # Errors
    /// When it is there and cannot be opened.
    pub(super) fn file(&self, path: &str) -> io::Result<Option<(File, Metadata)>> {
        let Some((environment, name)) = path.strip_prefix("data/").and_then(|path| path.split_once('/'))
        else {
            return Ok(None);
        };
        let found = self.folders.iter().find(|(known, _)| known.name() == environment);
        let Some((_, folder)) = found.filter(|_| name == MANIFEST || is_file_name(name)) else {
            return Ok(None);
        };
        // A link may lead to anything, and a pipe would be waited for.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file = match rustix::fs::openat(CWD, folder.join(name), flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR | rustix::io::Errno::LOOP) => {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let metadata = file.metadata()?;
        Ok(metadata.is_file().then_some((file, metadata)))
    }
}

/// A name for the content of a file: another one as soon as it is written to, or replaced.
pub(super) fn version_of(metadata: &Metadata) -> String {
    format!("{:x}-{:x}-{:x}.{:x}", metadata.ino(), metadata.len(), metadata.mtime(), metadata.mtime_nsec())
}

fn open(folder: &Path, environment: Environment) -> anyhow::Result<Manifest> {
    let target = Target { environment, path: PathBuf::new() };
    Ok(PartsFolder::open_in(folder.to_owned(), &target)?.manifest)
}
