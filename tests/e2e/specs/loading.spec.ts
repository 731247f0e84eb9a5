import { expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { halves, hold } from "../held.ts";

const EVENTS = String(expected("dev").figures.events);

test("the first numbers are there while the rest is loading", async ({ page, dashboard, overview, quality }) => {
  const [first, second] = await halves();
  const release = await hold(page, second.file);
  await dashboard.open(site("halves"));
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(first.rows));
  await expect(dashboard.loading).toContainText("1 of 2 parts");
  await expect(dashboard.loading.getByRole("progressbar")).toBeVisible();
  await dashboard.go("Quality");
  await expect(quality.summary).toContainText("run once all parts are in");
  release();
  await expect(quality.summary).toHaveText(/tests pass/);
  await expect(dashboard.loading).toHaveCount(0);
  await dashboard.go("Overview");
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
});

test("the end comes first: nothing is shown that is not merged in order", async ({ page, dashboard, overview }) => {
  const [first] = await halves();
  const release = await hold(page, first.file);
  await dashboard.open(site("halves"));
  await expect(dashboard.loading).toContainText("1 of 2 parts");
  await expect(overview.tile("events")).toHaveCount(0);
  release();
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
});

test("Cancel stops the loading before anything is there, and Load again completes it", async ({
  page,
  dashboard,
  overview,
}) => {
  const releases = await Promise.all((await halves()).map((part) => hold(page, part.file)));
  await dashboard.open(site("halves"));
  await expect(dashboard.loading).toContainText("0 of 2 parts");
  await dashboard.loading.getByRole("button", { name: "Cancel" }).click();
  await expect(dashboard.loading).toHaveCount(0);
  await expect(page.getByText("Loading was cancelled")).toBeVisible();
  for (const release of releases) release();
  await page.getByRole("button", { name: "Load again" }).click();
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  await expect(dashboard.loading).toHaveCount(0);
});

test("Cancel half-way keeps the numbers so far and says so", async ({ page, dashboard, overview }) => {
  const [first, second] = await halves();
  const release = await hold(page, second.file);
  await dashboard.open(site("halves"));
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(first.rows));
  await dashboard.loading.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("the numbers are those of the parts read so far")).toBeVisible();
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(first.rows));
  release();
  await page.getByRole("button", { name: "Load again" }).click();
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  await expect(page.getByText("Loading was cancelled")).toHaveCount(0);
});

test("a switch while loading ends with the data of the last choice", async ({ page, dashboard, overview }) => {
  const release = await hold(page, "data/dev/manifest.json");
  await dashboard.open(site("both"));
  await expect(dashboard.loading).toContainText("Looking for the data");
  await dashboard.environment("prod").click();
  const { events } = expected("prod").figures;
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(events));
  const late = page.waitForResponse("**/data/dev/manifest.json");
  release();
  await (await late).finished();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  await dashboard.loaded();
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(events));
});

test("back and forward restore pages, the open player and the environment", async ({ page, dashboard, panel }) => {
  const { chosen } = expected("dev");
  await dashboard.load(site("both"));
  await dashboard.go("Bots");
  await dashboard.go("Players");
  await page.getByTestId("filter-id").fill(chosen.human);
  await page.getByTestId("filter-id").press("Enter");
  await panel.isOpenFor(chosen.human);
  await page.goBack();
  await expect(panel.root).toBeHidden();
  await dashboard.isOn("Players");
  await page.goBack();
  await dashboard.isOn("Bots");
  await page.goBack();
  await dashboard.isOn("Overview");
  await page.goForward();
  await dashboard.isOn("Bots");
  await dashboard.environment("prod").click();
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await page.goBack();
  await expect(dashboard.badge).toHaveText("DEV");
  await dashboard.isOn("Bots");
});
