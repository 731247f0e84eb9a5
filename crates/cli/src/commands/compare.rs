//! `wow compare`: the logs of two environments side by side, by the views that the page's Compare shows.

use std::fmt::Display;

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};
use wow_engine::pipeline::Report;
use wow_engine::{Filter, Params, Query};
use wow_view::compare::{self, Change, Column, Kind, Share, Side, Which};
use wow_view::dataset::Dataset;
use wow_view::filter::BotChoice;
use wow_view::zones::Grouping;

use super::{Context, Outcome};
use crate::args::{ParamsArgs, TargetName};
use crate::export::export;
use crate::failure::Failure;
use crate::output::{Output, counted, shown};
use crate::parts_folder::PartsFolder;
use crate::settings::Parameters;
use crate::{at_hand, database, parallel};

/// As many players as are listed for people.
const LISTED_PLAYERS_MAX: usize = 20;
/// The players whose numbers are compared, likely bots told apart: as the page opens.
const BOTS: BotChoice = BotChoice::In;

/// Arguments of `wow compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The environment on the left.
    #[arg(long, value_name = "ENV", default_value = "dev")]
    from: TargetName,
    /// The environment on the right.
    #[arg(long, value_name = "ENV", default_value = "prod")]
    to: TargetName,
    /// What makes a session, a likely bot and a churned player, in both.
    #[command(flatten)]
    params: ParamsArgs,
}

/// One of both: its report and where that comes from.
struct Compared {
    name: &'static str,
    report: Report,
    dataset: Dataset,
}

/// Compares, and prints what differs.
///
/// # Errors
/// A failure when both are one environment, or a log cannot be read.
pub(crate) fn run(context: &Context, args: &CompareArgs) -> anyhow::Result<Outcome> {
    if args.from == args.to {
        return Err(Failure::usage("--from and --to are the same environment; name dev and prod"));
    }
    let parameters = context.settings.params(&args.params);
    let here = compared(context, args.from, &parameters)?;
    let there = compared(context, args.to, &parameters)?;
    parameters.say(context.output);
    let params = &parameters.params;
    print(context.output, [&here, &there], params);
    context.output.answer(&answer([&here, &there], params))?;
    Ok(Outcome::Done)
}

/// The report of an environment's log: of its export where that is of the very same rows, else of a temporary one.
fn compared(context: &Context, name: TargetName, parameters: &Parameters) -> anyhow::Result<Compared> {
    let target = context.settings.target_of(name.into());
    context.output.badge(target.environment, &target.badge());
    let context = Context { target, settings: context.settings.clone(), output: context.output };
    let connection = database::open_read_only(&context.target)?;
    database::require_log_table(&connection, &context.target)?;
    let at_hand = at_hand::of_same_rows(&context, None, &connection)?;
    drop(connection);
    let scratch = tempfile::Builder::new()
        .prefix("wow-compare-")
        .tempdir()
        .context("no temporary folder could be made; set TMPDIR to a folder that can be written to")?;
    let export = match at_hand {
        Some(export) => export,
        None => {
            export(&context, scratch.path())?;
            PartsFolder::open(scratch.path(), &context.target)?
        }
    };
    let query = Query { params: parameters.params, filter: Filter::default() };
    let report = export.scan(query, parallel::cores(), |_, _, _| {})?;
    let dataset = Dataset::Export(Box::new(export.manifest));
    Ok(Compared { name: context.target.environment.name(), report, dataset })
}

fn sides<'a>(both: [&'a Compared; 2]) -> [Side<'a>; 2] {
    both.map(|one| Side { report: &one.report, dataset: Some(&one.dataset) })
}

fn print(output: Output, both: [&Compared; 2], params: &Params) {
    let [here, there] = both;
    let [left, right] = sides(both);
    let line = |cells: [&dyn Display; 4]| {
        let [name, here, there, difference] = cells.map(ToString::to_string);
        format!("{:<38} {here:>22} {there:>22} {difference:>14}", shown(&name))
    };
    let head =
        |title: &str| output.result(format!("\n{}", line([&title, &here.name, &there.name, &"difference"])));
    head("");
    for row in compare::figures(left, right, params, BOTS) {
        output.result(line([&row.name, &row.here, &row.there, &row.difference]));
    }
    for kind in Kind::ALL {
        head(kind.title());
        for Share { label, shown: [here, there], difference, .. } in
            compare::distribution(kind, &here.report, &there.report, params, BOTS, Grouping::Zone)
        {
            output.result(line([&label, &here, &there, &difference]));
        }
    }
    let changes = compare::changes(&here.report, &there.report, params);
    let names = both.map(|one| one.name.to_owned());
    for which in Which::ALL {
        let players = which.of(&changes);
        output.result(format!("\n{}: {}", which.label(&names), counted(players.len() as u64, "player")));
        for change in players.iter().take(LISTED_PLAYERS_MAX) {
            output.result(format!("  {}", told(change, both, params)));
        }
        if players.len() > LISTED_PLAYERS_MAX {
            output.result(format!("  … {} more, which --json lists", players.len() - LISTED_PLAYERS_MAX));
        }
    }
}

/// A player as the page's table has it, in a line.
fn told(change: &Change, [here, there]: [&Compared; 2], params: &Params) -> String {
    let cells = change.cells(&here.report, &there.report, params);
    let (id, sides) = cells.split_at(1);
    let (left, right) = sides.split_at(Column::ALL.len());
    format!("{}: {} {}; {} {}", id.concat(), here.name, left.join(", "), there.name, right.join(", "))
}

fn answer(both: [&Compared; 2], params: &Params) -> Value {
    let [here, there] = both;
    let [left, right] = sides(both);
    let figures: Vec<Value> = compare::figures(left, right, params, BOTS)
        .into_iter()
        .map(|row| json!({ "key": row.key, "name": row.name, "from": row.here, "to": row.there, "difference": row.difference }))
        .collect();
    let distributions = Kind::ALL.map(|kind| {
        let rows: Vec<Value> =
            compare::distribution(kind, &here.report, &there.report, params, BOTS, Grouping::Zone)
                .into_iter()
                .map(|row| json!({ "label": row.label, "from": row.counts[0], "to": row.counts[1] }))
                .collect();
        json!({ "title": kind.title(), "rows": rows })
    });
    let changes = compare::changes(&here.report, &there.report, params);
    let ids = |which: Which| which.of(&changes).iter().map(|change| change.player_id).collect::<Vec<_>>();
    json!({
        "from": described(here, params),
        "to": described(there, params),
        "parameters": params,
        "figures": figures,
        "distributions": distributions,
        "changed_sides": ids(Which::Changed),
        "only_from": ids(Which::OnlyHere),
        "only_to": ids(Which::OnlyThere),
    })
}

/// The numbers that scripts ask for, as numbers.
fn described(one: &Compared, params: &Params) -> Value {
    let totals = one.report.totals(params);
    json!({
        "environment": one.name,
        "dataset_id": one.dataset.id(),
        "players": totals.players,
        "events": totals.events,
        "sessions": totals.sessions,
        "bots": totals.bots,
        "bot_events": totals.bot_events,
        "churned": totals.churned,
    })
}
