//! Small logs made to hurt, and ways to scan them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::events::Events;
use wow_engine::pipeline::{COUNTED_GAPS_MINUTES, Dictionary, Kept, NULL_CODE, Partial, Report, Scanner};
use wow_engine::schema::{NumberKind, float_to_key};
use wow_engine::time::{DAY_US, MINUTE_US, Micros, Minutes};
use wow_engine::{Error, Params};

/// One row of a log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) player_id: i64,
    pub(crate) time_us: i64,
    pub(crate) guild: Option<i64>,
    pub(crate) level: Option<i64>,
    pub(crate) race: Option<&'static str>,
    pub(crate) class: Option<&'static str>,
    pub(crate) zone: Option<&'static str>,
}

const TEXTS: [&str; 6] = ["Orc", "orc", "Dalaran競技場", "Zul'Gurub", "", "Undead"];
const PLAYERS: [i64; 5] = [i64::MIN, -7, 0, 7, i64::MAX];
const PAUSES_US: [i64; 15] = [
    0,
    0,
    1,
    59_999_999,
    MINUTE_US,
    29 * MINUTE_US + 30_000_000,
    30 * MINUTE_US,
    30 * MINUTE_US + 59_999_999,
    31 * MINUTE_US,
    5 * MINUTE_US + 59_999_999,
    180 * MINUTE_US,
    181 * MINUTE_US,
    361 * MINUTE_US,
    DAY_US,
    400 * DAY_US,
];

/// Logs ordered by player and time; the rows of an instant are in any order.
pub(crate) fn ordered_logs() -> impl Strategy<Value = Vec<Row>> {
    let text = || prop::option::weighted(0.8, prop::sample::select(&TEXTS[..]));
    let row = (
        prop::sample::select(&PAUSES_US[..]),
        prop::option::of(-2..4_i64),
        prop::option::of(prop_oneof![9 => 0..82_i64, 1 => any::<i64>()]),
        text(),
        text(),
        text(),
    );
    let start_us = prop_oneof![-3 * DAY_US..3 * DAY_US, any::<i64>().prop_map(|time| time / 4)];
    let events_of_a_player = (start_us, prop::collection::vec(row, 0..24));
    prop::collection::vec(events_of_a_player, PLAYERS.len()).prop_map(|players| {
        let mut rows = Vec::new();
        for (&player_id, (start_us, events)) in PLAYERS.iter().zip(players) {
            let mut time_us = start_us;
            for (pause_us, guild, level, race, class, zone) in events {
                time_us += pause_us;
                rows.push(Row { player_id, time_us, guild, level, race, class, zone });
            }
        }
        rows
    })
}

/// Scans rows in batches of the given length.
pub(crate) fn scan(
    rows: &[Row],
    batch_rows: usize,
    params: Params,
    guild_kind: NumberKind,
) -> Result<Partial, Error> {
    Ok(scanned(Scanner::new(params, guild_kind), rows, batch_rows, guild_kind)?.finish())
}

/// The same, with what answers other parameters.
pub(crate) fn scan_and_keep(
    rows: &[Row],
    batch_rows: usize,
    params: Params,
    guild_kind: NumberKind,
) -> Result<(Partial, Kept), Error> {
    let scanner = Scanner::new(params, guild_kind).keeping();
    let (partial, kept) = scanned(scanner, rows, batch_rows, guild_kind)?.finish_and_keep();
    Ok((partial, kept.unwrap()))
}

fn scanned(
    mut scanner: Scanner,
    rows: &[Row],
    batch_rows: usize,
    guild_kind: NumberKind,
) -> Result<Scanner, Error> {
    for batch in rows.chunks(batch_rows.max(1)) {
        let events = events(batch, guild_kind, &mut scanner);
        scanner.push(&events)?;
    }
    Ok(scanner)
}

fn events(rows: &[Row], guild_kind: NumberKind, scanner: &mut Scanner) -> Events {
    let guild = |row: &Row| {
        row.guild.map(|guild| match guild_kind {
            NumberKind::Integer => guild,
            NumberKind::Float => float_to_key(guild as f64 / 2.0),
        })
    };
    let strings = scanner.strings_mut();
    let code = |dictionary: &mut Dictionary, text: Option<&str>| {
        text.map_or(NULL_CODE, |text| dictionary.code(text))
    };
    Events {
        player_id: rows.iter().map(|row| row.player_id).collect(),
        time_us: rows.iter().map(|row| Micros::new(row.time_us).unwrap()).collect(),
        guild: rows.iter().map(guild).collect(),
        level: rows.iter().map(|row| row.level).collect(),
        race: rows.iter().map(|row| code(&mut strings.race, row.race)).collect(),
        class: rows.iter().map(|row| code(&mut strings.class, row.class)).collect(),
        zone: rows.iter().map(|row| code(&mut strings.zone, row.zone)).collect(),
        rejected: Rejected { null_player_id: 1, null_datetime: 2 },
        ..Events::default()
    }
}

/// All that a report says, with texts in the place of their codes, which may differ between equal reports.
pub(crate) fn told(report: &Report) -> String {
    let text = |dictionary: &Dictionary, code: u32| format!("{:?}", dictionary.get(code));
    let mut told: Vec<String> = Vec::new();
    for index in 0..report.players.len() {
        let mut row = report.players.row(index).unwrap();
        let class = text(&report.strings.class, row.class);
        let race = text(&report.strings.race, row.race);
        (row.class, row.race) = (0, 0);
        let churned = report.churned(index, &report.params);
        told.push(format!("{row:?} {class} {race} {:?} {churned}", report.guild_text(index)));
    }
    let activity = &report.activity;
    let zones: BTreeMap<String, [u64; 2]> = (0..)
        .zip(&activity.zones)
        .filter(|(_, events)| **events != [0, 0])
        .map(|(code, events)| (text(&report.strings.zone, code), *events))
        .collect();
    let days: Vec<_> = activity.days.iter().collect();
    told.push(format!("{zones:?} {:?} {days:?} {:?}", activity.no_zone, activity.hours));
    let sessions = &report.sessions;
    let durations: Vec<_> = sessions.durations.iter().collect();
    let events: Vec<_> = sessions.events.iter().collect();
    let gaps: Vec<_> =
        Minutes::each(COUNTED_GAPS_MINUTES).map(|minutes| sessions.with_gap(minutes)).collect();
    told.push(format!("{durations:?} {events:?} {gaps:?}"));
    told.push(format!("{:?} {:?} {:?}", report.rows, report.as_of_day, report.level_out_of_range));
    told.push(format!("{:?} {:?} {:?}", report.first_us, report.last_us, report.totals(&report.params)));
    told.join("\n")
}
