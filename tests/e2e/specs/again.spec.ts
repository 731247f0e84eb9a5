import { expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { PAGE_NAMES } from "../pages/dashboard.ts";
import type { Overview } from "../pages/overview.ts";

const [ALL, SOME] = [expected("dev"), expected("dev:days")];
const DAYS = Object.fromEntries(new URLSearchParams(SOME.query)) as { from: string; to: string };

/** The tables of the Overview that count by group, which a limit moves players between. */
async function countsByGroup(overview: Overview): Promise<string[][][]> {
  const tables: string[][][] = [];
  for (const file of ["daily-active-players", "when-they-play", "top-zones"]) tables.push(await overview.table(file));
  return tables;
}

test("a scan for another choice shows how far it is, and Cancel takes the choice back", async ({
  page,
  dashboard,
  filter,
  overview,
  scans,
}) => {
  await dashboard.load(site("both"), "longest=600");
  await scans.will("hold");
  await filter.chooseDays(DAYS.from, DAYS.to);
  await expect(dashboard.again).toContainText("Scanning the events again");
  await expect(dashboard.again.getByRole("progressbar")).toBeVisible();
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(ALL.figures.events));
  await expect.poll(() => dashboard.dimmed()).not.toContain(false);
  await dashboard.again.getByRole("button", { name: "Cancel" }).click();
  await expect(dashboard.again).toHaveCount(0);
  await expect(filter.chip("days")).toHaveText("days: all");
  await expect(page).toHaveURL(/\?longest=600&of=[0-9a-f]{12}$/);
  await dashboard.loaded();
  await expect.poll(() => dashboard.dimmed()).not.toContain(true);
  await scans.run();
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(ALL.figures.events));

  await filter.chooseDays(DAYS.from, DAYS.to);
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(SOME.figures.events));
  await dashboard.loaded();
});

test("going back to what is shown ends the scan for what was left", async ({ dashboard, filter, overview, scans }) => {
  await dashboard.load(site("both"));
  await scans.will("hold");
  await filter.chooseDays(DAYS.from, DAYS.to);
  await expect(dashboard.again).toBeVisible();
  await filter.clear.click();
  await expect(dashboard.again).toHaveCount(0);
  await dashboard.loaded();
  await scans.run();
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(ALL.figures.events));
});

test("while other events are counted, all of the old picture is dimmed, on every page", async ({
  dashboard,
  compare,
  panel,
  scans,
}) => {
  await dashboard.load(site("both"));
  await dashboard.go("Compare");
  await compare.compared();
  await scans.will("hold");
  await dashboard.moveTo(DAYS);
  await expect(dashboard.again).toBeVisible();
  await expect.poll(() => dashboard.dimmed(), "Compare").not.toContain(false);
  for (const name of PAGE_NAMES.filter((name) => name !== "Compare")) {
    await dashboard.go(name);
    await expect.poll(() => dashboard.dimmed(), name).not.toContain(false);
  }
  await dashboard.moveTo({ page: "players", player: ALL.chosen.human });
  await panel.isOpenFor(ALL.chosen.human);
  await expect.poll(() => dashboard.dimmed(panel.root.locator(".panel-body > *"))).not.toContain(false);
  await scans.run();
  await dashboard.loaded();
  await expect.poll(() => dashboard.dimmed(panel.root.locator(".panel-body > *"))).not.toContain(true);
});

test("of a short gap, what follows the slider at once is not dimmed, and all else is until the events are scanned", async ({
  page,
  dashboard,
  sessions,
  scans,
}) => {
  await dashboard.load(site("both"), "page=sessions");
  await scans.will("hold");
  // So short a gap divides what workers keep as one.
  await sessions.field.fill("7");
  await expect(dashboard.again).toBeVisible();
  const live = [page.getByTestId("gap-card"), sessions.chart("sessions-with-each-gap")];
  for (const card of live) expect(await dashboard.dimmed(card)).toEqual([false]);
  for (const old of [page.locator("dl.tiles"), sessions.chart("session-duration"), sessions.chart("events-per-session")]) {
    await expect.poll(() => dashboard.dimmed(old)).toEqual([true]);
  }
  await scans.run();
  await dashboard.loaded();
});

test("a longer gap is answered by what workers keep: no event is scanned and nothing is dimmed", async ({
  dashboard,
  sessions,
  scans,
}) => {
  const { with_gap } = expected("dev");
  await dashboard.load(site("both"), "page=sessions");
  await scans.will("hold");
  for (const gap of [60, 30] as const) {
    await sessions.field.fill(String(gap));
    await sessions.shows(with_gap[gap]);
    await expect(dashboard.again).toHaveCount(0);
    expect(await dashboard.dimmed()).not.toContain(true);
  }
});

