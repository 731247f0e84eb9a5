//! Any bytes as a part of an export or a dropped file, once it opens.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use wow_engine::pipeline::{History, PlayerRow, Report, Scanner};
use wow_engine::read::{
    EventFile, Gatherer, Pack, Shares, SortedEvents, player_history, scan, scan_and_hold,
};
use wow_engine::time::{DAY_US, MINUTE_US};
use wow_engine::{Error, Params, Query};

use crate::reference::{Row, Rows, by_arrow, by_engine};
use crate::seeds::go_on;

/// Few bytes may hold very many rows where all of them are alike; to look at each of them would show no more.
const MOST_ROWS: u64 = 100_000;
const SHARES: usize = 3;

/// A file is refused, or every way to read it gives what its rows are by the Arrow reader and a plain count of them:
/// scanned as it is, with its times held, put in order, and player by player.
pub fn parts(bytes: &[u8]) {
    let bytes = Bytes::copy_from_slice(bytes);
    let Ok(file) = EventFile::open(bytes.clone()) else { return };
    if file.rows() > MOST_ROWS {
        return;
    }
    let scanned = scan(&file, None, Params::default(), &mut |_| go_on());
    let sorted = gathered(&file).and_then(Gatherer::sorted);
    let Ok(rows) = by_engine(&file) else {
        assert!(scanned.is_err(), "rows that are refused are scanned");
        assert!(sorted.is_err(), "rows that are refused are sorted");
        return;
    };
    if let Some(theirs) = by_arrow(&bytes) {
        assert_eq!(rows, theirs);
    }
    let is_ordered = rows.events.is_sorted_by_key(|row| (row.player_id, row.time_us));
    let players = players(&rows);
    match scanned {
        Ok(partial) => {
            assert!(is_ordered, "unordered rows are scanned");
            agree(&partial.finish(), &rows, &players);
            agree_when_held(file.clone(), &rows, &players);
            for (id, events) in ends(&players) {
                let history = player_history(&file, None, &Query::default(), id);
                agree_on_player(&history.expect("a player of a file that is scanned is refused"), events);
            }
        }
        Err(error) => assert!(!is_ordered, "ordered rows are refused: {error}"),
    }
    let sorted = sorted.expect("rows that are read are not sorted");
    agree_when_sorted(&file, &sorted, &rows, &players);
}

/// A second scan, of the times that a first one left.
fn agree_when_held(mut file: EventFile, rows: &Rows, players: &Players<'_>) {
    for _ in 0..2 {
        let scanner = Scanner::new(Params::default(), file.guild_kind());
        let scanner = scan_and_hold(&mut file, scanner, &mut |_| go_on());
        agree(
            &scanner.expect("a file that is scanned is refused when its times are held").finish().finish(),
            rows,
            players,
        );
    }
}

fn gathered(file: &EventFile) -> Result<Gatherer, Error> {
    let mut gatherer = Gatherer::default();
    gatherer.take(file, &mut |_| go_on())?;
    Ok(gatherer)
}

/// The shares, as those who gathered hand them on.
fn in_shares(file: &EventFile) -> Result<Vec<SortedEvents>, Error> {
    let gatherer = gathered(file)?;
    let shares = Shares::cut([gatherer.players()], SHARES)?;
    let packs = gatherer.share_out(&shares)?.into_iter();
    packs.map(|pack| SortedEvents::of(vec![Pack::from_bytes(&pack.into_bytes()?)?])).collect()
}

fn agree_when_sorted(file: &EventFile, sorted: &SortedEvents, rows: &Rows, players: &Players<'_>) {
    for (id, events) in ends(players) {
        let history = sorted.player_history(&Query::default(), id);
        agree_on_player(&history.expect("sorted events are out of order"), events);
    }
    let shares = in_shares(file).expect("rows that are sorted are not shared out");
    let shares = shares.iter().map(|share| share.scan(Params::default(), &mut |_| go_on()));
    let whole = shares.reduce(|all, next| all?.merge(next?)).expect("there are shares");
    agree(&whole.expect("rows that are read are not sorted in shares").finish(), rows, players);
}

