import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { variable } from "./expected.ts";

const COMPARE = resolve(dirname(fileURLToPath(import.meta.url)), "setup/compare_models.py");

/** What models must be: those that `wow run` writes of the export in a folder, or those that dbt builds of a log. */
export type Reference =
  | { exports: string }
  | { source: string; where?: string; vars?: Record<string, number> };

/** Where the models that the page wrote differ from what they must be, each file by its model's name. */
export function differences(models: Record<string, Buffer>, reference: Reference): string[] {
  const folder = mkdtempSync(join(tmpdir(), "wow-"));
  try {
    const files = Object.entries(models).map(([model, bytes]) => {
      const file = join(folder, `${model}.parquet`);
      writeFileSync(file, bytes);
      return [model, file];
    });
    let compared: object = reference;
    if ("exports" in reference) {
      execFileSync(variable("WOW"), ["run", "--data", reference.exports, "--to", "parquet", "models"], { cwd: folder });
      compared = { run: join(folder, "models", "dev") };
    }
    const request = JSON.stringify({ files: Object.fromEntries(files), ...compared });
    return JSON.parse(execFileSync(variable("DBT_PYTHON"), [COMPARE, request]).toString("utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
