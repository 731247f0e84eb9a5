#!/usr/bin/env bash
# A dev export if there is none, the site in release mode, and a server for it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The first port from $PORT (8080) on that nothing listens on.
free_port() {
    local port=${PORT:-8080}
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

scripts/dev-export.sh

port=$(free_port)
say "Building the site; then it is at http://127.0.0.1:$port/ until Ctrl-C"
wasm trunk serve --release --locked --port "$port"
