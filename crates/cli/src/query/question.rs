//! What is asked: a statement, a file, or an analysis of the dbt project by its name.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::artifacts;
use crate::failure::Failure;
use crate::output::shown;
use crate::project::{InDatabase, Project, ResourceType, Variables, compile_text};

/// Names that are less alike than this are not taken for one another.
const ALIKE: f64 = 0.8;

/// What was typed.
#[derive(Debug)]
pub(crate) enum Question<'a> {
    /// A statement.
    Statement(&'a str),
    /// A file of SQL, which may have `ref`, `source` and `var` in it.
    File(PathBuf),
    /// An analysis that is in the command.
    Analysis(&'a str),
}

impl<'a> Question<'a> {
    /// What a text means: an analysis where it is the name of one, a file where it ends like one, else a statement.
    ///
    /// # Errors
    /// [`Failure::Usage`] for a single word that is neither.
    pub(crate) fn of(text: &'a str, project: &Project) -> anyhow::Result<Self> {
        if let Some(folder) = own_analyses() {
            let file = folder.join(format!("{text}.sql"));
            if is_name(text) && file.is_file() {
                return Ok(Self::File(file));
            }
        } else if project.named(ResourceType::Analysis, text).is_ok() {
            return Ok(Self::Analysis(text));
        }
        if text.to_lowercase().ends_with(".sql") {
            return Ok(Self::File(PathBuf::from(text)));
        }
        if text.trim().chars().any(char::is_whitespace) {
            return Ok(Self::Statement(text));
        }
        let names = analyses(project)?;
        let nearest =
            names.iter().filter(|name| strsim::jaro_winkler(text, name) >= ALIKE).max_by(|one, other| {
                strsim::jaro_winkler(text, one).total_cmp(&strsim::jaro_winkler(text, other))
            });
        let meant = nearest.map(|name| format!(" did you mean `{name}`?")).unwrap_or_default();
        Err(Failure::usage(format!(
            "`{}` is no statement and no query that has a name;{meant} there are {}, and tables are asked like \"from {}\"",
            shown(text),
            names.join(", "),
            if is_name(text) { text } else { "stg_players" },
        )))
    }

    /// Its SQL.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the file cannot be read, or has what is not known here.
    pub(crate) fn sql(&self, project: &Project, variables: Variables) -> anyhow::Result<String> {
        match self {
            Self::Statement(sql) => Ok((*sql).to_owned()),
            Self::Analysis(name) => {
                project.compile(project.named(ResourceType::Analysis, name)?, InDatabase, variables)
            }
            Self::File(path) => {
                let text = fs::read_to_string(path).with_context(|| {
                    Failure::Usage(format!("{} cannot be read; see the cause", path.display()))
                })?;
                compile_text(&text, InDatabase, variables).with_context(|| {
                    Failure::Usage(format!("{} cannot be compiled; see the cause", path.display()))
                })
            }
        }
    }
}

/// The names of the analyses: those of the dbt project in this folder, or those in the command.
///
/// # Errors
/// When the folder cannot be read.
fn analyses(project: &Project) -> anyhow::Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    if let Some(folder) = own_analyses() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "sql") {
                names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
            }
        }
    } else {
        let analyses = project.nodes().iter().filter(|node| node.resource_type == ResourceType::Analysis);
        names.extend(analyses.map(|node| node.name.clone()));
    }
    names.sort();
    Ok(names)
}

fn own_analyses() -> Option<PathBuf> {
    artifacts::project_folder().map(|folder| folder.join("analyses")).filter(|folder| Path::is_dir(folder))
}

/// Whether a text can be the name of a file of the project.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|sign| sign.is_alphanumeric() || sign == '_')
}
