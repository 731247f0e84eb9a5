#!/usr/bin/env bash
# Measures what BENCHMARKS.md tells, and writes it there. SCALE=0.1 is a quick trial that writes nothing; HUGE=1
# adds ten times the full size, which takes 20 GB of disk. Logs are kept in the cache folder and used again.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -f dist/index.html ] || die "there is no site to measure: run make site first"
build_wow --quiet

say "The engine's steps"
cargo bench --locked --quiet -p wow-engine --bench pipeline

say "What is our own beside the crates that could take its place"
cargo bench --locked --quiet -p wow-engine --bench beside_crates
cargo bench --locked --quiet -p wow-charts --bench beside_crates
cargo build --release --locked --quiet -p wow-engine --example aggregates

export AGGREGATES="$CARGO_TARGET_DIR/release/examples/aggregates"
export WOW="$wow" DBT_PYTHON="$dbt_python" PLAYWRIGHT_BROWSERS_PATH="$wow_cache/browsers"
export BENCH_DATA="${BENCH_DATA:-$wow_cache/bench}"
# Without an installed browser the runner takes its own.
CHROME=$(find_chrome) || CHROME=""
export CHROME
exec node tests/e2e/bench/main.mjs
