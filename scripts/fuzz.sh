#!/usr/bin/env bash
# Runs fuzz targets, each for a bounded time: fuzz.sh [SECONDS] [TARGET…], every target for a minute unless told otherwise.
# What a target tried stays in the cache folder, so that its next run goes on from there. A find ends a target's run.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

seconds=60
if [[ "${1:-}" =~ ^[0-9]+$ ]]; then
    seconds=$1
    shift
fi

# Optimised and without debug assertions, as what is shipped; overflows are checked there too.
cargo_fuzz() {
    cargo +nightly fuzz "$1" --fuzz-dir fuzz --target-dir "$wow_cache/target-fuzz" --release "${@:2}"
}

# A page may hold 64 MB, and no input justifies that several times over.
fuzz() {
    local corpus="$wow_cache/fuzz/corpus/$1"
    mkdir -p "$corpus"
    cargo_fuzz run "$1" "$corpus" "$wow_cache/fuzz/seeds/$1" -- -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=2048 -malloc_limit_mb=512 -print_final_stats=1
}

[ $# -gt 0 ] || set -- $(cargo fuzz list --fuzz-dir fuzz)
say "Building the fuzz targets"
cargo run --release --locked --quiet -p wow-fuzzing --example seeds -- "$wow_cache/fuzz/seeds"
cargo_fuzz build

found=""
for target; do
    say "$target, for $seconds s"
    log="$wow_cache/fuzz/$target.log"
    if fuzz "$target" >"$log" 2>&1; then
        grep -o 'cov: [0-9]*' "$log" | tail -n 1
        sed -n 's/^stat::number_of_executed_units: */runs: /p' "$log"
    else
        tail -n 60 "$log"
        found="$found $target"
    fi
done
[ -z "$found" ] || die "found something in$found; the input lies in fuzz/artifacts. Make it small with \
'cargo +nightly fuzz tmin', keep it in crates/fuzzing/finds, and mend what it shows"
