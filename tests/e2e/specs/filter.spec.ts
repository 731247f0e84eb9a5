import { join } from "node:path";

import { named } from "../download.ts";
import { count, DEFAULT, duration, expected, type Expected, type Filtered, type Hour, type Split } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import type { Overview } from "../pages/overview.ts";

const TILES = ["events", "players", "sessions", "bots", "churned"] as const;
const WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

async function showsFigures(overview: Overview, figures: Partial<Record<(typeof TILES)[number], number>>): Promise<void> {
  for (const key of TILES) {
    await expect(overview.tile(key), key).toHaveAttribute("data-value", String(figures[key]));
  }
}

/** The tables behind all charts of the first page are those of SQL. */
async function showsCharts(overview: Overview, { zones, classes, races, levels, hours, daily, figures }: Expected) {
  expect(await overview.table("top-zones")).toEqual(
    zones.map((zone) => [zone.label, count(zone.humans), count(zone.bots), count(zone.every)]),
  );
  const share = (players: number) => `${((players / figures.players) * 100).toFixed(1)} %`.replace("100.0", "100");
  const split = (row: Split) => [row.humans, row.bots, row.every].map(count);
  for (const [file, rows] of [
    ["classes", classes],
    ["races", races],
  ] as const) {
    expect(await overview.table(file)).toEqual(rows.map((row) => [row.label, ...split(row), share(row.every)]));
  }
  expect(await overview.table("highest-level")).toEqual(levels.map((row) => [row.level, ...split(row)]));
  // On some days of the log nobody was seen who matches.
  expect((await overview.table("daily-active-players")).filter((day) => day[3] !== "0")).toEqual(
    daily[DEFAULT]!.map((day) => [day.day, count(day.humans), count(day.bots), count(day.every)]),
  );
  expect(await overview.table("when-they-play")).toEqual(week(hours.in));
}

function week(hours: Hour[]): string[][] {
  return WEEK.map((name, weekday) => {
    const events = (hour: number) => hours.find((row) => row.weekday === weekday && row.hour === hour)?.events ?? 0;
    return [name, ...Array.from({ length: 24 }, (_, hour) => count(events(hour)))];
  });
}

test("days chosen by mouse reach every page, come back with Back and reload, and are cleared", async ({
  page,
  dashboard,
  filter,
  overview,
  players,
  quality,
  bots,
}) => {
  const [all, some] = [expected("dev"), expected("dev:days")];
  const days = new URLSearchParams(some.query);
  await dashboard.load(site("both"));
  await expect(filter.clear).toHaveCount(0);
  await filter.chooseDays(days.get("from")!, days.get("to")!);
  await dashboard.loaded();
  await expect(filter.chip("days")).toHaveText("1 Mar 2007 – 31 May 2007");
  await showsFigures(overview, some.figures);
  await showsCharts(overview, some);
  await expect(page).toHaveURL(new RegExp(`${some.query}&`));

  await dashboard.go("Players");
  await players.table.hasRows(some.tables.all.length);
  await players.table.startsWith(some.tables.all.slice(0, 8).map((player) => player.player_id));
  await dashboard.go("Bots");
  await bots.shows(some.limits[0]!);
  await dashboard.go("Quality");
  await expect(page.getByTestId("quality-scope")).toContainText(
    `${count(some.figures.events)} of ${count(all.figures.events)} events`,
  );
  expect(await quality.ended("fail")).toEqual([]);
  expect(await quality.ended("not run")).toEqual(["export.players", "export.time range"]);

  await page.reload();
  await dashboard.go("Overview");
  await dashboard.loaded();
  await showsFigures(overview, some.figures);

  await filter.clear.click();
  await dashboard.loaded();
  await showsFigures(overview, all.figures);
  await expect(page).not.toHaveURL(/from=/);
  await page.goBack();
  await expect(page).toHaveURL(/from=/);
  await dashboard.loaded();
  await showsFigures(overview, some.figures);
});

