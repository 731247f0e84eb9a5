import { readCsv } from "../csv.ts";
import { count, duration, expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";

test("text of the data stays text, in charts, tables and menus", async ({
  page,
  dashboard,
  filter,
  overview,
  players,
}) => {
  const { zones, classes, tables } = expected("hard");
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs++;
    void dialog.dismiss();
  });
  await dashboard.load(site("hard"));
  expect(await overview.table("top-zones")).toEqual(
    zones.map((zone) => [zone.label, count(zone.humans), count(zone.bots), count(zone.every)]),
  );
  const table = await overview.table("classes");
  expect(table.map(([label, , , players]) => [label, players])).toEqual(
    classes.map((row) => [row.label, count(row.every)]),
  );
  // In the drawings a long name may be shortened, but its start is there as text.
  const starts = async (file: string) =>
    (await overview.chart(file).locator("svg text").allTextContents()).map((text) => text.trim().slice(0, 4));
  expect(await starts("top-zones")).toContain("<img");
  expect(await starts("races")).toContain('"><i');

  await dashboard.go("Players");
  await players.table.hasRows(tables.all.length);
  const shown = await players.table.first(tables.all.length, ["player_id", "class", "race"]);
  expect(shown).toEqual(
    tables.all.map((player) => [player.player_id, player.class ?? "none", player.race ?? "none"]),
  );
  await filter.choose("class", "<b>Mage</b>");
  await expect(filter.chip("class")).toHaveText("class: <b>Mage</b>");
  await players.table.startsWith(["721"]);
  expect(await page.locator("main img, main b > b, main i i, main svg script, td > b, label b, summary b").count()).toBe(0);
  expect(dialogs).toBe(0);
});

test("a download defuses what a spreadsheet would run", async ({ dashboard, players }) => {
  const { tables } = expected("hard");
  await dashboard.load(site("hard"), "page=players&columns=class,race,guild");
  const [, ...rows] = readCsv((await players.download()).text);
  const safe = (text: unknown) => (text === "=1+1" ? "'=1+1" : text);
  expect(rows.map(([, ...row]) => row)).toEqual(
    tables.all.map((player) => [safe(player.class), player.race, player.guild]),
  );
});

test("ids that a double cannot hold are found, opened and linked as they are", async ({
  page,
  dashboard,
  players,
  panel,
}) => {
  const { tables } = expected("hard");
  await dashboard.load(site("hard"), "page=players");
  const ids = tables.all.map((player) => player.player_id);
  expect(ids).toContain("9007199254740993");
  await players.table.startsWith(ids);
  for (const id of ["-9223372036854775807", "9007199254740993", "9223372036854775807"]) {
    await players.table.row(ids.indexOf(id)).getByRole("button").click();
    await panel.isOpenFor(id);
    await panel.sessions.hasRows(Number(tables.all[ids.indexOf(id)]!.total_sessions));
    await expect(page).toHaveURL(new RegExp(`player=${id}&of=[0-9a-f]{12}$`));
    await page.keyboard.press("Escape");
    await expect(panel.root).toBeHidden();
  }
});

test("limits are met exactly: 720 minutes are not over 720, an average of 360 is not over 360", async ({
  dashboard,
  panel,
}) => {
  const { tables, sessions } = expected("hard");
  await dashboard.load(site("hard"), "page=players&player=720");
  await panel.isOpenFor("720");
  await expect(panel.verdict).toHaveAttribute("data-is-bot", "false");
  await expect(panel.rule("likely_bot_long_session")).toContainText("exactly at the limit");
  await expect(panel.rule("likely_bot_avg_session")).toContainText("exactly at the limit");
  await panel.root.press("Escape");
  await expect(panel.root).toBeHidden();
  await dashboard.load(site("hard"), "page=players&player=721");
  await expect(panel.verdict).toHaveAttribute("data-is-bot", "true");
  expect(tables.bots.map((player) => player.player_id)).toEqual(["721"]);
  const found = sessions["721"]!;
  await panel.sessions.hasRows(found.length);
  expect(await panel.sessions.first(found.length, ["start", "end", "events", "minutes"])).toEqual(
    found.map((row) => [row.start, row.end, count(row.events), duration(row.minutes)]),
  );
});
