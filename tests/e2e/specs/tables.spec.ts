import type { Page } from "@playwright/test";

import { readCsv } from "../csv.ts";
import { downloaded, named, origin } from "../download.ts";
import { readParquet } from "../parquet.ts";
import { DEFAULT, duration, expected, OTHER } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";

/** What the page puts into the clipboard from now on. */
async function clipboard(page: Page): Promise<() => Promise<string[][]>> {
  const copied = await page.evaluateHandle(() => {
    const copied: string[] = [];
    addEventListener("copy", (event) => copied.push(event.clipboardData!.getData("text/plain")));
    return copied;
  });
  return async () => {
    const text = (await copied.jsonValue()).at(-1) ?? "";
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t"));
  };
}

test("rows are chosen by keys and clicks, and copied as they are shown", async ({ page, dashboard, players }) => {
  await dashboard.load(site("both"), "page=players");
  const { grid } = players.table;
  const copied = await clipboard(page);
  const headings = await players.table.scroller.locator("thead th").allTextContents();
  const shown = async (from: number, to: number) => [
    headings.map((heading) => heading.trim()),
    ...(await players.table.rows.evaluateAll(
      (rows, [from, to]) =>
        rows
          .filter((row) => Number(row.getAttribute("data-index")) >= from && Number(row.getAttribute("data-index")) <= to)
          .map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent!.trim())),
      [from, to] as const,
    )),
  ];
  await grid.focus();
  for (const key of ["ArrowDown", "ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown"]) await grid.press(key);
  await expect(players.table.scroller.locator('tr[aria-selected="true"]')).toHaveCount(3);
  await grid.press("Control+c");
  expect(await copied()).toEqual(await shown(1, 3));
  // A click with Shift chooses from there, and opens nothing.
  await players.table.row(5).locator("td").nth(2).click({ modifiers: ["Shift"] });
  await expect(players.table.scroller.locator('tr[aria-selected="true"]')).toHaveCount(5);
  await expect(page.getByTestId("player-panel")).toBeHidden();
  await page.keyboard.press("Control+c");
  expect(await copied()).toEqual(await shown(1, 5));
  await grid.press("ArrowUp");
  await grid.press("Control+c");
  expect(await copied()).toEqual(await shown(4, 4));
  await grid.press("Control+a");
  await grid.press("Control+c");
  const [, ...all] = await copied();
  expect(all.map(([player]) => player)).toEqual(expected("dev").tables.all.map((row) => row.player_id));
  // In another order the same places hold other players, so that nothing is chosen any more.
  await players.table.sortBy("total_events", "descending");
  await expect(players.table.scroller.locator('tr[aria-selected="true"]')).toHaveCount(0);
});

test("ids are copied as they are shown, and text that would be a formula is not", async ({ page, dashboard, players }) => {
  await dashboard.load(site("hard"), "page=players");
  const copied = await clipboard(page);
  await players.table.grid.focus();
  await players.table.grid.press("Control+a");
  await players.table.grid.press("Control+c");
  const [head, ...rows] = await copied();
  const column = (name: string) => head!.indexOf(name);
  const of = (id: string) => rows.find((row) => row[0] === id)!;
  expect(of("-9223372036854775807")).toBeDefined();
  expect(of("720")[column("class")]).toBe("'=1+1");
});

test("the order of the flagged players is in the address and in the download", async ({ page, dashboard, bots }) => {
  await dashboard.load(site("both"), "page=bots");
  const flagged = expected("dev").flagged[DEFAULT]!;
  await bots.table.sortBy("events", "descending");
  await bots.table.sortBy("events", "ascending");
  await expect(page).toHaveURL(/flagged=events(&|$)/);
  const ids = [...flagged]
    .sort((a, b) => a.events - b.events || Number(BigInt(a.player_id) - BigInt(b.player_id)))
    .map((player) => player.player_id);
  await bots.table.startsWith(ids.slice(0, 8));
  await page.reload();
  await dashboard.loaded();
  await bots.table.startsWith(ids.slice(0, 8));
  const { bytes } = await downloaded(page.getByTestId("flagged-csv"));
  const [, ...rows] = readCsv(bytes.toString("utf8"));
  expect(rows.map(([player]) => String(player))).toEqual(ids);
});

test("the status says what the flagged players are sorted by, whatever that is", async ({ page, dashboard, bots }) => {
  await dashboard.load(site("both"), "page=bots");
  const says = page.getByTestId("flagged-players").getByRole("status").first();
  await expect(says).toContainText("sorted by longest, greatest first.");
  await bots.table.sortBy("events", "ascending");
  await expect(says).toContainText("sorted by events, least first.");
  await bots.table.sortBy("session", "descending");
  await expect(says).toContainText("sorted by longest session ran, latest first.");
  await bots.table.sortBy("average_over_by", "descending");
  await expect(says).toContainText("sorted by average over by, greatest first.");
});

