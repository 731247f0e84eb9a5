// From what was measured to the tables of BENCHMARKS.md.

const MB = 1e6;
const seconds = (value) => `${value.toFixed(value < 10 ? 2 : 1)} s`;
const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const megabytes = (bytes) => `${(bytes / MB).toFixed(0)} MB`;
const times = (ratio) => (ratio < 0.1 ? `1/${(1 / ratio).toFixed(0)}` : ratio.toFixed(2));
const nanoseconds = (value) => `${value.toFixed(2)} ns`;

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const pair = (values) => `${ms(median(values))}, ${ms(Math.max(...values))}`;

/** A row: what, what was measured, what it is to be at most, and the same two as comparable numbers. */
const row = (what, measured, target = "", value = undefined, most = undefined) => ({
  cells: [what, measured, target, most === undefined ? "" : value <= most ? "yes" : "**no**"],
});

/** The rows for a log of the full size. */
export function fullRows({ built, page, ran, reference, copied, exported, generated, events, bytes, parts, size, code }) {
  const { scans, loads, thread } = page;
  const [first, ...later] = scans.scans.map((value) => value / 1_000);
  const scan = median(later);
  const cold = median(loads.map((load) => load.ms)) / 1_000;
  const lead = Math.min(...loads.map((load) => load.paintLeadMs));
  const { memory } = scans;
  const inModels = Object.entries(reference.models).map(([name, value]) => `${name} ${seconds(value)}`);
  return [
    row(`reference SQL in DuckDB, all threads (${inModels.join(", ")})`, seconds(reference.seconds)),
    row(`all models and aggregates in the browser, bytes in ${scans.workers} workers: the first time`, seconds(first), "0.5 s", first, 0.5),
    row("… another session gap, median of six", seconds(scan), "0.5 s", scan, 0.5),
    row("… against the reference SQL", times(scan / reference.seconds), "1/60", scan / reference.seconds, 1 / 60),
    row("… per event", nanoseconds((scan / events) * 1e9)),
    row("bot limit moved: script on the page's thread, median of 20", ms(median(thread.slider)), "16 ms", median(thread.slider), 16),
    row("… the slowest of 20", ms(Math.max(...thread.slider)), "16 ms", Math.max(...thread.slider), 16),
    row("the other bot limit, the session gap: median and slowest of 20", pair(thread.average) + "; " + pair(thread.gap)),
    row("all players, flagged players sorted by another column: the slowest", `${ms(Math.max(...thread.sorts))}, ${ms(Math.max(...thread.flagged))}`),
    row(
      "longest task on the page's thread in all that dragging and sorting (0: none of 50 ms)",
      ms(thread.longestTask), "100 ms", thread.longestTask, 100,
    ),
    row(
      `wasm memory: page ${megabytes(memory.page)}, workers ${memory.workers.map(megabytes).join(" and ")}`,
      megabytes(memory.total), "400 MB", memory.total, 400 * MB,
    ),
    row("cold open to finished Overview, median of three", seconds(cold), "3 s", cold, 3),
    row("Cancel while parts are scanned, until the page says that it is", ms(page.cancelMs), "100 ms", page.cancelMs, 100),
    row("first paint before the first part has arrived, by at least", ms(lead), "0 ms", -lead, 0),
    row(`all .wasm and .js with brotli (${code.files.length} files)`, `${(code.bytes / 1e3).toFixed(0)} KB`, "600 KB", code.bytes, 600e3),
    row("DuckDB's sorted copy to zstd Parquet", `${seconds(copied.seconds)}, ${megabytes(copied.bytes)}`),
    row(`wow export: ${parts} parts, ${megabytes(bytes)}`, seconds(exported.seconds)),
    row("… against DuckDB's copy, time", times(exported.seconds / copied.seconds), "1.00", exported.seconds / copied.seconds, 1),
    row(`… against the database of ${megabytes(size)}, size`, times(bytes / size), "0.33", bytes / size, 0.33),
    row(`dbt run: the models in the database, ${megabytes(built.dbt.peak_bytes)} of memory`, seconds(built.dbt.seconds)),
    row(`wow run: the log to the models in the database, ${megabytes(built.ofLog.peak_bytes)} of memory`, seconds(built.ofLog.seconds)),
    row("… against dbt run", times(built.ofLog.seconds / built.dbt.seconds), "1/4", built.ofLog.seconds / built.dbt.seconds, 1 / 4),
    row(`wow run of an export of the very same rows, ${megabytes(built.ofExport.peak_bytes)} of memory`, seconds(built.ofExport.seconds)),
    row("… against dbt run", times(built.ofExport.seconds / built.dbt.seconds), "1/8", built.ofExport.seconds / built.dbt.seconds, 1 / 8),
    row("… memory of both, the larger", megabytes(Math.max(built.ofLog.peak_bytes, built.ofExport.peak_bytes)), "2000 MB",
      Math.max(built.ofLog.peak_bytes, built.ofExport.peak_bytes), 2_000 * MB),
    row("wow run --to parquet: export to four Parquet files", seconds(ran.seconds), "3 s", ran.seconds, 3),
    row("… against the reference SQL", times(ran.seconds / reference.seconds)),
    row(
      "peak memory of wow export, run" + (generated ? ", generate" : ""),
      [exported, ran, generated].filter(Boolean).map((of) => megabytes(of.peak_bytes)).join(", "),
    ),
  ];
}

