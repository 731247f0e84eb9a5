//! `wow run`: the four models, in the database or as Parquet files.

use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::{HumanBytes, HumanCount};
use serde_json::json;

use super::{Context, Outcome, say_previous};
use crate::args::RunArgs;
use crate::export::export;
use crate::failure::Failure;
use crate::output::counted;
use crate::parts_folder::PartsFolder;
use crate::publish::folder::Generation;
use crate::publish::transaction::Transaction;
use crate::reference::{self, Materialized};
use crate::run::database::{self, Built, Events};
use crate::run::parquet::{Models, is_model_file, write_models};
use crate::settings::Parameters;
use crate::source::Source;
use crate::{at_hand, database as databases, parallel};

/// What `--to` takes as its first word.
const PARQUET: &str = "parquet";

/// Builds the models, and says what was built.
///
/// # Errors
/// A [`Failure`] that says what is wrong with the log, with the export that was named, or with the place for the models.
pub(crate) fn run(context: &Context, args: &RunArgs) -> anyhow::Result<Outcome> {
    let parameters = context.settings.params(&args.params);
    parameters.say(context.output);
    match args.to.as_deref() {
        None => into_database(context, args, &parameters)?,
        Some([format, out]) if format == Path::new(PARQUET) => to_parquet(context, args, out, &parameters)?,
        Some(other) => {
            let format = other.first().map(|format| format.display().to_string()).unwrap_or_default();
            return Err(Failure::usage(format!(
                "`{format}` is no format that models are written in; write --to {PARQUET} DIR"
            )));
        }
    }
    Ok(Outcome::Done)
}

fn into_database(context: &Context, args: &RunArgs, parameters: &Parameters) -> anyhow::Result<()> {
    let started = Instant::now();
    let models = reference::MODELS;
    let transaction = Transaction::open(context, "run", args.consent, "the models")?;
    let source = Source::check(transaction.connection(), &context.target)
        .map_err(|error| databases::explain_reading(&context.target, error))?;
    let export = at_hand::of_same_rows(context, args.data.as_deref(), transaction.connection())?;
    let events = match export {
        Some(export) => Events::Export(Box::new(export)),
        None => {
            let rows = counted(source.kept_rows(), "event");
            context.output.line(format!("Sorting {rows} by player and time …"));
            Events::Database
        }
    };
    let built = database::build(context, transaction, &source, &models, parameters.params, &events)?;
    for Built { model, materialized, rows, took } in &built {
        let kind = match materialized {
            Materialized::View => "view",
            Materialized::Table => "table",
        };
        let rows = rows.map(|rows| format!("{} rows", HumanCount(rows))).unwrap_or_default();
        context.output.line(format!("{model:28} {kind:5} {rows:>18} {:7.2} s", took.as_secs_f64()));
    }
    let seconds = started.elapsed().as_secs_f64();
    let path = context.target.path.display();
    let count = counted(built.len() as u64, "model");
    context.output.line(format!("Built {count} in {path}, {seconds:.1} s"));
    let models: Vec<_> = built.iter().map(|built| {
        json!({ "model": built.model, "materialized": built.materialized, "rows": built.rows, "seconds": built.took.as_secs_f64() })
    }).collect();
    context.output.answer(&json!({
        "environment": context.target.environment,
        "database": context.target.path,
        "parameters": parameters.params,
        "export": match &events { Events::Export(export) => Some(&export.manifest.dataset_id), Events::Database => None },
        "models": models,
        "seconds": seconds,
    }))
}

fn to_parquet(context: &Context, args: &RunArgs, out: &Path, parameters: &Parameters) -> anyhow::Result<()> {
    let started = Instant::now();
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
    let threads = args.threads.map_or_else(parallel::cores, usize::from);
    let dataset_id = export.manifest.dataset_id.clone();
    let Models { files, previous } = write_models(&export, parameters.params, generation, threads)?;
    let seconds = started.elapsed().as_secs_f64();
    for model in &files {
        let (rows, bytes) = (HumanCount(model.rows), HumanBytes(model.bytes));
        context.output.line(format!("{:28} {rows:>13} rows, {bytes}", model.model));
    }
    context.output.line(format!("Written into {}, {seconds:.1} s", folder.display()));
    say_previous(context.output, previous.as_deref());
    context.output.answer(&json!({
        "environment": context.target.environment,
        "dataset_id": dataset_id,
        "parameters": parameters.params,
        "folder": folder,
        "models": files,
        "seconds": seconds,
        "previous": previous,
    }))
}

/// The export to make Parquet of: one of the very same rows, else a temporary one. Where there is no database, the export
/// that there is.
fn export_for(context: &Context, data: Option<&Path>, temporary: PathBuf) -> anyhow::Result<PartsFolder> {
    if !context.target.path.exists() {
        let data = data.unwrap_or(Path::new(at_hand::EXPORTS));
        if PartsFolder::is_in(data, &context.target) {
            return at_hand::of_same_database(context, data);
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
