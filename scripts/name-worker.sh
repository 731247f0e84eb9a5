#!/usr/bin/env bash
# Names the worker's code in a built site by its content, and writes the name into index.html. Trunk runs this on each build.
set -euo pipefail

cd "$TRUNK_STAGING_DIR"
hash=$(cat worker.js worker_bg.wasm | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-16)
mv worker_bg.wasm "worker-${hash}_bg.wasm"
# A worker starts itself, for no page can tell it where its code is before it listens. What keeps it from that is thrown once
# more, as an error that reaches the page: that a promise was rejected does not.
printf '\nwasm_bindgen({ module_or_path: "./worker-%s_bg.wasm" }).catch((error) => setTimeout(() => { throw error; }));\n' "$hash" |
    cat worker.js - >"worker-$hash.js"
rm worker.js
sed "s|content=\"./worker.js\"|content=\"./worker-$hash.js\"|" index.html >index.html.new
grep -q "worker-$hash.js" index.html.new
mv index.html.new index.html
