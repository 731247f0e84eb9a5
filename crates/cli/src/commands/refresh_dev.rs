//! `wow refresh-dev`: production copied over dev.

use std::num::NonZeroUsize;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use indicatif::HumanBytes;
use serde_json::json;
use wow_engine::manifest::Environment;

use super::{Context, Outcome, run};
use crate::failure::Failure;
use crate::output::{bad, counted};
use crate::publish::refresh::{Keeping, refresh};

/// Arguments of `wow refresh-dev`.
#[derive(Debug, Args)]
pub(crate) struct RefreshDevArgs {
    /// Keep no backup of the database that is replaced.
    #[arg(long)]
    no_backup: bool,
    /// Remove the oldest backups until so many are left; all are kept unless given.
    #[arg(long, value_name = "NUMBER")]
    keep: Option<NonZeroUsize>,
}

/// Copies production over dev, has the models rebuilt, and says what was done.
///
/// # Errors
/// A [`Failure`] when one of the databases is not there or locked, or when dev cannot be written: then it is as it was.
pub(crate) fn run(context: &Context, args: &RefreshDevArgs) -> anyhow::Result<Outcome> {
    let dev = &context.target;
    if dev.environment == Environment::Prod {
        return Err(Failure::usage(
            "`wow refresh-dev` writes the dev database and only reads production; run it with --target dev",
        ));
    }
    let prod = context.settings.target_of(Environment::Prod);
    context.output.line(format!("Reading {}", bad(&prod.badge())));
    let started = Instant::now();
    let keeping = Keeping { backs_up: !args.no_backup, at_most: args.keep.map(usize::from) };
    let refreshed = refresh(&prod, dev, "refresh-dev", keeping)?;
    let seconds = started.elapsed().as_secs_f64();
    context.output.line(format!(
        "Copied {} into {}: {}, {}, {seconds:.1} s",
        prod.path.display(),
        dev.path.display(),
        counted(refreshed.rows, "event"),
        HumanBytes(refreshed.bytes)
    ));
    if let Some(backup) = &refreshed.backup {
        context.output.line(format!("What was there before is kept as {}", backup.display()));
    }
    for removed in &refreshed.removed {
        context.output.line(format!("Removed the backup {}", removed.display()));
    }
    // Those in it are production's.
    let models = run::rebuild(context).with_context(|| {
        Failure::Partly(format!(
            "{} is a copy of production now, but its models are production's; build them anew with `wow run`",
            dev.path.display()
        ))
    })?;
    context.output.answer(&json!({
        "from": prod.path,
        "database": dev.path,
        "bytes": refreshed.bytes,
        "rows": refreshed.rows,
        "backup": refreshed.backup,
        "removed_backups": refreshed.removed,
        "models": models,
        "seconds": started.elapsed().as_secs_f64(),
    }))?;
    Ok(Outcome::Done)
}
