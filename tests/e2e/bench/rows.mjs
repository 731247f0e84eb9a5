// From what was measured to the rows of BENCHMARKS.md.
import { MB, asked, kilobytes, median, megabytes, ms, nanoseconds, seconds, share, slowest, times, told } from "./table.mjs";

const scripts = (steps) => steps.map(({ script }) => script);
const whole = (steps) => steps.map(({ all }) => all);
const pair = (values) => `${ms(median(values))}, ${ms(slowest(values))}`;
const inSeconds = (milliseconds) => median(milliseconds) / 1_000;

/** What the page does with an export that is open. `most` are the limits that depend on how many players there are. */
function pageRows({ answers, thread }, most) {
  const { gap, groups, filters } = answers;
  const limits = [...scripts(thread.longest), ...scripts(thread.average)];
  const longestTask = Math.max(thread.longestTask, answers.longestTask);
  return [
    asked("session gap dragged over 12 to 180 min, Sessions page: a step until its picture, median", "page", ms, median(gap.above), 50),
    asked("… the slowest", "page", ms, slowest(gap.above), 50),
    asked("… below 12 min, median", "page", seconds, inSeconds(gap.below), 0.4),
    asked("a bot limit dragged: script on the page's thread, median", "page", ms, median(limits), most.medianMs),
    asked("… the slowest", "page", ms, slowest(limits), most.slowestMs),
    told("… with style, layout and painting: median, slowest", "page", pair([...whole(thread.longest), ...whole(thread.average)])),
    told("the gap dragged: script on the page's thread, median, slowest", "page", pair(scripts(thread.gap))),
    asked("counts by group follow a limit, Overview: until the picture, median", "page", ms, median(groups), 100),
    asked("… the slowest", "page", ms, slowest(groups), 100),
    ...Object.entries(filters).map(([name, spent]) => asked(`filter by ${name}: until the picture`, "page", seconds, spent / 1_000, 0.3)),
    asked("all players sorted by another column: script, the slowest", "page", ms, slowest(scripts(thread.sorts)), 50),
    asked("flagged players sorted by another column: script, the slowest", "page", ms, slowest(scripts(thread.flagged)), 50),
    asked("players searched by the beginning of an id: script, the slowest", "page", ms, slowest(scripts(thread.search)), 50),
    asked("longest task in all that (0: none of 50 ms)", "page", ms, longestTask, 100),
  ];
}

function openRows(loads, most) {
  const row = (what, value, limit) => (limit ? asked(what, "page", seconds, value, limit) : told(what, "page", seconds(value)));
  return [
    row("cold open to finished Overview, median of three", inSeconds(loads.map((load) => load.ms)), most?.all),
    row("… to the first numbers", inSeconds(loads.map((load) => load.begunMs)), most?.first),
    asked("… longest task", "page", ms, slowest(loads.map((load) => load.longestTask)), 100),
  ];
}

function memoryRows({ fresh, used }, mostWasm, mostFresh, mostUsed) {
  const named = ({ page, workers }) => `page ${megabytes(page)}, workers ${workers.map(megabytes).join(" and ")}`;
  const rows = [asked(`wasm memory after 60 changes of gap, page and filter: ${named(used.wasm)}`, "page", megabytes, used.wasm.total, mostWasm)];
  if (fresh.resident === undefined) return rows;
  const resident = (what, bytes, most) => (most ? asked(what, "page", megabytes, bytes, most) : told(what, "page", megabytes(bytes)));
  return [
    ...rows,
    resident("resident memory of the tab's process, opened", fresh.resident, mostFresh),
    resident("… after 60 changes of gap, page and filter", used.resident, mostUsed),
  ];
}

