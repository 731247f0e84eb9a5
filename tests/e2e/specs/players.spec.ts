import { count, duration, expected, type Player } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { readCsv } from "../csv.ts";
import { downloaded, named } from "../download.ts";
import { readParquet } from "../parquet.ts";

/** The columns that are shown unless the user chose others. */
const USUAL = [
  "player_id",
  "class",
  "race",
  "guild",
  "max_level",
  "total_events",
  "total_sessions",
  "avg_session_duration_minutes",
  "max_session_duration_minutes",
  "days_active",
  "num_locations_visited",
  "last_activity_date",
  "churned",
  "is_likely_bot",
];

function ids(players: Player[], most = 8): string[] {
  return players.slice(0, most).map((player) => player.player_id);
}

function says(shown: Player[], all: Player[]): string {
  const events = shown.reduce((sum, player) => sum + Number(player.total_events), 0);
  const players =
    shown.length === all.length
      ? `${count(all.length)} players`
      : `${count(shown.length)} of ${count(all.length)} players`;
  return `${players} with ${count(events)} events`;
}

/** The sentence above the table, up to the order. */
function saysSo(shown: Player[], all: Player[]): RegExp {
  return new RegExp(`^${says(shown, all)}, sorted by `);
}

test("all players are there, and the rows are those of SQL", async ({ dashboard, players }) => {
  const { tables } = expected("dev");
  await dashboard.load(site("both"), "page=players");
  await players.table.hasRows(tables.all.length);
  await players.table.startsWith(ids(tables.all));
  await expect(players.say).toHaveText(saysSo(tables.all, tables.all));
  const columns = ["player_id", "class", "race", "max_level", "total_events", "churned", "is_likely_bot"];
  const yes = (flag: unknown) => (flag === 1 ? "yes" : "no");
  expect(await players.table.first(8, columns)).toEqual(
    tables.all.slice(0, 8).map((player) => [
      player.player_id,
      player.class,
      player.race,
      String(player.max_level),
      count(Number(player.total_events)),
      yes(player.churned),
      yes(player.is_likely_bot),
    ]),
  );
  await players.table.scroller.evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
  const last = tables.all.at(-1)!;
  await expect(players.table.row(tables.all.length - 1)).toHaveAttribute("data-player-id", last.player_id);
  expect(await players.table.rows.count()).toBeLessThan(120);
});

test("headings sort, once more the other way round", async ({ page, dashboard, players }) => {
  const { tables } = expected("dev");
  await dashboard.load(site("both"), "page=players");
  await players.table.heading("total_events").getByRole("button").click();
  await expect(players.table.heading("total_events")).toHaveAttribute("aria-sort", "descending");
  await players.table.startsWith(ids(tables.by_events));
  await players.table.heading("total_events").getByRole("button").click();
  await expect(players.table.heading("total_events")).toHaveAttribute("aria-sort", "ascending");
  const fewest = [...tables.all].sort((a, b) => Number(a.total_events) - Number(b.total_events));
  await players.table.startsWith(ids(fewest));
  await players.table.heading("class").getByRole("button").click();
  await players.table.startsWith(ids(tables.by_class));
  await expect(page).toHaveURL(/sort=class/);
});

test("a search finds the ids that start so, and Enter opens the one in full", async ({
  page,
  dashboard,
  players,
  panel,
}) => {
  const { tables, chosen } = expected("dev");
  await dashboard.load(site("both"), "page=players");
  await players.filter("id").fill(chosen.search);
  await players.table.hasRows(tables.search.length);
  await players.table.startsWith(ids(tables.search));
  await players.filter("id").fill(chosen.human);
  await players.filter("id").press("Enter");
  await panel.isOpenFor(chosen.human);
  await panel.root.press("Escape");
  await players.filter("id").fill("nobody");
  await players.table.hasRows(0);
  await expect(page.getByText("Player ids are whole numbers")).toBeVisible();
});

