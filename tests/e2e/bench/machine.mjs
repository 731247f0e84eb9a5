// Where the figures come from.
import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";

/** How busy the machine was before the benchmark began. */
const LOAD = loadavg()[0].toFixed(1);

/** A browser that does nothing besides. */
export const BROWSER_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The machine, the programs and the commit, in a sentence. */
export function machine(root, browser, duckdb) {
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--", ":!BENCHMARKS.md") ? " with changes" : "";
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return (
    `${cores[0].model.trim()}, ${cores.length} cores, ${memory} GiB, load ${LOAD} at the start; Chromium ${browser}; DuckDB ${duckdb}; ` +
    `commit ${git("rev-parse", "--short=10", "HEAD")}${changed}, ${day}`
  );
}
