import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, siteFolder, site, test } from "../fixtures.ts";
import { cells } from "../pages/overview.ts";

interface Manifest {
  parts: { first_player_id: number; last_player_id: number }[];
  player_facts: { file: string; rows: number; players: number };
}

async function manifest(data = join(siteFolder("changed"), "data")): Promise<Manifest> {
  return JSON.parse(await readFile(join(data, "dev", "manifest.json"), "utf8")) as Manifest;
}

test("a player's view shows what snapshots saw change, and asks for it only then", async ({ page, dashboard, panel }) => {
  const { parts, player_facts } = await manifest();
  expect([player_facts.rows, player_facts.players]).toEqual([6, 2]);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const isAsked = () => asked.some((url) => url.endsWith(player_facts.file));
  await dashboard.load(site("changed"), "page=players");
  expect(isAsked()).toBe(false);
  const first = String(parts[0]!.first_player_id);
  await dashboard.moveTo({ player: first });
  await panel.isOpenFor(first);
  await expect(panel.changes).toHaveCount(3);
  expect(isAsked()).toBe(true);
  expect(await cells(panel.changes)).toEqual([
    ["1 Sep 2026 04:00", "1 Oct 2026 04:00", "class Mage, race Orc, guild none, highest level 69, likely bot no, churned no"],
    ["1 Oct 2026 04:00", "1 Nov 2026 04:00", "guild none → 7"],
    ["1 Nov 2026 04:00", "now", "class Mage → <b>Druid</b>, highest level 69 → 70, likely bot no → yes"],
  ]);
  const last = String(parts.at(-1)!.last_player_id);
  await page.keyboard.press("Escape");
  await dashboard.moveTo({ player: last });
  await panel.isOpenFor(last);
  await expect(page.getByTestId("player-changes")).toContainText("Every snapshot of the database saw the same of this player.");
  await expect(panel.changes).toHaveCount(0);
});

test("a file of snapshots that is damaged is not believed", async ({ page, dashboard, panel, ownSite, conduct }) => {
  conduct.mayReportFailedRequests = true;
  const own = await ownSite("changed");
  const { parts, player_facts } = await manifest(own.data);
  const file = join(own.data, "dev", player_facts.file);
  const bytes = await readFile(file);
  bytes[40]! ^= 0xff;
  await writeFile(file, bytes);
  await dashboard.load(own.url, `player=${parts[0]!.first_player_id}`);
  await expect(panel.sessions.row(0)).toBeVisible();
  const failure = page.getByTestId("changes-failure");
  await expect(failure).toContainText(player_facts.file);
  await writeFile(file, await readFile(join(siteFolder("changed"), "data", "dev", player_facts.file)));
  await failure.getByRole("button", { name: "Try again" }).click();
  await expect(panel.changes).toHaveCount(3);
});

test("an export without snapshots says nothing of them", async ({ page, dashboard, players, panel }) => {
  await dashboard.load(site("halves"), "page=players");
  await players.table.row(0).click();
  await expect(panel.sessions.row(0)).toBeVisible();
  await expect(page.getByTestId("player-changes")).toHaveCount(0);
});
