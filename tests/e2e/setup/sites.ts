import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { Environment, Expected } from "../expected.ts";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const DIST = resolve(here, "../../../dist");

/** Two logs that differ in every number, so that one environment's figures cannot pass for the other's. */
const LOGS: Record<Environment, { file: string; arguments: string[] }> = {
  dev: { file: "wow_test.duckdb", arguments: ["--scale", "0.005", "--seed", "42"] },
  prod: { file: "wow.duckdb", arguments: ["--scale", "0.003", "--seed", "7", "--yes"] },
};

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run scripts/e2e.sh instead of the runner itself`);
  return value;
}

/**
 * Makes `sites/<name>/` in the folder:
 * - `both`: the built site with a dev and a prod export
 * - `missing`: the built site without any export
 *
 * Returns the file of what SQL says about the two databases.
 */
export async function buildSites(folder: string): Promise<string> {
  const both = join(folder, "sites", "both");
  await copySite(both);
  await copySite(join(folder, "sites", "missing"));

  const expected: Partial<Expected> = {};
  for (const environment of ["dev", "prod"] as const) {
    expected[environment] = await makeLog(folder, environment, join(both, "data"));
  }
  const file = join(folder, "expected.json");
  await writeFile(file, JSON.stringify(expected));
  return file;
}

/** The built site without the data that may lie beside it from another use. */
async function copySite(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await cp(DIST, target, {
    recursive: true,
    filter: (source) => !(dirname(source) === DIST && basename(source) === "data"),
  });
}

async function makeLog(folder: string, environment: Environment, out: string): Promise<Expected[Environment]> {
  const log = LOGS[environment];
  const database = join(folder, log.file);
  const target = ["--target", environment, "--database", database];
  const wow = variable("WOW");
  await run(wow, ["generate", ...target, ...log.arguments], { cwd: folder });
  await run(wow, ["export", ...target, "--out", out], { cwd: folder });
  const { stdout } = await run(variable("DBT_PYTHON"), [join(here, "expected.py"), database]);
  return JSON.parse(stdout);
}
