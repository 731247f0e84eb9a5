//! One module a command.

pub(crate) mod clean;
mod compare;
mod compile;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod daily;
pub(crate) mod dbt;
pub(crate) mod debug;
pub(crate) mod export;
pub(crate) mod generate;
mod history;
pub(crate) mod import;
mod ls;
pub(crate) mod man;
mod query;
pub(crate) mod refresh_dev;
pub(crate) mod report;
pub(crate) mod run;
mod seed;
pub(crate) mod serve;
pub(crate) mod share;
mod snapshot;
mod test;
pub(crate) mod verify;

use std::path::Path;

use crate::output::Output;
use crate::settings::Settings;
use crate::target::Target;

/// What every command is given.
pub(crate) struct Context {
    /// The database to work on.
    pub(crate) target: Target,
    /// What is in force, and where it came from.
    pub(crate) settings: Settings,
    /// Where to print.
    pub(crate) output: Output,
}

/// Says where what was there before is kept.
fn say_previous(output: Output, previous: Option<&Path>) {
    if let Some(previous) = previous {
        output.line(format!("What was there before is kept as {} until the next time", previous.display()));
    }
}

/// How a command that could do its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Done,
    /// The command looked, reported, and what it saw is not well.
    CheckFailed,
}

impl Outcome {
    /// The exit status.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::CheckFailed => 1,
        }
    }
}
