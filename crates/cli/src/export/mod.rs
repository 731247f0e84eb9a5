//! From the log to Parquet parts and a manifest, in one pass and in bounded memory.

mod database;
mod encode;
mod facts;
mod files;
mod groups;
pub(crate) mod hashing;
mod order;
mod parts;

use std::path::Path;

use arrow::datatypes::DataType;
use serde::Serialize;
use wow_engine::Params;
use wow_engine::contract::Notice;
use wow_engine::manifest::{Column, FORMAT_VERSION, Manifest, Part, Rejected};
use wow_engine::sampling::{OneOf, Sample};
use wow_engine::time::Day;

use self::encode::{EncodedGroup, Encoder};
use self::facts::WrittenFacts;
use self::groups::Group;
use self::parts::{PART_BYTES_MAX, PartsWriter, Written};
use crate::args::ParamsArgs;
use crate::commands::Context;
use crate::failure::Failure;
use crate::publish::Workspace;
use crate::publish::export::ExportPlace;
use crate::storage::Location;
use crate::{parallel, source};

/// A published export.
pub(crate) struct Export {
    /// The folder it is in.
    pub(crate) folder: Location,
    /// What it holds.
    pub(crate) manifest: Manifest,
    /// What may surprise, a sentence each.
    pub(crate) warnings: Vec<String>,
}

/// A log while it is written into parts, and what the manifest says of where it came from.
struct Log {
    /// The name of the database, or of the folder of files.
    name: String,
    written: Written,
    rejected: Rejected,
    columns: Vec<Column>,
    notices: Vec<Notice>,
    facts: Option<WrittenFacts>,
    duckdb_version: Option<String>,
    fingerprint: Option<String>,
    /// Which players are in, where not all are.
    sample: Option<Sample>,
    /// What churn is counted to, where the events that are in may not tell it.
    newest_day: Option<Day>,
}

/// What is asked of an export.
pub(crate) struct Asked<'a> {
    /// The folder of exports, in which each environment has one of its own.
    pub(crate) out: &'a Location,
    /// Files that are in order of player and time, to be exported in place of the database.
    pub(crate) from: &'a [Location],
    /// One player of how many; all where nothing is said.
    pub(crate) sample: Option<OneOf>,
}

/// Exports the whole log of the target's database into its environment's folder of `out`.
///
/// # Errors
/// As [`export_as`].
pub(crate) fn export(context: &Context, out: &Path) -> anyhow::Result<Export> {
    export_as(context, Asked { out: &Location::Local(out.to_owned()), from: &[], sample: None })
}

/// Exports what is asked for.
///
/// # Errors
/// A [`Failure`] that says what is wrong with the database, the table, a file or the folder, or that no player is in the
/// sample; the previous export is as it was.
pub(crate) fn export_as(context: &Context, asked: Asked<'_>) -> anyhow::Result<Export> {
    let Asked { out, from, sample } = asked;
    if from.is_empty() {
        return publish(context, out, |workspace| database::write(context, workspace, sample));
    }
    let log = files::Files::open(from, sample)?;
    publish(context, out, |workspace| log.write(context.output, workspace))
}

fn publish(
    context: &Context,
    out: &Location,
    write: impl FnOnce(&Workspace) -> anyhow::Result<Log>,
) -> anyhow::Result<Export> {
    let folder = out.join(context.target.environment.name());
    let place = ExportPlace::open(&folder)?;
    let write_all = || {
        let log = write(place.workspace())?;
        let manifest = manifest(context, &log)?;
        let parts = log.written.parts.iter();
        let parts = parts.map(|part| (part.temporary.as_path(), part.part.file.as_str()));
        let facts = log.facts.iter().map(|facts| (facts.temporary.as_path(), facts.file.file.as_str()));
        place.publish(parts.chain(facts), &manifest)?;
        Ok(manifest)
    };
    let manifest = write_all().map_err(|error| explain(error, &folder))?;
    Ok(Export { folder, warnings: warnings(&manifest.parts), manifest })
}

