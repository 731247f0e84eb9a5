//! `wow test`: the data tests against what is in the database.

use std::time::Instant;

use clap::Args;
use serde_json::json;

use super::{Context, Outcome};
use crate::args::ParamsArgs;
use crate::consent::ConsentArgs;
use crate::data_tests::{self, Tested};
use crate::database;
use crate::output::{bad, counted, good, shown};
use crate::project::run_results::{RunResults, Status};
use crate::project::{Project, ResourceType, SelectArgs};
use crate::publish::transaction::Transaction;

/// Arguments of `wow test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Which tests, or tests of what.
    #[command(flatten)]
    select: SelectArgs,
    /// Put the failing rows of each test into a table.
    #[arg(long)]
    store_failures: bool,
    /// The parameters of the tests' own queries.
    #[command(flatten)]
    params: ParamsArgs,
    /// Whether production may be written.
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Runs the tests; the outcome says whether any failed.
///
/// # Errors
/// A failure when there is no such test, or a model that is tested is not in the database.
pub(crate) fn run(context: &Context, args: &TestArgs) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    let project = Project::load()?;
    let tests = project.select(&args.select, &[ResourceType::Test])?;
    let parameters = context.settings.params(&args.params);
    parameters.say(context.output);
    let variables = project.variables(&parameters.params);
    let mut results = RunResults::begin(
        "test",
        json!({
            "target": context.target.environment,
            "select": args.select.select,
            "exclude": args.select.exclude,
            "store_failures": args.store_failures,
            "vars": parameters.differing(),
        }),
    );
    let mut each = |tested: &Tested<'_>| say(context, tested);
    let run = data_tests::Run { context, project: &project, tests: &tests, variables: &variables };
    let tested = if args.store_failures {
        let transaction = Transaction::open(context, "test", args.consent, "the failing rows")?;
        transaction.commit(|connection| run.store(connection, &mut each))?
    } else {
        run.read(&database::open_read_only(&context.target)?, &mut each)?
    };
    for tested in &tested {
        results.push(tested.became());
    }
    results.write(context.output);
    let count = |status| tested.iter().filter(|tested| tested.status == status).count() as u64;
    let seconds = started.elapsed().as_secs_f64();
    let counts = [Status::Pass, Status::Warn, Status::Fail, Status::Error, Status::Skipped].map(count);
    let [pass, warn, fail, error, skipped] = counts;
    context.output.result(format!(
        "{}: {pass} passed, {warn} warned, {fail} failed, {error} with an error, {skipped} skipped, {seconds:.1} s",
        counted(tested.len() as u64, "test")
    ));
    context.output.answer(&json!({
        "environment": context.target.environment,
        "database": context.target.path,
        "parameters": parameters.params,
        "pass": pass, "warn": warn, "fail": fail, "error": error, "skipped": skipped,
        "tests": tested.iter().map(Tested::json).collect::<Vec<_>>(),
        "seconds": seconds,
    }))?;
    Ok(if fail + error == 0 { Outcome::Done } else { Outcome::CheckFailed })
}

fn say(context: &Context, tested: &Tested<'_>) {
    let word = match tested.status {
        Status::Warn | Status::Fail => {
            let word = if tested.status == Status::Warn { "WARN" } else { "FAIL" };
            format!("{word} {}", tested.failures.unwrap_or_default())
        }
        Status::Error => "ERROR".to_owned(),
        Status::Skipped => "SKIP".to_owned(),
        Status::Pass | Status::Success => "PASS".to_owned(),
    };
    let word = format!("{word:<10}");
    let seconds = tested.took.as_secs_f64();
    let line = |word: String| format!("{word} {:<66} {seconds:6.2} s", tested.node.name);
    match tested.status {
        Status::Pass | Status::Success => context.output.line(line(good(&word))),
        Status::Skipped => context.output.line(line(word)),
        Status::Warn | Status::Fail | Status::Error => context.output.result(line(bad(&word))),
    }
    let details = [
        tested.first.as_ref().map(|first| format!("the first: {}", shown(first))),
        tested.message.as_ref().map(|message| shown(message)),
        tested.stored_in.as_ref().map(|relation| format!("all of them: from {relation}")),
    ];
    for detail in details.into_iter().flatten() {
        match tested.status {
            Status::Skipped => context.output.line(format!("{:10} {detail}", "")),
            _ => context.output.result(format!("{:10} {detail}", "")),
        }
    }
}
