import { readFileSync } from "node:fs";
import { join } from "node:path";

import { downloaded } from "../download.ts";
import { expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import { PAGE_NAMES } from "../pages/dashboard.ts";
import { entry } from "../pages/chart.ts";

const SHARE = "1 of 3 players";
const { players, events } = expected("dev").figures;
const count = (number: number): string => number.toLocaleString("en-GB");

for (const width of [360, 1280]) {
  test(`a sample is said on every page at ${width} pixels`, async ({ page, dashboard, compare }) => {
    await page.setViewportSize({ width, height: 900 });
    await dashboard.load(site("sample"));
    const badge = page.getByTestId("sample");
    for (const name of PAGE_NAMES) {
      await dashboard.go(name);
      if (name === "Compare") await compare.compared();
      await expect(badge).toHaveText(SHARE);
      await expect(badge).toBeInViewport({ ratio: 1 });
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(sideways, `${name} scrolls sideways`).toBe(0);
    }
    await expect(compare.figure("sample")).toHaveText([SHARE, "all players", "not comparable in number"]);
  });
}

test("a sample says of what it is one, and its numbers are its own", async ({ page, dashboard, overview }) => {
  const manifest = JSON.parse(readFileSync(join(siteFolder("sample"), "data", "dev", "manifest.json"), "utf8"));
  await dashboard.load(site("sample"));
  await expect(overview.tile("players")).toHaveAttribute("data-value", String(manifest.players));
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(manifest.rows));
  expect(manifest.players).toBeLessThan(players / 2);
  await dashboard.go("Quality");
  const said = page.getByTestId("quality-sample");
  await expect(said).toContainText(`${count(manifest.players)} of ${count(players)} players`);
  await expect(said).toContainText(`${count(manifest.rows)} of ${count(events)} events`);
  await expect(said).toContainText("none is scaled up");
});

test("what leaves the page says that it is of a sample", async ({ page, dashboard, report }) => {
  await dashboard.load(site("sample"));
  const drawing = await downloaded(await entry(page.getByTestId("chart-classes"), "SVG"));
  expect(drawing.name).toContain("1-of-3-players");
  expect(drawing.bytes.toString()).toContain(`A sample: ${SHARE}.`);
  const written = await report.saved();
  expect(written.name).toContain("1-of-3-players");
  const html = written.bytes.toString();
  expect(html.split(SHARE).length - 1).toBeGreaterThanOrEqual(3);
  await dashboard.go("Players");
  const table = await downloaded(page.getByRole("button", { name: "CSV" }));
  expect(table.name).toMatch(/^players-dev-.*-1-of-3-players\.csv$/);
});

test("an export of all players says nothing of a share", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  await expect(page.getByTestId("sample")).toHaveCount(0);
  await dashboard.go("Quality");
  await expect(page.getByTestId("quality-sample")).toHaveCount(0);
});
