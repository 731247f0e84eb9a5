import { cp, rm } from "node:fs/promises";
import { join } from "node:path";

import { readCsv } from "../csv.ts";
import { downloaded, named } from "../download.ts";
import { count, DEFAULT, duration, expected, type Expected, type Figures, type Hour } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import { Chart } from "../pages/chart.ts";
import type { Compare } from "../pages/compare.ts";

const DATABASES = { dev: "wow_test.duckdb", prod: "wow.duckdb" } as const;

/** Figures that are counts, under the name that the page and SQL give them. */
const COUNTS = ["events", "players", "sessions", "bots", "kept_events", "kept_players", "churned"] as const;

async function showsFigures(compare: Compare, here: Figures, there: Figures): Promise<void> {
  for (const key of COUNTS) {
    const [a, b] = [here[key], there[key]];
    const difference = signed(b - a);
    await expect(compare.figure(key), key).toHaveText([count(a), count(b), difference]);
  }
}

/** Median, 95th percentile and sessions of one event. */
async function showsSessions(compare: Compare, left: Expected, right: Expected): Promise<void> {
  for (const [side, of] of [left, right].entries()) {
    const { median, p95, lone } = of.with_gap[30].figures;
    await expect(compare.figure("median_minutes").nth(side)).toHaveText(duration(median));
    await expect(compare.figure("p95_minutes").nth(side)).toHaveText(duration(p95));
    await expect(compare.figure("lone").nth(side)).toHaveText(count(lone));
  }
}

/** Every distribution and both curves. */
async function showsDistributions(compare: Compare, left: Expected, right: Expected): Promise<void> {
  for (const key of ["classes", "races"] as const) {
    const players = (of: Expected, label: string) => of[key].find((row) => row.label === label)?.every ?? 0;
    const rows = await compare.distribution(key);
    const labels = new Set([...left[key], ...right[key]].map((row) => row.label));
    expect(rows.map(([label]) => label).sort()).toEqual([...labels].sort());
    expect(rows).toEqual(rows.map(([label]) => [label, players(left, label), players(right, label)]));
  }
  const zones = await compare.distribution("zones");
  const events = (of: Expected, label: string) => of.zones.find((row) => row.label === label)?.every ?? 0;
  const named = zones.filter(([label]) => !label.endsWith(" others"));
  expect(named).toHaveLength(12);
  expect(named).toEqual(named.map(([label]) => [label, events(left, label), events(right, label)]));
  for (const [kind, key] of [
    ["session-duration", "sessions"],
    ["longest-session", "longest"],
    ["average-session", "average"],
  ] as const) {
    expect(await compare.distribution(kind), kind).toEqual(
      left.compared.map((row, band) => [row.label, row[key], right.compared[band]![key]]),
    );
  }
  const [here, there] = [left.with_gap[30].events, right.with_gap[30].events];
  expect(await compare.distribution("events-per-session")).toEqual(
    here.map((row, band) => [row.label, row.every, there[band]!.every]),
  );
  const sum = (of: Expected, is: (hour: Hour) => boolean) =>
    of.hours.in.filter(is).reduce((sum, { events }) => sum + events, 0);
  const weekdays = await compare.distribution("weekdays");
  expect(weekdays.map(([, ...counts]) => counts)).toEqual(
    weekdays.map((_, weekday) => [left, right].map((of) => sum(of, (hour) => hour.weekday === weekday))),
  );
  const times = await compare.distribution("time-of-day");
  expect(times).toHaveLength(8);
  expect(times.map(([, ...counts]) => counts)).toEqual(
    times.map((_, band) => [left, right].map((of) => sum(of, ({ hour }) => Math.floor(hour / 3) === band))),
  );
  // Of a day without events nothing is known.
  const seen = new Map<string, [number | null, number | null]>();
  for (const [side, of] of [left, right].entries()) {
    for (const { day, every } of of.daily[DEFAULT]!) {
      const counts = seen.get(day) ?? [null, null];
      counts[side] = every;
      seen.set(day, counts);
    }
  }
  const days = await compare.course("daily-active-players");
  expect(days).toHaveLength(seen.size);
  expect(days).toEqual(days.map(([day]) => [day, ...beside(...seen.get(day!)!)]));
  const gaps = await compare.course("sessions-with-each-gap");
  expect(gaps.map(([, ...counts]) => counts)).toEqual(
    left.at_gaps.map((at, place) => beside(at.every, right.at_gaps[place]!.every)),
  );
}

/** A difference with its sign. */
function signed(difference: number): string {
  return difference === 0 ? "0" : `${difference > 0 ? "+" : "−"}${count(Math.abs(difference))}`;
}

