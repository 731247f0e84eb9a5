#!/usr/bin/env bash
# A dev database if there is none, and its export.
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

say "Building the site, and the command wow with it"
build_wow
# A copy, for building the tests overwrites the one that was built.
mkdir -p "$wow_tools/bin"
install -m 755 "$wow" "$wow_tools/bin/wow"

database=$(dev_database)
if [ ! -f "$database" ]; then
    say "Writing a synthetic log to $database"
    "$wow" generate --target dev
fi
if [ ! -f "$manifest" ] || [ "$manifest" -ot "$database" ]; then
    say "Exporting $database"
    "$wow" export --target dev
fi