test("who has no margin over a limit comes last, whichever way its margins are sorted", async ({ dashboard, bots }) => {
  await dashboard.load(site("both"), "page=bots");
  const flagged = expected("dev").flagged[DEFAULT]!;
  const over = flagged.filter((player) => player.longest > 720).sort((a, b) => b.longest - a.longest);
  for (const [order, longest] of [
    ["descending", over.map((player) => player.longest)],
    ["ascending", over.map((player) => player.longest).reverse()],
  ] as const) {
    await bots.table.sortBy("over_by", order);
    const shown = await bots.table.first(Math.min(over.length, 12), ["longest", "over_by"]);
    expect(shown).toEqual(longest.slice(0, 12).map((minutes) => [duration(minutes), `+${duration(minutes - 720)}`]));
  }
});

test("a margin has a bar as long as its share of the greatest", async ({ dashboard, bots }) => {
  await dashboard.load(site("both"), "page=bots&flagged=-over_by");
  const flagged = expected("dev").flagged[DEFAULT]!;
  const greatest = Math.max(...flagged.map((player) => player.longest)) - 720;
  await expect(bots.table.row(0)).toBeVisible();
  const drawn = await bots.table.rows.evaluateAll((rows) =>
    rows.slice(0, 12).map((row) => {
      const cell = row.querySelector('[data-column="over_by"]')!;
      const room = cell.clientWidth - 20;
      return { bar: cell.querySelector(".bar")!.getBoundingClientRect().width / room, text: cell.textContent!.trim() };
    }),
  );
  const longest = flagged.map((player) => player.longest).sort((a, b) => b - a);
  for (const [place, { bar, text }] of drawn.entries()) {
    const over = longest[place]! - 720;
    const share = over > 0 ? Math.max(over / greatest, 0.01) : 0;
    expect(Math.abs(bar - share), text).toBeLessThan(0.015);
  }
});

for (const [name, query] of [
  ["players-table", "page=players"],
  ["flagged-table", "page=bots&longest=0"],
] as const) {
  test(`the last row in sight of ${name} is whole, at any height of the window`, async ({ page, dashboard }) => {
    await dashboard.load(site("both"), query);
    const scroller = page.getByTestId(name);
    for (const [width, height] of [
      [1440, 900],
      [1280, 777],
      [1280, 610],
      [640, 720],
      [360, 700],
    ] as const) {
      await page.setViewportSize({ width, height });
      const cut = () =>
        scroller.evaluate((scroller) => {
          const end = scroller.getBoundingClientRect().top + scroller.clientTop + scroller.clientHeight;
          const rows = [...scroller.querySelectorAll("tbody tr[data-index]")].map((row) => row.getBoundingClientRect());
          return rows.filter((row) => row.top < end - 0.5 && row.bottom > end + 0.5).length;
        });
      await expect.poll(cut, { message: `${width} × ${height}` }).toBe(0);
    }
  });
}

test("headings stand over what they name, and the players' column is as wide as the ids", async ({ page, dashboard }) => {
  for (const [name, query] of [
    ["players-table", "page=players"],
    ["flagged-table", "page=bots"],
  ] as const) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await dashboard.load(site("both"), query);
    const table = page.getByTestId(name);
    await expect(table.locator("tbody tr[data-index]").first()).toBeVisible();
    const edges = await table.evaluate((table) => {
      /** Where the text in an element begins and ends. */
      const text = (element: Element) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        const range = document.createRange();
        for (let node = walker.nextNode(); node; node = walker.nextNode())
          if (node.textContent!.trim()) range.selectNodeContents(node);
        const { left, right } = range.getBoundingClientRect();
        return { left, right };
      };
      const cells = [...table.querySelectorAll("tbody tr[data-index]")[0]!.querySelectorAll("td")];
      return [...table.querySelectorAll("th")].map((heading, place) => ({
        column: heading.dataset.column!,
        isNumber: heading.classList.contains("num"),
        heading: text(heading),
        cell: text(cells[place]!),
      }));
    });
    for (const { column, isNumber, heading, cell } of edges) {
      const apart = isNumber ? heading.right - cell.right : heading.left - cell.left;
      expect(Math.abs(apart), `${name}: ${column}`).toBeLessThan(1);
    }
    const first = await table.locator("th").first().evaluate((heading) => heading.clientWidth);
    expect(first).toBeLessThan(100);
    await page.setViewportSize({ width: 768, height: 900 });
    const edge = () =>
      table
        .locator("tbody tr[data-index] td")
        .first()
        .evaluate((cell) => getComputedStyle(cell).borderRightWidth);
    await expect.poll(edge).toBe("1px");
    await table.evaluate((table) => table.scrollTo(200, 0));
    const left = await table.evaluate((table) => {
      const cell = table.querySelector("tbody tr[data-index] td")!;
      return cell.getBoundingClientRect().left - table.getBoundingClientRect().left;
    });
    expect(Math.abs(left)).toBeLessThan(1);
  }
});