test("filters choose the rows that SQL chooses, and the address keeps them", async ({
  page,
  dashboard,
  filter,
  players,
}) => {
  const { tables, chosen } = expected("dev");
  await dashboard.load(site("both"), "page=players");
  await filter.bots("only").click();
  await players.table.sortBy("max_session_duration_minutes", "descending");
  await players.table.hasRows(tables.bots.length);
  await players.table.startsWith(ids(tables.bots));
  await expect(players.say).toHaveText(saysSo(tables.bots, tables.all));

  await filter.bots("in").click();
  await filter.choose("class", chosen.class);
  await dashboard.loaded();
  await players.table.sortBy("total_events", "descending");
  await players.table.hasRows(tables.of_class.length);
  await players.table.startsWith(ids(tables.of_class));

  await players.filter("churned").selectOption("yes");
  await filter.bots("out").click();
  await players.table.sortBy("avg_session_duration_minutes", "descending");
  await players.table.hasRows(tables.churned_of_class.length);
  await players.table.startsWith(ids(tables.churned_of_class));
  await expect(page).toHaveURL(/churned=yes/);
  await expect(page).toHaveURL(/sort=-avg_session_duration_minutes/);

  await page.reload();
  await dashboard.loaded();
  await players.table.hasRows(tables.churned_of_class.length);
  await players.table.startsWith(ids(tables.churned_of_class));

  await filter.clear.click();
  await dashboard.loaded();
  await page.getByTestId("clear-filters").click();
  await players.table.hasRows(tables.all.length);
  await players.filter("churned").selectOption("no");
  await players.table.hasRows(tables.not_churned.length);
});

test("filters apply while they are typed, and the address tells them once they rest", async ({
  page,
  dashboard,
  players,
}) => {
  const { tables } = expected("dev");
  await dashboard.load(site("both"), "page=players");
  const levels = tables.all.map((player) => Number(player.max_level)).sort((a, b) => a - b);
  const middle = levels[Math.floor(levels.length / 2)]!;
  const above = tables.all.filter((player) => Number(player.max_level) >= middle);
  await players.filter("level-from").pressSequentially(String(middle));
  // The field has the focus still.
  await players.table.hasRows(above.length);
  await expect(players.filter("level-from")).toBeFocused();
  await players.filter("level-to").pressSequentially(String(middle));
  await players.table.hasRows(above.filter((player) => Number(player.max_level) === middle).length);
  await expect(page).toHaveURL(new RegExp(`level_from=${middle}&level_to=${middle}`));
  await page.getByTestId("clear-filters").click();
  await expect(players.filter("level-to")).toHaveValue("");
  await players.table.hasRows(tables.all.length);
});

test("a guild that is no number is told so beside the field", async ({ page, dashboard, players }) => {
  const { tables } = expected("dev");
  await dashboard.load(site("both"), "page=players");
  const guild = players.filter("guild");
  await expect(guild).toHaveAttribute("aria-invalid", "false");
  await guild.fill("Horde");
  const refusal = page.locator("#guild-refusal");
  await expect(refusal).toHaveText("Guilds are whole numbers, or none.");
  await expect(guild).toHaveAttribute("aria-invalid", "true");
  const [field, told] = [(await guild.boundingBox())!, (await refusal.boundingBox())!];
  expect(told.x).toBeGreaterThan(field.x + field.width);
  expect(Math.abs(told.y + told.height / 2 - field.y - field.height / 2)).toBeLessThan(8);
  await guild.fill("none");
  await expect(refusal).toBeEmpty();
  const without = tables.all.filter((player) => player.guild === null || Number(player.guild) === -1);
  await players.table.hasRows(without.length);
});

test("the menu of columns closes on Escape, and on a press beside it", async ({ page, dashboard }) => {
  await dashboard.load(site("both"), "page=players");
  const summary = page.getByTestId("filter-columns").locator("summary");
  const box = page.locator('input[data-column="race"]');
  await summary.click();
  await box.click();
  await expect(box).not.toBeChecked();
  await page.keyboard.press("Escape");
  await expect(box).toBeHidden();
  await expect(summary).toBeFocused();
  await summary.click();
  await expect(box).toBeVisible();
  await page.getByRole("heading", { name: "Players", level: 2 }).click();
  await expect(box).toBeHidden();
});

