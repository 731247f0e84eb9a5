import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { expect, site, siteFolder, test } from "../fixtures.ts";

/** What a link says of the data that it was made of. */
async function mark(environment: "dev" | "prod"): Promise<string> {
  const file = join(siteFolder("both"), "data", environment, "manifest.json");
  return (JSON.parse(await readFile(file, "utf8")) as { dataset_id: string }).dataset_id.slice(0, 12);
}

/** What Share copies, once the button says that it did. */
async function shared(page: Page, said = "Link copied"): Promise<string> {
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("button", { name: said, exact: true })).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

test("the name of the site leads to the overview, and keeps environment, filter and files", async ({
  page,
  dashboard,
}) => {
  const brand = page.getByRole("link", { name: "WoW Analytics" });
  await dashboard.load(site("both"), "env=prod&page=bots&bots=only");
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  await brand.click();
  await dashboard.isOn("Overview");
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await expect(page).toHaveURL(/\?env=prod&bots=only$/);

  await dashboard.pick(join(siteFolder("files"), "ordered.parquet"));
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await dashboard.go("Quality");
  await brand.click();
  await dashboard.isOn("Overview");
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
});

test("choosing adds to the history or changes its entry; reading an address and going back add nothing", async ({
  page,
  dashboard,
  players,
  sessions,
}) => {
  const entries = () => page.evaluate(() => history.length);
  await dashboard.load(site("both"), "gap=30&nonsense");
  await expect(page).toHaveURL(site("both"));
  const opened = await entries();
  await dashboard.go("Players");
  await players.chooseColumns("race");
  await expect(page).toHaveURL(/columns=/);
  expect(await entries()).toBe(opened + 1);
  await dashboard.go("Sessions");
  await sessions.field.fill("60");
  await expect(page).toHaveURL(/gap=60/);
  expect(await entries()).toBe(opened + 2);

  await page.goBack();
  await dashboard.isOn("Players");
  // The first entry asks for no view, so it gets the columns that were chosen since.
  await page.goBack();
  await dashboard.isOn("Overview");
  await expect(page).toHaveURL(/\?columns=[^&]+$/);
  expect(await entries()).toBe(opened + 2);
  await page.goForward();
  await dashboard.isOn("Players");
  await page.goForward();
  await dashboard.isOn("Sessions");
  await expect(sessions.field).toHaveValue("60");
});

test("the tab tells the data first, then the page", async ({ page, dashboard }) => {
  await dashboard.load(site("both"), "env=prod");
  await expect(page).toHaveTitle("🚨 PRODUCTION · Overview · WoW Analytics");
  await dashboard.go("Bots");
  await expect(page).toHaveTitle("🚨 PRODUCTION · Bots · WoW Analytics");
  await page.goBack();
  await expect(page).toHaveTitle("🚨 PRODUCTION · Overview · WoW Analytics");
});

test("Share copies what is chosen now, with the mark of the data, and the link fits them", async ({
  page,
  context,
  dashboard,
  sessions,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await dashboard.load(site("both"), "env=prod&page=sessions&bots=out");
  // The address tells it only once it rests.
  await sessions.field.fill("60");
  const link = await shared(page);
  expect(link).toBe(`${site("both")}?env=prod&page=sessions&bots=out&gap=60&of=${await mark("prod")}`);
  await page.goto(link);
  await dashboard.loaded();
  await expect(sessions.field).toHaveValue("60");
  await expect(dashboard.linkStrip).toHaveCount(0);
});

test("a link that was made of other data says so until that is dismissed", async ({ page, dashboard, overview }) => {
  await dashboard.load(site("both"), "page=bots&of=fedcba987654");
  await expect(dashboard.linkStrip).toContainText("made of other data, dataset fedcba987654");
  await expect(dashboard.linkStrip).toContainText(await mark("dev"));
  await dashboard.go("Overview");
  await expect(overview.tile("events")).toBeVisible();
  await expect(dashboard.linkStrip).toBeVisible();
  await dashboard.linkStrip.getByRole("button", { name: "Dismiss" }).click();
  await expect(dashboard.linkStrip).toHaveCount(0);
  await expect(page).not.toHaveURL(/of=/);
  await page.reload();
  await dashboard.loaded();
  await expect(dashboard.linkStrip).toHaveCount(0);
});

test("another environment is no concern of the link's", async ({ page, dashboard }) => {
  await dashboard.load(site("both"), `of=${await mark("dev")}`);
  await expect(dashboard.linkStrip).toHaveCount(0);
  await dashboard.environment("prod").click();
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await dashboard.loaded();
  await expect(dashboard.linkStrip).toHaveCount(0);
  await expect(page).toHaveURL(/\?env=prod$/);
});

test("a link made with files of this machine says that it cannot carry them, here and where it is opened", async ({
  page,
  context,
  dashboard,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await dashboard.load(site("both"));
  await dashboard.pick(join(siteFolder("files"), "ordered.parquet"));
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await dashboard.loaded();
  const link = await shared(page, "Link copied, without the files");
  expect(link).toBe(`${site("both")}?of=files`);
  await page.goto(link);
  await dashboard.loaded();
  await expect(dashboard.badge).toHaveText("DEV");
  await expect(dashboard.linkStrip).toContainText("files on another machine");
  await dashboard.pick(join(siteFolder("files"), "ordered.parquet"));
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await expect(dashboard.linkStrip).toHaveCount(0);
});
