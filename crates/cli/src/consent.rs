//! Production is written by nobody who has not said so: the one question that every command asks which writes into a
//! target's database.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::Context as _;
use clap::Args;
use wow_engine::manifest::Environment;

use crate::commands::Context;
use crate::failure::Failure;
use crate::interrupt;

/// What the user said beforehand. Every command that writes into a database flattens it into its arguments.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct ConsentArgs {
    /// Write to the production database without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

impl ConsentArgs {
    /// Asks before production is written; dev is written without a question. `what` reads like `a synthetic log`.
    ///
    /// # Errors
    /// [`Failure::Usage`] where the answer is not yes, or nobody is there to give one.
    pub(crate) fn confirm(self, context: &Context, what: &str) -> anyhow::Result<()> {
        if self.yes || context.target.environment == Environment::Dev {
            return Ok(());
        }
        let mut stderr = std::io::stderr();
        if std::io::stdin().is_terminal() && stderr.is_terminal() {
            let path = context.target.path.display();
            let _ = write!(stderr, "🚨 Write {what} into the PRODUCTION database ({path})? [y/N] ");
            let _ = stderr.flush();
            let mut answer = String::new();
            std::io::stdin().lock().read_line(&mut answer).context("the answer could not be read")?;
            interrupt::check()?;
            if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
                return Ok(());
            }
        }
        Err(Failure::usage("this would write to the production database; add --yes if that is meant"))
    }
}
