//! `wow run`: the four models as Parquet files.

use std::time::Instant;

use indicatif::{HumanBytes, HumanCount};
use serde_json::json;

use super::{Context, Outcome, say_previous};
use crate::args::RunArgs;
use crate::failure::Failure;
use crate::parallel;
use crate::parts_folder::PartsFolder;
use crate::publish::folder::Generation;
use crate::run::{Models, is_model_file, write_models};

/// Runs the models, and says what was written.
///
/// # Errors
/// As [`write_models`], and [`Failure::Usage`] when the results would lie in the export.
pub(crate) fn run(context: &Context, args: &RunArgs) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    let folder = args.out.join(context.target.environment.name());
    if std::path::absolute(&folder)?.starts_with(std::path::absolute(&args.data)?) {
        return Err(Failure::usage(format!(
            "{} lies in the folder of the exports, which a page serves; name another with --out DIR",
            folder.display()
        )));
    }
    let generation = Generation::open(&folder, "run", is_model_file)?;
    let export = PartsFolder::open(&args.data, &context.target)?;
    let threads = args.threads.map_or_else(parallel::cores, usize::from);
    let Models { files, previous } = write_models(&export, generation, threads)?;
    let seconds = started.elapsed().as_secs_f64();
    for model in &files {
        let (rows, bytes) = (HumanCount(model.rows), HumanBytes(model.bytes));
        context.output.line(format!("{:28} {rows:>13} rows, {bytes}", model.model));
    }
    context.output.line(format!("Written into {}, {seconds:.1} s", folder.display()));
    say_previous(context.output, previous.as_deref());
    context.output.answer(&json!({
        "environment": context.target.environment,
        "dataset_id": export.manifest.dataset_id,
        "parameters": export.manifest.parameters,
        "folder": folder,
        "models": files,
        "seconds": seconds,
        "previous": previous,
    }))?;
    Ok(Outcome::Done)
}
