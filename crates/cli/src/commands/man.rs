//! `wow man`: the manual, a page a command.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use super::Outcome;
use crate::args::Cli;
use crate::output::{Output, counted};
use crate::publish::file::{Form, NewFile};

/// How all pages begin.
const FORM: Form = Form { beginning: ".ie \\n(.g .ds Aq", option: "--out DIR" };

/// Arguments of `wow man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// A folder, into which all pages are written; the page of `wow` itself is printed unless given.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the page of `wow`, or writes all of them.
///
/// # Errors
/// When one of them cannot be written.
pub(crate) fn run(output: Output, args: &ManArgs) -> anyhow::Result<Outcome> {
    let mut wow = Cli::command().disable_help_subcommand(true);
    wow.build();
    let Some(folder) = &args.out else {
        // A reader that went away is no error.
        let _ = std::io::stdout().write_all(&page(wow)?);
        return Ok(Outcome::Done);
    };
    let commands: Vec<Command> = std::iter::once(&wow).chain(wow.get_subcommands()).cloned().collect();
    let count = commands.len() as u64;
    for command in commands {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let file = NewFile::open(&folder.join(format!("{name}.1")), "man", FORM)?;
        file.publish(&page(command)?)?;
    }
    output.line(format!("Written {} into {}", counted(count, "page"), folder.display()));
    Ok(Outcome::Done)
}

fn page(command: Command) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text)?;
    Ok(text)
}
