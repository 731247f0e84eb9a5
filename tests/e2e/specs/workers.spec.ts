import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { pretendCores } from "../cores.ts";
import { expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import type { Dashboard } from "../pages/dashboard.ts";
import type { Players } from "../pages/players.ts";

/** Opens files of this machine over the production log, and waits for their numbers. */
async function pick(dashboard: Dashboard, events: number, ...names: string[]): Promise<void> {
  await dashboard.load(site("both"), "env=prod");
  await dashboard.pick(...names.map((name) => join(siteFolder("files"), name)));
  await expect(dashboard.provenance).toContainText(`${events.toLocaleString("en-US")} events`);
}

/** The table of all players as it is downloaded: with the default limits, and with another session gap. */
async function downloads(dashboard: Dashboard, players: Players): Promise<string[]> {
  await dashboard.loaded();
  await dashboard.go("Players");
  const texts = [(await players.download()).text];
  await slide(dashboard, ["10"]);
  texts.push((await players.download()).text);
  return texts;
}

/** Slides the session gap over some minutes, without waiting for what is passed by, and waits for the numbers of the last. */
async function slide(dashboard: Dashboard, gaps: string[]): Promise<void> {
  for (const gap of gaps) await dashboard.moveTo({ gap });
  await expect(dashboard.limits).toContainText(`gap ${gaps.at(-1)} min`);
  await dashboard.loaded();
}

/** All charts of the pages whose counts follow the session gap. */
async function pictures(page: Page, dashboard: Dashboard): Promise<string> {
  const drawn: string[] = [];
  for (const name of ["Overview", "Sessions"] as const) {
    await dashboard.go(name);
    await dashboard.loaded();
    const charts = await page.locator("main svg[role=img]").evaluateAll((charts) => charts.map((chart) => chart.outerHTML));
    expect(charts.length, name).toBeGreaterThan(2);
    drawn.push(...charts);
  }
  return drawn.join("\n");
}

test("one worker or several, parts of one size or another, sliding this way or that: the same to the last byte", async ({
  page,
  dashboard,
  players,
}) => {
  test.slow();
  const { events, players: rows } = expected("dev").figures;
  const ways: { cores: number; workers: number; slides?: string[]; open: () => Promise<void> }[] = [
    { cores: 1, workers: 1, slides: ["31", "180", "25"], open: () => dashboard.load(site("both")) },
    { cores: 4, workers: 2, slides: ["5", "90", "13", "60", "25"], open: () => dashboard.load(site("halves")) },
    { cores: 1, workers: 1, slides: ["25"], open: () => dashboard.load(site("halves")) },
    { cores: 4, workers: 4, slides: ["180", "8", "26", "25"], open: () => pick(dashboard, events, "ordered.parquet") },
    { cores: 1, workers: 1, open: () => pick(dashboard, events, "ordered-1.parquet", "ordered-2.parquet") },
    { cores: 1, workers: 1, open: () => pick(dashboard, events, "kaggle.parquet") },
    { cores: 4, workers: 4, open: () => dashboard.load(site("missing"), "data=../files/kaggle.parquet") },
  ];
  let first: string[] | undefined;
  let drawn: string | undefined;
  for (const { cores, workers, slides, open } of ways) {
    await pretendCores(page, cores);
    await open();
    const texts = await downloads(dashboard, players);
    await expect.poll(() => page.workers().length).toBe(workers);
    if (!first) {
      expect(texts[0]!.trimEnd().split("\r\n")).toHaveLength(rows + 1);
      expect(texts[0] === texts[1], "the gap makes a difference").toBe(false);
      first = texts;
    }
    // Compared as a whole, for a difference of two such texts takes long to print.
    expect(texts.map((text, index) => text === first![index]), open.toString()).toEqual([true, true]);
    if (!slides) continue;
    await slide(dashboard, slides);
    const now = await pictures(page, dashboard);
    drawn ??= now;
    expect(now === drawn, open.toString()).toBe(true);
  }
});

/** How many bytes the page lets its workers hold. */
const MOST_HELD_BYTES = 280 * 2 ** 20;

for (const [bytes, what] of [
  [MOST_HELD_BYTES, "whose times would not fit is held as it came"],
  [MOST_HELD_BYTES + 1, "that would not fit is stored by the browser"],
] as const) {
  test(`a log ${what}, and the server is asked once`, async ({ page, dashboard, sessions, panel, ownSite }) => {
    const { with_gap, chosen, sessions: of } = expected("dev");
    const own = await ownSite("halves");
    const path = join(own.data, "dev/manifest.json");
    const manifest = JSON.parse(await readFile(path, "utf8")) as { parts: { name: string; bytes: number }[] };
    // What is announced decides; the parts stay as small as they are.
    const each = Math.floor(bytes / manifest.parts.length);
    manifest.parts.forEach((part, index) => (part.bytes = index === 0 ? bytes - each * (manifest.parts.length - 1) : each));
    await writeFile(path, JSON.stringify(manifest));
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith(".parquet")) asked.push(request.url());
    });
    await pretendCores(page, 1);
    await dashboard.load(own.url, "page=sessions");
    for (const gap of [60, 30] as const) {
      await sessions.field.fill(String(gap));
      await dashboard.loaded();
      await sessions.shows(with_gap[gap]);
    }
    await dashboard.go("Players");
    await dashboard.moveTo({ page: "players", player: chosen.human });
    await panel.isOpenFor(chosen.human);
    await panel.sessions.hasRows(of[chosen.human]!.length);
    expect(new Set(asked).size).toBe(manifest.parts.length);
    expect(asked).toHaveLength(manifest.parts.length);
  });
}

test("a file of several units is cut within players, and put together again", async ({
  page,
  dashboard,
  overview,
  players,
  panel,
}) => {
  test.slow();
  const { figures, chosen, sessions } = expected("dev");
  const found: string[][] = [];
  for (const cores of [4, 1]) {
    await pretendCores(page, cores);
    await pick(dashboard, figures.events * 8, "eightfold.parquet");
    for (const key of ["events", "players", "sessions", "bots", "churned"] as const) {
      await expect(overview.tile(key), key).toHaveAttribute("data-value", String(figures[key] * 8));
    }
    await expect(dashboard.provenance).not.toContainText("sorted here");
    found.push(await downloads(dashboard, players));
  }
  expect([0, 1].map((index) => found[0]![index] === found[1]![index])).toEqual([true, true]);

  await page.getByRole("button", { name: "Back to the defaults" }).click();
  await expect(dashboard.limits).toContainText("gap 30 min");
  await dashboard.loaded();
  const copy = String(Number(chosen.human) + 5_000_000);
  await players.filter("id").fill(copy);
  await players.filter("id").press("Enter");
  await panel.isOpenFor(copy);
  await panel.sessions.hasRows(sessions[chosen.human]!.length);
});

test("Cancel ends the workers, also while a file is fetched", async ({ page, dashboard }) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route((url) => url.pathname.endsWith("/kaggle.parquet"), async (route) => {
    await released;
    // The page has given the request up meanwhile.
    await route.continue().catch(() => {});
  });
  await pretendCores(page, 3);
  await dashboard.open(site("missing"), "data=../files/kaggle.parquet");
  await expect.poll(() => page.workers().length).toBe(3);
  await dashboard.loading.getByRole("button", { name: "Cancel" }).click();
  await expect.poll(() => page.workers().length).toBe(0);
  await expect(page.getByText("Loading was cancelled")).toBeVisible();
  release();
  await page.getByRole("button", { name: "Load again" }).click();
  await dashboard.loaded();
  await expect(dashboard.provenance).toContainText("kaggle.parquet");
});
