//! `wow report`: the statistics as one HTML file.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use indicatif::HumanBytes;
use serde_json::json;
use wow_engine::pipeline::Report;
use wow_engine::time::Micros;
use wow_engine::{Filter, Query};
use wow_report::Source;
use wow_view::dataset::Dataset;
use wow_view::filter::{BotChoice, Texts};
use wow_view::marks::Marks;
use wow_view::part_facts::PartFacts;

use super::{Context, Outcome};
use crate::args::{FilterArgs, ParamsArgs};
use crate::at_hand::{self, EXPORTS};
use crate::export::export;
use crate::failure::Failure;
use crate::parallel;
use crate::parts_folder::PartsFolder;
use crate::publish::file::{Form, NewFile};

/// The variable by which builds that can be repeated set their clock: seconds since 1970.
const CLOCK_VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// Arguments of `wow report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// The file to write.
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub(crate) out: PathBuf,
    /// The folder of exports that `wow export` wrote; public/data unless given.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The heading.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) title: String,
    /// Some words of your own below the heading; an empty line begins a new paragraph.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) note: String,
    /// Which events to report on.
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// Which players to show.
    #[arg(long, value_name = "WHICH", default_value = "in")]
    pub(crate) bots: BotsArg,
    /// What makes a session, a likely bot and a churned player.
    #[command(flatten)]
    pub(crate) params: ParamsArgs,
}

/// Which players a report shows, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BotsArg {
    /// All, likely bots told apart.
    In,
    /// All but likely bots.
    Out,
    /// Likely bots alone.
    Only,
}

impl From<BotsArg> for BotChoice {
    fn from(bots: BotsArg) -> Self {
        match bots {
            BotsArg::In => Self::In,
            BotsArg::Out => Self::Out,
            BotsArg::Only => Self::Only,
        }
    }
}

/// Writes the report, and says what it is of.
///
/// # Errors
/// A [`Failure`] when there is neither export nor database, when they cannot be read, or when the file cannot be written.
pub(crate) fn run(context: &Context, args: &ReportArgs, is_database_named: bool) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    args.filter.check()?;
    let written_us = now()?;
    let form = Form { beginning: wow_report::BEGINNING, option: "--out FILE" };
    let file = NewFile::open(&args.out, "report", form)?;
    let data = exports(context, args, is_database_named, file.temporary())?;
    let export = PartsFolder::open(&data, &context.target)?;
    let parameters = context.settings.params_over(&args.params, export.manifest.parameters);
    parameters.say(context.output);
    let query = Query { params: parameters.params, filter: Filter::from(&args.filter) };
    let mut parts = Vec::with_capacity(export.manifest.parts.len());
    let report = export.scan(query, parallel::cores(), |part, _, rows| {
        let facts = PartFacts {
            name: part.file.clone(),
            bytes: part.bytes,
            rows,
            sha256: Some(part.sha256.clone()),
            was_announced: true,
            reading: None,
        };
        parts.push((parts.len(), facts));
    })?;
    check_names(&report)?;
    if report.rows == 0 && report.left_out > 0 {
        context.output.line("note: none of the events match the filter");
    }
    at_hand::say_sample(context.output, &export.manifest);
    let dataset = Dataset::Export(Box::new(export.manifest));
    let html = wow_report::html(&Source {
        dataset: &dataset,
        report: &Arc::new(report),
        parts: &parts,
        bots: args.bots.into(),
        marks: &Marks::default(),
        title: &args.title,
        note: &args.note,
        written_us,
    })?;
    file.publish(html.as_bytes())?;
    let seconds = started.elapsed().as_secs_f64();
    let bytes = html.len() as u64;
    context.output.line(format!("Written {}: {}, {seconds:.1} s", args.out.display(), HumanBytes(bytes)));
    context.output.answer(&json!({
        "environment": context.target.environment,
        "dataset_id": dataset.id(),
        "file": args.out,
        "bytes": bytes,
        "seconds": seconds,
    }))?;
    Ok(Outcome::Done)
}

/// Refuses a class, race or zone that the log does not have, which is a slip of the hand.
///
/// # Errors
/// [`Failure::Usage`] with those that there are.
fn check_names(report: &Report) -> anyhow::Result<()> {
    let strings = &report.strings;
    let with_names =
        [(Texts::Class, &strings.class), (Texts::Race, &strings.race), (Texts::Zone, &strings.zone)];
    for (texts, known) in with_names {
        let unknown = texts.of(&report.filter).iter().find(|name| !known.texts().contains(name));
        if let Some(name) = unknown {
            let mut names: Vec<&str> = known.texts().iter().map(String::as_str).collect();
            names.sort_unstable();
            return Err(Failure::usage(format!(
                "the log has no {} `{name}`; it has {}",
                texts.key(),
                names.join(", ")
            )));
        }
    }
    Ok(())
}

/// The folder of exports to report on. A database that is named, or that nobody has exported yet, is exported into
/// `temporary`.
fn exports<'a>(
    context: &Context,
    args: &'a ReportArgs,
    is_database_named: bool,
    temporary: &Path,
) -> anyhow::Result<Cow<'a, Path>> {
    let target = &context.target;
    let known = Path::new(EXPORTS);
    if let Some(data) = &args.data {
        return Ok(data.into());
    }
    if !is_database_named && PartsFolder::is_in(known, target) {
        context
            .output
            .line(format!("Reading the export in {}", known.join(target.environment.name()).display()));
        return Ok(known.into());
    }
    let data = temporary.join("data");
    export(context, &data)?;
    Ok(data.into())
}

/// The time of writing.
fn now() -> anyhow::Result<Micros> {
    let time = match std::env::var(CLOCK_VARIABLE).ok().filter(|value| !value.is_empty()) {
        None => jiff::Timestamp::now(),
        Some(value) => {
            let seconds = value.parse().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
            seconds.with_context(|| {
                Failure::Usage(format!(
                    "{CLOCK_VARIABLE} is `{value}`; set it to seconds since 1970, or unset it"
                ))
            })?
        }
    };
    Micros::new(time.as_microsecond()).context("the clock of this machine is out of range")
}