/** The rows for a log of ten times the full size, in parts and as one file. */
export function hugeRows({ page, exported, generated, events, bytes, parts, file }, full) {
  const { scans } = page;
  const scan = median(scans.scans.slice(1)) / 1_000;
  const perEvent = (scan / events) * 1e9;
  const inFull = (median(full.page.scans.scans.slice(1)) / 1_000 / full.events) * 1e9;
  const rows = [
    row(`wow export: ${parts} parts, ${megabytes(bytes)}`, `${seconds(exported.seconds)}, ${megabytes(exported.peak_bytes)} of memory`),
    row("open to all numbers, cold", seconds(scans.loadMs / 1_000)),
    row("another session gap, median of six", seconds(scan)),
    row("… per event", nanoseconds(perEvent)),
    row(`… against ${full.events.toLocaleString("en-US")} events, per event`, times(perEvent / inFull), "1.15", perEvent / inFull, 1.15),
    row(
      `wasm memory: page ${megabytes(scans.memory.page)}, workers ${scans.memory.workers.map(megabytes).join(" and ")}`,
      megabytes(scans.memory.total), "600 MB", scans.memory.total, 600 * MB,
    ),
  ];
  if (generated) {
    rows.unshift(row("wow generate", `${seconds(generated.seconds)}, ${megabytes(generated.peak_bytes)} of memory`));
  }
  const same = JSON.stringify(file.figures) === JSON.stringify(scans.figures);
  rows.push(
    row(`one file of ${(file.bytes / 1e9).toFixed(2)} GB, picked on the page: to all numbers`, seconds(file.ms / 1_000)),
    row("… another session gap", seconds(file.scan / 1_000)),
    row("… wasm memory", megabytes(file.memory.total), "600 MB", file.memory.total, 600 * MB),
    row("… the figures are those of the export", same ? "yes" : "**no**"),
  );
  return rows;
}

export function markdown(about, events, rows) {
  const lines = rows.map(({ cells }) => `| ${cells.join(" | ")} |`);
  return [
    `${events.toLocaleString("en-US")} events. ${about}.`,
    "",
    "| what | measured | at most | met |",
    "|---|---|---|---|",
    ...lines,
  ].join("\n");
}

/** The text with a section put between `<!-- name -->` and `<!-- /name -->`. */
export function replaceBetween(text, name, section) {
  const [before, rest] = text.split(`<!-- ${name} -->\n`);
  const after = rest?.split(`<!-- /${name} -->`)[1];
  if (after === undefined) throw new Error(`BENCHMARKS.md has no markers for ${name}`);
  return `${before}<!-- ${name} -->\n${section}\n<!-- /${name} -->${after}`;
}
