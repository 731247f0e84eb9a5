//! The engine's steps, each on the same two million events in memory, in events per second.
//!
//! `cargo bench --bench pipeline` runs all, `cargo bench --bench pipeline -- decode` one. Names are kept as they are, so
//! that criterion compares a run with the one before.

#![allow(missing_docs, clippy::unwrap_used)]

mod log;
#[path = "../rows/mod.rs"]
mod rows;

use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use wow_engine::Params;
use wow_engine::pipeline::events::Events;
use wow_engine::pipeline::{Digest, Partial, Query, Scanner, Step, Strings, Walk};
use wow_engine::read;
use wow_engine::schema::NumberKind;
use wow_engine::time::Minutes;

use crate::log::Log;

/// How many stretches are merged: a part of an export each, at full scale and more.
const STRETCHES: usize = 16;

fn pipeline(criterion: &mut Criterion) {
    let log = Log::new();
    let mut group = criterion.benchmark_group("pipeline");
    group.throughput(Throughput::Elements(log.rows));
    group.sample_size(20);

    group.bench_function("decode", |bencher| bencher.iter(|| decode(&log)));
    group.bench_function("sessions", |bencher| bencher.iter(|| sessions(&log.batches)));
    group.bench_function("stats", |bencher| bencher.iter(|| stats(&log)));
    group.bench_function("stats, kept for other parameters", |bencher| {
        bencher.iter(|| {
            let scanner = Scanner::new(Params::default(), NumberKind::Integer).keeping();
            stats_of(&log, scanner).finish_and_keep()
        });
    });
    let partials = log.partials(STRETCHES);
    group.bench_function("merge", |bencher| {
        bencher.iter_batched(|| partials.clone(), merge, BatchSize::LargeInput);
    });
    let report = stats(&log).finish();
    let mut limit_minutes = 0;
    group.bench_function("aggregates", |bencher| {
        bencher.iter(|| {
            limit_minutes = (limit_minutes + 15) % 1_440;
            report
                .totals(&Params { bot_max_session_minutes: Minutes::of(limit_minutes), ..Params::default() })
        });
    });
    let mut digest = Digest::default();
    let keeping = stats_of(&log, Scanner::new(Params::default(), NumberKind::Integer).keeping());
    digest.insert(0, keeping.finish_and_keep().1.unwrap());
    // Far from the gap before, so that nearly all players' sessions change.
    let mut gaps_minutes = [12, 180, 60, 20].map(Minutes::of).into_iter().cycle();
    group.bench_function("another gap", |bencher| {
        bencher.iter(|| {
            let session_gap_minutes = gaps_minutes.next().unwrap();
            let query = Query::from(Params { session_gap_minutes, ..Params::default() });
            digest.recount(&query, Minutes::of(30)).unwrap()
        });
    });
    group.bench_function("another limit", |bencher| {
        bencher.iter(|| {
            limit_minutes = (limit_minutes + 15) % 1_440;
            let bot_max_session_minutes = Minutes::of(limit_minutes);
            let query = Query::from(Params { bot_max_session_minutes, ..Params::default() });
            digest.recount(&query, Minutes::of(30)).unwrap()
        });
    });
    // All steps at once, as a worker runs them on a part.
    group.bench_function("scan", |bencher| {
        bencher.iter(|| {
            let scanned = read::scan(&log.file, None, Params::default(), &mut |_| ControlFlow::Continue(()));
            scanned.unwrap().finish()
        });
    });
    group.finish();
}

/// Bytes to columns.
fn decode(log: &Log) -> u64 {
    let mut strings = Strings::default();
    let mut reader = log.file.events(None);
    let mut rows = 0;
    while let Some(events) = reader.next(&mut strings).unwrap() {
        rows += black_box(events).len() as u64;
    }
    rows
}

/// Columns to the columns of the first model, which are summed so that each is needed.
fn sessions(batches: &[Events]) -> i64 {
    let gap_minutes = Params::default().session_gap_minutes;
    let (mut walk, mut sum) = (None, 0_i64);
    for events in batches {
        for (id, rows) in events.player_id.iter() {
            let walk = Walk::enter(&mut walk, id, gap_minutes).unwrap();
            let add = |step: Step| {
                sum += step.minutes_since_last_event.unwrap_or_default().get()
                    + step.session_number.cast_signed();
            };
            walk.extend(&events.time_us[rows], add).unwrap();
        }
    }
    sum
}

/// Columns to players and counts over days, hours and zones.
fn stats(log: &Log) -> Partial {
    stats_of(log, Scanner::new(Params::default(), NumberKind::Integer)).finish()
}

fn stats_of(log: &Log, mut scanner: Scanner) -> Scanner {
    *scanner.strings_mut() = log.strings.clone();
    for events in &log.batches {
        scanner.push(events).unwrap();
    }
    scanner
}

fn merge(partials: Vec<Partial>) -> Partial {
    partials.into_iter().reduce(|merged, next| merged.merge(next).unwrap()).unwrap()
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
