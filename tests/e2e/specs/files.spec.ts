import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { count, expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";

async function halves(): Promise<string[]> {
  const folder = join(siteFolder("halves"), "data", "dev");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".parquet"));
  return names.map((name) => join(folder, name));
}

test("files of this machine are read in any order, and the numbers are SQL's", async ({
  page,
  dashboard,
  overview,
  quality,
  panel,
}) => {
  const { figures, chosen, sessions } = expected("dev");
  const files = await halves();
  expect(files).toHaveLength(2);
  // Production is open, so that nothing of it may stay.
  await dashboard.load(site("both"), "env=prod");
  for (const order of [files, [...files].reverse()]) {
    await dashboard.pick(...order);
    await expect(dashboard.badge).toHaveText("LOCAL FILE");
    await dashboard.loaded();
    await expect(dashboard.productionBar).toHaveCount(0);
    await expect(page).toHaveTitle(/^LOCAL FILE/);
    for (const key of ["events", "players", "sessions", "bots", "churned"] as const) {
      await expect(overview.tile(key), key).toHaveAttribute("data-value", String(figures[key]));
    }
  }
  await expect(dashboard.provenance).toContainText("2 files");
  await expect(dashboard.provenance).toContainText(`${count(figures.events)} events`);
  await dashboard.go("Quality");
  await expect(quality.parts).toHaveCount(2);
  expect(await quality.ended("fail")).toEqual([]);

  await dashboard.go("Players");
  await page.getByTestId("filter-id").fill(chosen.human);
  await page.getByTestId("filter-id").press("Enter");
  await panel.isOpenFor(chosen.human);
  await panel.sessions.hasRows(sessions[chosen.human]!.length);
  await panel.root.press("Escape");

  await dashboard.environment("dev").click();
  await expect(dashboard.badge).toHaveText("DEV");
});

test("one file of an export is the log of its players", async ({ dashboard, overview }) => {
  const [file] = await halves();
  await dashboard.load(site("missing"), "data=../both/data/dev/manifest.json");
  await dashboard.pick(file!);
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await dashboard.loaded();
  await expect(dashboard.provenance).toContainText(file!.split("/").at(-1)!);
  const events = Number(await overview.tile("events").getAttribute("data-value"));
  expect(events).toBeLessThan(expected("dev").figures.events);
});

test("a file that is dropped on the page is opened", async ({ page, dashboard, overview }) => {
  await dashboard.load(site("both"));
  const names = await readdir(join(siteFolder("both"), "data", "prod"));
  const name = names.find((name) => name.endsWith(".parquet"));
  const dropped = await page.evaluateHandle(async (address) => {
    const transfer = new DataTransfer();
    const bytes = await (await fetch(address)).arrayBuffer();
    transfer.items.add(new File([bytes], "dropped.parquet"));
    return transfer;
  }, `data/prod/${name}`);
  await page.locator(".page").dispatchEvent("drop", { dataTransfer: dropped });
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await expect(dashboard.provenance).toContainText("dropped.parquet");
  const { events } = expected("prod").figures;
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(events));
});

test("the same file twice does not belong together", async ({ page, dashboard }) => {
  const [file] = await halves();
  await dashboard.load(site("both"));
  await dashboard.pick(file!, file!);
  await expect(dashboard.failure).toBeVisible();
  await expect(page.getByTestId("tile-events")).toHaveCount(0);
});

test("a Parquet file at an address is read, and named as what it is", async ({ dashboard, overview }) => {
  const [name] = await readdir(join(siteFolder("both"), "data", "prod")).then((names) =>
    names.filter((name) => name.endsWith(".parquet")),
  );
  await dashboard.load(site("missing"), `data=../both/data/prod/${name}`);
  await expect(dashboard.badge).toHaveText("REMOTE FILE");
  await expect(dashboard.provenance).toContainText(name!);
  const { events } = expected("prod").figures;
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(events));
});