test("of a log whose players would not fit into memory, gaps and limits are answered by what lies outside it", async ({
  page,
  dashboard,
  bots,
  overview,
  sessions,
  scans,
}) => {
  await dashboard.load(site("halves"), "gap=60&longest=101&average=47");
  const scanned = await countsByGroup(overview);

  // By what is announced it is decided what is kept where.
  await page.route("**/manifest.json", async (route) => {
    const response = await route.fetch();
    const manifest = (await response.json()) as { rows: number; parts: { rows: number }[] };
    manifest.rows = 1e9;
    for (const part of manifest.parts) part.rows = 5e8;
    await route.fulfill({ response, json: manifest });
  });
  const { with_gap } = expected("dev");
  await dashboard.load(site("halves"), "page=sessions");
  await scans.will("hold");
  for (const gap of [60, 30, 60] as const) {
    await sessions.field.fill(String(gap));
    await sessions.shows(with_gap[gap]);
  }
  await dashboard.go("Bots");
  await bots.setLimits(101, 47);
  await dashboard.go("Overview");
  await expect.poll(() => countsByGroup(overview)).toEqual(scanned);
  await expect(dashboard.again).toHaveCount(0);
  expect(await dashboard.dimmed()).not.toContain(true);
});

test("groups follow the limits without a scan, to what a scan with them finds", async ({ dashboard, bots, overview, scans }) => {
  await dashboard.load(site("both"), "longest=101&average=47");
  const scanned = await countsByGroup(overview);

  await dashboard.load(site("both"), "page=bots");
  await scans.will("hold");
  await bots.setLimits(101, 47);
  await dashboard.go("Overview");
  await expect.poll(() => countsByGroup(overview)).toEqual(scanned);
  await expect(dashboard.again).toHaveCount(0);
  expect(await dashboard.dimmed()).not.toContain(true);
});

test("a worker that breaks down during a scan leaves the old picture, and Try again completes the new one", async ({
  page,
  dashboard,
  filter,
  overview,
  panel,
  scans,
}) => {
  await dashboard.load(site("both"));
  await scans.will("break");
  await filter.chooseDays(DAYS.from, DAYS.to);
  await expect(dashboard.failureStrip).toContainText("The computation broke off");
  await expect(dashboard.failureStrip).toContainText("those from before your last choice");
  await expect(dashboard.failure).toHaveCount(0);
  await expect(dashboard.again).toHaveCount(0);
  await expect(page.getByText("Applying the filter")).toHaveCount(0);
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(ALL.figures.events));
  await expect.poll(() => dashboard.dimmed()).not.toContain(false);

  await expect(page).toHaveURL(new RegExp(`to=${DAYS.to}`));
  await dashboard.moveTo({ player: ALL.chosen.human });
  await expect(panel.failure).toContainText("Try again; if it stays so, reload the page");
  await page.keyboard.press("Escape");

  await scans.will("hold");
  await dashboard.failureStrip.getByRole("button", { name: "Try again" }).click();
  await expect(dashboard.loading).toContainText("0 of 1 parts");
  await expect(dashboard.failureStrip).toHaveCount(0);
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(ALL.figures.events));
  await scans.run();
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(SOME.figures.events));
  await dashboard.loaded();
});

test("a choice made while Try again reads is followed in the end", async ({ dashboard, filter, overview, scans }) => {
  await dashboard.load(site("both"));
  await scans.will("break");
  await filter.chooseDays(DAYS.from, DAYS.to);
  await expect(dashboard.failureStrip).toBeVisible();
  await scans.will("hold");
  await dashboard.failureStrip.getByRole("button", { name: "Try again" }).click();
  await expect(dashboard.loading).toContainText("0 of 1 parts");
  await filter.clear.click();
  await expect(filter.clear).toHaveCount(0);
  await scans.run();
  await dashboard.loaded();
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(ALL.figures.events));
  await expect(filter.chip("days")).toHaveText("days: all");
});

test("a player under a filter says so, and the filter is cleared from there", async ({ dashboard, filter, panel }) => {
  const { human } = SOME.chosen;
  await dashboard.load(site("both"), `${SOME.query}&player=${human}`);
  await expect(panel.scope).toContainText("of the events that match the filter");
  await panel.scope.getByRole("button", { name: "Clear filter" }).click();
  await expect(panel.scope).toHaveCount(0);
  const found = ALL.tables.all.find((player) => player.player_id === human)!;
  await expect(panel.fact("total_events")).toHaveText(Number(found.total_events).toLocaleString("en-US"));

  await dashboard.load(site("both"), `class=Tinker&player=${human}`);
  await expect(panel.unknown).toContainText(`No event of player ${human} matches the filter`);
  await panel.unknown.getByRole("button", { name: "Clear filter" }).click();
  await expect(panel.verdict).toBeVisible();
  await expect(filter.clear).toHaveCount(0);
});

test("a filter has the other export scanned again, not read again", async ({ page, dashboard, filter, compare }) => {
  const there = expected("prod:days").figures;
  await dashboard.load(site("both"), "page=compare");
  await compare.compared();
  let started = 0;
  page.on("worker", () => started++);
  await filter.chooseDays(DAYS.from, DAYS.to);
  await expect(compare.figure("events").nth(1)).toHaveText(there.events.toLocaleString("en-US"));
  await expect(compare.figure("events").first()).toHaveText(SOME.figures.events.toLocaleString("en-US"));
  await compare.compared();
  expect(started).toBe(0);
});
