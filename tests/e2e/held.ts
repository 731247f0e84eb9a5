import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { siteFolder } from "./fixtures.ts";

/** A part as the manifest announces it. */
export interface Part {
  file: string;
  rows: number;
  first_player_id: number;
}

/** Both parts of the site `halves`. */
export async function halves(): Promise<[Part, Part]> {
  const file = join(siteFolder("halves"), "data", "dev", "manifest.json");
  return (JSON.parse(await readFile(file, "utf8")) as { parts: [Part, Part] }).parts;
}

/** Keeps back the answer for a file until the returned function is called. */
export async function hold(page: Page, file: string): Promise<() => void> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(`**/${file}`, async (route) => {
    await released;
    // The page may have given the request up meanwhile.
    await route.continue().catch(() => {});
  });
  return release;
}
