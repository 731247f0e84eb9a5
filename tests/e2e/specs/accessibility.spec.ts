import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

import { expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { PAGE_NAMES } from "../pages/dashboard.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds that keeps someone from using the page: rule, how many, and the first place. */
async function barriers(page: Page): Promise<string[]> {
  // The page's policy lets no script in; the browser's debugger does.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id} (${help}), ${nodes.length}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

for (const theme of ["light", "dark"] as const) {
  for (const width of [360, 1440]) {
    test(`no barriers in the ${theme} theme at ${width} pixels`, async ({ page, dashboard, compare, players, panel }) => {
      // Every page is examined whole, which takes the browser a while.
      test.slow();
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      for (const environment of ["dev", "prod"]) {
        await dashboard.load(site("both"), `env=${environment}`);
        for (const name of environment === "dev" ? PAGE_NAMES : PAGE_NAMES.slice(0, 1)) {
          await dashboard.go(name);
          await dashboard.loaded();
          if (name === "Compare") await compare.compared();
          expect(await barriers(page), `${environment}, ${name}`).toEqual([]);
        }
      }
      await dashboard.load(site("both"), `player=${expected("dev").chosen.bot}`);
      await expect(panel.sessions.row(0)).toBeVisible();
      expect(await barriers(page), "a player").toEqual([]);
      await dashboard.load(site("changed"), "page=players");
      await players.table.row(0).click();
      await expect(panel.changes.first()).toBeVisible();
      expect(await barriers(page), "a player that changed").toEqual([]);
    });
  }

  test(`no barriers in the ${theme} theme in failures and warnings`, async ({ page, dashboard, conduct }) => {
    conduct.mayReportFailedRequests = true;
    await page.emulateMedia({ colorScheme: theme });
    await dashboard.open(site("both"), "data=nowhere/manifest.json");
    await expect(dashboard.failure).toBeVisible();
    expect(await barriers(page)).toEqual([]);
    await dashboard.load(site("both"), "of=fedcba987654");
    await expect(dashboard.linkStrip).toBeVisible();
    expect(await barriers(page)).toEqual([]);
  });
}
