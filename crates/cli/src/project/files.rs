//! The files of a dbt project as texts.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use walkdir::WalkDir;

/// A file of the project.
#[derive(Debug, Clone)]
pub(super) struct ProjectFile {
    /// Its path in the project, with `/` between names.
    pub(super) path: String,
    /// What is in it.
    pub(super) text: Cow<'static, str>,
}

impl ProjectFile {
    /// Its name without what comes after the dot.
    pub(super) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The folders that it lies in below the first.
    pub(super) fn folders(&self) -> Vec<&str> {
        let names: Vec<&str> = self.path.split('/').collect();
        names.get(1..names.len().saturating_sub(1)).unwrap_or_default().to_vec()
    }
}

include!(concat!(env!("OUT_DIR"), "/project.rs"));

/// The files that are in the command.
pub(super) fn built_in() -> Vec<ProjectFile> {
    let file =
        |&(path, text): &(&str, &'static str)| ProjectFile { path: path.to_owned(), text: text.into() };
    FILES.iter().map(file).collect()
}

/// The project file of a folder, and the files of its seeds.
///
/// # Errors
/// When one of them is no text that can be read.
pub(super) fn seeds_in(folder: &Path) -> anyhow::Result<Vec<ProjectFile>> {
    let mut files = Vec::new();
    let seeds = WalkDir::new(folder.join("seeds")).sort_by_file_name().into_iter();
    for entry in WalkDir::new(folder.join("dbt_project.yml")).into_iter().chain(seeds) {
        let entry = entry?;
        let is_read = entry.path().extension().is_some_and(|end| end == "csv" || end == "yml");
        if entry.file_type().is_file() && is_read {
            let path = entry.path().strip_prefix(folder)?;
            let path = path.to_str().context("a file's name is no text")?.replace('\\', "/");
            let text = fs::read_to_string(entry.path()).with_context(|| format!("{path} cannot be read"))?;
            files.push(ProjectFile { path, text: text.into() });
        }
    }
    Ok(files)
}
