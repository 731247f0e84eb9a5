//! The files of a dbt project as texts.

use std::borrow::Cow;

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