/** Two counts and how they differ. */
function beside(here: number | null, there: number | null): string[] {
  const difference = here === null || there === null ? "–" : signed(there - here);
  return [...[here, there].map((value) => (value === null ? "–" : count(value))), difference];
}

/** Who is flagged, by id. */
function flags({ tables }: Expected): Map<string, boolean> {
  return new Map(tables.all.map((player) => [player.player_id, player.is_likely_bot === 1]));
}

for (const [search, here, there] of [
  ["", "dev", "prod"],
  ["env=prod", "prod", "dev"],
] as const) {
  test(`${here} beside ${there}: figures, distributions and players are SQL's`, async ({
    page,
    dashboard,
    compare,
  }) => {
    const [left, right] = [expected(here), expected(there)];
    await dashboard.load(site("both"), search);
    await dashboard.go("Compare");
    await compare.compared();
    await showsFigures(compare, left.figures, right.figures);
    await showsSessions(compare, left, right);
    await showsDistributions(compare, left, right);
    await expect(compare.figure("database")).toHaveText([DATABASES[here], DATABASES[there], ""]);
    await expect(compare.figure("exported").first()).toHaveText(/ UTC$/);
    await expect(compare.figure("dataset").last()).toHaveText("other data");
    await expect(compare.figure("rejected")).toHaveText(["0", "0", "0"]);
    for (const key of ["longest_only", "average_only", "both"] as const) {
      const counts = [left, right].map((of) => count(of.limits[0]![key]));
      for (const side of [0, 1]) await expect(compare.figure(key).nth(side), key).toHaveText(counts[side]!);
    }

    const [a, b] = [flags(left), flags(right)];
    const changed = [...a.keys()].filter((id) => b.has(id) && a.get(id) !== b.get(id));
    expect(changed.length).toBeGreaterThan(8);
    for (const [group, ids] of [
      ["only-here", [...a.keys()].filter((id) => !b.has(id))],
      ["only-there", [...b.keys()].filter((id) => !a.has(id))],
      ["changed", changed],
    ] as const) {
      await compare.group(group).click();
      await expect(compare.group(group)).toContainText(count(ids.length));
      await compare.table.hasRows(ids.length);
      await compare.table.startsWith(ids.slice(0, 8));
    }
    const rules = await compare.table.first(8, ["rule_here", "rule_there"]);
    expect(rules.map((pair) => pair.map((rule) => rule !== "not flagged"))).toEqual(
      changed.slice(0, 8).map((id) => [a.get(id), b.get(id)]),
    );

    const { name, bytes } = await downloaded(page.getByTestId("compare-csv"));
    expect(name).toBe(`players-${here}-${there}-changed-${named("both", here)}-against-${named("both", there)}.csv`);
    const [, ...rows] = readCsv(bytes.toString("utf8"));
    expect(rows.map((row) => String(row[0]))).toEqual(changed);
  });
}

test("a player that is only in the other export is opened there", async ({ page, dashboard, compare, panel }) => {
  const here = flags(expected("prod"));
  const only = expected("dev").tables.all.find((player) => !here.has(player.player_id))!;
  await dashboard.load(site("both"), "page=compare&env=prod");
  await compare.compared();
  await compare.group("only-there").click();
  await compare.table.row(0).getByRole("button", { name: `Open ${only.player_id}` }).click();
  await panel.isOpenFor(only.player_id);
  await expect(dashboard.productionBar).toBeHidden();
  await expect(panel.fact("total_events")).toHaveText(count(Number(only.total_events)));
  expect(dashboard.query().get("env")).toBeNull();
  await page.goBack();
  await expect(panel.root).toBeHidden();
  await expect(dashboard.productionBar).toBeVisible();
});

test("the list of players and its order are in the address and in the download", async ({ page, dashboard, compare }) => {
  const [dev, prod] = [expected("dev").tables.all, expected("prod").tables.all];
  const there = new Set(prod.map((player) => player.player_id));
  const events = (player: (typeof dev)[number]) => Number(player.total_events);
  const ids = dev
    .filter((player) => !there.has(player.player_id))
    .sort((a, b) => events(b) - events(a) || Number(BigInt(a.player_id) - BigInt(b.player_id)))
    .map((player) => player.player_id);
  await dashboard.load(site("both"), "page=compare");
  await compare.compared();
  await compare.group("only-here").click();
  await compare.table.sortBy("events_here", "descending");
  // Equal numbers stay in the order of the ids.
  await compare.table.startsWith(ids.slice(0, 8));
  await expect(page).toHaveURL(/differing=only-here&differing_sort=-events_here/);
  await page.reload();
  await compare.compared();
  await expect(compare.group("only-here")).toHaveAttribute("aria-pressed", "true");
  await compare.table.startsWith(ids.slice(0, 8));
  const { bytes } = await downloaded(page.getByTestId("compare-csv"));
  const [, ...rows] = readCsv(bytes.toString("utf8"));
  expect(rows.map(([player]) => String(player))).toEqual(ids);
});