/// Writes the groups that `give` hands out as parts into a folder; `encode` runs on several threads.
fn write_parts(
    encoder: &Encoder,
    folder: &Path,
    encode: impl Fn(Group) -> anyhow::Result<EncodedGroup> + Sync,
    give: impl FnOnce(&mut dyn FnMut(Group) -> anyhow::Result<()>) -> anyhow::Result<()>,
) -> anyhow::Result<Written> {
    let mut writer = PartsWriter::new(folder, encoder);
    parallel::in_order(source::threads(), encode, |group| writer.write(group), give)?;
    writer.finish()
}

fn manifest(context: &Context, log: &Log) -> anyhow::Result<Manifest> {
    let parts: Vec<Part> = log.written.parts.iter().map(|written| written.part.clone()).collect();
    let params = context.settings.params(&ParamsArgs::default()).params;
    let parameters = Params { as_of_day: params.as_of_day.or(log.newest_day), ..params };
    let described = Described {
        rejected: log.rejected,
        columns: &log.columns,
        parts: &parts,
        sample: log.sample,
        parameters: &parameters,
    };
    Ok(Manifest {
        format_version: FORMAT_VERSION,
        environment: context.target.environment,
        database: log.name.clone(),
        exported_at: jiff::Timestamp::now().round(jiff::Unit::Second)?.to_string(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        duckdb_version: log.duckdb_version.clone(),
        dataset_id: dataset_id(&described)?,
        rows: log.written.rows(),
        players: log.written.players(),
        first_event_us: log.written.times_us.map(|times_us| times_us.0),
        last_event_us: log.written.times_us.map(|times_us| times_us.1),
        rejected: log.rejected,
        columns: log.columns.clone(),
        source_fingerprint: log.fingerprint.clone(),
        sample: log.sample,
        parameters,
        notices: log.notices.clone(),
        parts,
        player_facts: log.facts.as_ref().map(|facts| facts.file.clone()),
    })
}

/// What makes two exports the same data, whenever and from wherever they were made.
#[derive(Serialize)]
struct Described<'a> {
    rejected: Rejected,
    columns: &'a [Column],
    /// Their hashes stand for all rows.
    parts: &'a [Part],
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<Sample>,
    /// The numbers that a page opens with follow from them, and a link that leaves them out must be told from one to another
    /// export. The usual ones are left out, so that the ids of exports from before there were others hold.
    #[serde(skip_serializing_if = "is_usual")]
    parameters: &'a Params,
}

fn is_usual(parameters: &&Params) -> bool {
    **parameters == Params::default()
}

fn dataset_id(described: &Described) -> anyhow::Result<String> {
    Ok(hashing::sha256_of(&serde_json::to_vec(described)?))
}

/// A column of the source and the type that it has in the parts.
fn column(name: &str, source_type: String, export_type: &DataType) -> Column {
    Column { name: name.to_owned(), source_type, export_type: export_type.to_string() }
}

fn warnings(parts: &[Part]) -> Vec<String> {
    let too_large = parts.iter().filter(|part| part.bytes > PART_BYTES_MAX);
    too_large
        .map(|part| {
            format!(
                "{} is larger than {} MiB, because player {} alone is; some hosts refuse files over 25 MiB",
                part.file,
                PART_BYTES_MAX >> 20,
                part.last_player_id
            )
        })
        .collect()
}

/// Says what to do about an error while writing.
fn explain(error: anyhow::Error, folder: &Location) -> anyhow::Error {
    if error.downcast_ref::<Failure>().is_some() {
        return error;
    }
    let text = format!("{error:#}");
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    // What goes into a bucket is made in the current folder first.
    let is_here = matches!(folder, Location::Local(_));
    let is_full = says(&["No space left", "max_temp_directory_size", "not enough space", "File too large"]);
    let way_out = match (is_full, says(&["Permission denied", "Read-only file system"])) {
        (true, _) if is_here => {
            "the disk is full; free some space, or name a folder on another disk with --out DIR"
        }
        (true, _) => {
            "the disk of the current folder, in which parts are made, is full; free some space, or run it elsewhere"
        }
        (_, true) if is_here => {
            "it may not be written to; change that, or name another folder with --out DIR"
        }
        (_, true) => "the current folder, in which parts are made, may not be written to; run it elsewhere",
        _ => "see the cause",
    };
    error.context(Failure::Check(format!(
        "the export into {folder} failed and what was there is unchanged: {way_out}"
    )))
}
