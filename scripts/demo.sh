#!/usr/bin/env bash
# A dev export if there is none, the command with the site in it, and both served. PORT chooses the port.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/dev-export.sh

say "Serving until Ctrl-C"
exec "$wow" serve ${PORT:+--port "$PORT"}
