//! The four models by the native engine, from an export to Parquet files.

mod rows;
mod tables;

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use serde::Serialize;
use wow_engine::Params;
use wow_engine::manifest::Environment;
use wow_engine::models::{events, player_session_stats, stg_players};
use wow_engine::pipeline::Report;
use wow_engine::sampling::Sample;

use self::rows::GroupRows;
use self::tables::TableFile;
use crate::failure::Failure;
use crate::output::Progress;
use crate::parts_folder::PartsFolder;
use crate::publish::folder::Generation;
use crate::reference;
use crate::run::groups::{self, SourceGroup};
use crate::{interrupt, parallel};

/// A model that was written.
#[derive(Debug, Serialize)]
pub(crate) struct ModelFile {
    /// The model's name.
    pub(crate) model: &'static str,
    /// Its file's name.
    pub(crate) file: String,
    /// Its rows.
    pub(crate) rows: u64,
    /// Its file's size.
    pub(crate) bytes: u64,
}

/// The models that were written.
pub(crate) struct Models {
    /// One a model.
    pub(crate) files: Vec<ModelFile>,
    /// The folder that the models before are kept in, if there were any.
    pub(crate) previous: Option<PathBuf>,
}

/// What lies beside the models and says what they are.
#[derive(Serialize)]
struct Described<'a> {
    environment: Environment,
    /// The export that they were computed from.
    dataset_id: &'a str,
    /// That they are of some players alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<Sample>,
    tool_version: &'a str,
    parameters: Params,
    models: &'a [ModelFile],
}

/// The name of the file that says what the models are.
const DESCRIPTION: &str = "models.json";

/// Whether a file in the models' folder is one that [`write_models`] wrote.
pub(crate) fn is_model_file(name: &str) -> bool {
    name == DESCRIPTION || reference::MODELS.iter().any(|model| name == file_name(model))
}

/// Computes the models and writes them into the folder, all or none.
///
/// # Errors
/// A [`Failure`] that names the part or the folder that cannot be used, and after Ctrl-C.
pub(crate) fn write_models(
    export: &PartsFolder,
    params: Params,
    generation: Generation,
    threads: usize,
) -> anyhow::Result<Models> {
    let mut progress = Progress::new("events scanned", export.manifest.rows);
    let report = export.scan(params, threads, |part, _, _| progress.advance(part.rows))?;
    let folder = generation.path().to_owned();
    write(export, &report, &generation.new_folder(), threads)
        .and_then(|files| Ok(Models { files, previous: generation.publish()? }))
        .map_err(|error| {
            if error.downcast_ref::<Failure>().is_some() {
                return error;
            }
            error.context(Failure::Check(format!(
                "the models could not be written into {} and what was there is unchanged: see the cause",
                folder.display()
            )))
        })
}

fn write(
    export: &PartsFolder,
    report: &Report,
    folder: &Path,
    threads: usize,
) -> anyhow::Result<Vec<ModelFile>> {
    let columns = events::columns(report.guild_kind)?;
    let path = |model: &str| folder.join(file_name(model));
    let mut all = TableFile::create(&path(reference::EVENTS), &columns)?;
    let mut kept = TableFile::create(&path(reference::EVENTS_WITHOUT_BOTS), &columns)?;
    let mut progress = Progress::new("events written", report.rows);
    parallel::in_order(
        threads,
        |group: Arc<SourceGroup>| {
            interrupt::check()?;
            let rows = GroupRows::new(report, group.walk.clone());
            tables::encode(&columns, &group, rows, report.guild_kind)
        },
        |group| {
            all.append(group.all, group.rows)?;
            kept.append(group.kept, group.kept_rows)?;
            progress.advance(group.rows);
            Ok(())
        },
        |give| groups::give_all(export, report.params.session_gap_minutes, give),
    )?;
    let rows = [
        (reference::EVENTS, all.finish()?),
        (
            reference::PLAYER_STATS,
            write_batch(&path(reference::PLAYER_STATS), &player_session_stats(report)?)?,
        ),
        (reference::EVENTS_WITHOUT_BOTS, kept.finish()?),
        (reference::PLAYERS, write_batch(&path(reference::PLAYERS), &stg_players(report)?)?),
    ];
    let files = rows
        .into_iter()
        .map(|(model, rows)| {
            let bytes = std::fs::metadata(path(model))?.len();
            Ok(ModelFile { model, file: file_name(model), rows, bytes })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    describe(export, report.params, &files, folder)?;
    Ok(files)
}

fn describe(
    export: &PartsFolder,
    parameters: Params,
    models: &[ModelFile],
    folder: &Path,
) -> anyhow::Result<()> {
    let manifest = &export.manifest;
    let described = Described {
        environment: manifest.environment,
        dataset_id: &manifest.dataset_id,
        sample: manifest.sample,
        tool_version: env!("CARGO_PKG_VERSION"),
        parameters,
        models,
    };
    let mut file = File::create(folder.join(DESCRIPTION))?;
    file.write_all((serde_json::to_string_pretty(&described)? + "\n").as_bytes())?;
    Ok(file.sync_all()?)
}

/// The name of a model's file.
pub(crate) fn file_name(model: &str) -> String {
    format!("{model}.parquet")
}

fn write_batch(path: &Path, batch: &RecordBatch) -> anyhow::Result<u64> {
    let file = File::create(path).with_context(|| format!("{} cannot be made", path.display()))?;
    let options =
        ArrowWriterOptions::new().with_properties(tables::properties()).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(file, batch.schema(), options)?;
    writer.write(batch)?;
    writer.into_inner()?.sync_all()?;
    Ok(batch.num_rows() as u64)
}
