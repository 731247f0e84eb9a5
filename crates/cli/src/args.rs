//! The command line, as `clap` reads it.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use wow_engine::Filter;
use wow_engine::manifest::Environment;
use wow_engine::time::Day;

/// Event logs in DuckDB: generate, import, debug, export, run and verify them.
#[derive(Debug, Parser)]
#[command(
    name = "wow",
    version,
    propagate_version = true,
    after_help = "\
Example:
  wow generate && wow export && wow verify

The database is wow_test.duckdb in the current folder (dev) unless --target, WOW_ENV, DBT_ENV, wow.toml or
--database says otherwise. Exit status: 0 done, 1 a check failed, 2 wrong use, 130 cancelled."
)]
pub(crate) struct Cli {
    /// Which database.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Print the answer as JSON on standard output; all else goes to standard error.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which database a command works on.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct TargetArgs {
    /// The environment; dev unless WOW_ENV or DBT_ENV says otherwise.
    #[arg(long, global = true, value_name = "ENV")]
    pub(crate) target: Option<TargetName>,
    /// The database file, instead of the environment's own.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
}

/// An environment as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TargetName {
    /// The test database.
    Dev,
    /// The production database.
    Prod,
}

impl From<TargetName> for Environment {
    fn from(name: TargetName) -> Self {
        match name {
            TargetName::Dev => Self::Dev,
            TargetName::Prod => Self::Prod,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a realistic synthetic log.
    #[command(after_help = "Example:\n  wow generate --scale 0.05 --seed 42")]
    Generate(GenerateArgs),
    /// Read CSV or Parquet files into the log, in this layout or that of the published one.
    #[command(after_help = "Example:\n  wow import wowah_data.csv")]
    Import(ImportArgs),
    /// Say what the database holds, what is wrong with it and how to mend it.
    #[command(after_help = "Example:\n  wow debug --target prod")]
    Debug,
    /// Write the log as Parquet parts and a manifest for the page.
    #[command(after_help = "\
Example:
  wow export --out public/data

The parts of the export before are kept until the next one, for pages that are reading it.")]
    Export(ExportArgs),
    /// Run the four models with the native engine and write them as Parquet.
    #[command(after_help = "\
Example:
  wow run --out models && duckdb -c \"from 'models/dev/player_session_stats.parquet'\"

All files of models/dev change at once and keep their names; models.json beside them says which export they come from.
The models before are kept in models/dev.previous until the next run.")]
    Run(RunArgs),
    /// Compare the engine with the reference SQL on every row and column of all models.
    #[command(
        after_help = "Examples:\n  wow verify\n  wow verify --from 2008-01-01 --to 2008-01-31 --class Mage"
    )]
    Verify(VerifyArgs),
}

/// Arguments of `wow generate`.
#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// The size of the log, up to 10; 1 is the full log of 91,064 players and 36.5 million events.
    #[arg(long, default_value_t = 0.05)]
    pub(crate) scale: f64,
    /// The same seed and scale give the same log on every machine.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Replace a `wowlogs` table that is already there. A database that holds nothing else is kept as FILE.previous.
    #[arg(long)]
    pub(crate) replace: bool,
    /// Write to the production database without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Arguments of `wow import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The files, or folders of files; CSV may be in gzip.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Replace a `wowlogs` table that is already there. A database that holds nothing else is kept as FILE.previous.
    #[arg(long)]
    pub(crate) replace: bool,
    /// Write to the production database without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Arguments of `wow export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The folder of exports; each environment gets a folder of its own in it.
    #[arg(long, value_name = "DIR", default_value = "public/data")]
    pub(crate) out: PathBuf,
}

/// Arguments of `wow run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The folder of exports that `wow export` wrote.
    #[arg(long, value_name = "DIR", default_value = "public/data")]
    pub(crate) data: PathBuf,
    /// The folder for the models; each environment gets a folder of its own in it.
    #[arg(long, value_name = "DIR", default_value = "models")]
    pub(crate) out: PathBuf,
    /// How many threads compute; one per core unless given.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// Arguments of `wow verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The folder of exports that `wow export` wrote.
    #[arg(long, value_name = "DIR", default_value = "public/data")]
    pub(crate) data: PathBuf,
    /// Which events to compare on.
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
}

/// Which events count; all unless something is given.
#[derive(Debug, Args)]
pub(crate) struct FilterArgs {
    /// Only events from this day on.
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Only events up to this day, all of it.
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Only events of this class; give it again for more of them.
    #[arg(long = "class", value_name = "NAME")]
    classes: Vec<String>,
    /// Only events of this race; give it again for more of them.
    #[arg(long = "race", value_name = "NAME")]
    races: Vec<String>,
}

impl From<&FilterArgs> for Filter {
    fn from(args: &FilterArgs) -> Self {
        // No date that can be written here is outside.
        let day = |date: Date| Day::new((date - jiff::civil::date(1970, 1, 1)).get_days().into());
        Self {
            from_day: args.from.and_then(day),
            to_day: args.to.and_then(day),
            classes: args.classes.clone(),
            races: args.races.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
