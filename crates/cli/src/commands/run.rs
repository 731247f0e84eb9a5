//! `wow run`: the models, in the database or as Parquet files.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{HumanBytes, HumanCount};
use jiff::Timestamp;
use serde_json::{Value, json};
use wow_engine::Params;

use super::{Context, Outcome, say_previous};
use crate::args::ParamsArgs;
use crate::consent::ConsentArgs;
use crate::export::export;
use crate::failure::Failure;
use crate::output::counted;
use crate::parts_folder::PartsFolder;
use crate::project::run_results::{Became, RunResults, Status};
use crate::project::{Node, Project, ResourceType, SelectArgs};
use crate::publish::folder::Generation;
use crate::publish::transaction::Transaction;
use crate::run::database::{self, Built, Events, Plan, is_filled};
use crate::run::parquet::{Models, is_model_file, write_models};
use crate::settings::Parameters;
use crate::source::Source;
use crate::{at_hand, database as databases, parallel};

/// What `--to` takes as its first word.
const PARQUET: &str = "parquet";

/// Arguments of `wow run`.
#[derive(Debug, Default, Args)]
pub(crate) struct RunArgs {
    /// Which models.
    #[command(flatten)]
    select: SelectArgs,
    /// Write the models as Parquet into a folder instead, which gets a folder for each environment.
    #[arg(long, num_args = 2, value_names = ["parquet", "DIR"])]
    to: Option<Vec<PathBuf>>,
    /// Build the tables anew, as is always done; dbt has the flag.
    #[arg(long)]
    full_refresh: bool,
    /// What makes a session, a likely bot and a churned player.
    #[command(flatten)]
    params: ParamsArgs,
    /// The folder of exports to read; without it one in public/data is read if it is of the very same rows.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How many threads the engine computes on; one per core unless given.
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,
    /// Whether production may be written.
    #[command(flatten)]
    consent: ConsentArgs,
}

impl RunArgs {
    fn threads(&self) -> usize {
        self.threads.map_or_else(parallel::cores, usize::from)
    }

    /// What is written as Parquet is one generation of all four models.
    fn refuse_selection(&self) -> anyhow::Result<()> {
        if self.select.select.is_empty() && self.select.exclude.is_empty() {
            return Ok(());
        }
        Err(Failure::usage(format!("`--to {PARQUET}` writes all models; leave --select and --exclude out")))
    }
}

/// Builds the models, and says what was built.
///
/// # Errors
/// A [`Failure`] that says what is wrong with the log, with the export that was named, or with the place for the models.
pub(crate) fn run(context: &Context, args: &RunArgs) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    let parameters = context.settings.params(&args.params);
    parameters.say(context.output);
    let answer = match args.to.as_deref() {
        None => into_database(context, args, &parameters, started)?,
        Some([format, out]) if format == Path::new(PARQUET) => {
            args.refuse_selection()?;
            to_parquet(context, args, out, &parameters, started)?
        }
        Some(other) => {
            let format = other.first().map(|format| format.display().to_string()).unwrap_or_default();
            return Err(Failure::usage(format!(
                "`{format}` is no format that models are written in; write --to {PARQUET} DIR"
            )));
        }
    };
    context.output.answer(&answer)?;
    Ok(Outcome::Done)
}

/// Builds all models of dev anew, for a command that has put another log into it; gives the answer of `wow run`.
///
/// # Errors
/// As [`run`].
pub(super) fn rebuild(context: &Context) -> anyhow::Result<Value> {
    let args = RunArgs::default();
    into_database(context, &args, &context.settings.params(&args.params), Instant::now())
}

/// Builds models in the database, and notes in `target/run_results.json` what became of each.
fn into_database(
    context: &Context,
    args: &RunArgs,
    parameters: &Parameters,
    started: Instant,
) -> anyhow::Result<Value> {
    let project = Project::load()?;
    let models = project.select(&args.select, &[ResourceType::Model])?;
    let transaction = Transaction::open(context, "run", args.consent, "the models")?;
    let mut results = RunResults::begin("run", json!({ "target": context.target.environment }));
    let built = build(context, args, (&project, &models), parameters.params, transaction);
    let (built, of_export) = match built {
        Ok(built) => built,
        Err(error) => {
            models.iter().for_each(|model| results.push(failed(model, &error)));
            results.write(context.output);
            return Err(error);
        }
    };
    for Built { model, rows, started, took, sql } in &built {
        let shown = rows.map(|rows| format!("{} rows", HumanCount(rows))).unwrap_or_default();
        let (name, kind, seconds) = (&model.name, model.materialized(), took.as_secs_f64());
        context.output.line(format!("{name:28} {kind:5} {shown:>18} {seconds:7.2} s"));
        results.push(Became {
            node: model,
            status: Status::Success,
            started: *started,
            took: *took,
            message: Some("OK".to_owned()),
            failures: None,
            rows: rows.filter(|_| is_filled(model)),
            sql: Some(sql.clone()),
            relation: Some(model.relation()),
        });
    }
    results.write(context.output);
    let seconds = started.elapsed().as_secs_f64();
    let (count, path) = (counted(built.len() as u64, "model"), context.target.path.display());
    context.output.line(format!("Built {count} in {path}, {seconds:.1} s"));
    let told = |built: &Built<'_>| {
        let (model, seconds) = (built.model, built.took.as_secs_f64());
        json!({ "model": model.name, "materialized": model.materialized(), "rows": built.rows, "seconds": seconds })
    };
    Ok(json!({
        "environment": context.target.environment,
        "database": context.target.path,
        "parameters": parameters.params,
        "dataset_id": of_export,
        "models": built.iter().map(told).collect::<Vec<_>>(),
        "seconds": seconds,
    }))
}

