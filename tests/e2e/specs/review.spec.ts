import type { Page } from "@playwright/test";

import { readCsv } from "../csv.ts";
import { downloaded } from "../download.ts";
import { count, DEFAULT, expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { toggleTable } from "../pages/chart.ts";
import { Review, Views } from "../pages/review.ts";

/** The flagged players in the order of their table: the greatest longest session first. */
const FLAGGED = () => expected("dev").flagged[DEFAULT]!;

/** A browser that lets the page keep nothing. */
async function withoutStore(page: Page): Promise<void> {
  await page.addInitScript("Object.defineProperty(globalThis, 'indexedDB', { value: undefined });");
}

test("keys and buttons go through the flagged players in the order of the table", async ({ page, dashboard, bots, panel }) => {
  const review = new Review(page);
  const flagged = FLAGGED();
  const all = count(flagged.length);
  await dashboard.load(site("both"), "page=bots");
  await bots.table.row(0).locator("td").first().click();
  await panel.isOpenFor(flagged[0]!.player_id);
  await expect(review.turn).toHaveText(`1 of ${all}`);
  await expect(review.previous).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("[");
  await panel.isOpenFor(flagged[0]!.player_id);

  await page.keyboard.press("]");
  await panel.isOpenFor(flagged[1]!.player_id);
  await expect(review.turn).toHaveText(`2 of ${all}`);
  await review.next.click();
  await panel.isOpenFor(flagged[2]!.player_id);
  await expect(review.next).toBeFocused();
  await page.keyboard.press("[");
  await panel.isOpenFor(flagged[1]!.player_id);
  await expect(page).toHaveURL(new RegExp(`player=${flagged[1]!.player_id}(&|$)`));

  // A link shows the same player at the same place, and Back leads to the table, not through all who were seen.
  const link = page.url();
  await page.goBack();
  await expect(panel.root).toBeHidden();
  await page.goto(link);
  await dashboard.loaded();
  await panel.isOpenFor(flagged[1]!.player_id);
  await expect(review.turn).toHaveText(`2 of ${all}`);
});

test("they go through all players as these are filtered and sorted, and nowhere where no table is", async ({
  page,
  dashboard,
  players,
  panel,
}) => {
  const review = new Review(page);
  const { tables, chosen } = expected("dev");
  await dashboard.load(site("both"), `page=players&sort=-total_events&class=${encodeURIComponent(chosen.class)}`);
  await players.table.hasRows(tables.of_class.length);
  await players.table.row(1).locator("td").nth(2).click();
  await expect(review.turn).toHaveText(`2 of ${count(tables.of_class.length)}`);
  await page.keyboard.press("]");
  await panel.isOpenFor(tables.of_class[2]!.player_id);
  await review.previous.click();
  await review.previous.click();
  await panel.isOpenFor(tables.of_class[0]!.player_id);
  await dashboard.load(site("both"), `player=${chosen.bot}`);
  await panel.isOpenFor(chosen.bot);
  await expect(review.turn).toHaveCount(0);
});

test("marks are kept, shown, filtered by and taken along", async ({ page, dashboard, bots, players, panel }) => {
  const review = new Review(page);
  const flagged = FLAGGED();
  await dashboard.load(site("both"), "page=bots");
  await bots.table.row(0).locator("td").first().click();
  await panel.isOpenFor(flagged[0]!.player_id);
  await expect(review.note).toBeDisabled();
  await review.mark("bot").click();
  await expect(review.say).toHaveText(/^Marked as a bot, .* UTC\.$/);
  await review.note.fill('=1+1, "every" night');
  // A bracket in a note is a bracket.
  await review.note.press("]");
  await panel.isOpenFor(flagged[0]!.player_id);
  await review.next.click();
  await panel.isOpenFor(flagged[1]!.player_id);
  await expect(review.note).toHaveValue("");
  await review.mark("not-bot").click();
  await page.keyboard.press("]");
  await panel.isOpenFor(flagged[2]!.player_id);
  await review.mark("unsure").click();
  await page.keyboard.press("Escape");

  await page.reload();
  await dashboard.loaded();
  await expect(bots.table.row(0).locator("td.marked")).toHaveText('bot · =1+1, "every" night]');
  await expect(bots.table.row(1).locator("td.marked")).toHaveText("not a bot");
  await expect(review.measure("precision")).toHaveText("50.0 %");
  await expect(review.measure("recall")).toHaveText("100 %");

  await review.filter.selectOption("no");
  await bots.table.hasRows(flagged.length - 3);
  await expect(page).toHaveURL(/marked=no/);
  await review.filter.selectOption("not-bot");
  await bots.table.hasRows(1);
  const csv = await downloaded(page.getByTestId("flagged-csv"));
  const [head, row] = readCsv(csv.bytes.toString());
  expect(head!.slice(-2)).toEqual(["mark", "note"]);
  expect([String(row![0]), ...row!.slice(-2)]).toEqual([flagged[1]!.player_id, "not a bot", null]);

  await page.getByRole("link", { name: "Players" }).click();
  await players.table.hasRows(1);
  await review.filter.selectOption("yes");
  await players.table.hasRows(3);
  const { text } = await players.download();
  expect(readCsv(text).slice(1).map((row) => row.at(-2)).sort()).toEqual(["bot", "not a bot", "unsure"]);

  // A press on the mark that a player has takes it away.
  await players.table.row(0).locator("td").first().click();
  await page.getByTestId("player-mark").locator('button[aria-pressed="true"]').click();
  await expect(review.say).toHaveText(/^Not marked/);
  await page.keyboard.press("Escape");
  await players.table.hasRows(2);
  await page.reload();
  await dashboard.loaded();
  await players.table.hasRows(2);
});

test("who is marked in a list of unmarked players is followed by the next of them", async ({ page, dashboard, bots, panel }) => {
  const review = new Review(page);
  const flagged = FLAGGED();
  await dashboard.load(site("both"), "page=bots&marked=no");
  await bots.table.row(1).locator("td").first().click();
  await panel.isOpenFor(flagged[1]!.player_id);
  await review.mark("bot").click();
  await expect(review.turn).toHaveText(`not among the ${count(flagged.length - 1)} listed`);
  await page.keyboard.press("]");
  await panel.isOpenFor(flagged[2]!.player_id);
  await expect(review.turn).toHaveText(`2 of ${count(flagged.length - 1)}`);
  await expect(review.mark("bot")).toBeFocused();
});

test("marks of one log are not those of another", async ({ page, dashboard, bots }) => {
  const review = new Review(page);
  await dashboard.load(site("both"), "page=bots");
  await bots.table.row(0).locator("td").first().click();
  await review.mark("bot").click();
  await page.keyboard.press("Escape");
  await expect(bots.table.heading("mark")).toBeVisible();
  await dashboard.load(site("both"), "page=bots&env=prod");
  await expect(page.getByTestId("agreement")).toContainText("No player is marked yet.");
  await expect(bots.table.heading("mark")).toHaveCount(0);
  await dashboard.load(site("both"), "page=bots&env=dev");
  await expect(bots.table.heading("mark")).toBeVisible();
});

test("the rule is held against imported marks, also while limits move", async ({ page, dashboard, bots }) => {
  const review = new Review(page);
  const { tables } = expected("dev");
  const flagged = FLAGGED();
  const others = tables.all.filter((player) => player.is_likely_bot === 0);
  const row = (player_id: string, mark: string, note = "") => `${player_id},${mark},${note},2026-01-02 03:04:05`;
  const rows = [
    ...flagged.slice(0, 3).map(({ player_id }) => row(player_id, "bot")),
    row(flagged[3]!.player_id, "not a bot"),
    row(others[0]!.player_id, "bot", '"<b>\'s, ""quoted"""'),
    ...others.slice(1, 3).map(({ player_id }) => row(player_id, "not a bot")),
    row(others[3]!.player_id, "unsure"),
    row("987654321", "bot"),
  ];
  const file = ["player_id,mark,note,marked_at", ...rows, ""].join("\r\n");
  await dashboard.load(site("both"), "page=bots");
  await review.import(file);
  await expect(review.imported).toHaveText("9 marks imported.");
  const shows = async (figures: Record<Parameters<typeof review.measure>[0], string>) => {
    for (const [name, text] of Object.entries(figures)) {
      await expect(review.measure(name as keyof typeof figures), name).toHaveText(text);
    }
  };
  await shows({
    precision: "75.0 %",
    recall: "75.0 %",
    "bots-flagged": "3",
    "bots-missed": "1",
    "others-flagged": "1",
    "others-spared": "2",
  });
  await expect(page.getByTestId("agreement-scope")).toHaveText(
    "Of 8 marked players, one of them left out as unsure. One more mark is of a player that is not in what is shown.",
  );
  await bots.setLimits(100_000, 100_000);
  await shows({
    precision: "–",
    recall: "0 %",
    "bots-flagged": "0",
    "bots-missed": "4",
    "others-flagged": "0",
    "others-spared": "3",
  });

  const { name, bytes } = await downloaded(review.export);
  expect(name).toBe("marks-dev-wow_test-duckdb.csv");
  const exported = readCsv(bytes.toString());
  expect(exported[0]).toEqual(["player_id", "mark", "note", "marked_at"]);
  const lines = (rows: unknown[][]) => rows.map((cells) => cells.map((cell) => cell ?? "").join("|")).sort();
  expect(lines(exported)).toEqual(lines(readCsv(file)));
  await review.import(bytes.toString());
  await expect(review.imported).toHaveText("0 marks imported. 9 were the same or newer here and stayed.");
});

test("a file that is none of marks is refused in one sentence and changes nothing", async ({ page, dashboard, bots }) => {
  const review = new Review(page);
  await dashboard.load(site("both"), "page=bots");
  for (const [text, says] of [
    ["a,b\n1,2\n", /^The file has no marks: its first line must name the columns player_id, mark, note, marked_at\.$/],
    ["player_id,mark\n1,bot\n2,<script>\n", /^Line 3 of the file: “<script>” is no mark; a mark is bot, not a bot or unsure\.$/],
    ["player_id,mark\nx,bot\n", /^Line 2 of the file: “x” is no player id;/],
  ] as const) {
    await review.import(text);
    await expect(review.imported).toHaveText(says);
    await expect(review.imported).toHaveRole("alert");
  }
  await expect(bots.table.heading("mark")).toHaveCount(0);
});

test("a browser that keeps nothing says so, and marks last as long as the page", async ({ page, dashboard, bots }) => {
  const review = new Review(page);
  await withoutStore(page);
  await dashboard.load(site("both"), "page=bots");
  await bots.table.row(0).locator("td").first().click();
  await review.mark("bot").click();
  await expect(page.getByTestId("player-panel").getByTestId("marks-not-kept")).toHaveText(/^This browser keeps no marks here/);
  await page.keyboard.press("Escape");
  await expect(bots.table.row(0).locator("td.marked")).toHaveText("bot");
  const views = new Views(page);
  await views.button.click();
  await expect(views.problem).toHaveText(/^This browser keeps no views here/);
});

test("the report has the marks of whoever sends it", async ({ page, dashboard, bots, report }) => {
  const review = new Review(page);
  await dashboard.load(site("both"), "page=bots");
  await bots.table.row(0).locator("td").first().click();
  await review.mark("bot").click();
  await review.note.fill("<i>seen</i>");
  await page.keyboard.press("Escape");
  // On a page that shows none of them.
  await page.reload();
  await dashboard.load(site("both"));
  const html = (await report.saved()).bytes.toString();
  expect(html).toContain("1 player marked: 1 a bot.");
  expect(html).toContain("bot · &lt;i&gt;seen&lt;/i&gt;");
});

test("views are saved under a name, opened, renamed, deleted and had back", async ({ page, dashboard, bots, filter }) => {
  const views = new Views(page);
  await dashboard.load(site("both"), "page=bots&longest=600&bots=only");
  await views.button.click();
  await views.name.fill("  Strict   rule ");
  await views.name.press("Enter");
  await expect(views.all).toHaveText(["Strict rule"]);
  await views.save.click();
  await expect(views.problem).toHaveText("Give the view a name.");
  await page.keyboard.press("Escape");

  await dashboard.load(site("both"), "page=players");
  await views.button.click();
  await views.name.fill("All of them");
  await views.save.click();
  await expect(views.all).toHaveText(["All of them", "Strict rule"]);
  await views.link("Strict rule").click();
  await expect(page.getByRole("heading", { name: "Saved views" })).toBeHidden();
  await expect(bots.field("longest")).toHaveValue("600");
  await expect(filter.bots("only")).toHaveAttribute("aria-pressed", "true");
  await expect(page).toHaveURL(/page=bots/);

  await views.button.click();
  await page.getByRole("button", { name: "Rename Strict rule" }).click();
  const field = page.getByRole("textbox", { name: "New name of Strict rule" });
  await expect(field).toBeFocused();
  await field.fill("All of them");
  await field.press("Enter");
  await expect(views.problem).toHaveText("Another view is called “All of them”; take another name.");
  await field.fill("Ten hours");
  await field.press("Enter");
  await expect(views.all).toHaveText(["All of them", "Ten hours"]);
  await expect(views.name).toBeFocused();
  await page.getByRole("button", { name: "Delete Ten hours" }).click();
  await expect(views.all).toHaveText(["All of them"]);
  await expect(views.name).toBeFocused();
  await views.undo.click();
  await expect(views.all).toHaveText(["All of them", "Ten hours"]);
  await page.reload();
  await dashboard.loaded();
  await views.button.click();
  await expect(views.all).toHaveText(["All of them", "Ten hours"]);
  await expect(views.link("Ten hours")).toHaveAttribute("href", /\?page=bots&bots=only&longest=600$/);
});

test("on a phone the verdict is whole: no number is broken or cut", async ({ page, dashboard, panel }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await dashboard.load(site("both"), `page=bots&player=${expected("dev").chosen.bot}`);
  await expect(panel.verdict).toBeVisible();
  const cells = await panel.verdict.locator("tbody").locator("th, td").evaluateAll((cells) =>
    cells.map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return { lines: range.getClientRects().length, right: range.getBoundingClientRect().right };
    }),
  );
  expect(cells).toHaveLength(10);
  for (const { lines, right } of cells) {
    expect(lines).toBe(1);
    expect(right).toBeLessThanOrEqual(360);
  }
});

