#!/usr/bin/env bash
# The site for a static host, in dist/: files named by their content, packed copies, _headers, and the exports of
# public/data. `--with-prod` puts the production export in. WOW_SITE_URL is the address that the site will have.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
wasm trunk build --release --locked --dist "$built"
cargo run --release --locked --quiet -p wow-site -- "$built" dist "$@"
