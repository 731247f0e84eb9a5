// What others take for the same work on the same log. An answer is compared with the engine's before its time counts.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { answerOf, inBrowser, natively, say } from "./data.mjs";

const { DBT_PYTHON: python, AGGREGATES: aggregates } = process.env;
const peer = fileURLToPath(new URL("../../peers/peer.py", import.meta.url));
const THREADS = 2;
/** Each does its work so often; the median counts. */
const TIMES = "5";
/** The form of a database that duckdb-wasm can read. */
const OLDER_FORM = "v1.2.0";
/** Of a log that is too large for duckdb-wasm, parts of so many are tried. */
const SHARES = [1, 2, 4, 8];

/** The engine's own answer of the first parts of an export, on as many threads as the page has workers. */
function engine({ folder }, times, parts = []) {
  return answerOf(aggregates, join(folder, "data/prod"), String(THREADS), times, ...parts.map(String));
}

/** All peers on a log; `sorted` is DuckDB's sorted copy of it as Parquet. */
export async function measurePeers(data, sorted) {
  const scratch = mkdtempSync(join(data.folder, "peers-"));
  try {
    say("The engine, natively");
    const ours = engine(data, TIMES);
    const answer = join(scratch, "answer.json");
    writeFileSync(answer, JSON.stringify(ours));
    const ask = (name, what, ...log) => answerOf(python, peer, name, what, answer, TIMES, ...log);
    say("Polars");
    const parts = data.parts.map(({ file }) => join(data.folder, "data/prod", file));
    const polars = {
      sessions: { parquet: ask("polars", "sessions", sorted), parts: ask("polars", "sessions", ...parts) },
      aggregates: { parquet: ask("polars", "aggregates", sorted), parts: ask("polars", "aggregates", ...parts) },
    };
    say("DuckDB, by SQL written for it");
    const table = join(scratch, "log.duckdb");
    natively("sorted", join(data.folder, "wow.duckdb"), table);
    const duckdb = { sessions: ask("duckdb", "sessions", table), aggregates: ask("duckdb", "aggregates", table) };
    rmSync(table);
    say("duckdb-wasm");
    return { ours, polars, duckdb, wasm: await wasmPeer(data, ours.answer, scratch) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What duckdb-wasm takes, or why it gives up. */
async function wasmPeer(data, expected, scratch, last) {
  // Its packages are not installed where the benchmark is not run.
  const { duckdbWasm } = await import("../../peers/duckdb-wasm.mjs");
  const database = "log.duckdb";
  const only = last === undefined ? [] : [String(last)];
  natively("older", join(data.folder, "wow.duckdb"), join(scratch, database), OLDER_FORM, ...only);
  let found;
  try {
    found = await inBrowser(data.folder, (browser) => duckdbWasm(browser, { folder: scratch, database, times: 3 }));
  } catch (error) {
    return { gaveUp: String(error).split("\n")[0] };
  }
  const wrong = expected.filter((line) => !found.lines.includes(line));
  if (wrong.length || found.lines.length !== expected.length) {
    throw new Error(`duckdb-wasm finds something else than the engine: ${wrong.slice(0, 3)}`);
  }
  return found;
}

/** How much of a large log duckdb-wasm can hold: what it took for the largest share that it can, and why not for more. */
export async function wasmLimit(data) {
  const scratch = mkdtempSync(join(data.folder, "peers-"));
  const refused = [];
  try {
    for (const share of SHARES) {
      const parts = data.parts.slice(0, Math.ceil(data.parts.length / share));
      const events = parts.reduce((sum, part) => sum + part.rows, 0);
      const { answer } = engine(data, "1", [parts.length]);
      const found = await wasmPeer(data, answer, scratch, parts.at(-1).last_player_id);
      if (!found.gaveUp) return { refused, events, found };
      refused.push({ events, why: found.gaveUp });
    }
    return { refused };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
