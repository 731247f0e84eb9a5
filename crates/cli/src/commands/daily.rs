//! The commands on the dbt project and on what it makes of the database.

use clap::Subcommand;

use super::{Context, Outcome, compare, compile, history, ls, query, seed, snapshot, test};
use crate::output::Output;

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum DailyCommand {
    /// Run the data tests against what is in the database.
    #[command(after_help = "\
Examples:
  wow test
  wow test --select player_session_stats+ --exclude test_type:singular
  wow test --store-failures

What is tested is what the database holds, whatever parameters `wow run` built it with; the parameters here are those of the
tests' own queries. A warning fails nothing. --store-failures puts the failing rows of each test into a table of the schema
main_dbt_test__audit, as dbt does; nothing else writes.")]
    Test(test::TestArgs),
    /// Ask the database: a statement, a file of SQL, or a query of the dbt project by its name.
    #[command(after_help = "\
Examples:
  wow query \"select class, count(*) from stg_players group by class\"
  wow query bot_statistics
  wow query player_sessions --var player_id=83
  wow query top_bots --csv > top_bots.csv

Named are bot_statistics, top_bots, player_sessions, quality_metrics and all else in wow_analytics/analyses of this folder, or
in the command where there is no such folder. On a terminal the answer is a table; elsewhere it is text with tabs between the
columns. Nothing is changed, in production either. --csv gives values as they are: a spreadsheet may take a text that begins
with `=` for a formula.")]
    Query(query::QueryArgs),
    /// List what the dbt project has.
    #[command(after_help = "\
Examples:
  wow ls --resource-type model
  wow ls --select +stg_players --output path")]
    Ls(ls::LsArgs),
    /// Fill the parameters into the SQL of models, tests and analyses.
    #[command(after_help = "\
Examples:
  wow compile stg_players --session-gap 60
  wow compile

The SQL of one is printed, and everything is written to target/compiled/wow_analytics.")]
    Compile(compile::CompileArgs),
    /// Put the CSV files of the dbt project into the database as tables.
    #[command(after_help = "\
Example:
  wow seed --select zones

They are those of wow_analytics/seeds in this folder, or those in the command where there is no such folder.")]
    Seed(seed::SeedArgs),
    /// Note how the facts of players are now, beside how they were.
    #[command(after_help = "\
Example:
  wow run && wow snapshot

The table player_facts is the one that `dbt snapshot` keeps, and either can go on with the other's.")]
    Snapshot(snapshot::SnapshotArgs),
    /// Show how the facts of a player were over time.
    #[command(after_help = "Example:\n  wow history 83")]
    History(history::HistoryArgs),
    /// Put the logs of the two environments side by side.
    #[command(after_help = "\
Examples:
  wow compare
  wow compare --from prod --to dev --json

The numbers are those of the page's Compare. Each log's export in public/data is read if it is of the very same rows; else the
log is exported into a temporary folder first.")]
    Compare(compare::CompareArgs),
}

impl DailyCommand {
    /// Whether the line that names the database is printed, which is not where the command opens none or names both.
    pub(crate) const fn names_database(&self) -> bool {
        !matches!(self, Self::Ls(_) | Self::Compile(_) | Self::Compare(_))
    }

    /// Where the command prints: the answers of some are text that other programs read.
    pub(crate) const fn output(&self, output: Output) -> Output {
        match self {
            Self::Query(_) | Self::Ls(_) | Self::Compile(_) | Self::History(_) => output.for_text(),
            _ => output,
        }
    }

    /// Runs the command.
    ///
    /// # Errors
    /// As the command.
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Test(args) => test::run(context, args),
            Self::Query(args) => query::run(context, args),
            Self::Ls(args) => ls::run(context, args),
            Self::Compile(args) => compile::run(context, args),
            Self::Seed(args) => seed::run(context, args),
            Self::Snapshot(args) => snapshot::run(context, args),
            Self::History(args) => history::run(context, args),
            Self::Compare(args) => compare::run(context, args),
        }
    }
}
