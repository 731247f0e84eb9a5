import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { duration, expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import { entry, toggleTable } from "../pages/chart.ts";

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
  await expect(page).toHaveURL(/\?env=prod&bots=only&of=[0-9a-f]{12}$/);

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
  await expect(page).toHaveURL(`${site("both")}?of=${await mark("dev")}`);
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
  await expect(page).toHaveURL(/\?columns=[^&]+&of=[0-9a-f]{12}$/);
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
  // Nobody has taken note of it yet.
  await page.reload();
  await dashboard.loaded();
  await expect(dashboard.linkStrip).toContainText("made of other data, dataset fedcba987654");
  await dashboard.linkStrip.getByRole("button", { name: "Dismiss" }).click();
  await expect(dashboard.linkStrip).toHaveCount(0);
  await expect(page).toHaveURL(`${site("both")}?of=${await mark("dev")}`);
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
  await expect(page).toHaveURL(new RegExp(`\\?env=prod&of=${await mark("prod")}$`));
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
  // In a tab where it was not open before.
  await page.goto("about:blank");
  await page.goto(link);
  await dashboard.loaded();
  await expect(dashboard.badge).toHaveText("DEV");
  await expect(dashboard.linkStrip).toContainText("files on another machine");
  await dashboard.pick(join(siteFolder("files"), "ordered.parquet"));
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await expect(dashboard.linkStrip).toHaveCount(0);
});

test("a link from the address bar has the mark of the data, as has one that is opened elsewhere", async ({
  page,
  dashboard,
}) => {
  await dashboard.load(site("both"), "page=bots&longest=600");
  await expect(page).toHaveURL(`${site("both")}?page=bots&longest=600&of=${await mark("dev")}`);
  const elsewhere = page.getByRole("navigation").getByRole("link", { name: "Players" });
  await elsewhere.hover();
  await expect(elsewhere).toHaveAttribute("href", `?page=players&longest=600&of=${await mark("dev")}`);
  await expect(dashboard.linkStrip).toHaveCount(0);
});

test("whoever loads the page anew after another export is told so in passing, and once", async ({
  page,
  dashboard,
  ownSite,
}) => {
  const own = await ownSite("halves");
  await dashboard.load(own.url, "page=bots");
  await expect(page).toHaveURL(/&of=[0-9a-f]{12}$/);
  const before = dashboard.query().get("of")!;
  await cp(join(siteFolder("both"), "data", "dev"), join(own.data, "dev"), { recursive: true });
  expect(await mark("dev")).not.toBe(before);
  await page.reload();
  await dashboard.loaded();
  await expect(dashboard.linkStrip).toHaveText(
    `The data have changed since: they were dataset ${before} and are ${await mark("dev")} now.Dismiss`,
  );
  await expect(page).toHaveURL(`${own.url}?page=bots&of=${await mark("dev")}`);
  await page.reload();
  await dashboard.loaded();
  await expect(dashboard.linkStrip).toHaveCount(0);
  // The same address in somebody else's hands is a link that was made of other data.
  await page.goto(`${own.url}?page=bots&of=${before}`);
  await dashboard.loaded();
  await expect(dashboard.linkStrip).toContainText(`made of other data, dataset ${before}`);
});

test("files that were open before a reload are asked for", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  await dashboard.pick(join(siteFolder("files"), "ordered.parquet"));
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await expect(page).toHaveURL(`${site("both")}?of=files`);
  await page.reload();
  await dashboard.loaded();
  await expect(dashboard.linkStrip).toContainText("The files that were open are not kept over a reload.");
});

test("charts that are shown as tables, the curve's limit and the order of sessions are in the address", async ({
  page,
  dashboard,
  bots,
  panel,
}) => {
  const chart = (file: string) => page.getByTestId(`chart-${file}`);
  const { chosen, sessions } = expected("dev");
  await dashboard.load(site("both"), "page=sessions");
  await toggleTable(chart("session-duration"));
  await toggleTable(chart("events-per-session"));
  await expect(page).toHaveURL(/&tables=events-per-session%2Csession-duration&/);
  await toggleTable(chart("events-per-session"));
  await expect(page).toHaveURL(/&tables=session-duration&/);

  await dashboard.go("Bots");
  const curve = page.getByRole("group", { name: "Over the limit on the" });
  await curve.getByRole("button", { name: "Average session" }).click();
  await expect(page).toHaveURL(/&curve=average&/);
  await bots.slider("longest").focus();
  await expect(page).not.toHaveURL(/curve=/);
  await bots.field("average").focus();
  await expect(page).toHaveURL(/&curve=average&/);

  await dashboard.moveTo({ player: chosen.human });
  await panel.isOpenFor(chosen.human);
  await panel.sessions.sortBy("minutes", "descending");
  await expect(page).toHaveURL(/&sessions=-minutes&/);

  // Whoever opens the link sees the same.
  await page.goto(page.url());
  await dashboard.loaded();
  await panel.isOpenFor(chosen.human);
  await expect(panel.sessions.heading("minutes")).toHaveAttribute("aria-sort", "descending");
  const longest = Math.max(...sessions[chosen.human]!.map(({ minutes }) => minutes));
  expect(await panel.sessions.first(1, ["minutes"])).toEqual([[duration(longest)]]);
  await page.keyboard.press("Escape");
  await expect(curve.getByRole("button", { name: "Average session" })).toHaveAttribute("aria-pressed", "true");
  await dashboard.go("Sessions");
  await expect(await entry(chart("session-duration"), "table")).toHaveAttribute("aria-checked", "true");
  await page.keyboard.press("Escape");
  await expect(await entry(chart("events-per-session"), "table")).toHaveAttribute("aria-checked", "false");
  await expect(chart("session-duration").getByRole("table")).toBeVisible();
});

test("what is chosen on the way is there again on the way back", async ({ page, dashboard }) => {
  const chart = page.getByTestId("chart-session-duration");
  await dashboard.load(site("both"), "page=sessions");
  await toggleTable(chart);
  await expect(page).toHaveURL(/tables=/);
  await dashboard.go("Overview");
  await page.goBack();
  await dashboard.isOn("Sessions");
  await expect(chart.getByRole("table")).toBeVisible();
  await expect(dashboard.linkStrip).toHaveCount(0);
});
