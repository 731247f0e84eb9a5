import { count, expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { Chart, toggleTable } from "../pages/chart.ts";

const SAID = "Marked: The Burning Crusade (3 Apr 2007), Wrath of the Lich King (18 Nov 2008).";

/** What lies beyond a chart's drawing, and which of its texts lie on each other. */
async function misplaced(chart: Chart): Promise<string[]> {
  return chart.card.locator(".chart svg").evaluate((svg) => {
    const edge = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("text")].map((text) => ({ text: text.textContent!, box: text.getBoundingClientRect() }));
    const isOut = ({ box }: (typeof boxes)[0]) => box.left < edge.left || box.right > edge.right || box.top < edge.top;
    const touches = (a: DOMRect, b: DOMRect) =>
      a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
    const lies = boxes.flatMap(({ text, box }, place) =>
      boxes.slice(place + 1).filter((other) => touches(box, other.box)).map((other) => `${text} on ${other.text}`),
    );
    return [...boxes.filter(isOut).map(({ text }) => `${text} is out`), ...lies];
  });
}

for (const theme of ["light", "dark"] as const) {
  test(`expansions are marked on charts over days in the ${theme} theme, also on a phone`, async ({ page, dashboard, compare }) => {
    await page.emulateMedia({ colorScheme: theme });
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 900 });
      for (const [search, file] of [["", "daily-active-players"], ["page=compare", "compare-daily-active-players"]] as const) {
        await dashboard.load(site("both"), search);
        if (search) await compare.compared();
        const chart = new Chart(page, file);
        await chart.keys.scrollIntoViewIfNeeded();
        if (!search) await chart.card.getByRole("button", { name: ": how measured" }).click();
        await expect(chart.card.locator(search ? ".say" : ".method")).toContainText(SAID);
        for (const name of ["The Burning Crusade", "Wrath of the Lich King"]) {
          await expect(chart.card.locator(".chart svg text").getByText(name, { exact: true })).toBeVisible();
        }
        await expect(chart.card.locator(".chart svg text").getByText("World of Warcraft")).toHaveCount(0);
        expect(await misplaced(chart), `${file} at ${width}`).toEqual([]);
      }
    }
  });
}

test("an expansion is read off the chart and the table, and only where its day is shown", async ({ page, dashboard, overview }) => {
  await dashboard.load(site("both"), "from=2007-04-02&to=2007-04-04");
  const chart = new Chart(page, "daily-active-players");
  await chart.press("Home");
  await chart.reads("2 Apr 2007", /likely bots?$/);
  await chart.press("ArrowRight");
  await chart.reads("3 Apr 2007", / · The Burning Crusade$/);
  expect((await overview.table("daily-active-players")).map(([day]) => day)).toEqual([
    "2 Apr 2007",
    "3 Apr 2007 · The Burning Crusade",
    "4 Apr 2007",
  ]);
  await dashboard.load(site("both"), "from=2007-04-04&to=2007-06-30");
  await expect(chart.card.locator(".say")).toContainText("Most:");
  await chart.card.getByRole("button", { name: ": how measured" }).click();
  await expect(chart.card.locator(".method")).toContainText("once for each day");
  await expect(chart.card.locator(".method")).not.toContainText("Marked:");
});

test("zones are put together by continent and kind, and add up", async ({ page, dashboard, overview, compare, panel }) => {
  const { zone_groups, zones, chosen, player_zones } = expected("dev");
  await dashboard.load(site("both"));
  const by = overview.chart("top-zones").getByRole("group", { name: "Zones by" });
  for (const [key, title] of [["continent", "Zones by continent"], ["kind", "Zones by kind"]] as const) {
    await by.getByRole("button", { name: key }).click();
    await expect(overview.chart("top-zones").getByRole("heading")).toHaveText(title);
    await expect(page).toHaveURL(new RegExp(`[?&]zones=${key}(&|$)`));
    const rows = (await overview.table("top-zones")).filter(([, zone]) => zone === "all");
    const groups = zone_groups[key];
    expect(rows).toEqual(groups.map(({ label, humans, bots, every }) => [label, "all", ...[humans, bots, every].map(count)]));
    const sum = (rows: { every: number }[]) => rows.reduce((sum, { every }) => sum + every, 0);
    expect(sum(groups)).toBe(sum(zones));
    await toggleTable(overview.chart("top-zones"));
    expect(await new Chart(page, "top-zones").all()).toHaveLength(groups.length);
  }
  // Whoever opens the link sees the same, and the other charts of zones follow.
  await by.getByRole("button", { name: "continent" }).click();
  await expect(page).toHaveURL(/zones=continent/);
  await page.goto(page.url());
  await dashboard.loaded();
  await expect(by.getByRole("button", { name: "continent" })).toHaveAttribute("aria-pressed", "true");
  await dashboard.moveTo({ player: chosen.bot });
  await panel.isOpenFor(chosen.bot);
  const ofPlayer = panel.root.getByTestId("chart-zones");
  await expect(ofPlayer.getByRole("heading")).toHaveText("Zones by continent");
  await ofPlayer.getByRole("group", { name: "Zones by" }).getByRole("button", { name: "zone" }).click();
  await expect(ofPlayer.getByRole("heading")).toHaveText("Zones");
  expect((await overview.table("zones")).map(([zone]) => zone)).toEqual(player_zones[chosen.bot]!.map(({ label }) => label));
  await page.keyboard.press("Escape");
  await dashboard.load(site("both"), "page=compare&zones=continent");
  await compare.compared();
  const [here, there] = [zone_groups.continent, expected("prod").zone_groups.continent];
  const every = (groups: typeof here, label: string) => groups.find((group) => group.label === label)?.every ?? 0;
  const rows = await compare.distribution("zones");
  expect(new Set(rows.map(([label]) => label))).toEqual(new Set([...here, ...there].map(({ label }) => label)));
  expect(rows).toEqual(rows.map(([label]) => [label, every(here, label), every(there, label)]));
});
