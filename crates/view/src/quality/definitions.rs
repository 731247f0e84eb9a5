//! Every data test of the four models, and those on top.
//!
//! Models 2 and 4 are there row by row and are tested so. The events of models 1 and 3 are not kept, so their
//! tests compare counts that were made on different ways.

use wow_charts::format;
use wow_engine::pipeline::LEVELS;
use wow_engine::time::{Micros, Minutes};

use super::checks::{Definition, Outcome, Severity, first_of};
use super::facts::Facts;
use super::parts::differs;
use crate::{coverage, time};

const EVENTS: &str = "stg_wowlogs_with_sessions";
const STATS: &str = "player_session_stats";
const NO_BOTS: &str = "stg_wowlogs_no_bots";
const PLAYERS: &str = "stg_players";
const SOURCE: &str = "wowlogs";
const EXPORT: &str = "export";

const NO_MANIFEST: &str = "the files came without a manifest to compare with";
const WHOLE_LOG: &str = "it compares the whole log, and the filter leaves out some of it";

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
        |facts| session_ids(facts, &facts.stats),
    ),
    error(EVENTS, "not_null datetime", "events counted by hour of the week, and events counted", |facts| {
        Outcome::equal(facts.rows_without_bots().saturating_add(facts.rows_of_bots()), facts.report.rows)
    }),
    error(STATS, "not_null player_id", "no row lacks an id, or has one outside the parts' ranges", |facts| {
        ids(facts, &facts.stats)
    }),
    error(STATS, "unique player_id", "the ids of all rows", |facts| unique(facts, &facts.stats)),
    error(
        STATS,
        "not_null max_session_duration_minutes",
        "no row lacks it, or has another than its longest session's first and last event give",
        longest,
    ),
    error(
        STATS,
        "not_null is_likely_bot",
        "no row lacks it, or has another than its longest session and its average, as a fraction, give",
        flags,
    ),
    error(STATS, "accepted_values is_likely_bot", "rows with 0 and rows with 1, and all rows", |facts| {
        let rows = facts.players.len() + facts.flagged.len();
        Outcome::equal(rows as u64, facts.stats.len() as u64)
    }),
    error(
        NO_BOTS,
        "not_null player_id",
        "events counted by hour without bots, and events of the rows of stg_players",
        |facts| Outcome::equal(facts.rows_without_bots(), facts.events(&facts.players)),
    ),
    error(
        NO_BOTS,
        "not_null session_id",
        "every player of stg_players has at least one session, and no more sessions than events",
        |facts| session_ids(facts, &facts.players),
    ),
    error(
        PLAYERS,
        "not_null player_id",
        "no row lacks an id, or has one outside the parts' ranges",
        |facts| ids(facts, &facts.players),
    ),
    error(PLAYERS, "unique player_id", "the ids of all rows", |facts| unique(facts, &facts.players)),
    error(
        SOURCE,
        "rows of the source",
        "rows that the export counted, and rows of model 1, rows that the filter leaves out and rejected rows",
        |facts| match facts.manifest {
            None => Outcome::NotRun(NO_MANIFEST),
            Some(manifest) => {
                let rejected = manifest.rejected.total();
                let report = facts.report;
                let read = [report.rows, report.left_out, report.rejected.total(), rejected];
                let read = read.into_iter().fold(0, u64::saturating_add);
                Outcome::equal(manifest.rows.saturating_add(rejected), read)
            }
        },
    ),
    error(STATS, "sum of events", "events of all rows together, and rows of model 1", |facts| {
        Outcome::equal(facts.events(&facts.stats), facts.report.rows)
    }),
    error(
        NO_BOTS,
        "rows without bots",
        "rows of model 3 plus events of flagged players, and rows of model 1",
        |facts| {
            Outcome::equal(
                facts.rows_without_bots().saturating_add(facts.events(&facts.flagged)),
                facts.report.rows,
            )
        },
    ),
    error(PLAYERS, "players without bots", "rows plus flagged players, and rows of model 2", |facts| {
        let rows = (facts.players.len() + facts.flagged.len()) as u64;
        Outcome::equal(rows, facts.stats.len() as u64)
    }),
    error(NO_BOTS, "no flagged player", "ids of stg_players, and ids that model 2 flags", |facts| {
        let ids = &facts.table().player_id;
        let flagged = in_order_of_id(facts, &facts.flagged);
        let mut flagged = flagged.into_iter().map(|row| ids[row]).peekable();
        rows_where(facts, &in_order_of_id(facts, &facts.players), |row| {
            while flagged.next_if(|id| *id < ids[row]).is_some() {}
            flagged.peek() == Some(&ids[row])
        })
    }),
    Definition {
        model: SOURCE,
        name: "level within 1–80",
        severity: Severity::Warning,
        compares: "the level of every event that has one",
        run: |facts| {
            let table = facts.table();
            let odd_level = |row: usize| {
                let levels = [table.level_max[row], table.level_min[row]];
                let odd = levels.into_iter().find(|level| !LEVELS.contains(level));
                odd.filter(|_| table.level_count[row] > 0)
            };
            let odd = (0..table.len()).filter_map(|row| Some((table.player_id[row], odd_level(row)?)));
            Outcome::Run {
                failing: facts.report.level_out_of_range,
                first: first_of(odd.map(|(id, level)| format!("player {id} at level {level}"))),
                found: format!("{} looked at", format::counted(facts.report.rows, "event")),
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
    Definition {
        model: SOURCE,
        name: "no day without events",
        severity: Severity::Warning,
        compares: "the days from the first event to the last, and those that have any event",
        run: |facts| match coverage::covered(facts.report) {
            None => Outcome::none("day"),
            Some(covered) => Outcome::Run {
                failing: covered.missing_days,
                first: first_of(covered.longest_days.iter().map(|(first, last)| time::days(*first, *last))),
                found: format!("{} looked at", format::counted(covered.days, "day")),
            },
        },
    },
    Definition {
        model: SOURCE,
        name: "no hour without events",
        severity: Severity::Warning,
        compares: "the hours from the first event to the last, and those that have any event",
        run: |facts| match coverage::covered(facts.report) {
            None => Outcome::none("hour"),
            Some(covered) => Outcome::Run {
                failing: covered.missing_hours,
                first: first_of(covered.longest_hours.iter().map(|missing| missing.name())),
                found: format!("{} looked at", format::counted(covered.hours, "hour")),
            },
        },
    },
    error(EXPORT, "players", "players that the manifest announces, and rows of model 2", |facts| match facts
        .manifest
    {
        None => Outcome::NotRun(NO_MANIFEST),
        Some(_) if facts.is_filtered() => Outcome::NotRun(WHOLE_LOG),
        Some(manifest) => Outcome::equal(manifest.players, facts.stats.len() as u64),
    }),
    error(
        EXPORT,
        "time range",
        "the oldest and newest event that the manifest announces, and those read",
        range,
    ),
    error(EXPORT, "parts", "rows, bytes and SHA-256 of every part, announced and read", parts),
];

/// Rows of a model of which something does not hold.
fn rows_where(facts: &Facts<'_>, rows: &[usize], mut fails: impl FnMut(usize) -> bool) -> Outcome {
    let failing = rows.iter().filter(|&&row| fails(row));
    Outcome::rows(rows.len(), failing.map(|&row| format!("player {}", facts.table().player_id[row])))
}

/// Ids come from the parts: a hole in the table would show as an id that no part can hold.
fn ids(facts: &Facts<'_>, rows: &[usize]) -> Outcome {
    let parts = facts.manifest.map(|manifest| manifest.parts.as_slice());
    rows_where(facts, rows, |row| {
        let id = facts.table().player_id[row];
        // Parts lie in order of player, so that the first one that ends late enough is the only candidate.
        let is_announced = parts.is_none_or(|parts| {
            let place = parts.partition_point(|part| part.last_player_id < id);
            parts.get(place).is_some_and(|part| part.first_player_id <= id)
        });
        !is_announced
    })
}

fn unique(facts: &Facts<'_>, rows: &[usize]) -> Outcome {
    let (ids, mut before) = (&facts.table().player_id, None);
    rows_where(facts, &in_order_of_id(facts, rows), |row| before.replace(ids[row]) == Some(ids[row]))
}

/// The same rows with equal ids side by side. They come so, where nothing is wrong, and are soon sorted.
fn in_order_of_id(facts: &Facts<'_>, rows: &[usize]) -> Vec<usize> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|&row| facts.table().player_id[row]);
    rows
}

fn session_ids(facts: &Facts<'_>, rows: &[usize]) -> Outcome {
    let table = facts.table();
    rows_where(facts, rows, |row| !(1..=table.events[row]).contains(&table.sessions[row]))
}

fn longest(facts: &Facts<'_>) -> Outcome {
    let table = facts.table();
    rows_where(facts, &facts.stats, |row| {
        let minutes = table.duration_max_minutes[row];
        minutes < Minutes::default()
            || minutes != table.longest_start_us[row].minutes_to(table.longest_end_us[row])
    })
}

fn flags(facts: &Facts<'_>) -> Outcome {
    let (table, params) = (facts.report.judged(), &facts.report.params);
    rows_where(facts, &facts.stats, |row| {
        let is_long = table.duration_max_minutes[row] > params.bot_max_session_minutes;
        let is_high = table.avg_session_minutes(row) > params.bot_avg_session_minutes.get() as f64;
        table.verdict(row, params).is_bot() != (is_long || is_high)
    })
}

fn range(facts: &Facts<'_>) -> Outcome {
    let Some(manifest) = facts.manifest else { return Outcome::NotRun(NO_MANIFEST) };
    if facts.is_filtered() {
        return Outcome::NotRun(WHOLE_LOG);
    }
    let ends = [
        ("oldest", manifest.first_event_us, facts.report.first_us),
        ("newest", manifest.last_event_us, facts.report.last_us),
    ];
    let written = |time_us: Option<Micros>| time_us.map_or_else(|| "none".to_owned(), time::iso);
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
                "{} with {}",
                format::counted(manifest.parts.len() as u64, "part"),
                format::counted(rows, "row")
            ),
        },
        outcome => outcome,
    }
}
