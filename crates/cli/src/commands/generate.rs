//! `wow generate`: writes a synthetic `wowlogs`, all of it or nothing.

use std::sync::Arc;
use std::time::Instant;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use clap::Args;
use duckdb::Connection;
use indicatif::HumanCount;
use serde_json::json;
use wow_engine::schema;
use wow_engine::synth::{Rows, Settings};
use wow_engine::time::Micros;

use super::{Context, Outcome, say_previous};
use crate::consent::ConsentArgs;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Progress;
use crate::publish::database::{Consent, Destination, Written};

/// Arguments of `wow generate`.
#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// The size of the log, up to 10; 1 is the full log of 91,064 players and 36.5 million events.
    #[arg(long, default_value_t = 0.05)]
    pub(crate) scale: f64,
    /// Share the events of the scale out to so many players, like 1000000 at scale 1; by default as many as it has.
    #[arg(long)]
    pub(crate) players: Option<u64>,
    /// The same seed, scale and number of players give the same log on every machine.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Replace a `wowlogs` table that is already there. A database that holds nothing else is kept as FILE.previous.
    #[arg(long)]
    pub(crate) replace: bool,
    /// Whether production may be written.
    #[command(flatten)]
    pub(crate) consent: ConsentArgs,
}

/// Writes the log.
///
/// # Errors
/// [`Failure::Usage`] when there is a log already, or production is meant and not confirmed; else what kept the
/// database from being written. In each case it is as it was.
pub(crate) fn run(context: &Context, args: &GenerateArgs) -> anyhow::Result<Outcome> {
    let settings = settings(args)?;
    let consent = Consent { replace: args.replace, production: args.consent };
    let destination = Destination::open(context, "generate", consent, "a synthetic log")?;

    let started = Instant::now();
    context.output.line(format!("Planning the log (scale {}, seed {}) …", args.scale, args.seed));
    let Written { log: rows, previous } =
        destination.write(|connection| write_rows(&settings, connection))?;
    let players = settings.figures().players;
    let seconds = started.elapsed().as_secs_f64();
    let path = &context.target.path;
    context.output.line(format!(
        "Wrote {} events of {} players into {} in {seconds:.1} s",
        HumanCount(rows),
        HumanCount(players),
        path.display()
    ));
    say_previous(context.output, previous.as_deref());
    context.output.answer(&json!({
        "environment": context.target.environment,
        "database": path,
        "scale": args.scale,
        "seed": args.seed,
        "rows": rows,
        "players": players,
        "seconds": seconds,
        "previous": previous,
    }))?;
    Ok(Outcome::Done)
}

/// What the arguments ask for.
fn settings(args: &GenerateArgs) -> anyhow::Result<Settings> {
    let settings = Settings::new(args.scale, args.seed).ok_or_else(|| {
        Failure::usage(format!("--scale is {}; give a number above 0 and up to 10, like 0.05", args.scale))
    })?;
    let Some(players) = args.players else { return Ok(settings) };
    settings.with_players(players).ok_or_else(|| {
        let (least, most) = settings.possible_players().into_inner();
        Failure::usage(format!(
            "--players is {players}; the events of scale {} are shared out to {least} to {most} players",
            args.scale
        ))
    })
}

fn write_rows(settings: &Settings, connection: &Connection) -> anyhow::Result<u64> {
    let log = settings.log();
    let total = log.total_rows();
    let mut progress = Progress::new("events written", total);
    let mut appender = connection.appender(schema::TABLE)?;
    for rows in log {
        interrupt::check()?;
        let count = rows.len() as u64;
        appender.append_record_batch(batch(rows)?)?;
        progress.advance(count);
    }
    appender.flush()?;
    Ok(total)
}

fn batch(rows: Rows) -> anyhow::Result<RecordBatch> {
    let text = |values: Vec<&str>| Arc::new(StringArray::from(values)) as ArrayRef;
    let columns: [ArrayRef; 7] = [
        Arc::new(Int64Array::from(rows.player_id)),
        Arc::new(Int64Array::from(rows.guild)),
        Arc::new(Int64Array::from(rows.level)),
        text(rows.race),
        text(rows.class),
        text(rows.zone),
        Arc::new(TimestampMicrosecondArray::from_iter_values(rows.time_us.into_iter().map(Micros::get))),
    ];
    Ok(RecordBatch::try_from_iter(schema::COLUMNS.into_iter().zip(columns))?)
}
