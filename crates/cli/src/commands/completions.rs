//! `wow completions`: what a shell needs to complete the command line.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use super::Outcome;
use crate::args::Cli;

/// Arguments of `wow completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: &CompletionsArgs) -> Outcome {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "wow", &mut script);
    // A reader that went away is no error.
    let _ = std::io::stdout().write_all(&script);
    Outcome::Done
}
