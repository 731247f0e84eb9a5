import { execFile } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const DIST = resolve(here, "../../../dist");

/** Two logs that differ in every number, so that one environment's figures cannot pass for the other's. */
const LOGS = {
  dev: { file: "wow_test.duckdb", arguments: ["--scale", "0.005", "--seed", "42"] },
  prod: { file: "wow.duckdb", arguments: ["--scale", "0.003", "--seed", "7", "--yes"] },
};

/** The parts of a manifest that joining two of them changes. */
interface Manifest {
  rows: number;
  players: number;
  first_event_us: number;
  last_event_us: number;
  parts: { file: string }[];
}

/**
 * Makes `sites/<name>/` in the folder:
 * - `both`: the built site with a dev and a prod export
 * - `hard`: the built site with a dev export of hard cases
 * - `halves`: the built site with the dev log as an export of two parts
 * - `sample`: the built site with one of three players of the dev log, and the prod export
 * - `changed`: the built site with a dev export of players that snapshots saw change
 * - `missing`: the built site without any export
 * - `files`: Parquet files, and what pretends to be some; in `types` every type in every column
 *
 * Returns the file of what SQL says about the databases.
 */
export async function buildSites(folder: string): Promise<string> {
  const sites = join(folder, "sites");
  await Promise.all(["both", "hard", "halves", "sample", "changed", "missing"].map((site) => copySite(join(sites, site))));
  await Promise.all([generate(folder, "dev"), generate(folder, "prod")]);
  await python(join(here, "databases.py"), folder);
  await mkdir(join(sites, "files", "types"));
  await python(resolve(here, "../../inputs/types/make.py"), join(sites, "files", "types"));

  const file = join(folder, "expected.json");
  const databases = [`dev=${LOGS.dev.file}`, `prod=${LOGS.prod.file}`, "hard=hard.duckdb"];
  await Promise.all([
    python(join(here, "expected.py"), file, ...databases.map((database) => database.replace("=", `=${folder}/`))),
    makeExports(folder, sites),
  ]);
  return file;
}

async function makeExports(folder: string, sites: string): Promise<void> {
  const [low, high, halves] = [join(folder, "low"), join(folder, "high"), join(sites, "halves", "data")];
  await exportLog(folder, LOGS.dev.file, "dev", join(sites, "both", "data"));
  await exportLog(folder, LOGS.prod.file, "prod", join(sites, "both", "data"));
  await exportLog(folder, LOGS.dev.file, "dev", join(sites, "sample", "data"), "--sample", "3");
  await exportLog(folder, LOGS.prod.file, "prod", join(sites, "sample", "data"));
  await exportLog(folder, "hard.duckdb", "dev", join(sites, "hard", "data"));
  await exportLog(folder, "changed.duckdb", "dev", join(sites, "changed", "data"));
  await exportLog(folder, "low.duckdb", "dev", low);
  await exportLog(folder, "high.duckdb", "dev", high);
  await cp(low, halves, { recursive: true });
  await cp(high, halves, { recursive: true });
  await joinExports(join(low, "dev"), join(high, "dev"), join(halves, "dev"));
}

/** Writes one manifest for the parts of two exports, of which the first has the smaller player ids. */
async function joinExports(low: string, high: string, out: string): Promise<void> {
  const read = async (folder: string): Promise<Manifest> =>
    JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  const [first, second] = [await read(low), await read(high)];
  const joined = {
    ...first,
    rows: first.rows + second.rows,
    players: first.players + second.players,
    first_event_us: Math.min(first.first_event_us, second.first_event_us),
    last_event_us: Math.max(first.last_event_us, second.last_event_us),
    parts: [...first.parts, ...second.parts],
  };
  await writeFile(join(out, "manifest.json"), JSON.stringify(joined));
}

/** The built site without the data that may lie beside it from another use. */
async function copySite(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await cp(DIST, target, {
    recursive: true,
    filter: (source) => !(dirname(source) === DIST && basename(source) === "data"),
  });
}

async function generate(folder: string, environment: "dev" | "prod"): Promise<void> {
  const log = LOGS[environment];
  await wow(folder, "generate", "--target", environment, "--database", log.file, ...log.arguments);
}

async function exportLog(
  folder: string,
  database: string,
  environment: string,
  out: string,
  ...options: string[]
): Promise<void> {
  await wow(folder, "export", "--target", environment, "--database", database, "--out", out, ...options);
}

async function wow(folder: string, ...words: string[]): Promise<void> {
  await run(tool("WOW"), words, { cwd: folder });
}

async function python(script: string, ...words: string[]): Promise<void> {
  await run(tool("DBT_PYTHON"), [script, ...words]);
}

function tool(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run scripts/e2e.sh instead of the runner itself`);
  return value;
}