test("the download is exactly the filtered and sorted rows, with the chosen columns", async ({
  dashboard,
  filter,
  players,
}) => {
  const { tables, chosen } = expected("dev");
  await dashboard.load(site("both"), "page=players");
  await filter.choose("class", chosen.class);
  await dashboard.loaded();
  await players.table.sortBy("total_events", "descending");
  await players.table.hasRows(tables.of_class.length);
  const { name, text } = await players.download();
  expect(name).toBe(`players-${named("both", "dev")}-class-${chosen.class.replaceAll(" ", "-")}.csv`);
  expect(readCsv(text)).toEqual(rowsOf(tables.of_class, USUAL));

  await players.chooseColumns("race", "guild", "first_activity_date", "median_session_duration_minutes", "avg_level");
  const { text: chosenColumns } = await players.download();
  const [head, ...rows] = readCsv(chosenColumns);
  expect(head).toHaveLength(USUAL.length + 1);
  expect(head).not.toContain("race");
  expect(head).toContain("avg_level");
  expect([head, ...rows]).toEqual(rowsOf(tables.of_class, head!.map(String)));
});

/** SQL's rows as a CSV file holds them, with the head. */
function rowsOf(players: Player[], columns: string[]): (string | number | null)[][] {
  return [columns, ...players.map((player) => columns.map((column) => asNumber(player[column] ?? null)))];
}

function asNumber(value: string | number | null): string | number | null {
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}

test("all columns and all rows can be taken along", async ({ dashboard, players }) => {
  const { tables } = expected("dev");
  const columns = Object.keys(tables.all[0]!);
  await dashboard.load(site("both"), `page=players&columns=${columns.join(",")}`);
  const { name, text } = await players.download();
  expect(name).toBe(`players-${named("both", "dev")}.csv`);
  const [head, ...rows] = readCsv(text);
  expect([...head!].sort()).toEqual([...columns].sort());
  expect([head, ...rows]).toEqual(rowsOf(tables.all, head!.map(String)));
});

test("the columns are there again on the next visit, but a link shows its own", async ({ page, dashboard, players }) => {
  const median = page.getByRole("columnheader", { name: "median" });
  await dashboard.load(site("both"), "page=players");
  await players.chooseColumns("race", "median_session_duration_minutes");
  await expect(median).toBeVisible();
  await dashboard.load(site("both"));
  await dashboard.go("Players");
  await expect(median).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Daily active players" })).toBeVisible();
  await dashboard.go("Players");
  await expect(median).toBeVisible();
  await dashboard.load(site("both"), "page=players&sort=race");
  await expect(page.getByRole("columnheader", { name: "race" })).toBeVisible();
  await expect(median).toHaveCount(0);
});

test("a file is held until the browser has surely taken it, and no longer than that", async ({
  page,
  dashboard,
  players,
}) => {
  await page.clock.install();
  await page.addInitScript(() => {
    const revoke = URL.revokeObjectURL;
    const revoked: string[] = [];
    URL.revokeObjectURL = (url) => {
      revoked.push(url);
      revoke(url);
    };
    Object.assign(window, { revoked });
  });
  const revoked = () => page.evaluate(() => (window as unknown as { revoked: string[] }).revoked.length);
  await dashboard.load(site("both"), "page=players");
  await players.download();
  expect(await revoked()).toBe(0);
  await page.clock.fastForward("02:00");
  expect(await revoked()).toBe(1);
});

test("as Parquet it is the same rows with the types of SQL", async ({ dashboard, filter, players }) => {
  const { tables, chosen } = expected("dev");
  const columns = Object.keys(tables.all[0]!);
  await dashboard.load(site("both"), `page=players&columns=${columns.join(",")}`);
  const all = await players.file("parquet");
  expect(all.name).toBe(`players-${named("both", "dev")}.parquet`);
  const read = readParquet(all.bytes);
  expect(read.types).toEqual(
    Object.fromEntries(Object.keys(read.types).map((column) => [column, sqlType(column)])),
  );
  expect(Object.keys(read.types).sort()).toEqual([...columns].sort());
  expect(read.rows).toEqual(rowsAsTheyAre(tables.all, Object.keys(read.types)));

  await filter.choose("class", chosen.class);
  await dashboard.loaded();
  await players.table.sortBy("total_events", "descending");
  await players.table.hasRows(tables.of_class.length);
  const some = await players.file("parquet");
  expect(some.name).toBe(`players-${named("both", "dev")}-class-${chosen.class.replaceAll(" ", "-")}.parquet`);
  const ofClass = readParquet(some.bytes);
  expect(ofClass.rows).toEqual(rowsAsTheyAre(tables.of_class, Object.keys(ofClass.types)));
});