test("of a player with many sessions the hours are those of the sessions", async ({ page, dashboard }) => {
  const { sessions } = expected("dev");
  const span = (id: string) => {
    const days = sessions[id]!.map(({ start }) => Date.parse(`${start} UTC`) / 86_400_000);
    return Math.max(...days) - Math.min(...days);
  };
  const id = Object.keys(sessions).find((id) => span(id) > 160);
  expect(id, "a player over many days").toBeDefined();
  await dashboard.load(site("both"), `player=${id}`);
  const minutes = sessions[id!]!.reduce((sum, session) => sum + session.minutes, 0);
  const online = page.getByTestId("chart-hours-online");
  const hours = Math.floor(minutes / 60).toLocaleString("en-US");
  await expect(online).toContainText(new RegExp(`^.*${hours} h( ${minutes % 60} min)? online from`));
  await toggleTable(page.getByTestId("chart-hours-of-day"));
  const rows = page.getByTestId("chart-hours-of-day").locator("tbody tr");
  await expect(rows).toHaveCount(24);
  const texts = await rows.locator("td").evaluateAll((cells) => cells.map((cell) => cell.textContent ?? ""));
  const parsed = texts
    .filter((_, index) => index % 3 === 1)
    .map((text) => {
      const hours = Number(/([\d,]+) h/.exec(text)?.[1]?.replaceAll(",", "") ?? 0);
      return hours * 60 + Number(/(\d+) min/.exec(text)?.[1] ?? 0);
    });
  expect(parsed.reduce((sum, minutes) => sum + minutes, 0)).toBe(minutes);
});
