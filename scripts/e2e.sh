#!/usr/bin/env bash
# The browser tests against dist/, as it was built last. Arguments go to the runner: e2e.sh specs/figures.spec.ts
# CPU_SLOWDOWN=6 runs them as on a processor six times as slow, which finds tests that wait for too little.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -f dist/index.html ] || die "there is no site to test: run make site first"
[ -n "${WOW:-}" ] || build_wow --quiet

export WOW="${WOW:-$wow}" DBT_PYTHON="$dbt_python" PLAYWRIGHT_BROWSERS_PATH="$wow_cache/browsers"
# Without an installed browser the runner takes its own.
CHROME=$(find_chrome) || CHROME=""
export CHROME
cd tests/e2e
exec node_modules/.bin/playwright test "$@"
