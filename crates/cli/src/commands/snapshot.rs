//! `wow snapshot`: how the facts of players are now, beside how they were.

use std::time::Instant;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::{Context, Outcome};
use crate::args::ParamsArgs;
use crate::consent::ConsentArgs;
use crate::database;
use crate::failure::Failure;
use crate::output::counted;
use crate::project::run_results::{Became, RunResults, Status};
use crate::project::{InDatabase, Node, Project, ResourceType, SelectArgs};
use crate::publish::transaction::Transaction;
use crate::snapshot::{self, Noted};

/// Arguments of `wow snapshot`.
#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    /// Which, where there is more than one.
    #[command(flatten)]
    select: SelectArgs,
    /// What makes a churned player; flags and sessions are those of the models in the database.
    #[command(flatten)]
    params: ParamsArgs,
    /// Whether production may be written.
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Notes what has changed since the last time, and says how much.
///
/// # Errors
/// A failure when the models are not in the database, or it cannot be written.
pub(crate) fn run(context: &Context, args: &SnapshotArgs) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    let project = Project::load()?;
    let snapshots = project.select(&args.select, &[ResourceType::Snapshot])?;
    let parameters = context.settings.params(&args.params);
    parameters.say(context.output);
    let mut results = RunResults::begin(
        "snapshot",
        json!({
            "target": context.target.environment,
            "select": args.select.select,
            "exclude": args.select.exclude,
            "vars": parameters.differing(),
        }),
    );
    let transaction = Transaction::open(context, "snapshot", args.consent, "the history of players")?;
    for snapshot in &snapshots {
        require_parents(context, &project, snapshot, &database::table_names(transaction.connection())?)?;
    }
    let variables = project.variables(&parameters.params);
    let noted = transaction.commit(|connection| {
        let note = |node: &&Node| {
            let (at, timer) = (Timestamp::now(), Instant::now());
            let sql = project.compile(node, InDatabase, variables.clone())?;
            let noted = snapshot::note(connection, node, &sql)?;
            Ok((noted, sql, at, timer.elapsed()))
        };
        snapshots.iter().map(note).collect::<anyhow::Result<Vec<_>>>()
    })?;
    let mut described = Vec::new();
    for (node, (noted, sql, at, took)) in snapshots.iter().zip(noted) {
        let Noted { new, changed, rows } = noted;
        context.output.line(format!(
            "{:<28} {new} new, {changed} changed, {} in all {:7.2} s",
            node.name,
            counted(rows, "row"),
            took.as_secs_f64()
        ));
        described.push(json!({ "snapshot": node.name, "new": new, "changed": changed, "rows": rows }));
        results.push(Became {
            node,
            status: Status::Success,
            started: at,
            took,
            message: Some(format!("INSERT {}", new + changed)),
            failures: None,
            rows: Some(new + changed),
            sql: Some(sql),
            relation: Some(node.relation()),
        });
    }
    results.write(context.output);
    context.output.answer(&json!({
        "environment": context.target.environment,
        "database": context.target.path,
        "parameters": parameters.params,
        "snapshots": described,
        "seconds": started.elapsed().as_secs_f64(),
    }))?;
    Ok(Outcome::Done)
}

fn require_parents(
    context: &Context,
    project: &Project,
    snapshot: &Node,
    there: &[String],
) -> anyhow::Result<()> {
    let parents = project.nodes().iter().filter(|node| snapshot.parents.contains(&node.unique_id));
    let missing = parents
        .map(|node| &node.alias)
        .find(|name| !there.iter().any(|known| known.eq_ignore_ascii_case(name)));
    match missing {
        None => Ok(()),
        Some(name) => Err(Failure::usage(format!(
            "`{name}` is not in {}; build the models with `wow run{}`",
            context.target.path.display(),
            context.target.option()
        ))),
    }
}
