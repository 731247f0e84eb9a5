// The built site with another folder of exports, and a way to see how much memory its modules hold.
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

import sirv from "sirv";

/** Notes the memory of every module that is made after it. */
export const NOTE_MEMORIES = `(() => {
  globalThis.__memories = new Set();
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const result = await original.apply(WebAssembly, args);
      for (const value of Object.values((result.instance ?? result).exports))
        if (value instanceof WebAssembly.Memory) globalThis.__memories.add(value);
      return result;
    };
  }
})();
`;
const READ_MEMORIES = "[...globalThis.__memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0)";

/** Bytes of wasm memory: of the page and of each worker. Such memory never shrinks, so this is the most so far. */
export async function wasmMemory(page) {
  const workers = await Promise.all(page.workers().map((worker) => worker.evaluate(READ_MEMORIES)));
  const own = await page.evaluate(READ_MEMORIES);
  return { page: own, workers, total: workers.reduce((sum, bytes) => sum + bytes, own) };
}

/**
 * Serves `dist` with `data` in the place of its exports; `firstData()` is when the first part was wholly sent. Workers tell
 * their memory, but not where the site is served as it is hosted, every file with the hash that it was built with.
 */
export async function serve(dist, data, isAsHosted) {
  const site = sirv(dist, { etag: true });
  const exports = sirv(data, { etag: true });
  const worker = readdirSync(dist).find((name) => /^worker-.*\.js$/.test(name));
  const code = NOTE_MEMORIES + readFileSync(join(dist, worker), "utf8");
  let firstData;
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const absent = () => response.writeHead(404).end();
    if (path === `/${worker}` && !isAsHosted) {
      response.writeHead(200, { "content-type": "text/javascript" }).end(code);
    } else if (path.startsWith("/data/")) {
      request.url = path.slice("/data".length);
      if (path.endsWith(".parquet")) response.once("finish", () => (firstData ??= now()));
      exports(request, response, absent);
    } else {
      site(request, response, absent);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    forgetData: () => (firstData = undefined),
    firstData: () => firstData,
    close: () => server.close(),
  };
}

const now = () => performance.timeOrigin + performance.now();

/** Bytes of the files of code as a host with brotli sends them, by their names. */
export function codeOnTheWire(dist) {
  const names = readdirSync(dist, { recursive: true }).filter((name) => /\.(wasm|js)$/.test(name));
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } };
  return new Map(names.map((name) => [name, brotliCompressSync(readFileSync(join(dist, name)), quality).length]));
}
