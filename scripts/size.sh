#!/usr/bin/env bash
# Prints what is in the code of the site, what it weighs and what of it is fetched when; fails where a file of it is over its
# budget, which is a line in size-budget.txt.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
wasm trunk build --release --locked --dist "$built/names"
cargo run --release --locked --quiet -p wow-site -- "$built/names" "$built/site" --data "$built/no-exports"
cargo run --release --locked --quiet -p wow-site --bin wow-size -- "$built/names" "$built/site" scripts/size-budget.txt