/** The type that the models' SQL gives a column. */
function sqlType(column: string): string {
  if (["class", "race"].includes(column)) return "VARCHAR";
  if (column === "churned" || column.includes("likely_bot")) return "INTEGER";
  if (column.endsWith("_date")) return "TIMESTAMP";
  return /^(avg|median)_/.test(column) ? "DOUBLE" : "BIGINT";
}

function rowsAsTheyAre(players: Player[], columns: string[]): (string | number | null)[][] {
  return players.map((player) => columns.map((column) => player[column] ?? null));
}

for (const how of ["a click", "the keyboard"]) {
  test(`${how} opens a player's sessions, and Esc gives the focus back`, async ({
    page,
    dashboard,
    players,
    panel,
  }) => {
    const { tables, sessions, chosen } = expected("dev");
    await dashboard.load(site("both"), "page=players&sort=-max_session_duration_minutes&bots=only");
    const index = tables.bots.findIndex((player) => player.player_id === chosen.bot);
    await players.table.hasRows(tables.bots.length);
    if (how === "a click") {
      await players.table.row(index).locator("td").nth(3).click();
    } else {
      await players.table.grid.focus();
      for (let step = 0; step <= index; step++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
    }
    await panel.isOpenFor(chosen.bot);
    await expect(page).toHaveURL(new RegExp(`player=${chosen.bot}(&|$)`));
    const found = sessions[chosen.bot]!;
    await panel.sessions.hasRows(found.length);
    expect(
      await panel.sessions.first(found.length, ["session", "start", "end", "events", "minutes"]),
    ).toEqual(
      found.map((row) => [count(row.session), row.start, row.end, count(row.events), duration(row.minutes)]),
    );
    await page.keyboard.press("Escape");
    await expect(panel.root).toBeHidden();
    await expect(page).not.toHaveURL(/player=/);
    if (how === "the keyboard") await expect(players.table.grid).toBeFocused();
  });
}

test("a link opens a player: every session, the facts and the verdict", async ({ dashboard, panel }) => {
  const { tables, sessions, chosen } = expected("dev");
  await dashboard.load(site("both"), `player=${chosen.human}`);
  await panel.isOpenFor(chosen.human);
  await expect(panel.verdict).toHaveAttribute("data-is-bot", "false");
  const player = tables.all.find((player) => player.player_id === chosen.human)!;
  await expect(panel.fact("class")).toHaveText(String(player.class));
  await expect(panel.fact("total_events")).toHaveText(count(Number(player.total_events)));
  await expect(panel.fact("num_locations_visited")).toHaveText(String(player.num_locations_visited));
  const found = sessions[chosen.human]!;
  await panel.sessions.hasRows(found.length);
  await panel.sessions.scroller.evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
  const last = found.at(-1)!;
  await expect(panel.sessions.row(found.length - 1).locator("td")).toContainText([
    count(last.session),
    last.start,
    last.end,
    count(last.events),
    duration(last.minutes),
  ]);
});

test("a player's sessions are sorted by any of their numbers, and taken along as they are shown", async ({
  page,
  dashboard,
  panel,
}) => {
  const { sessions, chosen } = expected("dev");
  await dashboard.load(site("both"), `player=${chosen.human}`);
  await panel.isOpenFor(chosen.human);
  const sorted = [...sessions[chosen.human]!].sort((a, b) => b.minutes - a.minutes || a.session - b.session);
  await panel.sessions.sortBy("minutes", "descending");
  expect(await panel.sessions.first(8, ["session", "minutes"])).toEqual(
    sorted.slice(0, 8).map(({ session, minutes }) => [count(session), duration(minutes)]),
  );
  const { name, bytes } = await downloaded(page.getByTestId("sessions-csv"));
  expect(name).toBe(`all-sessions-player-${chosen.human}-${named("both", "dev")}.csv`);
  const [, ...rows] = readCsv(bytes.toString("utf8"));
  expect(rows.map((row) => [row[0], ...[row[1], row[4], row[5]].map(Number)])).toEqual(
    sorted.map(({ session, events, minutes }) => [`${chosen.human}-${session}`, session, events, minutes]),
  );
});

test("an id that is not in the data is told", async ({ dashboard, panel }) => {
  await dashboard.load(site("both"), "page=players&player=987654321");
  await panel.isOpenFor("987654321");
  await expect(panel.unknown).toHaveText(/There is no player 987654321 in these data/);
  await panel.root.press("Escape");
  await expect(panel.root).toBeHidden();
});
