// Measures everything that BENCHMARKS.md tells, in one run, and writes it there. Run it by `make bench`.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";

import { BROWSER_ARGS, machine } from "./machine.mjs";
import { cancel, coldLoads, localFiles, pageThread, rescans } from "./page.mjs";
import { codeOnTheWire, serve } from "./site.mjs";
import { fullRows, hugeRows, markdown, replaceBetween } from "./table.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const { WOW: wow, DBT_PYTHON: python, BENCH_DATA: cache, CHROME: executablePath } = process.env;
const scale = process.env.SCALE || "1";
const hugeScale = process.env.HUGE_SCALE || "10";
const native = fileURLToPath(new URL("native.py", import.meta.url));
const dist = join(root, "dist");

const say = (text) => console.log(`\n${text}`);
const folderOf = (scale) => join(cache, `scale-${scale}`);

/** Runs the native half; what it prints last is its answer. */
function natively(...args) {
  const output = execFileSync(python, [native, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(output.trim().split("\n").at(-1));
}

/** A command of ours on the production database of a folder. */
function command(folder, name, ...args) {
  const database = join(folder, "wow.duckdb");
  return natively("run", wow, name, "--target", "prod", "--database", database, ...args);
}

/** Writes the log of a scale where there is none yet, and its export anew; gives the folder and what it took. */
function prepare(scale) {
  const folder = folderOf(scale);
  mkdirSync(folder, { recursive: true });
  let generated;
  if (!existsSync(join(folder, "wow.duckdb"))) {
    say(`Writing a log of scale ${scale} into ${folder}`);
    generated = command(folder, "generate", "--scale", scale, "--yes");
  }
  say("Exporting it");
  const exported = command(folder, "export", "--out", join(folder, "data"));
  const manifest = JSON.parse(readFileSync(join(folder, "data/prod/manifest.json"), "utf8"));
  const bytes = manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
  return { folder, generated, exported, events: manifest.rows, bytes, parts: manifest.parts.length };
}

/** Runs `work` with a browser and the site over the exports of a folder. */
async function inBrowser(folder, work) {
  const browser = await chromium.launch({ executablePath: executablePath || undefined, args: BROWSER_ARGS });
  const site = await serve(dist, join(folder, "data"));
  try {
    return { version: browser.version(), ...(await work(browser, site)) };
  } finally {
    await browser.close();
    site.close();
  }
}

async function measureFull() {
  const data = prepare(scale);
  const { folder } = data;
  const database = join(folder, "wow.duckdb");
  say("The page in a browser");
  const page = await inBrowser(folder, async (browser, site) => ({
    loads: await coldLoads(browser, site, 3),
    scans: await rescans(browser, site),
    thread: await pageThread(browser, site),
    cancelMs: await cancel(browser, site),
  }));
  say("The models in the database, by dbt and by wow");
  const built = buildModels(folder);
  say("wow run --to parquet");
  const results = join(folder, "results");
  const ran = command(folder, "run", "--data", join(folder, "data"), "--to", "parquet", results);
  rmSync(results, { recursive: true, force: true });
  say("The reference SQL in DuckDB");
  const reference = natively("models", database, join(folder, "models.duckdb"));
  say("DuckDB's sorted copy");
  const copied = natively("copy", database, join(folder, "copy.parquet"));
  // Once more, so that both were measured with the same files in the system's cache.
  data.exported = command(folder, "export", "--out", join(folder, "data"));
  const size = statSync(database).size;
  return { ...data, page, built, ran, reference, copied, size, code: codeOnTheWire(dist) };
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
  const run = (...args) => natively("run", wow, "run", "--target", "prod", "--yes", "--database", copy, ...args);
  return {
    dbt: inCopy(() => natively("dbt", copy)),
    ofLog: inCopy(() => run()),
    ofExport: inCopy(() => run("--data", join(folder, "data"))),
  };
}

async function measureHuge() {
  const data = prepare(hugeScale);
  const timeout = 900_000;
  say("The page with the large export");
  const page = await inBrowser(data.folder, async (browser, site) => ({ scans: await rescans(browser, site, timeout) }));
  const single = join(data.folder, "single.parquet");
  if (!existsSync(single)) {
    say("Writing one file of more than 4 GB");
    natively("single", join(data.folder, "data/prod"), single);
  }
  say("The page with one file");
  const opened = (browser, site) => localFiles(browser, site, [single], timeout);
  const file = { bytes: statSync(single).size, ...(await inBrowser(data.folder, opened)) };
  return { ...data, page, file };
}

/** Puts a section between its markers in BENCHMARKS.md. */
function record(name, text) {
  const path = join(root, "BENCHMARKS.md");
  writeFileSync(path, replaceBetween(readFileSync(path, "utf8"), name, text));
}

const full = await measureFull();
const about = machine(root, full.page.version, full.reference.duckdb);
const text = markdown(about, full.events, fullRows(full));
console.log(`\n${text}`);
if (scale === "1") record("full", text);
if (process.env.HUGE) {
  const huge = await measureHuge();
  const text = markdown(about, huge.events, hugeRows(huge, full));
  console.log(`\n${text}`);
  if (hugeScale === "10" && scale === "1") record("huge", text);
}