/** The rows for a log of the full size. */
export function fullRows(full) {
  const { built, page, ran, reference, copied, exported, generated, events, bytes, parts, size } = full;
  const { scans, loads } = page;
  const pass = inSeconds(scans.below);
  const inModels = Object.entries(reference.models).map(([name, value]) => `${name} ${seconds(value)}`);
  const peaks = Math.max(built.ofLog.peak_bytes, built.ofExport.peak_bytes);
  return [
    ...pageRows(page, { medianMs: 4, slowestMs: 10 }),
    told("another session gap, Overview: until the picture, median of six", "page", ms(median(scans.above))),
    told("… below 12 min, which is a pass over all events", "page", seconds(pass)),
    told("… per event", "page", nanoseconds((pass / events) * 1e9)),
    asked("… against the reference SQL", "page", times, pass / reference.seconds, 1 / 60),
    ...openRows(loads, { all: 1.5, first: 0.7 }),
    asked("second visit, the export kept by the browser: all numbers, while events are read again", "page", seconds, page.secondMs / 1_000, 1),
    told("first paint before the first part has arrived, by at least", "page", ms(Math.min(...loads.map((load) => load.paintLeadMs)))),
    page.cancelMs === undefined
      ? told("Cancel while parts are scanned", "page", "all were read before")
      : asked("Cancel while parts are scanned, until the page says that it is", "page", ms, page.cancelMs, 100),
    ...codeRows(full),
    ...memoryRows(page.memory, 300 * MB, 600 * MB, 650 * MB),
    told(`reference SQL, all threads (${inModels.join(", ")})`, "DuckDB", seconds(reference.seconds)),
    told("sorted copy to zstd Parquet", "DuckDB", `${seconds(copied.seconds)}, ${megabytes(copied.bytes)}`),
    told(`export: ${parts.length} parts, ${megabytes(bytes)}`, "wow", seconds(exported.seconds)),
    asked("… against DuckDB's copy, time", "wow", share, exported.seconds / copied.seconds, 1),
    asked(`… against the database of ${megabytes(size)}, size`, "wow", share, bytes / size, 0.33),
    told(`the models in the database, ${megabytes(built.dbt.peak_bytes)} of memory`, "dbt run", seconds(built.dbt.seconds)),
    told(`the same of the log, ${megabytes(built.ofLog.peak_bytes)} of memory`, "wow run", seconds(built.ofLog.seconds)),
    asked("… against dbt run", "wow run", times, built.ofLog.seconds / built.dbt.seconds, 1 / 4),
    told(`the same of an export of the very same rows, ${megabytes(built.ofExport.peak_bytes)} of memory`, "wow run", seconds(built.ofExport.seconds)),
    asked("… against dbt run", "wow run", times, built.ofExport.seconds / built.dbt.seconds, 1 / 8),
    asked("… memory of both, the larger", "wow run", megabytes, peaks, 2_000 * MB),
    asked("export to four Parquet files", "wow run --to parquet", seconds, ran.seconds, 2),
    told("… against the reference SQL", "wow run --to parquet", times(ran.seconds / reference.seconds)),
    told(
      `peak memory of export, run --to parquet${generated ? ", generate" : ""}`, "wow",
      [exported, ran, generated].filter(Boolean).map((of) => megabytes(of.peak_bytes)).join(", "),
    ),
  ];
}

function codeRows({ page, code }) {
  const before = new Set(page.loads.flatMap((load) => load.code));
  const sum = (sizes) => sizes.reduce((sum, bytes) => sum + bytes, 0);
  const early = [...code].filter(([name]) => before.has(name.split("/").at(-1))).map(([, bytes]) => bytes);
  return [
    asked(`.wasm and .js with brotli, asked for before the first numbers (${early.length} files)`, "page", kilobytes, sum(early), 250e3),
    asked(`… all (${code.size} files)`, "page", kilobytes, sum([...code.values()]), 550e3),
  ];
}

/** The rows that set others' figures beside ours, of the same log. */
export function peerRows({ page, peers }) {
  const { ours, polars, duckdb, wasm } = peers;
  const of = (run) => median(run.seconds);
  const quickest = (runs) => Math.min(...Object.values(runs).map(of));
  const named = (name, run) => `${name} ${run.version}`;
  const [engine, pass] = [of(ours), inSeconds(page.scans.below)];
  const polarsAll = quickest(polars.aggregates);
  const other = (what, name, run) => told(`${what}, ${megabytes(run.peak_bytes)} of memory`, named(name, run), seconds(of(run)));
  return [
    told("all that the page shows, from the export's parts", "engine, natively, 2 threads", seconds(engine)),
    told("the same, bytes in workers: a pass over all events until the picture", "page", seconds(pass)),
    other("the same, from the export's parts", "Polars", polars.aggregates.parts),
    other("the same, from one sorted Parquet file", "Polars", polars.aggregates.parquet),
    other("the same, from a sorted table", "DuckDB", duckdb.aggregates),
    wasmRow("the same, from a sorted table, one thread", wasm),
    asked("natively against Polars at its quicker", "engine", times, engine / polarsAll, 1 / 3),
    asked("in the tab against Polars at its quicker", "page", times, pass / polarsAll, 1 / 2),
    told("natively against DuckDB", "engine", times(engine / of(duckdb.aggregates))),
    ...(wasm.gaveUp ? [] : [told("in the tab against duckdb-wasm", "page", times(pass / inSeconds(wasm.scans)))]),
    other("sessions and flags alone, from the export's parts", "Polars", polars.sessions.parts),
    other("the same, from one sorted Parquet file", "Polars", polars.sessions.parquet),
    other("the same, from a sorted table", "DuckDB", duckdb.sessions),
  ];
}