/// Builds the models; gives the export, too, that they were computed of, if there was one.
fn build<'a>(
    context: &Context,
    args: &RunArgs,
    (project, models): (&Project, &'a [&'a Node]),
    params: Params,
    transaction: Transaction,
) -> anyhow::Result<(Vec<Built<'a>>, Option<String>)> {
    let is_filling = models.iter().any(|model| is_filled(model));
    let export = match is_filling {
        true => at_hand::of_same_rows(context, args.data.as_deref(), transaction.connection())?,
        false => None,
    };
    let of_export = export.as_ref().map(|export| export.manifest.dataset_id.clone());
    let events = match export {
        // It was checked when it was exported.
        Some(export) => Events::Export(Box::new(export)),
        None => Events::Log(
            Source::check(transaction.connection(), &context.target)
                .map_err(|error| databases::explain_reading(&context.target, error))?,
        ),
    };
    if is_filling && of_export.is_none() {
        let rows = counted(events.count(), "event");
        context.output.line(format!("Sorting {rows} by player and time …"));
    }
    let threads = args.threads();
    let plan = Plan { project, models, params, events: &events, threads };
    let built = database::build(context, transaction, &plan)?;
    Ok((built, of_export))
}

/// All or none is built, so what fails for one fails for each.
fn failed<'a>(model: &'a Node, error: &anyhow::Error) -> Became<'a> {
    Became {
        node: model,
        status: Status::Error,
        started: Timestamp::now(),
        took: Duration::ZERO,
        message: Some(error.to_string()),
        failures: None,
        rows: None,
        sql: None,
        relation: Some(model.relation()),
    }
}

fn to_parquet(
    context: &Context,
    args: &RunArgs,
    out: &Path,
    parameters: &Parameters,
    started: Instant,
) -> anyhow::Result<Value> {
    let folder = out.join(context.target.environment.name());
    let data = args.data.as_deref().unwrap_or(Path::new(at_hand::EXPORTS));
    if std::path::absolute(&folder)?.starts_with(std::path::absolute(data)?) {
        return Err(Failure::usage(format!(
            "{} lies in the folder of the exports, which a page serves; name another with --to {PARQUET} DIR",
            folder.display()
        )));
    }
    let generation = Generation::open(&folder, "run", is_model_file)?;
    let export = export_for(context, args.data.as_deref(), generation.temporary())?;
    let dataset_id = export.manifest.dataset_id.clone();
    let sample = export.manifest.sample;
    // A sample may lack the newest event of its log, to which churn is counted.
    let as_of_day = parameters.params.as_of_day.or(sample.and(export.manifest.parameters.as_of_day));
    let params = Params { as_of_day, ..parameters.params };
    let Models { files, previous } = write_models(&export, params, generation, args.threads())?;
    let seconds = started.elapsed().as_secs_f64();
    for model in &files {
        let (rows, bytes) = (HumanCount(model.rows), HumanBytes(model.bytes));
        context.output.line(format!("{:28} {rows:>13} rows, {bytes}", model.model));
    }
    context.output.line(format!("Written into {}, {seconds:.1} s", folder.display()));
    say_previous(context.output, previous.as_deref());
    Ok(json!({
        "environment": context.target.environment,
        "dataset_id": dataset_id,
        "sample": sample,
        "parameters": params,
        "folder": folder,
        "models": files,
        "seconds": seconds,
        "previous": previous,
    }))
}

/// The export to make Parquet of: one of the very same rows, else a temporary one. Where there is no database, the export
/// that there is; of files the one that is named.
fn export_for(context: &Context, data: Option<&Path>, temporary: PathBuf) -> anyhow::Result<PartsFolder> {
    if !context.target.path.exists() {
        let data = data.unwrap_or(Path::new(at_hand::EXPORTS));
        if PartsFolder::is_in(data, &context.target) {
            let export = PartsFolder::open(data, &context.target)?;
            at_hand::say(context, &export);
            return Ok(export);
        }
    }
    if let Some(data) = data {
        // Of files there is no database to compare it with.
        let export = PartsFolder::open(data, &context.target)?;
        if export.manifest.is_of_files() {
            at_hand::say(context, &export);
            return Ok(export);
        }
    }
    let connection = databases::open_read_only(&context.target)?;
    databases::require_log_table(&connection, &context.target)?;
    if let Some(export) = at_hand::of_same_rows(context, data, &connection)? {
        return Ok(export);
    }
    drop(connection);
    let data = temporary.join("data");
    export(context, &data)?;
    PartsFolder::open(&data, &context.target)
}
