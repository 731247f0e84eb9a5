//! What a step of a limit costs, with as many players as the full log has and with a million.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use wow_engine::Params;
use wow_engine::pipeline::{Partial, Report};
use wow_engine::schema::NumberKind;
use wow_engine::time::{Micros, Minutes};
use wow_view::bots::{Column, Limit, Line, Order, Standing};
use wow_view::filter::BotChoice;
use wow_view::players::{self, Selection};

/// As many players as the full log has, and a million.
const PLAYERS: [u32; 2] = [91_064, 1_000_000];

/// Made-up players whose sessions spread as those of the log do, over four powers of ten.
fn report(count: u32) -> Report {
    let mut report = Partial::empty(Params::default(), NumberKind::Integer).finish();
    let players = Arc::make_mut(&mut report.players);
    let mut random = 1_u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for id in 0..count {
        let longest = (f64::from(next(10_000) as u32) / 1_250.0).exp() as u32;
        let sessions = 1 + next(400);
        let sum = u64::from(longest) + next(u64::from(longest / 2 + 1)) * (sessions - 1);
        let last_us =
            Micros::new(1_167_609_600_000_000 + next(60_000_000_000_000) as i64).unwrap_or_default();
        players.player_id.push(id.into());
        players.events.push(sessions + next(2_000));
        players.sessions.push(sessions);
        players.duration_sum_minutes.push(Minutes::new(sum as i64).unwrap_or_default());
        players.duration_median_twice_minutes.push(longest.into());
        players.duration_max_minutes.push(Minutes::of(longest));
        players.duration_min_minutes.push(Minutes::default());
        players.events_max.push(1);
        players.longest_start_us.push(last_us);
        players.longest_end_us.push(last_us);
        players.longest_events.push(1);
        players.first_us.push(last_us);
        players.last_us.push(last_us);
        players.days_active.push(1);
        players.zones.push(1);
        players.class.push(0);
        players.race.push(0);
        players.guild.push(next(512) as i64);
        players.has_guild.push(true);
        players.level_min.push(1);
        players.level_max.push(1 + next(80) as i64);
        players.level_avg.push(f64::from(next(8_000) as u32) / 100.0);
        players.level_count.push(1);
    }
    report
}

fn steps(criterion: &mut Criterion) {
    for count in PLAYERS {
        let report = report(count);
        let (table, params) = (&report.players, Params::default());
        let mut group = criterion.benchmark_group(format!("{count} players"));
        group.sample_size(20);
        group.bench_function("totals, a pass over all", |bencher| {
            bencher.iter(|| black_box(&report).totals(black_box(&params)));
        });
        group.bench_function("lined up", |bencher| bencher.iter(|| Standing::new(black_box(table))));
        let standing = Standing::new(table);
        for (name, longest, average) in
            [("the usual limits", 720, 360), ("none flagged by the longest", 2_880, 0)]
        {
            let mut params = params;
            Limit::Longest.set(&mut params, Minutes::of(longest));
            Limit::Average.set(&mut params, Minutes::of(average));
            group.bench_function(format!("tally, {name}"), |bencher| {
                bencher.iter(|| standing.tally(black_box(table), black_box(&params)));
            });
        }
        for limit in [Limit::Longest, Limit::Average] {
            group.bench_function(format!("curve over the {}", limit.name()), |bencher| {
                bencher.iter(|| standing.curve(black_box(table), limit, black_box(&params)));
            });
        }
        let line = Line::new(table, Order::default());
        group.bench_function("the first flagged players", |bencher| {
            bencher.iter(|| line.flagged_at(black_box(table), black_box(&params), 0..40));
        });
        let over = Line::new(table, Order { column: Column::LongestOver, is_descending: true });
        group.bench_function("the first flagged players, by how far", |bencher| {
            bencher.iter(|| over.flagged_at(black_box(table), black_box(&params), 0..40));
        });
        for column in ["total_events", "avg_session_duration_minutes", "avg_level", "last_activity_date"] {
            let mut selection = Selection::default();
            selection.sort_by(column);
            group.bench_function(format!("players by {column}"), |bencher| {
                let rows = |selection: Selection| players::rows(&report, &params, BotChoice::In, &selection);
                bencher.iter_batched(|| selection.clone(), rows, BatchSize::SmallInput);
            });
        }
        let search = Selection { search: "12".to_owned(), ..Selection::default() };
        group.bench_function("players found by id", |bencher| {
            bencher.iter(|| players::rows(&report, &params, BotChoice::In, black_box(&search)));
        });
        group.finish();
    }
}

criterion_group!(benches, steps);
criterion_main!(benches);
