import type { Page } from "@playwright/test";

import { readCsv } from "../csv.ts";
import { downloaded } from "../download.ts";
import { DEFAULT, expected } from "../expected.ts";
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
