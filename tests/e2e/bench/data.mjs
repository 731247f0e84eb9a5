// The logs that are measured and their exports; how programs are run and browsers opened.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";

import { BROWSER_ARGS } from "./machine.mjs";
import { serve } from "./site.mjs";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const dist = join(root, "dist");
const { WOW: wow, DBT_PYTHON: python, BENCH_DATA: cache, CHROME: executablePath } = process.env;
const native = fileURLToPath(new URL("native.py", import.meta.url));

export const say = (text) => console.log(`\n${text}`);

/** Runs a program; what it prints last is its answer. */
export function answerOf(program, ...args) {
  const output = execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 28 });
  return JSON.parse(output.trim().split("\n").at(-1));
}

/** Runs the native half. */
export const natively = (...args) => answerOf(python, native, ...args);

/** A command of ours, with its time and memory. */
export const command = (...args) => natively("run", wow, ...args);

/** A command of ours on the production database of a folder. */
export function production(folder, name, ...args) {
  return command(name, "--target", "prod", "--database", join(folder, "wow.duckdb"), ...args);
}

/** Writes a log where there is none yet, and its export anew; gives the folder and what it took. */
export function prepare(name, ...size) {
  const folder = join(cache, name);
  mkdirSync(folder, { recursive: true });
  let generated;
  if (!existsSync(join(folder, "wow.duckdb"))) {
    say(`Writing a log into ${folder}`);
    generated = production(folder, "generate", ...size, "--yes");
  }
  say("Exporting it");
  const exported = production(folder, "export", "--out", join(folder, "data"));
  const manifest = JSON.parse(readFileSync(join(folder, "data/prod/manifest.json"), "utf8"));
  const bytes = manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
  return { folder, generated, exported, events: manifest.rows, players: manifest.players, bytes, parts: manifest.parts };
}

/** Runs `work` with a browser and the site over the exports of a folder; its answer, and the browser's version. */
export async function inBrowser(folder, work, { isAsHosted = false } = {}) {
  const browser = await chromium.launch({ executablePath: executablePath || undefined, args: BROWSER_ARGS });
  const site = await serve(dist, join(folder, "data"), isAsHosted);
  try {
    return { version: browser.version(), ...(await work(browser, site)) };
  } finally {
    await browser.close();
    site.close();
  }
}
