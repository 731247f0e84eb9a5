//! `wow import`: files into `wowlogs`, all of them or nothing.

use std::time::Instant;

use clap::Args;
use duckdb::Connection;
use indicatif::HumanCount;
use serde_json::json;
use wow_engine::contract::Notice;
use wow_engine::schema::NumberKind;

use super::{Context, Outcome, say_previous};
use crate::consent::ConsentArgs;
use crate::import::{self, Source};
use crate::notices;
use crate::output::{Progress, counted};
use crate::publish::database::{Consent, Destination, Written};
use crate::storage::Location;

/// Arguments of `wow import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The files, or folders of files, here or in a bucket (s3://, gs://, az://), or a file at an address (https://); CSV may
    /// be in gzip.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<Location>,
    /// Replace a `wowlogs` table that is already there. A database that holds nothing else is kept as FILE.previous.
    #[arg(long)]
    pub(crate) replace: bool,
    /// Whether production may be written.
    #[command(flatten)]
    pub(crate) consent: ConsentArgs,
}

/// Imports the files, and says what came of it.
///
/// # Errors
/// [`crate::failure::Failure::Usage`] when there is a log already, or production is meant and not confirmed; else
/// what is wrong with a file or kept the database from being written. In each case the database is as it was.
pub(crate) fn run(context: &Context, args: &ImportArgs) -> anyhow::Result<Outcome> {
    let sources = import::open(&args.files)?;
    let consent = Consent { replace: args.replace, production: args.consent };
    let destination = Destination::open(context, "import", consent, "a log read from files")?;

    let started = Instant::now();
    let guild_kind = check(&sources)?;
    let Written { log: (rows, counts), previous } = destination.write(|connection| {
        let rows = insert(&sources, guild_kind, connection)?;
        let all: Vec<Notice> = sources.iter().flat_map(Source::notices).collect();
        notices::keep(connection, &all)?;
        Ok((rows, Counts::of(connection)?))
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let total: u64 = rows.iter().sum();
    context.output.line(format!(
        "Imported {} of {} from {} into {} in {seconds:.1} s",
        counted(total, "event"),
        counted(counts.players, "player"),
        counted(sources.len() as u64, "file"),
        context.target.path.display()
    ));
    if counts.without_player_id + counts.without_datetime > 0 {
        context.output.line(format!(
            "note: {} rows have no player_id and {} no datetime; an export rejects and counts them",
            HumanCount(counts.without_player_id),
            HumanCount(counts.without_datetime)
        ));
    }
    let files = sources.iter().zip(&rows).map(|(source, rows)| {
        let notices: Vec<String> = source.notices().iter().map(ToString::to_string).collect();
        for notice in &notices {
            context.output.line(format!("note: {}: {notice}", source.location()));
        }
        json!({ "file": source.location(), "format": source.format, "rows": rows, "notices": notices })
    });
    let files: Vec<_> = files.collect();
    say_previous(context.output, previous.as_deref());
    context.output.answer(&json!({
        "environment": context.target.environment,
        "database": context.target.path,
        "files": files,
        "rows": total,
        "players": counts.players,
        "rows_without_player_id": counts.without_player_id,
        "rows_without_datetime": counts.without_datetime,
        "seconds": seconds,
        "previous": previous,
    }))?;
    Ok(Outcome::Done)
}

/// Checks the files one after the other; says which kind of guild numbers all of them fit in.
fn check(sources: &[Source]) -> anyhow::Result<NumberKind> {
    let mut progress = Progress::new("bytes checked", bytes(sources));
    let kinds = import::each(sources, |source| source.check(&mut progress))?;
    Ok(if kinds.contains(&NumberKind::Float) { NumberKind::Float } else { NumberKind::Integer })
}

/// Appends the files' rows one file after the other; says how many each had.
fn insert(sources: &[Source], guild_kind: NumberKind, connection: &Connection) -> anyhow::Result<Vec<u64>> {
    if guild_kind == NumberKind::Float {
        connection.execute_batch("alter table main.wowlogs alter guild type double")?;
    }
    let mut progress = Progress::new("bytes read", bytes(sources));
    import::each(sources, |source| source.insert(connection, guild_kind, &mut progress))
}

fn bytes(sources: &[Source]) -> u64 {
    sources.iter().fold(0, |bytes, source| bytes.saturating_add(source.bytes))
}

/// What may surprise in the new table.
struct Counts {
    players: u64,
    without_player_id: u64,
    without_datetime: u64,
}

impl Counts {
    fn of(connection: &Connection) -> anyhow::Result<Self> {
        let sql = "select count(distinct player_id), count(*) filter (where player_id is null),
                          count(*) filter (where player_id is not null and datetime is null) from main.wowlogs";
        Ok(connection.query_row(sql, [], |row| {
            Ok(Self { players: row.get(0)?, without_player_id: row.get(1)?, without_datetime: row.get(2)? })
        })?)
    }
}
