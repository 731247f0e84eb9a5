import { count, DEFAULT, expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { Chart } from "../pages/chart.ts";
import { readCsv } from "../csv.ts";
import { downloaded } from "../download.ts";

test("who changes with the rules is listed, both ways, and comes as CSV", async ({ page, dashboard, bots }) => {
  const { flagged } = expected("dev");
  const [before, after] = [flagged[DEFAULT]!, flagged["101/47"]!].map((rows) => new Set(rows.map((row) => row.player_id)));
  const newly = [...after!].filter((player) => !before!.has(player));
  expect(newly.length, "the test needs players that change").toBeGreaterThan(3);
  await dashboard.load(site("both"), "page=bots");
  const card = page.getByTestId("who-changes");
  await expect(card).toContainText("No verdict differs");
  await bots.setLimits(101, 47);
  await expect(card.getByTestId("newly-flagged").locator("b")).toHaveAttribute("data-value", String(newly.length));
  await expect(card).toContainText(`${count(newly.length)} newly flagged, 0 released`);
  const shown = await card.getByTestId("newly-flagged").getByRole("button").allInnerTexts();
  expect(shown.every((player) => newly.includes(player))).toBe(true);
  const { bytes } = await downloaded(page.getByTestId("who-changes-csv"));
  const rows = readCsv(bytes.toString("utf8")).slice(1);
  expect(rows.map((row) => String(row[0])).sort()).toEqual([...newly].sort());
  expect(new Set(rows.map((row) => row[1]))).toEqual(new Set(["newly flagged"]));

  await bots.setLimits(525600, 525600);
  await expect(card.getByTestId("released").locator("b")).toHaveAttribute("data-value", String(before!.size));
  await expect(card.getByTestId("newly-flagged")).toBeHidden();
  await card.getByTestId("released").getByRole("button").first().click();
  await expect(page.getByTestId("player-panel")).toBeVisible();
});

test("another gap says how many verdicts it changes, and warns below the step of sampling", async ({
  page,
  dashboard,
  sessions,
}) => {
  await dashboard.load(site("both"), "page=sessions");
  await expect(page.getByTestId("gap-verdicts")).toContainText("No verdict differs");
  await expect(page.getByTestId("gap-warning")).toBeEmpty();
  await sessions.field.fill("180");
  await dashboard.loaded();
  await expect(page.getByTestId("gap-verdicts")).toHaveText(/\d+ verdicts? differs? from .* newly flagged, \d+ released/);
  await sessions.field.fill("7");
  await expect(page.getByTestId("gap-warning")).toContainText("Players are seen about every 10 min");
});

test("what the log does not cover is drawn, and tested", async ({ page, dashboard, quality, filter }) => {
  await dashboard.load(site("both"), "page=quality");
  const card = page.getByTestId("chart-coverage");
  await expect(card.locator(".say")).toContainText(/have no event at all|has events/);
  await expect(card.locator(".say")).toContainText("A player is seen about every 10 min");
  await expect(card.locator("svg").first()).toBeVisible();
  const said = await card.locator(".say").innerText();
  expect(await quality.ended("fail")).toEqual([]);
  // It is of the whole log, whatever the filter.
  await filter.chip("class").click();
  await filter.option("class", "Mage").check();
  await page.keyboard.press("Escape");
  await dashboard.loaded();
  await expect(card.locator(".say")).toHaveText(said);
});

test("parameters are fields where they are shown", async ({ page, dashboard, filter, overview }) => {
  await dashboard.load(site("both"));
  const before = await overview.tile("churned").getAttribute("data-value");
  await filter.chip("parameters").click();
  const menu = filter.menu("parameters");
  await menu.getByTestId("parameter-churn_days").fill("900");
  await menu.getByTestId("parameter-churn_days").press("Enter");
  await expect(filter.chip("parameters")).toContainText("churned after 900 days");
  await expect(overview.tile("churned")).not.toHaveAttribute("data-value", before!);
  await menu.getByTestId("parameter-average").fill("-4");
  await menu.getByTestId("parameter-average").press("Enter");
  await expect(menu).toContainText("Whole numbers from 0 to");
  await menu.getByTestId("filter-as of").fill("2008-06-01");
  await expect(filter.chip("parameters")).toContainText("as of 1 Jun 2008");
  await expect(page).toHaveURL(/churn_days=900&as_of=2008-06-01/);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Back to the defaults" }).click();
  await expect(filter.chip("parameters")).toContainText("churned after 30 days");
  await expect(overview.tile("churned")).toHaveAttribute("data-value", before!);
});

test("limits and gap are dragged on their charts", async ({ page, dashboard, bots, sessions }) => {
  await dashboard.load(site("both"), "page=bots");
  const [longest, average] = [bots.field("longest"), bots.field("average")];
  const density = new Chart(page, "where-the-limits-fall");
  await density.dragLine("y", 24);
  await expect(longest).not.toHaveValue("720");
  expect(Number(await longest.inputValue())).toBeLessThan(720);
  await expect(average).toHaveValue("360");
  await density.dragLine("x", -30);
  expect(Number(await average.inputValue())).toBeLessThan(360);
  await bots.reset.click();
  await expect(longest).toHaveValue("720");
  // The curve is over the limit that was last in hand.
  await new Chart(page, "flagged-at-each-limit").dragLine("x", 30);
  await expect.poll(async () => Number(await average.inputValue())).toBeGreaterThan(360);
  await expect(page).toHaveURL(/average=\d+/);

  await dashboard.go("Sessions");
  await new Chart(page, "sessions-with-each-gap").dragLine("x", 40);
  await expect.poll(async () => Number(await sessions.field.inputValue())).toBeGreaterThan(30);
});

test("a press on a bar shows only what it stands for, and once more all", async ({ page, dashboard, filter, overview, players }) => {
  const { classes, figures, levels } = expected("dev");
  await dashboard.load(site("both"));
  for (const [file, menu] of [["classes", "class"], ["races", "race"], ["top-zones", "zone"]] as const) {
    const chart = new Chart(page, file);
    await chart.press("Home");
    const name = await chart.tip.locator("b").innerText();
    await chart.press("Enter");
    await expect(filter.chip(menu)).toHaveText(`${menu}: ${name}`);
    await dashboard.loaded();
    await chart.press("Home");
    await chart.press("Enter");
    await expect(filter.chip(menu)).toHaveText(`${menu}: all`);
    await dashboard.loaded();
  }
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(figures.events));
  await new Chart(page, "classes").pointAt(0.3, 0.06);
  await page.mouse.down();
  await page.mouse.up();
  await expect(filter.chip("class")).toHaveText(`class: ${classes[0]!.label}`);
  await filter.clear.click();
  await dashboard.loaded();
  const level = new Chart(page, "highest-level");
  await level.press("Home");
  await level.press("Enter");
  await dashboard.isOn("Players");
  await players.table.hasRows(Number(levels.find((row) => row.level === "1")!.every));
});
