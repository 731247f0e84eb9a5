//! `wow clean`: removes what can be made again, and what killed commands have left; never a database.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use indicatif::HumanBytes;
use serde::Serialize;
use serde_json::json;
use wow_engine::manifest::Environment;

use super::{Context, Outcome};
use crate::artifacts::{self, Made};
use crate::failure::Failure;
use crate::interrupt;
use crate::publish::{folder_of, leftovers, remove_leftover};

/// Folders that commands publish into unless somebody says otherwise.
const PUBLISHED: [&str; 5] = [".", "public/data", "public/data/dev", "public/data/prod", "models"];

/// Arguments of `wow clean`.
#[derive(Debug, Args)]
pub(crate) struct CleanArgs {
    /// Only say what would be removed.
    #[arg(long)]
    dry_run: bool,
}

/// Something to remove.
#[derive(Debug, Serialize)]
struct Removal {
    path: PathBuf,
    bytes: u64,
    #[serde(skip)]
    is_leftover: bool,
}

/// Something that looks as if it were to be removed, and why it is not.
#[derive(Debug, Serialize)]
struct Kept {
    path: PathBuf,
    reason: String,
}

/// Removes what was made, and says what and how much room it took.
///
/// # Errors
/// A [`Failure`] when something cannot be read or removed.
pub(crate) fn run(context: &Context, args: &CleanArgs) -> anyhow::Result<Outcome> {
    let mut removals = Vec::new();
    let mut kept = Vec::new();
    for (path, made) in artifacts::made()? {
        match made {
            Made::Ours { bytes } => removals.push(Removal { path, bytes, is_leftover: false }),
            Made::NotOurs(reason) => kept.push(Kept { path, reason }),
        }
    }
    for folder in publishing_folders(context) {
        for path in leftovers(&folder)? {
            let bytes = artifacts::bytes_in(&path)?;
            let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
            removals.push(Removal { path, bytes, is_leftover: true });
        }
    }
    let verb = if args.dry_run { "Would remove" } else { "Removed" };
    for removal in &removals {
        interrupt::check()?;
        if !args.dry_run {
            removal.carry_out()?;
        }
        context.output.line(format!("{verb} {}, {}", removal.path.display(), HumanBytes(removal.bytes)));
    }
    for Kept { path, reason } in &kept {
        context.output.line(format!("Left {} alone: {reason}", path.display()));
    }
    let bytes: u64 = removals.iter().map(|removal| removal.bytes).sum();
    context.output.line(match removals.as_slice() {
        [] => "There is nothing to remove".to_owned(),
        _ if args.dry_run => format!("That would free {}", HumanBytes(bytes)),
        _ => format!("Freed {}", HumanBytes(bytes)),
    });
    context.output.answer(&json!({
        "dry_run": args.dry_run,
        "removed": removals,
        "kept": kept,
        "bytes": bytes,
    }))?;
    Ok(Outcome::Done)
}

impl Removal {
    fn carry_out(&self) -> anyhow::Result<()> {
        let is_gone = match self.is_leftover {
            true => remove_leftover(&self.path),
            false => fs::remove_dir_all(&self.path),
        };
        is_gone.with_context(|| {
            Failure::Check(format!("{} could not be removed whole; see the cause", self.path.display()))
        })
    }
}

/// Where killed commands may have left something: the folders of the databases, wherever they are, and those of the
/// current folder that are published into, unless they lie elsewhere.
fn publishing_folders(context: &Context) -> BTreeSet<PathBuf> {
    let databases = [Environment::Dev, Environment::Prod]
        .map(|environment| folder_of(&context.settings.database(environment).value).to_owned());
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let is_here = |folder: &&str| Path::new(folder).canonicalize().is_ok_and(|real| real.starts_with(&here));
    let published = PUBLISHED.iter().filter(|folder| is_here(folder)).map(PathBuf::from);
    published.chain(databases).filter(|folder| folder.is_dir()).collect()
}