/// Each player's events in order of time.
type Players<'a> = BTreeMap<i64, Vec<&'a Row>>;

fn players(rows: &Rows) -> Players<'_> {
    let mut players = Players::new();
    for row in &rows.events {
        players.entry(row.player_id).or_default().push(row);
    }
    for events in players.values_mut() {
        events.sort_by_key(|row| row.time_us);
    }
    players
}

/// The first and the last player.
fn ends<'a, 'b>(players: &'b Players<'a>) -> impl Iterator<Item = (i64, &'b [&'a Row])> {
    let ends = players.first_key_value().into_iter().chain(players.last_key_value());
    ends.map(|(id, events)| (*id, events.as_slice()))
}

/// The sessions of a player: the times of each.
fn sessions<'a>(events: &'a [&Row]) -> Vec<&'a [&'a Row]> {
    let gap_minutes = Params::default().session_gap_minutes.get();
    events.chunk_by(|a, b| minutes_between(a, b) <= gap_minutes).collect()
}

/// Minute boundaries crossed.
const fn minutes_between(a: &Row, b: &Row) -> i64 {
    b.time_us.get().div_euclid(MINUTE_US) - a.time_us.get().div_euclid(MINUTE_US)
}

fn agree(report: &Report, rows: &Rows, players: &Players<'_>) {
    assert_eq!((report.rows, report.rejected), (rows.events.len() as u64, rows.rejected));
    let ids: Vec<i64> = players.keys().copied().collect();
    assert_eq!(*report.players.player_id, ids);
    for (index, events) in players.values().enumerate() {
        agree_on_row(&report.players.row(index).expect("a column is too short"), events);
    }
    let text = |code| report.strings.class.get(code).map(str::to_owned);
    for (class, events) in report.players.class.iter().zip(players.values()) {
        let last_us = events.last().map(|row| row.time_us);
        let latest = events.iter().filter(|row| Some(row.time_us) == last_us);
        assert_eq!(text(*class), latest.map(|row| row.texts[1].clone()).max().flatten());
    }
}

fn agree_on_row(row: &PlayerRow, events: &[&Row]) {
    let sessions = sessions(events);
    let span = |session: &&[&Row]| match session {
        [first, .., last] => minutes_between(first, last),
        _ => 0,
    };
    let minutes: Vec<i64> = sessions.iter().map(span).collect();
    let days: BTreeSet<i64> = events.iter().map(|row| row.time_us.get().div_euclid(DAY_US)).collect();
    let zones: BTreeSet<&String> = events.iter().filter_map(|row| row.texts[2].as_ref()).collect();
    let levels: Vec<i64> = events.iter().filter_map(|row| row.level).collect();
    let counts = [events.len(), sessions.len(), days.len(), zones.len(), levels.len()];
    let said = [row.events, row.sessions, row.days_active, row.zones, row.level_count];
    assert_eq!(said, counts.map(|count| count as u64));
    assert_eq!(row.duration_sum_minutes.get(), minutes.iter().sum::<i64>());
    assert_eq!(Some(row.duration_max_minutes.get()), minutes.iter().copied().max());
    assert_eq!(Some(row.duration_min_minutes.get()), minutes.iter().copied().min());
    assert_eq!(Some(row.first_us), events.first().map(|row| row.time_us));
    assert_eq!(Some(row.last_us), events.last().map(|row| row.time_us));
    let ends = (levels.iter().copied().min(), levels.iter().copied().max());
    assert_eq!((row.level_min, row.level_max), (ends.0.unwrap_or(0), ends.1.unwrap_or(0)));
}

fn agree_on_player(history: &History, events: &[&Row]) {
    let said: Vec<_> = history.sessions.iter().map(|s| (s.start_us, s.end_us, s.events)).collect();
    let known = sessions(events).into_iter().filter_map(|session| {
        Some((session.first()?.time_us, session.last()?.time_us, session.len() as u64))
    });
    assert_eq!(said, known.collect::<Vec<_>>());
    let zoneless = events.iter().filter(|row| row.texts[2].is_none()).count();
    assert_eq!(history.no_zone, zoneless as u64);
}