test("on a phone a flagged player has two lines with rule, values and margins, and it is still a table", async ({
  page,
  dashboard,
  bots,
  panel,
}) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await dashboard.load(site("both"), "page=bots");
  const flagged = expected("dev").flagged[DEFAULT]!;
  await bots.table.hasRows(flagged.length);
  const { grid, scroller } = bots.table;
  const names = ["player", "rule", "longest", "over by", "average", "over by"];
  await expect(grid.getByRole("columnheader")).toHaveText(names);
  const first = flagged[0]!;
  const row = bots.table.row(0);
  await expect(row).toHaveRole("row");
  const cells = row.getByRole("gridcell");
  await expect(cells).toHaveCount(names.length);
  const isOver = first.longest > 720;
  await expect(cells.nth(0)).toHaveText(first.player_id);
  await expect(cells.nth(1)).toHaveText(first.rule);
  await expect(cells.nth(2)).toHaveText(duration(first.longest));
  await expect(cells.nth(3)).toHaveText(isOver ? `+${duration(first.longest - 720)}` : "–");
  const [player, rule, value, average] = await Promise.all(
    [0, 1, 2, 4].map(async (place) => (await cells.nth(place).boundingBox())!),
  );
  expect(rule!.y).toBeGreaterThanOrEqual(player!.y + player!.height - 1);
  expect(average!.y).toBeGreaterThanOrEqual(value!.y + value!.height - 1);
  // Nothing is cut off, and nothing is to be scrolled sideways.
  expect(await scroller.evaluate((scroller) => scroller.scrollWidth - scroller.clientWidth)).toBe(0);
  const cut = await scroller.evaluate((scroller) =>
    [...scroller.querySelectorAll("th, td")].filter((cell) => cell.scrollWidth > cell.clientWidth + 1).length,
  );
  expect(cut).toBe(0);
  // Only the rows in sight are there, and keys go to the last.
  expect(await bots.table.rows.count()).toBeLessThan(60);
  await grid.focus();
  await grid.press("End");
  const last = bots.table.row(flagged.length - 1);
  await expect(last).toHaveAttribute("data-player-id", flagged.at(-1)!.player_id);
  await expect(last).toBeInViewport();
  await bots.table.sortBy("average_over_by", "descending");
  await bots.table.row(0).getByRole("button").click();
  await expect(panel.root).toBeVisible();
});

test("flagged players come as Parquet too, which says where they come from", async ({ page, dashboard }) => {
  await dashboard.load(site("both"), "page=bots&longest=101&average=47");
  const csv = await downloaded(page.getByTestId("flagged-csv"));
  const parquet = await downloaded(page.getByTestId("flagged-parquet"));
  expect(parquet.name).toBe(`flagged-players-${named("both", "dev")}-longest-101-average-47.parquet`);
  expect(csv.name).toBe(parquet.name.replace(".parquet", ".csv"));
  const [head, ...rows] = readCsv(csv.bytes.toString("utf8"));
  const read = readParquet(parquet.bytes);
  expect(Object.keys(read.types)).toEqual(head);
  expect(read.types).toMatchObject({ player_id: "BIGINT", rule: "VARCHAR", avg_over_by_minutes: "DOUBLE" });
  expect(read.types).toMatchObject({ longest_session_start: "TIMESTAMP", longest_session_events: "BIGINT" });
  expect(read.rows).toEqual(rows.map(([player, ...others]) => [String(player), ...others]));
  const flagged = expected("dev").flagged[OTHER]!;
  expect(read.rows.map((row) => String(row[0]))).toEqual(flagged.map((player) => player.player_id));
  expect(read.notes).toMatchObject({
    "wow.environment": "dev",
    "wow.database": "wow_test.duckdb",
    "wow.dataset_id": origin("both", "dev").id,
    "wow.parameters": "gap=30&longest=101&average=47&churn_days=30",
  });
});
