//! What the engine does itself beside the parquet crate doing the same: the same input in the same run, and the results are
//! compared before anything is timed. Bytes are printed where they differ.
//!
//! `cargo bench --bench beside_crates` runs all in less than a minute.

#![allow(missing_docs, clippy::unwrap_used)]

mod column;
mod decoding;
mod encoding;
#[path = "../rows/mod.rs"]
mod rows;

// The decoders, which the engine keeps to itself. What else is in their files is not used here.
#[allow(unused)]
#[path = "../../src/read/bits.rs"]
mod bits;
#[allow(unused)]
#[path = "../../src/read/delta.rs"]
mod delta;
#[allow(unused)]
#[path = "../../src/read/hybrid.rs"]
mod hybrid;

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use wow_engine::Error;

/// Half a million events.
const SCALE: f64 = 0.014;
const SEED: u64 = 42;

fn beside_crates(criterion: &mut Criterion) {
    let rows = rows::sorted(SCALE, SEED);
    decoding::times(criterion, &rows);
    decoding::codes(criterion, &rows);
    encoding::times(criterion, &rows);
    encoding::guilds(criterion, &rows);
    encoding::flags(criterion, &rows);
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_200))
}

criterion_group! {
    name = benches;
    config = quick();
    targets = beside_crates
}
criterion_main!(benches);
