//! The command line, as `clap` reads it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::builder::RangedI64ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use wow_engine::manifest::Environment;
use wow_engine::pipeline::NO_GUILD;
use wow_engine::time::Day;
use wow_engine::{Filter, Judge};
use wow_view::choice::LARGEST_PARAMETER;

use crate::commands::clean::CleanArgs;
use crate::commands::completions::CompletionsArgs;
use crate::commands::config::ConfigArgs;
use crate::commands::daily::DailyCommand;
use crate::commands::dbt::DbtArgs;
use crate::commands::export::ExportArgs;
use crate::commands::generate::GenerateArgs;
use crate::commands::import::ImportArgs;
use crate::commands::man::ManArgs;
use crate::commands::refresh_dev::RefreshDevArgs;
use crate::commands::report::ReportArgs;
use crate::commands::run::RunArgs;
use crate::commands::serve::ServeArgs;
use crate::commands::share::ShareArgs;
use crate::failure::Failure;
use crate::settings::Given;
use crate::verify::VerifyArgs;

/// Event logs in DuckDB: generate, import, debug, export, run, verify, report and serve.
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
    /// Print only answers and errors, and that production is used.
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) asked: Asked,
}

/// What is asked for: work, or what there is to know of the command line itself, which depends on no setting.
#[derive(Debug, Subcommand)]
pub(crate) enum Asked {
    /// Work.
    #[command(flatten)]
    Work(Box<Command>),
    /// Print what completes the command line in a shell.
    #[command(after_help = "\
Examples:
  wow completions bash > ~/.local/share/bash-completion/completions/wow
  wow completions fish > ~/.config/fish/completions/wow.fish")]
    Completions(CompletionsArgs),
    /// Print the manual, or write all its pages.
    #[command(after_help = "Examples:\n  wow man | man -l -\n  wow man --out ~/.local/share/man/man1")]
    Man(ManArgs),
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
Examples:
  wow export --out public/data
  wow export --sample 100 --out sample
  wow export --out s3://bucket/exports
  wow export --from s3://bucket/sorted

The parts of the export before are kept until the next one, for pages that are reading it.")]
    Export(ExportArgs),
    /// Build the four models in the database, or write them as Parquet.
    #[command(after_help = "\
Examples:
  wow run
  wow run --select +stg_players --session-gap 60
  wow run --to parquet models && duckdb -c \"from 'models/dev/player_session_stats.parquet'\"

In the database the models are stg_wowlogs_with_sessions (view), player_session_stats (table), stg_wowlogs_no_bots (table) and
stg_players (view) in schema main. All change at once or none does. An export of the very same rows in public/data is read
in place of the log, which is faster.
Parquet files of models/dev change at once and keep their names; models.json beside them says which export they come from.
The models before are kept in models/dev.previous until the next run.")]
    Run(RunArgs),
    /// Compare the engine, the models in the database and those in Parquet with the reference SQL, on every row and column.
    #[command(after_help = "\
Examples:
  wow verify
  wow verify --session-gap 60
  wow verify --from 2008-01-01 --to 2008-01-31 --class Mage

The engine runs on the export in public/data. What `wow run` has built in the database, and what `wow run --to parquet` has
written into models, is compared too where it is there: under the parameters that are in force now. Events that a filter leaves
out are in neither, so with one the engine alone is compared.")]
    Verify(VerifyArgs),
    /// Those on the dbt project and on what it makes.
    #[command(flatten)]
    Daily(DailyCommand),
    /// Write a report: one HTML file to pass on, which needs no network and can be printed.
    #[command(after_help = "\
Examples:
  wow report --out report.html
  wow report --title \"Bots in January\" --note \"For Monday.\" --from 2008-01-01 --to 2008-01-31 --bots only
  wow report --database somewhere.duckdb

It is made of the export that `wow export` wrote. Where there is none, or --database names a database, that is exported into
a temporary folder first. SOURCE_DATE_EPOCH sets the time of writing, so that the same data give the same file.")]
    Report(ReportArgs),
    /// Serve the page and the exports of a folder to the browsers of this machine, until Ctrl-C.
    #[command(after_help = "\
Examples:
  wow export && wow serve
  wow serve --port 9000 ../other

Exports are looked for where `wow export` and a built site have them (public/data, data), and in the folder itself.
Nothing else of the folder is served. Other machines are let in by --host 0.0.0.0; production's export only with
--target prod besides.")]
    Serve(ServeArgs),
    /// Sign an export in a closed bucket, so that whoever has the address can open it for some time.
    #[command(after_help = "\
Examples:
  wow share s3://bucket/exports
  wow share s3://bucket/exports --target prod --hours 168 --page https://example.org/wow/

Whoever has the address can read the export and nothing else. A manifest of its own with signatures is written beside it.
An address ends sooner where the credentials do that it was signed by.")]
    Share(ShareArgs),
    /// Say which settings are in force, and where each of them came from.
    #[command(after_help = "\
Example:
  wow config --target prod

wow.toml, in the current folder, may hold:
  [dev]
  database = \"wow_test.duckdb\"
  [prod]
  database = \"wow.duckdb\"
  [parameters]
  session_gap_minutes = 30
  bot_max_session_minutes = 720
  bot_avg_session_minutes = 360
  churn_days = 30
  as_of = 2009-01-10

Flags lie over it. WOW_ENV, or else DBT_ENV, chooses the target where --target does not.")]
    Config(ConfigArgs),
    /// Remove what can be made again, and what killed commands have left; never a database.
    #[command(after_help = "\
Example:
  wow clean --dry-run

That is target/, logs/ and dbt_packages/ of the dbt project in wow_analytics/, or of the current folder where there is none,
if `wow` or dbt has made them, and temporary folders that no living command holds.")]
    Clean(CleanArgs),
    /// Copy the production database over the dev one, of which a backup is kept.
    #[command(after_help = "\
Examples:
  wow refresh-dev
  wow refresh-dev --keep 3

The backup is named by the time in UTC: wow_test.duckdb.backup-2026-11-30T12-00-00, a database like any other. Production is
only read, and nobody can write it while it is copied.")]
    RefreshDev(RefreshDevArgs),
    /// Run dbt in the dbt project, with target, databases and parameters as here.
    #[command(
        disable_version_flag = true,
        after_help = "\
Examples:
  wow dbt run --select stg_players+
  wow dbt docs generate
  wow dbt test --target prod

It runs in wow_analytics/. --target may stand on either side of `dbt`, and --yes too; all else behind `dbt` goes to dbt as it
is. Parameters of wow.toml become --vars, unless some are given. Commands that may write to production ask, or want --yes.
The dbt is the one in WOW_DBT, or that of scripts/setup.sh, or the first on the PATH; its exit status is that of `wow`."
    )]
    Dbt(DbtArgs),
}

