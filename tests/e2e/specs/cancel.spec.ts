import { cp } from "node:fs/promises";
import { join } from "node:path";

import { expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import { halves, hold } from "../held.ts";

test("a player after Cancel: what is known stays, and Load again brings the sessions", async ({
  page,
  dashboard,
  players,
  panel,
}) => {
  const [first, second] = await halves();
  const release = await hold(page, second.file);
  await dashboard.open(site("halves"), "page=players");
  await expect(dashboard.loading).toContainText("1 of 2 parts");
  await dashboard.loading.getByRole("button", { name: "Cancel" }).click();
  const id = String(first.first_player_id);
  await players.filter("id").fill(id);
  await players.filter("id").press("Enter");
  await panel.isOpenFor(id);
  await expect(panel.verdict).toBeVisible();
  await expect(panel.cancelled).toContainText("Loading was cancelled");
  await expect(panel.root).not.toContainText("broke off");
  release();
  await panel.cancelled.getByRole("button", { name: "Load again" }).click();
  await expect(panel.sessions.row(0)).toBeVisible();
  await expect(panel.cancelled).toHaveCount(0);
});

test("a player that was not read before Cancel is told, and found after Load again", async ({
  page,
  dashboard,
  panel,
}) => {
  const [, second] = await halves();
  const release = await hold(page, second.file);
  await dashboard.open(site("halves"));
  await expect(dashboard.loading).toContainText("1 of 2 parts");
  await dashboard.loading.getByRole("button", { name: "Cancel" }).click();
  const id = String(second.first_player_id);
  await dashboard.moveTo({ player: id });
  await panel.isOpenFor(id);
  await expect(panel.cancelled).toContainText(`Player ${id} is in none of the parts that were read`);
  release();
  await panel.cancelled.getByRole("button", { name: "Load again" }).click();
  await expect(panel.verdict).toBeVisible();
  await expect(panel.sessions.row(0)).toBeVisible();
});

test("Compare waits for the page's own data, and after Cancel offers to load them again", async ({
  page,
  dashboard,
  compare,
  ownSite,
}) => {
  const own = await ownSite("halves");
  await cp(join(siteFolder("both"), "data", "prod"), join(own.data, "prod"), { recursive: true });
  const [, second] = await halves();
  const release = await hold(page, second.file);
  await dashboard.open(own.url, "page=compare");
  await expect(compare.waiting).toContainText("The export of PRODUCTION is read once they are all in");
  await dashboard.loading.getByRole("button", { name: "Cancel" }).click();
  await expect(compare.waiting).toHaveCount(0);
  await expect(dashboard.cancelled).toBeVisible();
  release();
  await dashboard.cancelled.getByRole("button", { name: "Load again" }).click();
  await compare.compared();
  await expect(compare.figure("events").first()).toHaveText(expected("dev").figures.events.toLocaleString("en-US"));
});

test("a filter after Cancel is told to wait for Load again, which applies it", async ({
  page,
  dashboard,
  filter,
  overview,
}) => {
  const some = expected("dev:days");
  const days = new URLSearchParams(some.query);
  const [first, second] = await halves();
  const release = await hold(page, second.file);
  await dashboard.open(site("halves"));
  await expect(dashboard.loading).toContainText("1 of 2 parts");
  await dashboard.loading.getByRole("button", { name: "Cancel" }).click();
  await expect(dashboard.cancelledStrip).toContainText("those of the parts read so far");
  await filter.chooseDays(days.get("from")!, days.get("to")!);
  await expect(dashboard.cancelledStrip).toContainText("do not follow what you chose since");
  await expect(page.getByText("Applying the filter")).toHaveCount(0);
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(first.rows));
  await expect.poll(() => dashboard.dimmed()).not.toContain(false);
  release();
  await dashboard.cancelledStrip.getByRole("button", { name: "Load again" }).click();
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(some.figures.events));
  await dashboard.loaded();
  await expect(dashboard.cancelledStrip).toHaveCount(0);
});
