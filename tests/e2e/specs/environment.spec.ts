import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { count, expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";

async function datasetId(environment: "dev" | "prod"): Promise<string> {
  const file = join(siteFolder("both"), "data", environment, "manifest.json");
  return (JSON.parse(await readFile(file, "utf8")) as { dataset_id: string }).dataset_id;
}

test("dev is the default, and production only when it is asked for", async ({ page, dashboard, overview }) => {
  await dashboard.load(site("both"));
  await expect(dashboard.badge).toHaveText("DEV");
  await expect(dashboard.productionBar).toHaveCount(0);
  await expect(page).toHaveTitle(/^✅ DEV/);
  await expect(dashboard.environment("dev")).toHaveAttribute("aria-pressed", "true");
  expect(dashboard.query().has("env")).toBe(false);

  await dashboard.environment("prod").click();
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await dashboard.loaded();
  await expect(dashboard.productionBar).toBeVisible();
  await expect(dashboard.productionBar).toHaveText("PRODUCTION data");
  const bar = await dashboard.productionBar.boundingBox();
  expect(bar?.width).toBe(page.viewportSize()?.width);
  await expect(page).toHaveTitle(/^🚨 PRODUCTION/);
  await expect(dashboard.environment("prod")).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => dashboard.query().get("env")).toBe("prod");
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(expected("prod").figures.events));

  await dashboard.environment("dev").click();
  await expect(dashboard.badge).toHaveText("DEV");
  await dashboard.loaded();
  await expect(dashboard.productionBar).toHaveCount(0);
  await expect(page).toHaveTitle(/^✅ DEV/);
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(expected("dev").figures.events));
});

test("a link to production opens production, and an unknown environment is none", async ({ page, dashboard }) => {
  await dashboard.load(site("both"), "env=prod&page=players");
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await expect(dashboard.productionBar).toBeVisible();
  await dashboard.isOn("Players");
  await dashboard.load(site("both"), "env=production");
  await expect(dashboard.badge).toHaveText("DEV");
  await expect(page).toHaveTitle(/DEV/);
});

for (const [environment, database] of [
  ["dev", "wow_test.duckdb"],
  ["prod", "wow.duckdb"],
] as const) {
  test(`the header tells where the numbers of ${environment} come from`, async ({ dashboard }) => {
    const { figures } = expected(environment);
    const id = await datasetId(environment);
    await dashboard.load(site("both"), `env=${environment}`);
    await expect(dashboard.provenance).toContainText(database);
    await expect(dashboard.provenance).toContainText(`${count(figures.events)} events`);
    await expect(dashboard.provenance).toContainText(`${count(figures.players)} players`);
    await expect(dashboard.provenance).toContainText(/exported \d+ \w+ \d{4} \d\d:\d\d UTC/);
    await expect(dashboard.provenance.locator("code")).toHaveAttribute("title", `dataset ${id}`);
    await expect(dashboard.provenance.locator("code")).toHaveText(`${id.slice(0, 4)}…${id.slice(-4)}`);
  });
}

test("the limits in force and the day of the churn count are always in sight", async ({ dashboard }) => {
  await dashboard.load(site("both"));
  for (const name of ["Overview", "Bots", "Players", "Quality"] as const) {
    await dashboard.go(name);
    await expect(dashboard.limits).toContainText("gap 30 min · longest 12 h · average 6 h · churned after 30 days");
    await expect(dashboard.limits).toContainText("as of");
  }
});
