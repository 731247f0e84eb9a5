// What duckdb-wasm makes of a sorted table in Chromium, by the SQL that DuckDB runs natively.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import sirv from "../e2e/node_modules/sirv/build.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const sql = (name) => readFileSync(new URL(`${name}.sql`, import.meta.url), "utf8");
const MODULES = "/node_modules";
const PATIENCE_MS = 900_000;

const PAGE = `<!doctype html><script type="importmap">${JSON.stringify({
  imports: {
    "@duckdb/duckdb-wasm": `${MODULES}/@duckdb/duckdb-wasm/dist/duckdb-browser.mjs`,
    "apache-arrow": `${MODULES}/apache-arrow/Arrow.dom.mjs`,
    flatbuffers: `${MODULES}/flatbuffers/mjs/flatbuffers.js`,
    tslib: `${MODULES}/tslib/tslib.es6.mjs`,
  },
})}</script>`;

/** Serves duckdb-wasm and a folder. */
async function serve(folder) {
  const modules = sirv(here, { etag: true });
  const data = sirv(folder);
  const server = createServer((request, response) => {
    if (request.url === "/") return response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
    const absent = () => response.writeHead(404).end();
    return request.url.startsWith(MODULES) ? modules(request, response, absent) : data(request, response, absent);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** Opens a database and asks for all that the page shows, some times. Runs in the page. */
async function ask({ base, database, statements, times }) {
  const { AsyncDuckDB, VoidLogger } = await import("@duckdb/duckdb-wasm");
  const dist = new URL("/node_modules/@duckdb/duckdb-wasm/dist/", base).href;
  const duckdb = new AsyncDuckDB(new VoidLogger(), new Worker(`${dist}duckdb-browser-eh.worker.js`));
  await duckdb.instantiate(`${dist}duckdb-eh.wasm`);
  const connection = await duckdb.connect();
  const column = async (query) => (await connection.query(query)).toArray().map((row) => String(Object.values(row.toJSON())[0]));
  const started = performance.now();
  const response = await fetch(new URL(database, base));
  await duckdb.registerFileBuffer(database, new Uint8Array(await response.arrayBuffer()));
  await connection.query(`attach '${database}' as source (read_only)`);
  await connection.query("create temp view log as from source.log");
  const openMs = performance.now() - started;
  const scans = [];
  let lines;
  for (let time = 0; time < times; time++) {
    const started = performance.now();
    for (const statement of statements.slice(0, -1)) await connection.query(statement);
    scans.push(performance.now() - started);
    lines ??= await column(statements.at(-1));
  }
  return { openMs, scans, lines, version: await duckdb.getVersion() };
}

/**
 * The answer for the sorted table `log` of a database. The Parquet reader of duckdb-wasm comes from a server of its makers,
 * which this page asks for nothing, so the table is in DuckDB's own form. The build with threads is not asked: most runs of it
 * hung or broke off.
 */
export async function duckdbWasm(browser, { folder, database, times }) {
  const site = await serve(folder);
  const page = await browser.newPage();
  try {
    await page.goto(site.url);
    const statements = ["sessions", "aggregates", "answer"].flatMap((name) => sql(name).split(";"));
    const some = statements.filter((text) => text.trim());
    let timer;
    const patience = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("no answer after a quarter of an hour")), PATIENCE_MS);
    });
    const answer = page.evaluate(ask, { base: site.url, database, statements: some, times });
    return await Promise.race([answer, patience]).finally(() => clearTimeout(timer));
  } finally {
    await page.close();
    site.close();
  }
}
