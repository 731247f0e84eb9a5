//! The files that stand behind what was named: a folder stands for the data in it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use walkdir::WalkDir;
use wow_engine::contract::{Partition, is_left_out};

use crate::failure::Failure;

/// The files that were named, and those in the folders that were, at any depth and in the order of their names.
///
/// # Errors
/// A [`Failure`] for a folder without data or one that cannot be read.
pub(crate) fn files(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in named {
        if path.is_dir() { files.extend(in_folder(path)?) } else { files.push(path.clone()) }
    }
    Ok(files)
}

fn in_folder(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = WalkDir::new(folder).min_depth(1).follow_links(true).sort_by_file_name().into_iter();
    let mut files = Vec::new();
    for entry in entries.filter_entry(|entry| !is_left_out(&entry.file_name().to_string_lossy())) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
            Ok(_) => {}
            // A link to a folder that it lies in leads to nothing new.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) if error.io_error().is_some_and(|error| error.kind() == ErrorKind::NotFound) => {
                return Err(Failure::check(format!(
                    "{} is a link to what is not there; mend it, or take it away",
                    error.path().unwrap_or(folder).display()
                )));
            }
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let cannot = || Failure::Check(format!("{} cannot be read; see the cause", path.display()));
                return Err(error).with_context(cannot);
            }
        }
    }
    if files.is_empty() {
        return Err(Failure::usage(format!(
            "there is no data in the folder {}; name one with CSV or Parquet files",
            folder.display()
        )));
    }
    Ok(files)
}

/// What the folders on a file's way give to its rows.
pub(super) fn partition(path: &Path) -> Partition {
    let components: Vec<_> =
        path.components().map(|component| component.as_os_str().to_string_lossy()).collect();
    Partition::of_path(&components.join("/"))
}
