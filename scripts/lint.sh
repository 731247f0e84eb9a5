#!/usr/bin/env bash
# Formats, types and lints; a warning is an error.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cargo fmt --all --check
npm --prefix tests/e2e run --silent check
cargo clippy --release --locked --workspace $wow_features --all-targets -- -D warnings
# In the site's own profile, so that the macros it is built with are compiled once for both. The name with a
# dash is the toolchain's own program: cargo would look in the user's folder first.
wasm cargo-clippy clippy --profile web --locked --target wasm32-unknown-unknown --lib --bins --features page,worker -- -D warnings
