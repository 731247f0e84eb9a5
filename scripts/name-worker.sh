#!/usr/bin/env bash
# Names the worker's code in a built site by its content, and writes the name into index.html. Trunk runs this on each build.
set -euo pipefail

cd "$TRUNK_STAGING_DIR"
hash=$(cat worker.js worker_bg.wasm | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-16)
mv worker_bg.wasm "worker-${hash}_bg.wasm"
# A worker starts itself, for no page can tell it where its code is before it listens. What is kept for offline use comes first,
# for not every browser has workers ask the service worker. What the browser keeps otherwise may be damaged, and is then
# fetched once more. What keeps the worker from starting is thrown once more, as an error that reaches the page: that a promise
# was rejected does not.
cat >bootstrap.js <<JS
const code = new URL("./worker-${hash}_bg.wasm", location.href).href;
Promise.resolve(globalThis.caches?.match(code))
  .then((kept) => wasm_bindgen({ module_or_path: kept ?? code }))
  .catch((error) => {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return wasm_bindgen({ module_or_path: fetch(code, { cache: "reload" }) });
  })
  .catch((error) => setTimeout(() => { throw error; }));
JS
cat worker.js bootstrap.js >"worker-$hash.js"
rm worker.js bootstrap.js
sed "s|content=\"./worker.js\"|content=\"./worker-$hash.js\"|" index.html >index.html.new
grep -q "worker-$hash.js" index.html.new
mv index.html.new index.html
