//! What is kept of the log, and of its players.

use wow_charts::{Funnel, Funnels, Part, format};
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::Totals;

use crate::Table;
use crate::filter::BotChoice;
use crate::share::percent;

/// What the funnels show.
#[must_use]
pub fn funnel_say(is_filtered: bool, bots: BotChoice) -> String {
    let of = if is_filtered { "the events that match the filter" } else { "the log" };
    format!("What is left of {of} without bots, in rows and in players.{}", bots.both_counted())
}

/// From the log, or what of it matches a filter, to what is kept, in rows and in players. `rejected` are the rows without
/// player or time.
#[must_use]
pub fn funnel(totals: &Totals, rejected: Rejected, is_filtered: bool) -> Funnels {
    let log_rows = totals.events.saturating_add(rejected.total());
    let part =
        |name: &str, count: u64, all: u64| Part { name: name.to_owned(), count, share: percent(count, all) };
    let whole = |name: &str, count: u64| Part { name: name.to_owned(), count, share: String::new() };
    let mut dropped = vec![(part("left out: bots' rows", totals.bot_events, log_rows), true)];
    if rejected.total() > 0 {
        dropped.insert(0, (part("left out: no player or time", rejected.total(), log_rows), false));
    }
    let rows = Funnel {
        unit: "row",
        all: whole(if is_filtered { "Rows that match" } else { "Log rows" }, log_rows),
        dropped,
        kept: part("Kept rows", totals.kept_events(), log_rows),
    };
    let players = Funnel {
        unit: "player",
        all: whole("Players", totals.players),
        dropped: vec![(part("left out: bots", totals.bots, totals.players), true)],
        kept: part("Kept players", totals.kept_players(), totals.players),
    };
    Funnels { funnels: vec![rows, players] }
}

/// The parts of the funnels.
#[must_use]
pub fn funnel_table(data: &Funnels) -> Table {
    let rows = data.funnels.iter().flat_map(|funnel| {
        let dropped = funnel.dropped.iter().map(|(part, _)| part);
        let parts = std::iter::once(&funnel.all).chain(dropped).chain([&funnel.kept]);
        parts.map(|part| {
            let share =
                if part.share.is_empty() { percent(part.count, part.count) } else { part.share.clone() };
            vec![part.name.clone(), format::count(part.count), format!("{}s", funnel.unit), share]
        })
    });
    Table { head: ["what", "count", "of what", "share"].map(str::to_owned).into(), rows: rows.collect() }
}
