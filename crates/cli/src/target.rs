//! Which database: dev and prod are data here, and branches nowhere else.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use wow_engine::manifest::Environment;

/// An environment and its database file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// dev or prod.
    pub(crate) environment: Environment,
    /// The database file, as the user wrote it.
    pub(crate) path: PathBuf,
}

impl Target {
    /// The line that every command prints first.
    pub(crate) fn badge(&self) -> String {
        self.badge_of(&format!("database ({})", self.path.display()))
    }

    /// The line that a command prints first which works for the environment, but on something else than its database.
    pub(crate) fn badge_of(&self, what: &str) -> String {
        let mark = match self.environment {
            Environment::Dev => "✅",
            Environment::Prod => "🚨",
        };
        format!("{mark} {} {what}", self.environment.label())
    }

    /// The database file's name, as an export of it has it.
    pub(crate) fn file_name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// The option that chooses this environment on the command line, with a leading space; empty for dev.
    pub(crate) fn option(&self) -> &'static str {
        match self.environment {
            Environment::Dev => "",
            Environment::Prod => " --target prod",
        }
    }
}

/// Whether two paths lead to one file, also by links. No file is opened, for closing it would give up the locks that DuckDB
/// has on it in this process.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => one == other,
    }
}
