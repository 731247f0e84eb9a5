//! The dbt project of the current folder, and where what is made of it lies.

use std::fs;
use std::path::{Path, PathBuf};

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
