import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Locator } from "@playwright/test";

import { variable } from "./expected.ts";

/** What a button downloads: the file's name and its bytes. */
export async function downloaded(button: Locator): Promise<{ name: string; bytes: Buffer }> {
  const waiting = button.page().waitForEvent("download");
  await button.click();
  const download = await waiting;
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** What a site's manifest says of an export. */
export function origin(of: string, environment: "dev" | "prod") {
  const path = join(variable("E2E_SITES"), of, "data", environment, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as { database: string; dataset_id: string; exported_at: string };
  return { ...manifest, id: manifest.dataset_id.slice(0, 12) };
}

/** Which data a file of an export is of, as its name says it. */
export function named(of: string, environment: "dev" | "prod"): string {
  const { database, id } = origin(of, environment);
  return `${environment}-${database.replace(".duckdb", "")}-${id}`;
}
