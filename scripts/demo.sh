#!/usr/bin/env bash
# A dev database if there is none, its export, the site in release mode, and a server for it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

manifest=public/data/dev/manifest.json

# The dev database as wow.toml names it, else the default.
dev_database() {
    local named=""
    if [ -f wow.toml ]; then
        named=$(awk -F"[\"']" '/^\[/ { dev = /^\[dev\]/ } dev && /^database/ { print $2; exit }' wow.toml)
    fi
    echo "${named:-wow_test.duckdb}"
}

# The first port from $PORT (8080) on that nothing listens on.
free_port() {
    local port=${PORT:-8080}
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

say "Building the command wow"
cargo build --release --locked -p wow-cli

database=$(dev_database)
if [ ! -f "$database" ]; then
    say "Writing a synthetic log to $database"
    "$wow" generate --target dev
fi
if [ ! -f "$manifest" ] || [ "$manifest" -ot "$database" ]; then
    say "Exporting $database"
    "$wow" export --target dev
fi

port=$(free_port)
say "Building the site; then it is at http://127.0.0.1:$port/ until Ctrl-C"
wasm trunk serve --release --locked --port "$port"
