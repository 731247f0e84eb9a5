#!/usr/bin/env bash
# The browser tests against dist/, as it was built last: all in Chromium, the main ones in Firefox and WebKit too.
# Arguments go to the runner: e2e.sh specs/figures.spec.ts, e2e.sh --project firefox
# CPU_SLOWDOWN=6 runs them as on a processor six times as slow, which finds tests that wait for too little.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -f dist/index.html ] || die "there is no site to test: run make site first"
[ -n "${WOW:-}" ] || build_wow --quiet

export WOW="${WOW:-$wow}" DBT_PYTHON="$dbt_python" PLAYWRIGHT_BROWSERS_PATH="$wow_cache/browsers"
# Without an installed browser the runner takes its own.
CHROME=$(find_chrome) || CHROME=""
FIREFOX=$(find_firefox) || echo "SKIPPED the tests in Firefox: it is not installed"
WEBKIT=$(find_webkit) || echo "SKIPPED the tests in WebKit: WebKitGTK's MiniBrowser, WebKitWebDriver and Xvfb are not all installed"
export CHROME FIREFOX WEBKIT
cd tests/e2e
exec node_modules/.bin/playwright test "$@"
