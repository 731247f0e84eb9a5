//! All that the page shows of an export, computed on some threads as often as is asked for: prints the answer and what
//! each time took as JSON, for `make bench` to set beside other engines.
//!
//! `cargo run --release --example aggregates -- FOLDER THREADS TIMES [PARTS]`; the first parts alone where PARTS says so.

#![allow(missing_docs, clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bytes::Bytes;
use serde_json::{Value, json};
use wow_engine::Params;
use wow_engine::manifest::Manifest;
use wow_engine::pipeline::{
    BOT, Dictionary, GroupCounts, HUMAN, NULL_CODE, Number, Partial, Report,
};
use wow_engine::read::{self, EventFile};
use wow_engine::time::Minutes;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, threads, times, parts @ ..] = &arguments[..] else {
        panic!("usage: aggregates FOLDER THREADS TIMES [PARTS]");
    };
    let parts = parts.first().map_or(usize::MAX, |parts| parts.parse().unwrap());
    let files = files(Path::new(folder), parts);
    let mut seconds = Vec::new();
    let mut report = None;
    for _ in 0..times.parse().unwrap() {
        let started = Instant::now();
        report = Some(scan(&files, threads.parse().unwrap()));
        seconds.push(started.elapsed().as_secs_f64());
    }
    println!("{}", json!({ "seconds": seconds, "answer": report.as_ref().map(answer) }));
}

/// The first parts of an export, in order.
fn files(folder: &Path, parts: usize) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    let manifest: Manifest = serde_json::from_str(&text).unwrap();
    manifest.parts.iter().take(parts).map(|part| folder.join(&part.file)).collect()
}

/// Reads and scans the files, each by whichever thread is free, and merges what was found in their order.
fn scan(files: &[PathBuf], threads: usize) -> Report {
    let next = AtomicUsize::new(0);
    let work_off = || {
        let mut found = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            found.push((file, scan_file(file)));
        }
        found
    };
    let mut found: Vec<(&PathBuf, Partial)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work_off)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    found.sort_by_key(|(file, _)| files.iter().position(|path| path == *file));
    let partials = found.into_iter().map(|(_, partial)| partial);
    partials.reduce(|merged, next| merged.merge(next).unwrap()).unwrap().finish()
}

fn scan_file(file: &Path) -> Partial {
    let file = EventFile::open(Bytes::from(std::fs::read(file).unwrap())).unwrap();
    read::scan(&file, None, Params::default(), &mut |_| ControlFlow::Continue(())).unwrap()
}

/// What the peers must find too: the figures, all counts, and sums of the columns of players.
fn answer(report: &Report) -> Value {
    let totals = report.totals(&report.params);
    let players = &report.players;
    let with_gap = |gap: u32| {
        let counts = report.sessions.with_gap(Minutes::of(gap));
        counts.map(|[human, bot]| json!([gap, human, bot]))
    };
    let hours = report.activity.hours[HUMAN].iter().zip(&report.activity.hours[BOT]);
    json!({
        "events": totals.events,
        "players": totals.players,
        "sessions": totals.sessions,
        "flagged": totals.bots,
        "kept_events": totals.kept_events(),
        "churned": totals.churned,
        "days": counts(&report.activity.days),
        "hours": hours.zip(0..).map(|((human, bot), hour)| json!([hour, human, bot])).collect::<Vec<_>>(),
        "zones": zones(report),
        "durations": counts(&report.sessions.durations),
        "session_events": counts(&report.sessions.events),
        "gaps": (5..=180).map(with_gap).collect::<Vec<_>>(),
        "classes": kinds(report, &players.class, &report.strings.class),
        "races": kinds(report, &players.race, &report.strings.race),
        "player_sums": {
            "events_max": players.events_max.iter().sum::<u64>(),
            "median_twice": players.duration_median_twice_minutes.iter().sum::<i64>(),
            "minutes": players.duration_sum_minutes.iter().map(|minutes| minutes.get()).sum::<i64>(),
            "minutes_max": players.duration_max_minutes.iter().map(|minutes| minutes.get()).sum::<i64>(),
            "minutes_min": players.duration_min_minutes.iter().map(|minutes| minutes.get()).sum::<i64>(),
            "days_active": players.days_active.iter().sum::<u64>(),
            "zones": players.zones.iter().sum::<u64>(),
            "level_min": players.level_min.iter().sum::<i64>(),
            "level_max": players.level_max.iter().sum::<i64>(),
            "guild": players.guild.iter().sum::<i64>(),
        },
    })
}

fn counts<N: Number>(counts: &GroupCounts<N>) -> Vec<Value> {
    counts.iter().map(|(number, [human, bot])| json!([number.into(), human, bot])).collect()
}

/// Events by the name of the zone.
fn zones(report: &Report) -> Vec<Value> {
    let mut zones: Vec<_> = report.strings.zone.texts().iter().zip(&report.activity.zones).collect();
    zones.retain(|(_, counts)| **counts != [0, 0]);
    zones.sort_unstable();
    zones.into_iter().map(|(name, [human, bot])| json!([name, human, bot])).collect()
}

/// Players by what their most recent event says, by its name.
fn kinds(report: &Report, codes: &[u32], names: &Dictionary) -> Vec<Value> {
    let mut counts = std::collections::BTreeMap::<&str, [u64; 2]>::new();
    for (index, &code) in codes.iter().enumerate().filter(|(_, code)| **code != NULL_CODE) {
        let group = usize::from(report.players.verdict(index, &report.params).is_bot());
        counts.entry(names.get(code).unwrap()).or_default()[group] += 1;
    }
    counts.into_iter().map(|(name, [human, bot])| json!([name, human, bot])).collect()
}
