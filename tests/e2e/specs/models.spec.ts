import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { count, expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { MODELS } from "../pages/models.ts";

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), "../../../wow_analytics/models/staging");

test("every model has the rows that SQL gives it, in its card and in the lineage", async ({ dashboard, models }) => {
  const { figures } = expected("hard");
  expect(figures.rows).toBeGreaterThan(figures.events);
  await dashboard.load(site("hard"), "page=models");
  const rows = [figures.rows, figures.events, figures.players, figures.kept_events, figures.kept_players];
  for (const [place, name] of MODELS.entries()) {
    await expect(models.rows(name), name).toHaveText(`${count(rows[place]!)} rows`);
    await expect(models.node(name)).toContainText(`${count(rows[place]!)} rows`);
  }
});

for (const name of ["dev:days", "dev:all"] as const) {
  test(`under the filter ${name} the models have the rows that SQL gives for the matching rows`, async ({
    dashboard,
    models,
  }) => {
    const { query, figures } = expected(name);
    await dashboard.load(site("both"), `page=models&${query}&bots=only`);
    const rows = [figures.rows, figures.events, figures.players, figures.kept_events, figures.kept_players];
    for (const [place, model] of MODELS.entries()) {
      await expect(models.rows(model), model).toHaveText(`${count(rows[place]!)} rows`);
    }
    await expect(models.lineage).toContainText("Rows are those that match the filter. Both groups are counted");
  });
}

test("a place in the lineage leads to its model, by mouse and by keyboard", async ({ page, dashboard, models }) => {
  await dashboard.load(site("both"), "page=models");
  await expect(models.node("stg_players")).toHaveAccessibleName(/made from stg_wowlogs_no_bots and wowlogs$/);
  await models.node("stg_players").click();
  await expect(models.card("stg_players")).toBeInViewport();
  await dashboard.isOn("Models");
  await page.evaluate(() => scrollTo(0, 0));
  await models.node("player_session_stats").focus();
  await page.keyboard.press("Enter");
  await expect(models.card("player_session_stats")).toBeInViewport();
});

test("the SQL is the file of the dbt project, and is copied as it is", async ({ page, context, dashboard, models }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await dashboard.load(site("both"), "page=models");
  await expect(models.sql("wowlogs")).toHaveCount(0);
  for (const name of MODELS.slice(1)) {
    const sql = await readFile(resolve(PROJECT, `${name}.sql`), "utf8");
    expect(await models.sql(name).textContent()).toBe(sql);
    await models.copy(name).click();
    await expect(models.copy(name)).toHaveText("Copied");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(sql);
    await expect(models.copy(name)).toHaveText("Copy");
  }
});

test("columns come with type, meaning and tests", async ({ dashboard, models }) => {
  await dashboard.load(site("both"), "page=models");
  const columns = await models.columns("player_session_stats");
  expect(columns).toHaveLength(12);
  expect(columns[0]).toEqual(["player_id", "bigint", "The character. not null unique"]);
  expect(columns.at(-1)).toEqual([
    "is_likely_bot",
    "integer",
    "1 when either rule flags the player, else 0. not null one of 0, 1",
  ]);
  await expect(models.card("stg_wowlogs_no_bots")).toContainText("no_flagged_player_is_kept");
  await expect(models.card("stg_wowlogs_no_bots").locator(".kind")).toContainText("table");
});

test("the queries on likely bots are those of the dbt project", async ({ page, dashboard }) => {
  await dashboard.load(site("both"), "page=models");
  const queries = page.getByTestId("analyses").locator(".sql");
  await expect(queries).toHaveCount(2);
  for (const name of ["players_over_a_limit", "share_of_likely_bots"]) {
    const query = queries.filter({ hasText: `wow_analytics/analyses/${name}.sql` });
    const file = await readFile(new URL(`../../../wow_analytics/analyses/${name}.sql`, import.meta.url), "utf8");
    const sql = file.trimEnd().replace("{{ ref('player_session_stats') }}", "player_session_stats");
    expect(await query.locator("pre").textContent()).toBe(sql);
  }
});