test("classes, races and days together are SQL's WHERE, chosen by the keyboard alone", async ({
  page,
  dashboard,
  filter,
  overview,
}) => {
  const some = expected("dev:all");
  const chosen = new URLSearchParams(some.query);
  await dashboard.load(site("both"), `from=${chosen.get("from")}&to=${chosen.get("to")}`);
  for (const name of ["class", "race"] as const) {
    await filter.chip(name).focus();
    await page.keyboard.press("Enter");
    for (const text of chosen.getAll(name)) {
      while (!(await filter.option(name, text).evaluate((box) => box === document.activeElement))) {
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Space");
    }
    await page.keyboard.press("Escape");
    await expect(filter.chip(name)).toBeFocused();
  }
  await expect(filter.chip("class")).toHaveText("class: Hunter, Mage +1");
  await dashboard.loaded();
  await showsFigures(overview, some.figures);
  await showsCharts(overview, some);
  await expect.poll(() => new URL(page.url()).search.split("&tables=")[0]).toBe(`?${some.query}`);
});

for (const name of ["dev:days", "dev:alone", "dev:places"] as const) {
  test(`under ${name} every page has the numbers and the verdicts of SQL`, async ({
    page,
    dashboard,
    filter,
    overview,
    players,
    bots,
    quality,
  }) => {
    const some = expected(name);
    await dashboard.load(site("halves"), some.query);
    await showsFigures(overview, some.figures);
    await showsCharts(overview, some);
    await expect(filter.judge(name === "dev:alone" ? "filtered" : "all")).toHaveAttribute("aria-pressed", "true");
    await dashboard.go("Bots");
    await bots.shows(some.limits[0]!);
    await bots.setLimits(101, 47);
    await bots.shows(some.limits.find((counts) => counts.longest === 101)!);
    const flagged = some.flagged["101/47"]!;
    await bots.table.hasRows(flagged.length);
    await bots.table.startsWith(flagged.slice(0, 6).map((player) => player.player_id));
    await dashboard.go("Players");
    await players.table.hasRows(some.tables.all.length);
    await dashboard.go("Quality");
    expect(await quality.ended("fail")).toEqual([]);
    await expect(page).toHaveURL(new RegExp(`\\?page=quality&${some.query!.replaceAll("+", "\\+")}&`));
  });
}

test("who judges is a switch beside the filter, which says itself that verdicts differ", async ({
  page,
  dashboard,
  filter,
  overview,
  bots,
}) => {
  const [all, days, alone] = [expected("dev"), expected("dev:days"), expected("dev:alone")];
  expect(alone.figures.bots, "the test needs verdicts that differ").not.toBe(days.figures.bots);
  await dashboard.load(site("both"));
  await expect(filter.judge("all")).toHaveCount(0);
  const [from, to] = ["from", "to"].map((end) => new URLSearchParams(days.query).get(end)!);
  await filter.chooseDays(from!, to!);
  await dashboard.loaded();
  await expect(filter.judge("all")).toHaveAttribute("aria-pressed", "true");
  await showsFigures(overview, days.figures);
  await filter.judge("filtered").click();
  await dashboard.loaded();
  await showsFigures(overview, alone.figures);
  await expect(page).toHaveURL(/judge=filtered/);
  await dashboard.go("Bots");
  await expect(page.getByTestId("judged")).toContainText("by the events that match alone");
  await bots.shows(alone.limits[0]!);
  await filter.judge("all").click();
  await dashboard.loaded();
  await bots.shows(days.limits[0]!);
  await expect(page.getByTestId("judged")).toContainText("by the whole log");
  await expect(page).not.toHaveURL(/judge/);
  await filter.clear.click();
  await dashboard.loaded();
  await bots.shows(all.limits[0]!);
  await expect(page.getByTestId("judged")).toHaveCount(0);
});

test("guilds and zones are found by typing, and days by a press", async ({ page, dashboard, filter, overview }) => {
  const places = expected("dev:places");
  await dashboard.load(site("both"));
  await filter.chip("zone").click();
  for (const zone of ["Orgrimmar", "Blade's Edge Mountains"]) {
    await filter.menu("zone").getByRole("searchbox").fill(zone.slice(0, 5).toUpperCase());
    await filter.option("zone", zone).check();
  }
  await filter.chip("guild").click();
  await expect(filter.menu("zone").getByRole("searchbox")).toBeHidden();
  await filter.option("guild", "none").check();
  await filter.menu("guild").getByRole("searchbox").fill("101");
  await filter.option("guild", "101").check();
  await page.keyboard.press("Escape");
  await dashboard.loaded();
  await showsFigures(overview, places.figures);
  await expect(filter.chip("guild")).toHaveText("guild: 101, none");
  await filter.clear.click();
  await filter.chip("days").click();
  await filter.menu("days").getByRole("button", { name: "2007" }).click();
  await expect(filter.chip("days")).toHaveText("1 Jan 2007 – 31 Dec 2007");
  await filter.menu("days").getByRole("button", { name: "2007" }).click();
  await expect(filter.chip("days")).toHaveText("days: all");
});

for (const [name, load] of [
  ["an export of two parts", "halves"],
  ["a file in no order", "kaggle.parquet"],
] as const) {
  test(`a link's filter holds for ${name}`, async ({ dashboard, filter, overview, players }) => {
    const [all, some] = [expected("dev"), expected("dev:all" satisfies Filtered)];
    if (load === "halves") {
      await dashboard.load(site(load), some.query);
    } else {
      await dashboard.load(site("both"), some.query);
      await dashboard.pick(join(siteFolder("files"), load));
      await expect(dashboard.badge).toHaveText("LOCAL FILE");
      await dashboard.loaded();
      await expect(dashboard.provenance).toContainText("sorted here");
    }
    await expect(dashboard.provenance).toContainText(`${count(all.figures.events)} events`);
    await showsFigures(overview, some.figures);
    await showsCharts(overview, some);
    await dashboard.go("Players");
    await players.table.hasRows(some.tables.all.length);
    await dashboard.go("Overview");
    await filter.clear.click();
    await dashboard.loaded();
    await showsFigures(overview, all.figures);
  });
}

test("bots in, out or only is a choice of what is shown, at once", async ({
  page,
  dashboard,
  filter,
  overview,
  players,
  bots,
}) => {
  const { figures, zones, hours, classes, levels, daily, tables } = expected("dev");
  await dashboard.load(site("both"));
  await expect(filter.bots("in")).toHaveAttribute("aria-pressed", "true");
  await filter.bots("out").click();
  await showsFigures(overview, {
    events: figures.kept_events,
    players: figures.kept_players,
    sessions: figures.sessions - figures.bot_sessions,
    bots: 0,
    churned: figures.churned,
  });
  const labels = (rows: { label: string }[]) => rows.map((row) => row.label).sort();
  const shown = async () => (await overview.table("top-zones")).map(([label, humans, bots]) => [label, humans, bots]);
  const humans = zones.filter((zone) => zone.humans > 0);
  expect((await shown()).map((row) => row[0]).sort()).toEqual(labels(humans));
  expect((await shown()).every((row) => row[2] === "0")).toBe(true);
  expect(await overview.table("when-they-play")).toEqual(week(hours.out));
  const ranked = (of: "humans" | "bots") =>
    classes
      .filter((row) => row[of] > 0)
      .sort((a, b) => b[of] - a[of] || (a.label < b.label ? -1 : 1))
      .map((row) => [row.label, count(row[of])]);
  const group = async (column: 1 | 2) => (await overview.table("classes")).map((row) => [row[0], row[column]]);
  expect(await group(1)).toEqual(ranked("humans"));
  expect((await overview.table("classes")).every((row) => row[2] === "0")).toBe(true);
  await expect(overview.chart("classes").locator("svg").getByText("likely bots")).toHaveCount(0);
  const levelled = (await overview.table("highest-level")).map(([level, humans, bots]) => [level, humans, bots]);
  expect(levelled).toEqual(levels.slice(0, levelled.length).map((row) => [row.level, count(row.humans), "0"]));

  await filter.bots("only").click();
  await showsFigures(overview, {
    events: figures.bot_events,
    players: figures.bots,
    sessions: figures.bot_sessions,
    bots: figures.bots,
    churned: figures.churned_bots,
  });
  expect(await overview.table("when-they-play")).toEqual(week(hours.only));
  expect(await group(2)).toEqual(ranked("bots"));
  // Legends name only what is drawn.
  await expect(overview.chart("daily-active-players").locator("svg").getByText("likely bots")).toHaveCount(1);
  await expect(overview.chart("daily-active-players").locator("svg").getByText("without bots")).toHaveCount(0);
  expect((await overview.table("daily-active-players")).map((row) => [row[0], row[2]])).toEqual(
    daily[DEFAULT]!.map((day) => [day.day, count(day.bots)]),
  );
  await expect(page).toHaveURL(/bots=only/);
  await dashboard.go("Players");
  await players.table.hasRows(tables.bots.length);
  expect((await players.download()).name).toBe(`players-${named("both", "dev")}-bots-only.csv`);
  await filter.bots("out").click();
  await players.table.hasRows(tables.all.length - tables.bots.length);

  await dashboard.go("Bots");
  await bots.table.hasRows(0);
  await expect(page.getByText("The filter leaves likely bots out.")).toBeVisible();
  await page.reload();
  await dashboard.loaded();
  await expect(filter.bots("out")).toHaveAttribute("aria-pressed", "true");
});

test("a player's facts and sessions are those of the events that match", async ({ dashboard, panel }) => {
  const some = expected("dev:days");
  const { human } = some.chosen;
  await dashboard.load(site("both"), `${some.query}&player=${human}`);
  await panel.isOpenFor(human);
  const found = some.sessions[human]!;
  await panel.sessions.hasRows(found.length);
  expect(await panel.sessions.first(8, ["start", "end", "events", "minutes"])).toEqual(
    found.slice(0, 8).map((row) => [row.start, row.end, count(row.events), duration(row.minutes)]),
  );
  const player = some.tables.all.find((player) => player.player_id === human)!;
  await expect(panel.fact("total_events")).toHaveText(count(Number(player.total_events)));
});

test("a filter that matches nothing says so and is cleared", async ({ page, dashboard, filter, overview, quality }) => {
  const { figures } = expected("dev");
  await dashboard.load(site("both"), "class=Tinker");
  for (const name of ["Overview", "Bots", "Players"] as const) {
    await dashboard.go(name);
    await expect(filter.nothing).toContainText(`None of the ${count(figures.events)} events`);
  }
  await dashboard.go("Quality");
  await expect(filter.nothing).toHaveCount(0);
  expect(await quality.ended("fail")).toEqual([]);
  await dashboard.go("Overview");
  await filter.nothing.getByRole("button", { name: "Clear filter" }).click();
  await dashboard.loaded();
  await showsFigures(overview, figures);

  await dashboard.load(site("both"), "bots=only&longest=525600&average=525600");
  await expect(filter.nothing).toContainText("No player is flagged under these limits");
  await expect(page.getByTestId("filter")).toBeVisible();
});

test("what a hostile link asks for is left out", async ({ page, dashboard, filter, overview }) => {
  await dashboard.load(site("both"), "from=yesterday&to=2008-13-45&class=&race=&bots=maybe");
  await expect(filter.clear).toHaveCount(0);
  await showsFigures(overview, expected("dev").figures);
  await expect(page).not.toHaveURL(/from|bots|class/);
  const odd = "from=2009-01-01&to=2008-01-01&class=%3Cimg%20src%3Dx%3E";
  await dashboard.load(site("both"), odd);
  await expect(filter.nothing).toBeVisible();
  await expect(filter.chip("class")).toHaveText("class: <img src=x>");
});
