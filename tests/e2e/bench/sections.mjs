// What is measured of each log.
import { copyFileSync, existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { answers, pageThread, rescans } from "./controls.mjs";
import { command, dist, inBrowser, natively, prepare, production, say } from "./data.mjs";
import { tabMemory } from "./memory.mjs";
import { cancel, coldLoads, localFiles, opened, secondVisit, tiles } from "./page.mjs";
import { measurePeers, wasmLimit } from "./peers.mjs";
import { codeOnTheWire, wasmMemory } from "./site.mjs";

/** Players of the log that is about many of them, where the full size has 91,064. */
const MILLION = 1_000_000;

/** The published log, or some of it. */
export async function measureFull(scale) {
  const data = prepare(`scale-${scale}`, "--scale", scale);
  const { folder } = data;
  const database = join(folder, "wow.duckdb");
  say("The page in a browser");
  const page = await inBrowser(folder, async (browser, site) => ({
    loads: await coldLoads(browser, site, 3),
    scans: await scans(browser, site),
    answers: await answers(browser, site),
    thread: await pageThread(browser, site),
    memory: await tabMemory(browser, site),
    cancelMs: await cancel(browser, site),
  }));
  page.secondMs = await visitAgain(folder);
  say("The models in the database, by dbt and by wow");
  const built = buildModels(folder);
  say("wow run --to parquet");
  const results = join(folder, "results");
  const ran = production(folder, "run", "--data", join(folder, "data"), "--to", "parquet", results);
  rmSync(results, { recursive: true, force: true });
  say("The reference SQL in DuckDB");
  const reference = natively("models", database, join(folder, "models.duckdb"));
  say("DuckDB's sorted copy");
  const sorted = join(folder, "copy.parquet");
  const copied = natively("copy", database, sorted);
  const peers = await measurePeers(data, sorted);
  rmSync(sorted);
  // Once more, so that both were measured with the same files in the system's cache.
  data.exported = production(folder, "export", "--out", join(folder, "data"));
  const size = statSync(database).size;
  return { ...data, page, built, ran, reference, copied, peers, size, code: codeOnTheWire(dist) };
}

/** Opens an export and asks for other session gaps. */
async function scans(browser, site, timeout) {
  const { page, loadMs } = await opened(browser, site, timeout);
  const loaded = await wasmMemory(page);
  const figures = await tiles(page);
  const spent = await rescans(page);
  const memory = await wasmMemory(page);
  await page.context().close();
  return { loadMs, ...spent, loaded, memory, figures };
}

/** The second visit to an export that the browser keeps, which it does with those of dev alone. */
async function visitAgain(folder) {
  say("The second visit");
  const dev = join(folder, "wow_test.duckdb");
  const data = join(folder, "kept");
  copyFileSync(join(folder, "wow.duckdb"), dev);
  command("export", "--target", "dev", "--database", dev, "--out", join(data, "data"));
  rmSync(dev);
  try {
    const visit = async (browser, site) => ({ ms: await secondVisit(browser, site) });
    return (await inBrowser(data, visit, { isAsHosted: true })).ms;
  } finally {
    rmSync(data, { recursive: true });
  }
}

/** Builds the models in copies of the database: by dbt, by `wow run` of the log, and by that of the export. */
function buildModels(folder) {
  const copy = join(folder, "models.duckdb");
  const inCopy = (build) => {
    copyFileSync(join(folder, "wow.duckdb"), copy);
    const took = build();
    rmSync(copy);
    return took;
  };
  const run = (...args) => command("run", "--target", "prod", "--yes", "--database", copy, ...args);
  return {
    dbt: inCopy(() => natively("dbt", copy)),
    ofLog: inCopy(() => run()),
    ofExport: inCopy(() => run("--data", join(folder, "data"))),
  };
}

/** The same events, of many players. */
export async function measureMillion(scale) {
  const players = String(Math.round(MILLION * Number(scale)));
  const data = prepare(`scale-${scale}-players-${players}`, "--scale", scale, "--players", players);
  say("The page with many players");
  const page = await inBrowser(data.folder, async (browser, site) => ({
    loads: await coldLoads(browser, site, 3),
    thread: await pageThread(browser, site),
    answers: await answers(browser, site),
    memory: await tabMemory(browser, site),
  }));
  return { ...data, page };
}

/** Ten times the published log, in parts and as one file. */
export async function measureHuge(scale) {
  const data = prepare(`scale-${scale}`, "--scale", scale);
  const timeout = 900_000;
  say("The page with the large export");
  const page = await inBrowser(data.folder, async (browser, site) => ({ scans: await scans(browser, site, timeout) }));
  const single = join(data.folder, "single.parquet");
  if (!existsSync(single)) {
    say("Writing one file of more than 4 GB");
    natively("single", join(data.folder, "data/prod"), single);
  }
  say("The page with one file");
  const open = (browser, site) => localFiles(browser, site, [single], timeout);
  const file = { bytes: statSync(single).size, ...(await inBrowser(data.folder, open)) };
  say("duckdb-wasm with the large log");
  return { ...data, page, file, wasm: await wasmLimit(data) };
}
