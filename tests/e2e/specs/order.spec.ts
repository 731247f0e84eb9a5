import { join } from "node:path";

import type { Page } from "@playwright/test";

import { count, DEFAULT, expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";

const FIGURES = ["events", "players", "sessions", "bots", "churned"] as const;

/** Keeps every text that says how far the loading is, however short it is in sight. */
async function keepLoadingTexts(page: Page): Promise<() => Promise<string>> {
  await page.addInitScript(() => {
    const texts: string[] = [];
    Object.assign(window, { loadingTexts: texts });
    new MutationObserver(() => {
      texts.push(document.querySelector('[data-testid="loading"]')?.textContent ?? "");
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => (window as unknown as { loadingTexts: string[] }).loadingTexts.join("\n"));
}

function files(...names: string[]): string[] {
  return names.map((name) => join(siteFolder("files"), name));
}

test("an unsorted file in another layout is sorted here, and the numbers are SQL's", async ({
  page,
  dashboard,
  overview,
  quality,
  players,
  panel,
}) => {
  const { figures, zones, daily, chosen, sessions, tables } = expected("dev");
  const loadingTexts = await keepLoadingTexts(page);
  await dashboard.load(site("both"), "env=prod");
  await dashboard.pick(...files("kaggle.parquet"));
  await expect(dashboard.provenance).toContainText(`${count(figures.events)} events`);
  await dashboard.loaded();
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await expect(dashboard.provenance).toContainText("kaggle.parquet");
  await expect(dashboard.provenance).toContainText("sorted here");
  expect(await loadingTexts()).toContain("being sorted by player and time");
  for (const key of FIGURES) {
    await expect(overview.tile(key), key).toHaveAttribute("data-value", String(figures[key]));
  }
  expect(await overview.table("top-zones")).toEqual(
    zones.map((zone) => [zone.label, count(zone.humans), count(zone.bots), count(zone.every)]),
  );
  expect(await overview.table("daily-active-players")).toEqual(
    daily[DEFAULT]!.map((day) => [day.day, count(day.humans), count(day.bots), count(day.every)]),
  );
  await dashboard.go("Quality");
  await expect(quality.parts).toHaveCount(1);
  expect(await quality.ended("fail")).toEqual([]);

  await dashboard.go("Players");
  await players.table.hasRows(figures.players);
  await players.table.sortBy("total_events", "descending");
  await players.table.startsWith(tables.by_events.slice(0, 5).map((player) => player.player_id));
  await players.filter("id").fill(chosen.human);
  await players.filter("id").press("Enter");
  await panel.isOpenFor(chosen.human);
  await panel.sessions.hasRows(sessions[chosen.human]!.length);
});

test("an unsorted file at an address is sorted too", async ({ dashboard, overview }) => {
  const { figures } = expected("dev");
  await dashboard.load(site("missing"), "data=../files/kaggle.parquet");
  await expect(dashboard.badge).toHaveText("REMOTE FILE");
  await expect(dashboard.provenance).toContainText("sorted here");
  for (const key of FIGURES) {
    await expect(overview.tile(key), key).toHaveAttribute("data-value", String(figures[key]));
  }
});

for (const names of [
  ["ordered.parquet"],
  ["ordered-1.parquet", "ordered-2.parquet"],
  ["ordered-2.parquet", "ordered-1.parquet"],
]) {
  test(`${names.join(" and ")}: order is recognised whatever the row groups`, async ({ page, dashboard, overview }) => {
    const { figures } = expected("dev");
    const loadingTexts = await keepLoadingTexts(page);
    await dashboard.load(site("both"), "env=prod");
    await dashboard.pick(...files(...names));
    await expect(dashboard.provenance).toContainText(`${count(figures.events)} events`);
    await dashboard.loaded();
    for (const key of FIGURES) {
      await expect(overview.tile(key), key).toHaveAttribute("data-value", String(figures[key]));
    }
    await expect(dashboard.provenance).not.toContainText("sorted here");
    expect(await loadingTexts()).not.toContain("sorted");
  });
}

test("files whose players overlap are put together, and what was sorted is forgotten with them", async ({
  dashboard,
  overview,
}) => {
  const { figures } = expected("dev");
  await dashboard.load(site("both"), "env=prod");
  await dashboard.pick(...files("kaggle.parquet", "ordered-1.parquet"));
  // Rows of two files count twice where both have them.
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(figures.events + 70_001));
  await expect(overview.tile("players")).toHaveAttribute("data-value", String(figures.players));
  await expect(dashboard.provenance).toContainText("sorted here");
  await dashboard.environment("prod").click();
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await dashboard.loaded();
  await expect(dashboard.provenance).not.toContainText("sorted here");
});
