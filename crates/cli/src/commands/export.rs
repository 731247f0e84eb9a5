//! `wow export`: the log as Parquet parts and a manifest.

use std::time::Instant;

use clap::Args;
use clap::builder::TypedValueParser as _;
use indicatif::{HumanBytes, HumanCount};
use serde_json::json;
use wow_engine::sampling::OneOf;

use super::{Context, Outcome};
use crate::args::ParamsArgs;
use crate::at_hand;
use crate::export::{Asked, Export, export_as};
use crate::output::counted;
use crate::storage::Location;

/// Arguments of `wow export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The folder of exports, here or in a bucket (s3://, gs://, az://); each environment gets a folder of its own in it.
    #[arg(long, value_name = "DIR", default_value = "public/data")]
    pub(crate) out: Location,
    /// Export Parquet files that are in order of player and time, as a cluster sorts them, instead of the database; or the
    /// folders that such files are in, here or in a bucket.
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub(crate) from: Vec<Location>,
    /// Take one player of N, with all its events; the same ones from every copy of a log. The page says so everywhere.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).try_map(OneOf::new))]
    pub(crate) sample: Option<OneOf>,
}

/// Exports, and says what was exported.
///
/// # Errors
/// As [`export_as`].
pub(crate) fn run(context: &Context, args: &ExportArgs) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    context.settings.params(&ParamsArgs::default()).say(context.output);
    if !args.from.is_empty() {
        let target = &context.target;
        context.output.badge(target.environment, &target.badge_of("export, of files"));
    }
    let asked = Asked { out: &args.out, from: &args.from, sample: args.sample };
    let Export { folder, manifest, warnings } = export_as(context, asked)?;
    let seconds = started.elapsed().as_secs_f64();
    let bytes: u64 = manifest.parts.iter().map(|part| part.bytes).sum();
    for warning in &warnings {
        context.output.line(format!("warning: {warning}"));
    }
    if manifest.rejected.total() > 0 {
        context.output.line(format!(
            "Rejected {}: {} without player_id, {} without datetime",
            counted(manifest.rejected.total(), "row"),
            HumanCount(manifest.rejected.null_player_id),
            HumanCount(manifest.rejected.null_datetime)
        ));
    }
    let notices: Vec<String> = manifest.notices.iter().map(ToString::to_string).collect();
    for notice in &notices {
        context.output.line(format!("note: {}: {notice}", manifest.database));
    }
    at_hand::say_sample(context.output, &manifest);
    context.output.line(format!(
        "Exported {} of {} into {}: {} in {}, {seconds:.1} s",
        counted(manifest.rows, "event"),
        counted(manifest.players, "player"),
        folder,
        HumanBytes(bytes),
        counted(manifest.parts.len() as u64, "part")
    ));
    context.output.answer(&json!({
        "environment": manifest.environment,
        "database": args.from.is_empty().then_some(&context.target.path),
        "from": args.from,
        "folder": folder,
        "dataset_id": manifest.dataset_id,
        "rows": manifest.rows,
        "players": manifest.players,
        "rejected": manifest.rejected,
        "sample": manifest.sample,
        "parameters": manifest.parameters,
        "parts": manifest.parts.len(),
        "bytes": bytes,
        "seconds": seconds,
        "notices": notices,
        "warnings": warnings,
    }))?;
    Ok(Outcome::Done)
}