function wasmRow(what, run) {
  if (run.gaveUp) return told(what, "duckdb-wasm", `gives up: ${run.gaveUp}`);
  return told(`${what}; ${seconds(run.openMs / 1_000)} to open it`, `duckdb-wasm, DuckDB ${run.version}`, seconds(inSeconds(run.scans)));
}

/** The rows for a log of many players. */
export function millionRows({ page, parts, bytes, exported }) {
  return [
    told(`export: ${parts.length} parts, ${megabytes(bytes)}`, "wow", seconds(exported.seconds)),
    ...pageRows(page, { medianMs: 10, slowestMs: 16 }),
    ...openRows(page.loads),
    ...memoryRows(page.memory, 500 * MB),
  ];
}

/** The rows for a log of ten times the full size, in parts and as one file. */
export function hugeRows({ page, exported, generated, events, bytes, parts, file, wasm }, full) {
  const { scans } = page;
  const pass = inSeconds(scans.below);
  const perEvent = pass / events;
  const inFull = inSeconds(full.page.scans.below) / full.events;
  const same = JSON.stringify(file.figures) === JSON.stringify(scans.figures);
  const made = generated ? [told(`generate, ${megabytes(generated.peak_bytes)} of memory`, "wow", seconds(generated.seconds))] : [];
  return [
    ...made,
    told(`export: ${parts.length} parts, ${megabytes(bytes)}, ${megabytes(exported.peak_bytes)} of memory`, "wow", seconds(exported.seconds)),
    told("open to all numbers, cold", "page", seconds(scans.loadMs / 1_000)),
    asked("another session gap: until the picture, median of six", "page", seconds, inSeconds(scans.above), 0.8),
    asked("… below 12 min, which is a pass over all events", "page", seconds, pass, 4),
    told("… per event", "page", nanoseconds(perEvent * 1e9)),
    asked(`… against ${full.events.toLocaleString("en-US")} events, per event`, "page", share, perEvent / inFull, 1.15),
    asked(
      `wasm memory: page ${megabytes(scans.memory.page)}, workers ${scans.memory.workers.map(megabytes).join(" and ")}`,
      "page", megabytes, scans.memory.total, 600 * MB,
    ),
    told(`one file of ${(file.bytes / 1e9).toFixed(2)} GB, picked on the page: to all numbers`, "page", seconds(file.ms / 1_000)),
    told("… another session gap, below 12 min and above", "page", `${seconds(file.below / 1_000)}, ${seconds(file.above / 1_000)}`),
    asked("… wasm memory", "page", megabytes, file.memory.total, 600 * MB),
    told("… the figures are those of the export", "page", same ? "yes" : "**no**"),
    ...wasm.refused.map(({ events, why }) => wasmRow(shownOf(events), { gaveUp: why })),
    ...(wasm.found ? [wasmRow(shownOf(wasm.events), wasm.found)] : []),
  ];
}

/** What README says of the peers, in three lines. */
export function ratios({ events, page, peers, reference }) {
  const { ours, polars, duckdb, wasm } = peers;
  const engine = median(ours.seconds);
  const pass = inSeconds(page.scans.below);
  const times = (other, own) => `${(other / own).toFixed(other < 10 * own ? 1 : 0)} times`;
  const quicker = Math.min(...Object.values(polars.aggregates).map((run) => median(run.seconds)));
  const millions = `${(events / 1e6).toFixed(1)} million events`;
  const inBrowser = wasm.gaveUp ? "duckdb-wasm gives up" : `duckdb-wasm, on one thread, takes ${times(inSeconds(wasm.scans), pass)} as long`;
  return [
    `- All that the page shows of ${millions} takes the engine ${seconds(engine)} on two cores; Polars takes ${times(quicker, engine)} as long, and DuckDB, by SQL written for it, ${times(median(duckdb.aggregates.seconds), engine)}.`,
    `- In the browser a pass over them takes ${seconds(pass)}, with the picture; ${inBrowser}.`,
    `- The reference SQL in DuckDB takes ${seconds(reference.seconds)} for the same models, ${times(reference.seconds, pass)} as long as the browser.`,
  ].join("\n");
}

const shownOf = (events) => `all that the page shows of ${events.toLocaleString("en-US")} events`;
