import { cp, rm } from "node:fs/promises";
import { join } from "node:path";

import { readCsv } from "../csv.ts";
import { count, expected, type Expected, type Figures } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import type { Compare } from "../pages/compare.ts";

/** Figures that are counts, under the name that the page and SQL give them. */
const COUNTS = ["events", "players", "sessions", "bots", "kept_events", "kept_players", "churned"] as const;

async function showsFigures(compare: Compare, here: Figures, there: Figures): Promise<void> {
  for (const key of COUNTS) {
    const [a, b] = [here[key], there[key]];
    const difference = a === b ? "0" : `${b > a ? "+" : "−"}${count(Math.abs(b - a))}`;
    await expect(compare.figure(key), key).toHaveText([count(a), count(b), difference]);
  }
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
    const sessions = [left, right].map((of) => of.with_gap[30].figures);
    for (const [key, of] of [
      ["median_minutes", sessions.map((of) => of.median)],
      ["p95_minutes", sessions.map((of) => of.p95)],
    ] as const) {
      for (const side of [0, 1]) await expect(compare.figure(key).nth(side), key).toHaveText(of[side]!.toFixed(2));
    }

    for (const key of ["classes", "races"] as const) {
      const counts = (of: Expected, label: string) => of[key].find((row) => row.label === label)?.players ?? 0;
      const rows = await compare.distribution(key);
      const labels = new Set([...left[key], ...right[key]].map((row) => row.label));
      expect(rows.map(([label]) => label).sort()).toEqual([...labels].sort());
      expect(rows).toEqual(rows.map(([label]) => [label, counts(left, label), counts(right, label)]));
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

    const waiting = page.waitForEvent("download");
    await page.getByTestId("compare-csv").click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe(`players-${here}-${there}-changed.csv`);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const [, ...rows] = readCsv(Buffer.concat(chunks).toString("utf8"));
    expect(rows.map((row) => String(row[0]))).toEqual(changed);
  });
}

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
  await filter.clear.click();
  await showsFigures(compare, all.figures, otherAll.figures);

  await filter.bots("only").click();
  const [here, there] = [all.figures.bot_events, otherAll.figures.bot_events];
  await expect(compare.figure("events")).toHaveText([count(here), count(there), `−${count(here - there)}`]);
  await expect(page).toHaveURL(/page=compare&bots=only$/);
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
  expect(page.workers().length).toBeGreaterThan(workers);
  await dashboard.go("Overview");
  await expect.poll(() => page.workers().length).toBe(workers);
});
