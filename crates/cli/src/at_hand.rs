//! Which export a command reads, and whether it is of the very same rows as the database.

use std::path::Path;

use duckdb::Connection;
use wow_engine::manifest::Manifest;
use wow_view::sampled;

use crate::commands::Context;
use crate::failure::Failure;
use crate::output::Output;
use crate::parts_folder::PartsFolder;
use crate::source;

/// Where exports are unless somebody says otherwise.
pub(crate) const EXPORTS: &str = "public/data";

/// The export in `data`, or in the usual folder, if it is of the very same rows as the log; the command says so.
///
/// # Errors
/// A [`Failure`] where `data` was named and has no such export, or the log cannot be read.
pub(crate) fn of_same_rows(
    context: &Context,
    data: Option<&Path>,
    connection: &Connection,
) -> anyhow::Result<Option<PartsFolder>> {
    let Some(export) = found(context, data)? else { return Ok(None) };
    let manifest = &export.manifest;
    if manifest.sample.is_some() {
        return match data {
            None => Ok(None),
            Some(_) => Err(is_sample(&export)),
        };
    }
    // A log that lacks a column has no fingerprint, and whoever reads it next says so.
    if manifest.source_fingerprint.is_none()
        || manifest.source_fingerprint != source::fingerprint(connection).ok()
    {
        return match data {
            None => Ok(None),
            Some(_) => Err(Failure::check(format!(
                "the export in {} is not of the rows that {} has now; run `{}` again, or leave --data out",
                export.folder().display(),
                context.target.path.display(),
                export.export_command()
            ))),
        };
    }
    say(context, &export);
    Ok(Some(export))
}

/// The export in `data`, which must be there, of all players and of the target's database, as far as its name tells; the
/// command says which.
///
/// # Errors
/// A [`Failure`] that says what is wrong with it.
pub(crate) fn of_same_database(context: &Context, data: &Path) -> anyhow::Result<PartsFolder> {
    let export = PartsFolder::open(data, &context.target)?;
    let name = context.target.file_name();
    if export.manifest.database != name {
        return Err(Failure::check(format!(
            "the export in {} is of {}, not of {name}; run `{}` again, or name another folder with --data DIR",
            export.folder().display(),
            export.manifest.database,
            export.export_command()
        )));
    }
    if export.manifest.sample.is_some() {
        return Err(is_sample(&export));
    }
    say(context, &export);
    Ok(export)
}

/// That an export cannot stand for its log.
fn is_sample(export: &PartsFolder) -> anyhow::Error {
    Failure::check(format!(
        "the export in {} is a sample and not the whole log; run `{}` for all players, or name another folder with --data DIR",
        export.folder().display(),
        export.export_command()
    ))
}

/// Says which export is read.
pub(crate) fn say(context: &Context, export: &PartsFolder) {
    let manifest = &export.manifest;
    context.output.line(format!(
        "Reading the export in {}: {}, {}",
        export.folder().display(),
        manifest.database,
        manifest.exported_at
    ));
    say_sample(context.output, manifest);
}

/// Says that an export is a sample, if it is one.
pub(crate) fn say_sample(output: Output, manifest: &Manifest) {
    if let Some(sentence) = sampled::sentence(manifest) {
        output.line(format!("note: {sentence}"));
    }
}

/// An export of the environment; one in the usual folder that is of no use is as good as none.
fn found(context: &Context, data: Option<&Path>) -> anyhow::Result<Option<PartsFolder>> {
    match data {
        Some(data) => PartsFolder::open(data, &context.target).map(Some),
        None => Ok(PartsFolder::open(Path::new(EXPORTS), &context.target).ok()),
    }
}