test("a filter that leaves nothing of both is told, and cleared from there", async ({ page, dashboard, compare }) => {
  await dashboard.load(site("both"), "page=compare&from=1999-01-01&to=1999-01-02");
  const nothing = page.getByTestId("nothing-matches");
  await expect(nothing).toBeVisible();
  await expect(page.getByTestId("compare-players")).toHaveCount(0);
  await nothing.getByRole("button", { name: "Clear filter" }).click();
  await compare.compared();
  await showsFigures(compare, expected("dev").figures, expected("prod").figures);
});

test("the charts of both are read by keys, each with the names of both", async ({ page, dashboard, compare }) => {
  const [left, right] = [expected("dev"), expected("prod")];
  await dashboard.load(site("both"), "page=compare");
  await compare.compared();
  const share = (part: number, rows: { every: number }[]) => {
    const whole = rows.reduce((sum, { every }) => sum + every, 0);
    return `${((part / whole) * 100).toFixed(1)} %`;
  };
  for (const said of await new Chart(page, "compare-classes").all()) {
    const [label, values] = said.split(": ");
    const [here, there] = [left, right].map((of) => of.classes.find((row) => row.label === label)!.every);
    const sides = [`dev ${count(here!)}, ${share(here!, left.classes)}`, `prod ${count(there!)}, ${share(there!, right.classes)}`];
    expect(values!.split(" · ").slice(0, 2)).toEqual(sides);
  }
  const gaps = await new Chart(page, "compare-sessions-with-each-gap").all();
  expect(gaps).toEqual(
    left.at_gaps.map(({ gap, every }, place) => {
      const there = right.at_gaps[place]!.every;
      return `gap ${duration(gap)}: dev ${count(every)} sessions · prod ${count(there)} sessions`;
    }),
  );
});

test("the filter holds for both", async ({ page, dashboard, filter, compare }) => {
  const [some, otherSome, all, otherAll] = [
    expected("dev:days"),
    expected("prod:days"),
    expected("dev"),
    expected("prod"),
  ];
  await dashboard.load(site("both"), `page=compare&${some.query}`);
  await compare.compared();
  await showsFigures(compare, some.figures, otherSome.figures);
  await showsSessions(compare, some, otherSome);
  await showsDistributions(compare, some, otherSome);
  const [a, b] = [flags(some), flags(otherSome)];
  const changed = [...a.keys()].filter((id) => b.has(id) && a.get(id) !== b.get(id));
  await compare.table.hasRows(changed.length);
  await compare.table.startsWith(changed.slice(0, 8));
  await filter.clear.click();
  await showsFigures(compare, all.figures, otherAll.figures);

  await filter.bots("only").click();
  const [here, there] = [all.figures.bot_events, otherAll.figures.bot_events];
  await expect(compare.figure("events")).toHaveText([count(here), count(there), `−${count(here - there)}`]);
  await expect(page).toHaveURL(/page=compare&bots=only&/);
});

test("an export that is not there is told, and read once it is", async ({ dashboard, compare, conduct, ownSite }) => {
  conduct.mayReportFailedRequests = true;
  const own = await ownSite("both");
  await rm(join(own.data, "prod"), { recursive: true });
  await dashboard.load(own.url);
  await dashboard.go("Compare");
  await expect(compare.failure).toContainText("wow export --target prod");
  await cp(join(siteFolder("both"), "data", "prod"), join(own.data, "prod"), { recursive: true });
  await compare.failure.getByRole("button", { name: "Try again" }).click();
  await compare.compared();
  await expect(compare.failure).toHaveCount(0);
  await showsFigures(compare, expected("dev").figures, expected("prod").figures);
});

test("the workers of the other export end when the page is left", async ({ page, dashboard, compare }) => {
  await dashboard.load(site("both"));
  const workers = page.workers().length;
  await dashboard.go("Compare");
  await compare.compared();
  await expect.poll(() => page.workers().length).toBeGreaterThan(workers);
  await dashboard.go("Overview");
  await expect.poll(() => page.workers().length).toBe(workers);
});
