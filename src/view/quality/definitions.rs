//! Every data test of the four models, and those on top.
//!
//! Models 2 and 4 are there row by row and are tested so. The events of models 1 and 3 are not kept, so their
//! tests compare counts that were made on different ways.

use std::collections::HashSet;

use wow_charts::format;
use wow_engine::time::minutes_between;

use super::checks::{Definition, Outcome, Severity};
use super::facts::{Facts, sum};
use super::parts::differs;
use crate::view::time;

const EVENTS: &str = "stg_wowlogs_with_sessions";
const STATS: &str = "player_session_stats";
const NO_BOTS: &str = "stg_wowlogs_no_bots";
const PLAYERS: &str = "stg_players";
const SOURCE: &str = "wowlogs";
const EXPORT: &str = "export";

const NO_MANIFEST: &str = "the files came without a manifest to compare with";

const fn error(
    model: &'static str,
    name: &'static str,
    compares: &'static str,
    run: fn(&Facts<'_>) -> Outcome,
) -> Definition {
    Definition { model, name, severity: Severity::Error, compares, run }
}

pub(super) const DEFINITIONS: &[Definition] = &[
    error(EVENTS, "not_null player_id", "events of all players together, and events counted", |facts| {
        Outcome::equal(facts.report.players.events.iter().sum(), facts.report.rows)
    }),
    error(
        EVENTS,
        "not_null session_id",
        "every player has at least one session, and no more sessions than events",
        |facts| {
            session_ids(&facts.stat("player_id"), &facts.stat("total_sessions"), &facts.stat("total_events"))
        },
    ),
    error(EVENTS, "not_null datetime", "events counted by hour of the week, and events counted", |facts| {
        Outcome::equal(facts.rows_without_bots().saturating_add(facts.rows_of_bots()), facts.report.rows)
    }),
    error(STATS, "not_null player_id", "no row lacks an id, or has one outside the parts' ranges", |facts| {
        ids(facts, &facts.stat("player_id"))
    }),
    error(STATS, "unique player_id", "the ids of all rows", |facts| unique(&facts.stat("player_id"))),
    error(
        STATS,
        "not_null max_session_duration_minutes",
        "no row lacks it, or has another than its longest session's first and last event give",
        longest,
    ),
    error(
        STATS,
        "not_null is_likely_bot",
        "no row lacks it, or has another than the two rules' flags give",
        |facts| {
            let (long, avg) = (facts.stat("likely_bot_long_session"), facts.stat("likely_bot_avg_session"));
            let expected = |row: usize| Some(long[row]?.max(avg[row]?));
            rows_where(facts, &facts.stat("is_likely_bot"), |row, flag| {
                flag.is_none() || flag != expected(row)
            })
        },
    ),
    error(STATS, "accepted_values is_likely_bot", "every value is 0 or 1", |facts| {
        rows_where(facts, &facts.stat("is_likely_bot"), |_, flag| !matches!(flag, Some(0 | 1)))
    }),
    error(
        NO_BOTS,
        "not_null player_id",
        "events counted by hour without bots, and events of the rows of stg_players",
        |facts| Outcome::equal(facts.rows_without_bots(), sum(&facts.player("total_events"))),
    ),
    error(
        NO_BOTS,
        "not_null session_id",
        "every player of stg_players has at least one session, and no more sessions than events",
        |facts| {
            session_ids(
                &facts.player("player_id"),
                &facts.player("total_sessions"),
                &facts.player("total_events"),
            )
        },
    ),
    error(
        PLAYERS,
        "not_null player_id",
        "no row lacks an id, or has one outside the parts' ranges",
        |facts| ids(facts, &facts.player("player_id")),
    ),
    error(PLAYERS, "unique player_id", "the ids of all rows", |facts| unique(&facts.player("player_id"))),
    error(
        SOURCE,
        "rows of the source",
        "rows that the export counted, and rows of model 1 plus rejected rows",
        |facts| match facts.manifest {
            None => Outcome::NotRun(NO_MANIFEST),
            Some(manifest) => {
                let rejected = manifest.rejected.total();
                let read = facts.report.rows.saturating_add(facts.report.rejected.total());
                Outcome::equal(manifest.rows.saturating_add(rejected), read.saturating_add(rejected))
            }
        },
    ),
    error(STATS, "sum of events", "events of all rows together, and rows of model 1", |facts| {
        Outcome::equal(sum(&facts.stat("total_events")), facts.report.rows)
    }),
    error(
        NO_BOTS,
        "rows without bots",
        "rows of model 3 plus events of flagged players, and rows of model 1",
        |facts| {
            Outcome::equal(facts.rows_without_bots().saturating_add(facts.flagged().1), facts.report.rows)
        },
    ),
    error(PLAYERS, "players without bots", "rows plus flagged players, and rows of model 2", |facts| {
        let rows = (facts.players.num_rows() + facts.flagged().0.len()) as u64;
        Outcome::equal(rows, facts.stats.num_rows() as u64)
    }),
    error(NO_BOTS, "no flagged player", "ids of stg_players, and ids that model 2 flags", |facts| {
        let flagged: HashSet<i64> = facts.flagged().0.into_iter().collect();
        let kept = facts.player("player_id");
        Outcome::rows(kept.len(), kept.iter().flatten().filter(|id| flagged.contains(id)).map(player))
    }),
    Definition {
        model: SOURCE,
        name: "level within 1–80",
        severity: Severity::Warning,
        compares: "the level of every event that has one",
        run: |facts| {
            let odd = facts.report.level_out_of_range;
            Outcome::Run {
                failing: odd.rows,
                first: odd.first.map(|(id, level)| format!("player {id} at level {level}")),
                found: format!("{} events looked at", format::count(facts.report.rows)),
            }
        },
    },
    Definition {
        model: SOURCE,
        name: "newest event not in the future",
        severity: Severity::Warning,
        compares: "every player's last event, and the present time",
        run: |facts| {
            let (players, now_us) = (&facts.report.players, facts.evidence.now_us);
            let late =
                players.last_us.iter().zip(&players.player_id).filter(|(last_us, _)| **last_us > now_us);
            let late = late.map(|(&last_us, id)| format!("player {id} at {}", time::minute(last_us)));
            Outcome::rows(players.len(), late)
        },
    },
    error(EXPORT, "players", "players that the manifest announces, and rows of model 2", |facts| match facts
        .manifest
    {
        None => Outcome::NotRun(NO_MANIFEST),
        Some(manifest) => Outcome::equal(manifest.players, facts.stats.num_rows() as u64),
    }),
    error(
        EXPORT,
        "time range",
        "the oldest and newest event that the manifest announces, and those read",
        range,
    ),
    error(EXPORT, "parts", "rows, bytes and SHA-256 of every part, announced and read", parts),
];

fn player(id: &i64) -> String {
    format!("player {id}")
}

/// Rows of model 2 of which something does not hold.
fn rows_where(
    facts: &Facts<'_>,
    column: &[Option<i64>],
    fails: impl Fn(usize, Option<i64>) -> bool,
) -> Outcome {
    let ids = facts.stat("player_id");
    let failing = (0..column.len()).filter(|&row| fails(row, column[row]));
    Outcome::rows(column.len(), failing.map(|row| named(&ids, row)))
}

fn named(ids: &[Option<i64>], row: usize) -> String {
    ids.get(row).copied().flatten().map_or_else(|| format!("row {}", row + 1), |id| player(&id))
}

/// Ids are not null and come from the parts: a hole in the table would show as an id that no part can hold.
fn ids(facts: &Facts<'_>, ids: &[Option<i64>]) -> Outcome {
    let parts = facts.manifest.map(|manifest| manifest.parts.as_slice());
    let is_announced = |id: i64| {
        parts.is_none_or(|parts| {
            // Parts lie in order of player, so that the first one that ends late enough is the only candidate.
            let place = parts.partition_point(|part| part.last_player_id < id);
            parts.get(place).is_some_and(|part| part.first_player_id <= id)
        })
    };
    let failing = (0..ids.len()).filter(|&row| !ids[row].is_some_and(is_announced));
    Outcome::rows(ids.len(), failing.map(|row| named(ids, row)))
}

fn unique(ids: &[Option<i64>]) -> Outcome {
    let mut seen = HashSet::with_capacity(ids.len());
    Outcome::rows(ids.len(), ids.iter().flatten().filter(|id| !seen.insert(**id)).map(player))
}

fn session_ids(ids: &[Option<i64>], sessions: &[Option<i64>], events: &[Option<i64>]) -> Outcome {
    let holds = |row: usize| match (sessions[row], events[row]) {
        (Some(sessions), Some(events)) => (1..=events).contains(&sessions),
        _ => false,
    };
    Outcome::rows(ids.len(), (0..ids.len()).filter(|&row| !holds(row)).map(|row| named(ids, row)))
}

fn longest(facts: &Facts<'_>) -> Outcome {
    let players = &facts.report.players;
    let expected = |row: usize| {
        let (start_us, end_us) = (players.longest_start_us.get(row)?, players.longest_end_us.get(row)?);
        Some(minutes_between(*start_us, *end_us))
    };
    rows_where(facts, &facts.stat("max_session_duration_minutes"), |row, minutes| {
        minutes.is_none_or(|minutes| minutes < 0 || expected(row) != Some(minutes))
    })
}

fn range(facts: &Facts<'_>) -> Outcome {
    let Some(manifest) = facts.manifest else { return Outcome::NotRun(NO_MANIFEST) };
    let ends = [
        ("oldest", manifest.first_event_us, facts.report.first_us),
        ("newest", manifest.last_event_us, facts.report.last_us),
    ];
    let written = |time_us: Option<i64>| time_us.map_or_else(|| "none".to_owned(), time::iso);
    let failing = ends.into_iter().filter(|(_, announced, read)| announced != read);
    let failing = failing.map(|(end, announced, read)| {
        format!("the {end} event: announced {}, read {}", written(announced), written(read))
    });
    match Outcome::rows(ends.len(), failing) {
        Outcome::Run { failing: 0, first, .. } => Outcome::Run {
            failing: 0,
            first,
            found: format!("{} to {}", written(facts.report.first_us), written(facts.report.last_us)),
        },
        outcome => outcome,
    }
}

fn parts(facts: &Facts<'_>) -> Outcome {
    let Some(manifest) = facts.manifest else { return Outcome::NotRun(NO_MANIFEST) };
    let failing = (0..).zip(&manifest.parts).filter_map(|(place, part)| {
        match super::parts::facts_of(&facts.evidence, place) {
            None => Some(format!("{} was not read", part.file)),
            Some(read) if differs(part, read) => Some(format!(
                "{}: {} rows and {} bytes announced, {} and {} read",
                part.file,
                format::count(part.rows),
                format::count(part.bytes),
                format::count(read.rows),
                format::count(read.bytes),
            )),
            Some(_) => None,
        }
    });
    let rows: u64 = facts.parts().map(|read| read.rows).fold(0, u64::saturating_add);
    match Outcome::rows(manifest.parts.len(), failing) {
        Outcome::Run { failing: 0, first, .. } => Outcome::Run {
            failing: 0,
            first,
            found: format!(
                "{} parts with {} rows",
                format::count(manifest.parts.len() as u64),
                format::count(rows)
            ),
        },
        outcome => outcome,
    }
}
