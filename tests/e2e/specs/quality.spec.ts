import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { count, expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";

interface Part {
  file: string;
  rows: number;
  players: number;
  sha256: string;
}

async function parts(name: string): Promise<Part[]> {
  const file = join(siteFolder(name), "data", "dev", "manifest.json");
  return (JSON.parse(await readFile(file, "utf8")) as { parts: Part[] }).parts;
}

test("the page tells its version", async ({ page, dashboard }) => {
  await dashboard.load(site("both"), "page=quality");
  const manifest = await readFile(new URL("../../../Cargo.toml", import.meta.url), "utf8");
  const version = /^version = "(.+)"$/m.exec(manifest)![1]!;
  await expect(page.getByTestId("version")).toContainText(`version ${version}+`);
});

/** What the log does not cover warns, and nothing else does. */
const UNCOVERED = ["wowlogs.no day without events", "wowlogs.no hour without events"];

test("every test passes on good data, but for what the log does not cover", async ({ dashboard, quality }) => {
  const { figures, coverage } = expected("dev");
  await dashboard.load(site("both"), "page=quality");
  await expect(quality.summary).toHaveText(/^22 of 24 tests pass, 2 warn\.$/);
  expect(await quality.ended("warn")).toEqual(UNCOVERED);
  expect(await quality.ended("pass")).toHaveLength(22);
  await expect(quality.failing(UNCOVERED[0]!)).toHaveText(count(coverage.missing_days));
  await expect(quality.failing(UNCOVERED[1]!)).toHaveText(count(coverage.missing_hours));
  await expect(quality.figure("original_events")).toHaveText(count(figures.events));
  await expect(quality.figure("kept_events")).toHaveText(count(figures.kept_events));
  const share = (figures.bot_events / figures.events) * 100;
  await expect(quality.figure("bot_share")).toHaveText(`${share.toFixed(1)} %`);
  await expect(quality.rejected("null_player_id")).toHaveText(["0", "0"]);
  await expect(quality.rejected("null_datetime")).toHaveText(["0", "0"]);
});

test("rows without player or time are counted as SQL counts them", async ({ dashboard, overview, quality }) => {
  const { figures } = expected("hard");
  expect(figures.null_player_id).toBeGreaterThan(0);
  expect(figures.null_datetime).toBeGreaterThan(0);
  await dashboard.load(site("hard"));
  const rejected = figures.null_player_id + figures.null_datetime;
  const funnel = await overview.funnel();
  expect([funnel.get("Log rows")![0], funnel.get("left out: no player or time")![0]]).toEqual([figures.rows, rejected].map(count));
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(figures.events));
  await dashboard.go("Quality");
  expect(await quality.ended("fail")).toEqual([]);
  expect(await quality.ended("warn")).toEqual(UNCOVERED);
  await expect(quality.rejected("null_player_id")).toHaveText([String(figures.null_player_id), "0"]);
  await expect(quality.rejected("null_datetime")).toHaveText([String(figures.null_datetime), "0"]);
});

for (const name of ["both", "halves"]) {
  test(`the parts of ${name} are listed as the manifest has them, and checked`, async ({ dashboard, quality }) => {
    await dashboard.load(site(name), "page=quality");
    const announced = await parts(name);
    await expect(quality.parts).toHaveCount(announced.length);
    for (const part of announced) {
      const row = quality.parts.and(dashboard.page.locator(`[data-file="${part.file}"]`));
      await expect(row).toHaveAttribute("data-status", "checked");
      await expect(row.locator("td").nth(0)).toHaveText(count(part.rows));
      await expect(row.locator("td").nth(1)).toHaveText(count(part.players));
      await expect(row.locator("code")).toHaveAttribute("title", part.sha256);
    }
  });
}

test("a manifest that announces other figures than its parts have fails the tests that compare them", async ({
  page,
  dashboard,
  quality,
}) => {
  await page.route("**/manifest.json", async (route) => {
    const response = await route.fetch();
    const manifest = await response.json();
    manifest.rows += 5;
    manifest.players += 1;
    await route.fulfill({ response, json: manifest });
  });
  await dashboard.load(site("both"), "page=quality");
  expect((await quality.ended("fail")).sort()).toEqual(["export.players", "wowlogs.rows of the source"]);
  await expect(quality.summary).toContainText("2 fail");
});
