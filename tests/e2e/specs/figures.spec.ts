import { count, DEFAULT, expected, type Split } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { Chart, toggleTable } from "../pages/chart.ts";

for (const [environment, search] of [
  ["dev", ""],
  ["prod", "env=prod"],
] as const) {
  test(`the headline figures and the funnel of ${environment} are what SQL says`, async ({ page, dashboard, overview }) => {
    const { figures } = expected(environment);
    await dashboard.load(site("both"), search);
    for (const key of ["events", "players", "sessions", "bots", "churned"] as const) {
      await expect(overview.tile(key), key).toHaveAttribute("data-value", String(figures[key]));
    }
    await expect(overview.tile("players")).toContainText(count(figures.players));
    await expect(overview.tile("players")).toContainText(`${count(figures.kept_players)} without bots`);
    const share = (figures.bot_events / figures.events) * 100;
    await expect(overview.tile("events")).toContainText(`${count(figures.kept_events)} without bots`);
    await expect(overview.tile("bot-events")).toContainText(`${share.toFixed(1)} %`);
    await expect(overview.tile("bot-events")).toHaveAttribute("data-value", String(figures.bot_events));
    const funnel = await overview.funnel();
    expect([...funnel].map(([name, [value, unit]]) => [name, value, unit])).toEqual([
      ["Log rows", count(figures.rows), "rows"],
      ["left out: bots' rows", count(figures.bot_events), "rows"],
      ["Kept rows", count(figures.kept_events), "rows"],
      ["Players", count(figures.players), "players"],
      ["left out: bots", count(figures.bots), "players"],
      ["Kept players", count(figures.kept_players), "players"],
    ]);
    expect(funnel.get("left out: bots' rows")!.at(-1)).toBe(`${share.toFixed(1)} %`);
    await toggleTable(overview.chart("from-log-to-players"));
    const said = await new Chart(page, "from-log-to-players").all();
    expect(said).toContain(`left out: bots' rows: ${count(figures.bot_events)} rows · ${share.toFixed(1)} %`);
    expect(said).toContain(
      `Kept players: ${count(figures.kept_players)} players · ${((figures.kept_players / figures.players) * 100).toFixed(1)} %`,
    );
  });
}

test("the tables behind the charts are what SQL groups", async ({ dashboard, overview }) => {
  const { zones, classes, races, levels, hours, daily, figures } = expected("dev");
  await dashboard.load(site("both"));
  expect(await overview.table("top-zones")).toEqual(
    zones.map((zone) => [zone.label, count(zone.humans), count(zone.bots), count(zone.every)]),
  );
  const share = (players: number) => `${((players / figures.players) * 100).toFixed(1)} %`;
  const split = (row: Split) => [row.humans, row.bots, row.every].map(count);
  for (const [file, rows] of [
    ["classes", classes],
    ["races", races],
  ] as const) {
    expect(await overview.table(file)).toEqual(
      rows.map((row) => [row.label, ...split(row), share(row.every)]),
    );
  }
  expect(await overview.table("highest-level")).toEqual(levels.map((row) => [row.level, ...split(row)]));
  expect(await overview.table("daily-active-players")).toEqual(
    daily[DEFAULT]!.map((day) => [day.day, count(day.humans), count(day.bots), count(day.every)]),
  );
  const week = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((name, weekday) => {
    const events = (hour: number) => hours.in.find((row) => row.weekday === weekday && row.hour === hour)?.events ?? 0;
    return [name, ...Array.from({ length: 24 }, (_, hour) => count(events(hour)))];
  });
  expect(await overview.table("when-they-play")).toEqual(week);
});

test("an export of two parts gives the figures of the whole log", async ({ dashboard, overview, quality }) => {
  const { figures, daily } = expected("dev");
  await dashboard.load(site("halves"));
  for (const key of ["events", "players", "sessions", "bots", "churned"] as const) {
    await expect(overview.tile(key), key).toHaveAttribute("data-value", String(figures[key]));
  }
  expect(await overview.table("daily-active-players")).toEqual(
    daily[DEFAULT]!.map((day) => [day.day, count(day.humans), count(day.bots), count(day.every)]),
  );
  await dashboard.go("Quality");
  await expect(quality.parts).toHaveCount(2);
});