/// The parameters of the models; each as in `wow.toml` unless it is given.
#[derive(Debug, Default, Args)]
pub(crate) struct ParamsArgs {
    /// The longest pause that still belongs to a session, in minutes.
    #[arg(long, value_name = "MINUTES", value_parser = minutes())]
    session_gap: Option<u32>,
    /// A player with a session over this many minutes is a likely bot.
    #[arg(long, value_name = "MINUTES", value_parser = minutes())]
    bot_max_session: Option<u32>,
    /// A player whose sessions last over this many minutes on average is a likely bot.
    #[arg(long, value_name = "MINUTES", value_parser = minutes())]
    bot_avg_session: Option<u32>,
    /// A player without an event for more than this many days has churned.
    #[arg(long, value_name = "DAYS")]
    churn_days: Option<u16>,
    /// The day churn is counted to; that of the newest event unless given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

impl ParamsArgs {
    /// What was given, in the order of the settings' parameters.
    pub(crate) fn given(&self) -> Given {
        [
            self.session_gap.map(Into::into),
            self.bot_max_session.map(Into::into),
            self.bot_avg_session.map(Into::into),
            self.churn_days.map(Into::into),
            self.as_of.and_then(day_of).map(Day::get),
        ]
    }
}

/// As many minutes as the page takes too.
fn minutes() -> RangedI64ValueParser<u32> {
    RangedI64ValueParser::new().range(0..=LARGEST_PARAMETER)
}

/// A date as a day. No date that can be written here is outside.
pub(crate) fn day_of(date: Date) -> Option<Day> {
    Day::new((date - jiff::civil::date(1970, 1, 1)).get_days().into())
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
    /// Only events in this guild, or in `none`; give it again for more of them.
    #[arg(long = "guild", value_name = "NUMBER", allow_hyphen_values = true)]
    guilds: Vec<String>,
    /// Only events in this zone; give it again for more of them.
    #[arg(long = "zone", value_name = "NAME")]
    zones: Vec<String>,
    /// By which events players are judged as bots where not all count.
    #[arg(long, value_enum, default_value_t)]
    judge: JudgeArg,
}

/// By which events the bot rules judge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum JudgeArg {
    /// All of the log: a verdict does not depend on the filter.
    #[default]
    All,
    /// Those alone that match the filter.
    Filtered,
}

impl FilterArgs {
    /// Refuses days and guilds that nobody can mean.
    ///
    /// # Errors
    /// [`Failure::Usage`] where the first day is after the last, or a guild is no number.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let is_guild = |guild: &&String| *guild == NO_GUILD || guild.parse::<f64>().is_ok_and(f64::is_finite);
        if let Some(guild) = self.guilds.iter().find(|guild| !is_guild(guild)) {
            return Err(Failure::usage(format!("--guild {guild} is no number; give one, or `{NO_GUILD}`")));
        }
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => {
                Err(Failure::usage(format!("--from {from} is after --to {to}; swap them")))
            }
            _ => Ok(()),
        }
    }
}

impl From<&FilterArgs> for Filter {
    fn from(args: &FilterArgs) -> Self {
        // In order, as the page keeps them, so that one choice has one form.
        let in_order =
            |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        Self {
            from_day: args.from.and_then(day_of),
            to_day: args.to.and_then(day_of),
            classes: in_order(&args.classes),
            races: in_order(&args.races),
            guilds: in_order(&args.guilds),
            zones: in_order(&args.zones),
            judge: match args.judge {
                JudgeArg::All => Judge::All,
                JudgeArg::Filtered => Judge::Filtered,
            },
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
