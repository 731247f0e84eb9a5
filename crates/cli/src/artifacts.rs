//! The dbt project of the current folder, and where what is made of it lies.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;
use wow_engine::contract::{Content, HEAD_BYTES, Other};

/// The dbt project's folder, and its name.
const PROJECT: &str = "wow_analytics";
/// The file that makes a folder a dbt project.
const PROJECT_FILE: &str = "dbt_project.yml";

/// The dbt project: the folder `wow_analytics` of the current folder, or that itself where it is the project.
pub(crate) fn project_folder() -> Option<PathBuf> {
    if Path::new(PROJECT).is_dir() {
        return Some(PathBuf::from(PROJECT));
    }
    is_project(Path::new("")).then(|| PathBuf::from("."))
}

/// Where compiled SQL and results are put: `target` in the dbt project, or in the current folder where there is none.
pub(crate) fn target_folder() -> PathBuf {
    project_folder().filter(|folder| folder != Path::new(".")).unwrap_or_default().join("target")
}

/// Whether a folder is this dbt project, whose databases lie beside it.
pub(crate) fn is_project(folder: &Path) -> bool {
    let text = fs::read_to_string(folder.join(PROJECT_FILE)).unwrap_or_default();
    let names = text.lines().filter_map(|line| line.strip_prefix("name:"));
    names.map(|name| name.trim().trim_matches(['"', '\''])).any(|name| name == PROJECT)
}

/// A folder that is called as if `wow` or dbt had made it.
#[derive(Debug)]
pub(crate) enum Made {
    /// It can be made again.
    Ours {
        /// The room that it takes.
        bytes: u64,
    },
    /// It is left alone, for this reason.
    NotOurs(String),
}

/// The folders beside the dbt project's file, or in the current folder where there is no project, that hold what was made:
/// those that `dbt clean` and dbt's logs are about.
///
/// # Errors
/// When one of them cannot be read.
pub(crate) fn made() -> anyhow::Result<Vec<(PathBuf, Made)>> {
    let project = target_folder();
    let project = project.parent().unwrap_or(Path::new(""));
    let mut found = Vec::new();
    for (name, is_ours) in
        [("target", is_target as fn(&Path) -> bool), ("logs", is_logs), ("dbt_packages", is_packages)]
    {
        let folder = project.join(name);
        let is_link = folder.is_symlink() || project.is_symlink();
        if !folder.is_dir() {
            continue;
        }
        let made = if is_link {
            Made::NotOurs("it is a link; run `wow clean` where it leads".to_owned())
        } else if !is_ours(&folder) {
            Made::NotOurs("it holds nothing that `wow` or dbt is known to make".to_owned())
        } else if let Some(database) = database_in(&folder)? {
            Made::NotOurs(format!("it holds {}, a database", database.display()))
        } else {
            Made::Ours { bytes: bytes_in(&folder)? }
        };
        found.push((folder, made));
    }
    Ok(found)
}

/// Whether it holds compiled SQL or results, and is not cargo's.
fn is_target(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).exists();
    !has("CACHEDIR.TAG") && ["run_results.json", "compiled", "manifest.json"].into_iter().any(has)
}

/// Whether it holds dbt's log, the one in use and older ones, and nothing else.
fn is_logs(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    !names.is_empty() && names.iter().all(|name| name.to_string_lossy().starts_with("dbt.log"))
}

/// Whether it lies in a dbt project.
fn is_packages(folder: &Path) -> bool {
    folder.parent().is_some_and(|project| project.join(PROJECT_FILE).exists())
}

/// A database somewhere in a folder.
fn database_in(folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() && is_database(entry.path())? {
            return Ok(Some(entry.into_path()));
        }
    }
    Ok(None)
}

/// Whether a file is one of DuckDB's, or named like one.
fn is_database(path: &Path) -> std::io::Result<bool> {
    let is_named_so = ["duckdb", "wal"].iter().any(|end| path.extension().is_some_and(|is| is == *end));
    let mut head = Vec::with_capacity(HEAD_BYTES);
    File::open(path)?.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(is_named_so || Content::of(&head) == Content::Other(Other::DuckDb))
}

/// The bytes of all files in a folder.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn bytes_in(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in WalkDir::new(folder) {
        let metadata = entry?.metadata()?;
        bytes += if metadata.is_file() { metadata.len() } else { 0 };
    }
    Ok(bytes)
}

/// The file of a model that the user has put into the dbt project.
pub(crate) fn own_model(name: &str) -> Option<PathBuf> {
    let models = project_folder()?.join("models");
    let files = WalkDir::new(models).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let is_it = |path: &PathBuf| {
        let ends = ["sql", "py"].iter().any(|end| path.extension().is_some_and(|is| is == *end));
        ends && path.file_stem().is_some_and(|stem| stem == name)
    };
    files.map(walkdir::DirEntry::into_path).find(is_it)
}
