//! `wow seed`: the CSV files of the dbt project as tables.

use std::time::{Duration, Instant};

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::{Context, Outcome};
use crate::consent::ConsentArgs;
use crate::output::counted;
use crate::project::run_results::{Became, RunResults, Status};
use crate::project::{Node, ResourceType, SelectArgs};
use crate::publish::transaction::Transaction;
use crate::seed;

/// Arguments of `wow seed`.
#[derive(Debug, Args)]
pub(crate) struct SeedArgs {
    /// Which of them.
    #[command(flatten)]
    select: SelectArgs,
    /// Make the tables anew; they always are.
    #[arg(long)]
    full_refresh: bool,
    /// Whether production may be written.
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Writes all tables or none, and says what was written.
///
/// # Errors
/// A failure when a file is no CSV or does not fit its types, or the database cannot be written.
pub(crate) fn run(context: &Context, args: &SeedArgs) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    let project = seed::project()?;
    let seeds = project.select(&args.select, &[ResourceType::Seed])?;
    let mut results = RunResults::begin(
        "seed",
        json!({
            "target": context.target.environment,
            "select": args.select.select,
            "exclude": args.select.exclude,
            "full_refresh": args.full_refresh,
        }),
    );
    let transaction = Transaction::open(context, "seed", args.consent, "the seeds")?;
    let temporary = transaction.temporary().to_owned();
    let written = transaction.commit(|connection| {
        let write = |seed: &&Node| {
            let (at, timer) = (Timestamp::now(), Instant::now());
            let rows = seed::write(connection, seed, &temporary)?;
            Ok((rows, at, timer.elapsed()))
        };
        seeds.iter().map(write).collect::<anyhow::Result<Vec<(u64, Timestamp, Duration)>>>()
    })?;
    for (seed, (rows, at, took)) in seeds.iter().zip(&written) {
        context.output.line(format!(
            "{:<28} {:>18} {:7.2} s",
            seed.name,
            counted(*rows, "row"),
            took.as_secs_f64()
        ));
        results.push(Became {
            node: seed,
            status: Status::Success,
            started: *at,
            took: *took,
            message: Some(format!("INSERT {rows}")),
            failures: None,
            rows: Some(*rows),
            sql: None,
            relation: Some(seed.relation()),
        });
    }
    results.write(context.output);
    let seconds = started.elapsed().as_secs_f64();
    let count = counted(seeds.len() as u64, "table");
    context.output.line(format!("Written {count} into {}, {seconds:.1} s", context.target.path.display()));
    let described = |(seed, (rows, ..)): (&&Node, &(u64, Timestamp, Duration))| json!({ "seed": seed.name, "rows": rows });
    context.output.answer(&json!({
        "environment": context.target.environment,
        "database": context.target.path,
        "seeds": seeds.iter().zip(&written).map(described).collect::<Vec<_>>(),
        "seconds": seconds,
    }))?;
    Ok(Outcome::Done)
}
