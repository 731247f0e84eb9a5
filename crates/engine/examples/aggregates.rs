//! All that the page shows of an export, computed on some threads as often as is asked for: prints the answer and what
//! each time took as JSON, for `make bench` to set beside other engines.
//!
//! `cargo run --release --example aggregates -- FOLDER THREADS TIMES [PARTS]`; the first parts alone where PARTS says so.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Display;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bytes::Bytes;
use serde_json::json;
use wow_engine::Params;
use wow_engine::manifest::Manifest;
use wow_engine::pipeline::{Activity, BOT, HUMAN, Partial, Report};
use wow_engine::read::{self, EventFile};
use wow_engine::time::Minutes;

fn main() -> Result<(), &'static str> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, threads, times, parts @ ..] = &arguments[..] else {
        return Err("usage: aggregates FOLDER THREADS TIMES [PARTS]");
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
    Ok(())
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

/// What the peers must find too, a line each: what is counted, which of it, of bots or of the others, and how much.
fn answer(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    let mut tell = |what: &str, key: &dyn Display, counts: [u64; 2]| {
        for (group, count) in counts.into_iter().enumerate().filter(|(_, count)| *count != 0) {
            lines.push(format!("{what} {key} {group} {count}"));
        }
    };
    let Activity { days, hours, zones, .. } = &report.activity;
    days.iter().for_each(|(day, counts)| tell("day", &day.get(), counts));
    (0..hours[HUMAN].len()).for_each(|hour| tell("hour", &hour, [hours[HUMAN][hour], hours[BOT][hour]]));
    report.strings.zone.texts().iter().zip(zones).for_each(|(zone, counts)| tell("zone", zone, *counts));
    report.sessions.durations.iter().for_each(|(minutes, counts)| tell("minutes", &minutes.get(), counts));
    report.sessions.events.iter().for_each(|(events, counts)| tell("events", &events, counts));
    for gap in 5..=180 {
        tell("gap", &gap, report.sessions.with_gap(Minutes::of(gap)).unwrap());
    }
    let players = &report.players;
    let kinds =
        [("class", &players.class, &report.strings.class), ("race", &players.race, &report.strings.race)];
    for (what, codes, names) in kinds {
        for (code, name) in (0..).zip(names.texts()) {
            tell(what, name, sum(report, |index| u64::from(codes[index] == code)));
        }
    }
    for (key, value) in columns(report) {
        tell("sum", &key, sum(report, value));
    }
    lines
}

type Column<'a> = Box<dyn Fn(usize) -> u64 + 'a>;

/// What is summed over players.
fn columns(report: &Report) -> Vec<(&'static str, Column<'_>)> {
    let players = &report.players;
    vec![
        ("players", Box::new(|_| 1)),
        ("churned", Box::new(|index| u64::from(report.churned(index, &report.params)))),
        ("sessions", Box::new(|index| players.sessions[index])),
        ("events", Box::new(|index| players.events[index])),
        ("minutes", Box::new(|index| players.duration_sum_minutes[index].get().cast_unsigned())),
        (
            "minutes_median_twice",
            Box::new(|index| players.duration_median_twice_minutes[index].cast_unsigned()),
        ),
        ("minutes_max", Box::new(|index| players.duration_max_minutes[index].get().cast_unsigned())),
        ("minutes_min", Box::new(|index| players.duration_min_minutes[index].get().cast_unsigned())),
        ("events_max", Box::new(|index| players.events_max[index])),
        ("days_active", Box::new(|index| players.days_active[index])),
        ("zones", Box::new(|index| players.zones[index])),
        ("level_min", Box::new(|index| players.level_min[index].cast_unsigned())),
        ("level_max", Box::new(|index| players.level_max[index].cast_unsigned())),
        // The guild of -1 stands for none.
        ("guild", Box::new(|index| players.guild[index].max(0).cast_unsigned())),
    ]
}

/// A number of each player, summed over bots and over the others.
fn sum(report: &Report, value: impl Fn(usize) -> u64) -> [u64; 2] {
    let mut sums = [0; 2];
    for index in 0..report.players.len() {
        sums[usize::from(report.verdict(index, &report.params).is_bot())] += value(index);
    }
    sums
}
