import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test as base } from "@playwright/test";

import { readCsv } from "../csv.ts";
import { named } from "../download.ts";
import { count, expected, type Figures } from "../expected.ts";
import { site, siteFolder } from "../fixtures.ts";
import { PAGE_NAMES } from "../pages/dashboard.ts";
import { firefox } from "./firefox.ts";
import type { Visitor } from "./visitor.ts";
import { webkit } from "./webkit.ts";

/** Every test gets a browser of its own, which must have had no complaint. */
const test = base.extend<{ visitor: Visitor }>({
  visitor: async ({}, use, testInfo) => {
    const folder = await mkdtemp(join(tmpdir(), "wow-browser-"));
    const { program } = testInfo.project.metadata as { program: string };
    const visitor = await { firefox, webkit }[testInfo.project.name as "firefox" | "webkit"](program, folder);
    try {
      await use(visitor);
      expect(visitor.complaints ?? []).toEqual([]);
    } finally {
      await visitor.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
});

const TILES = ["events", "players", "sessions", "bots", "churned"] as const;

/** Waits until the text of what a selector finds first, or nothing if it finds nothing, is as it should be. */
async function showsText(visitor: Visitor, selector: string, text: string | RegExp): Promise<void> {
  const shown = () => visitor.run((selector) => document.querySelector(selector)?.textContent ?? "", selector);
  await expect.poll(shown, { message: selector }).toMatch(text);
}

async function showsFigures(visitor: Visitor, figures: Figures): Promise<void> {
  for (const tile of TILES) {
    const value = () =>
      visitor.run((tile) => document.querySelector(`[data-testid="tile-${tile}"]`)?.getAttribute("data-value"), tile);
    await expect.poll(value, { message: tile }).toBe(String(figures[tile]));
  }
}

async function partOf(environment: "dev" | "prod"): Promise<string> {
  const folder = join(siteFolder("both"), "data", environment);
  const names = await readdir(folder);
  return join(folder, names.find((name) => name.endsWith(".parquet"))!);
}

test("the site opens, and its figures are what SQL says", async ({ visitor }) => {
  await visitor.open(site("both"));
  await showsText(visitor, '[data-testid="badge"]', /^DEV$/);
  await showsFigures(visitor, expected("dev").figures);
  await visitor.open(`${site("both")}?env=prod`);
  await showsText(visitor, '[data-testid="badge"]', /^PRODUCTION$/);
  await showsFigures(visitor, expected("prod").figures);
});

test("every page is there", async ({ visitor }) => {
  await visitor.open(site("both"));
  for (const name of PAGE_NAMES) {
    await showsText(visitor, "nav", name);
    await visitor.press(`nav a:nth-of-type(${PAGE_NAMES.indexOf(name) + 1})`);
    await showsText(visitor, "h1", new RegExp(`^${name}$`));
    await expect
      .poll(() => visitor.run(() => document.querySelectorAll("main .card:not(.waiting)").length), { message: name })
      .toBeGreaterThan(0);
    expect(await visitor.run(() => document.querySelectorAll("main .failure").length), name).toBe(0);
  }
});

test("the table of players is downloaded, all rows of it", async ({ visitor }) => {
  const { tables } = expected("dev");
  await visitor.open(`${site("both")}?page=players&columns=player_id,total_events`);
  await showsText(visitor, "main", count(tables.all.length));
  await visitor.press('[data-testid="players-csv"]');
  const name = `players-${named("both", "dev")}.csv`;
  await expect.poll(() => readdir(visitor.downloads)).toContain(name);
  const read = async () => readCsv(await readFile(join(visitor.downloads, name), "utf8"));
  // A browser makes the file before all of it is written.
  await expect.poll(async () => (await read()).length).toBe(tables.all.length + 1);
  expect(await read()).toEqual([
    ["player_id", "total_events"],
    ...tables.all.map((player) => [Number(player.player_id), player.total_events]),
  ]);
});

test("a file of this machine that is chosen is opened", async ({ visitor }) => {
  await visitor.open(site("both"));
  await showsFigures(visitor, expected("dev").figures);
  await visitor.choose('header input[type="file"]', [await partOf("prod")]);
  await showsText(visitor, '[data-testid="badge"]', /^LOCAL FILE$/);
  await showsFigures(visitor, expected("prod").figures);
});

test("a file that is dropped is opened", async ({ visitor }) => {
  await visitor.open(site("both"));
  await showsFigures(visitor, expected("dev").figures);
  const name = (await partOf("prod")).split("/").at(-1)!;
  await visitor.run(async (address) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([await (await fetch(address)).arrayBuffer()], "dropped.parquet"));
    document.querySelector(".page")!.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
  }, `data/prod/${name}`);
  await showsText(visitor, '[data-testid="badge"]', /^LOCAL FILE$/);
  await showsText(visitor, '[data-testid="provenance"]', /dropped\.parquet/);
  await showsFigures(visitor, expected("prod").figures);
});

test("a damaged file is told, with its cause", async ({ visitor }) => {
  await visitor.open(site("both"));
  await showsFigures(visitor, expected("dev").figures);
  await visitor.choose('header input[type="file"]', [join(siteFolder("both"), "index.html")]);
  await showsText(visitor, '[data-testid="failure"]', /index\.html/);
});

test("the policy of the site holds", async ({ visitor }) => {
  await visitor.open(site("both"));
  await showsFigures(visitor, expected("dev").figures);
  const ran = await visitor.run(() => {
    const script = document.createElement("script");
    script.textContent = "document.body.dataset.ran = 'yes'";
    document.body.append(script);
    return document.body.dataset.ran ?? "no";
  });
  expect(ran).toBe("no");
  const { complaints } = visitor;
  if (!complaints) return;
  // The console has that to say, and says it when it comes to it.
  await expect.poll(() => complaints.join()).toContain("Content-Security-Policy");
  complaints.length = 0;
});
