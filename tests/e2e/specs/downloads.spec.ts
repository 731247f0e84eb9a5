import { dirname, join } from "node:path";

import type { Page } from "@playwright/test";

import { filesOnDisk, pickWithoutDialog, readFromDisk, withoutPicker } from "../disk.ts";
import { downloaded, named, origin } from "../download.ts";
import { count, expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import { differences } from "../models.ts";
import type { Dashboard } from "../pages/dashboard.ts";
import { MODELS, type Models } from "../pages/models.ts";
import { readParquet } from "../parquet.ts";
import { REQUEST } from "../requests.ts";

/** The models without the source. */
const MADE = MODELS.slice(1);
const OF_EVENTS = ["stg_wowlogs_with_sessions", "stg_wowlogs_no_bots"];

/** The databases lie beside the sites. */
function database(name: string): string {
  return join(dirname(dirname(siteFolder("both"))), name);
}

/** Downloads a model to the disk of the page, and gives what is then there. */
async function toDisk(page: Page, dashboard: Dashboard, models: Models, name: string): Promise<Buffer> {
  await models.save(name, "parquet").click();
  await expect(dashboard.saved).toContainText(`${name}-`);
  const [file] = (await filesOnDisk(page)).filter((file) => file.startsWith(`${name}-`));
  await dashboard.saved.getByRole("button", { name: "Dismiss" }).click();
  return readFromDisk(page, file!);
}

/** Downloads all models. */
async function all(page: Page, dashboard: Dashboard, models: Models): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for (const name of MADE) {
    files[name] = OF_EVENTS.includes(name)
      ? await toDisk(page, dashboard, models, name)
      : (await downloaded(models.save(name, "parquet"))).bytes;
  }
  return files;
}

for (const of of ["both", "halves"]) {
  test(`the models of ${of} are those that wow run writes, in their rows, their types and their order`, async ({
    page,
    dashboard,
    models,
  }) => {
    await pickWithoutDialog(page);
    await dashboard.load(site(of), "page=models");
    const files = await all(page, dashboard, models);
    expect(differences(files, { exports: join(siteFolder(of), "data") })).toEqual([]);
  });
}

test("the models of hard cases are those that wow run writes", async ({ page, dashboard, models }) => {
  await pickWithoutDialog(page);
  await dashboard.load(site("hard"), "page=models");
  const files = await all(page, dashboard, models);
  expect(differences(files, { exports: join(siteFolder("hard"), "data") })).toEqual([]);
  const { id, database } = origin("hard", "dev");
  for (const name of ["stg_wowlogs_no_bots", "stg_players"]) {
    const { notes } = readParquet(files[name]!);
    expect(notes, name).toMatchObject({ "wow.dataset_id": id, "wow.database": database });
    expect(notes["wow.parameters"], name).toContain("longest=720");
  }
});

test("under a filter, another gap and other limits they are those that SQL gives", async ({ page, dashboard, models }) => {
  await pickWithoutDialog(page);
  const { query, figures } = expected("dev:all");
  await dashboard.load(site("both"), `page=models&${query}&bots=only&gap=60&longest=101&average=47&churn_days=10`);
  const files = await all(page, dashboard, models);
  const where =
    "datetime >= timestamp '2006-06-01' and datetime < timestamp '2008-09-01' " +
    "and class in ('Hunter', 'Mage', 'Warlock') and race in ('Orc', 'Troll', 'Undead')";
  const vars = {
    session_gap_minutes: 60,
    bot_max_session_minutes: 101,
    bot_avg_session_minutes: 47,
    churn_days: 10,
  };
  expect(figures.events).toBeGreaterThan(0);
  expect(differences(files, { source: database("wow_test.duckdb"), where, vars })).toEqual([]);
  expect((await filesOnDisk(page)).sort()[0]).toMatch(/^stg_wowlogs_no_bots-dev-wow_test-[0-9a-f]{12}-from-2006-06-01.*class-Hunter.*\.parquet$/);
});

for (const [what, files] of [
  ["files that go on with a player", ["ordered-2.parquet", "ordered-1.parquet"]],
  ["a file in no order", ["kaggle.parquet"]],
] as const) {
  test(`the models of ${what} are those of the log`, async ({ page, dashboard, models }) => {
    await pickWithoutDialog(page);
    await dashboard.load(site("both"), "env=prod&page=models");
    await dashboard.pick(...files.map((name) => join(siteFolder("files"), name)));
    await expect(dashboard.provenance).toContainText(`${count(expected("dev").figures.events)} events`);
    await dashboard.loaded();
    const made = await all(page, dashboard, models);
    expect(differences(made, { exports: join(siteFolder("both"), "data") })).toEqual([]);
  });
}

test("without a way to the disk a large model comes as one download, made in pieces", async ({
  page,
  dashboard,
  models,
}) => {
  await withoutPicker(page);
  await dashboard.load(site("both"), "env=prod&page=models");
  await dashboard.pick(join(siteFolder("files"), "eightfold.parquet"));
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await dashboard.loaded();
  const made: Record<string, Buffer> = {};
  for (const name of OF_EVENTS) {
    const { name: file, bytes } = await downloaded(models.save(name, "parquet"));
    expect(file).toBe(`${name}-files-eightfold.parquet`);
    await expect(dashboard.saved).toContainText(`${name}-files-eightfold.parquet is written`);
    made[name] = bytes;
  }
  expect(differences(made, { source: join(siteFolder("files"), "eightfold.parquet") })).toEqual([]);
});

test("a model with a row per player comes as CSV too, as SQL names its columns", async ({ dashboard, models }) => {
  const { figures } = expected("dev");
  await dashboard.load(site("both"), "page=models");
  for (const [name, rows] of [
    ["player_session_stats", figures.players],
    ["stg_players", figures.kept_players],
  ] as const) {
    const { name: file, bytes } = await downloaded(models.save(name, "csv"));
    expect(file).toBe(`${name}-${named("both", "dev")}.csv`);
    const lines = bytes.toString("utf8").trimEnd().split("\r\n");
    expect(lines).toHaveLength(rows + 1);
    const columns = (await models.columns(name)).map(([column]) => column);
    expect(lines[0]).toBe(columns.join(","));
  }
});

test("a large file can be cancelled on any page, and then there is nothing of it", async ({ page, dashboard, models }) => {
  await pickWithoutDialog(page, "kept");
  await dashboard.load(site("halves"), "page=models");
  const save = models.save("stg_wowlogs_with_sessions", "parquet");
  await save.click();
  await expect(page.locator("html")).toHaveAttribute("data-written", "once");
  await expect(dashboard.saving).toContainText(
    new RegExp(`^Writing stg_wowlogs_with_sessions-${named("halves", "dev")}\\.parquet · 0 of [\\d,]+ rows`),
  );
  await expect(save).toBeDisabled();
  // The page goes on meanwhile.
  await dashboard.go("Overview");
  await expect(dashboard.saving).toBeVisible();
  await dashboard.saving.getByRole("button", { name: "Cancel" }).click();
  await expect(dashboard.saving).toHaveCount(0);
  await page.evaluate(() => (window as unknown as { release(): void }).release());
  await expect.poll(() => filesOnDisk(page)).toEqual([]);
  await expect(dashboard.saved).toHaveCount(0);
  await expect(dashboard.saveFailed).toHaveCount(0);
  await dashboard.go("Models");
  await expect(save).toBeEnabled();
});

test("a disk that is full is told, and nothing of the file is left", async ({ page, dashboard, models }) => {
  await pickWithoutDialog(page, "refused");
  await dashboard.load(site("halves"), "page=models");
  await models.save("stg_wowlogs_no_bots", "parquet").click();
  await expect(dashboard.saveFailed).toContainText(
    `stg_wowlogs_no_bots-${named("halves", "dev")}.parquet was not written, and nothing of it is left. There is not enough room for it.`,
  );
  expect(await filesOnDisk(page)).toEqual([]);
  await dashboard.saveFailed.getByRole("button", { name: "Dismiss" }).click();
  await expect(dashboard.saveFailed).toHaveCount(0);
  await expect(models.save("stg_wowlogs_no_bots", "parquet")).toBeEnabled();
});

test("whoever changes their mind in the dialog is told nothing", async ({ page, dashboard, models }) => {
  await page.addInitScript(() => {
    const picker = async (): Promise<never> => {
      document.documentElement.dataset.asked = "yes";
      throw new DOMException("The user aborted a request.", "AbortError");
    };
    Object.assign(window, { showSaveFilePicker: picker });
  });
  await dashboard.load(site("both"), "page=models");
  await models.save("stg_wowlogs_with_sessions", "parquet").click();
  await expect(page.locator("html")).toHaveAttribute("data-asked", "yes");
  await expect(models.save("stg_wowlogs_with_sessions", "parquet")).toBeEnabled();
  await expect(dashboard.saving).toHaveCount(0);
  await expect(dashboard.saveFailed).toHaveCount(0);
});

test("data that are left while a model of them is written are written to the end", async ({
  page,
  dashboard,
  models,
}) => {
  await pickWithoutDialog(page, "kept");
  await dashboard.load(site("halves"), "page=models");
  await models.save("stg_wowlogs_with_sessions", "parquet").click();
  await expect(page.locator("html")).toHaveAttribute("data-written", "once");
  await dashboard.pick(join(siteFolder("files"), "ordered.parquet"));
  await expect(dashboard.badge).toHaveText("LOCAL FILE");
  await dashboard.loaded();
  await page.evaluate(() => (window as unknown as { release(): void }).release());
  await expect(dashboard.saved).toContainText(`${count(expected("dev").figures.events)} rows`);
  const bytes = await readFromDisk(page, `stg_wowlogs_with_sessions-${named("halves", "dev")}.parquet`);
  const made = { stg_wowlogs_with_sessions: bytes };
  expect(differences(made, { exports: join(siteFolder("halves"), "data") })).toEqual([]);
});

test("a table is made beside the page, which answers meanwhile", async ({ page, dashboard, players }) => {
  await dashboard.load(site("both"), "page=players");
  // What the maker of the file is asked is kept from it until the page has answered something else.
  await page.evaluate((write) => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, ...message: unknown[]) {
      const go = (): void => Reflect.apply(post, this, message);
      // What a worker is started with is no list.
      const [request] = Array.isArray(message[0]) ? message[0] : [];
      if (request instanceof Uint8Array && request[0] === write) Object.assign(window, { go });
      else go();
    } as typeof post;
  }, REQUEST.write);
  const button = page.getByTestId("players-csv");
  const waiting = page.waitForEvent("download");
  await button.click();
  await expect(button).toHaveAttribute("aria-busy", "true");
  await expect.poll(() => page.evaluate(() => "go" in window)).toBe(true);
  const workers = page.workers().length;
  await players.filter("id").fill("1");
  await expect(players.say).toContainText(" of ");
  await page.evaluate(() => (window as unknown as { go(): void }).go());
  // The file is of what was chosen when it was asked for.
  const download = await waiting;
  expect(download.suggestedFilename()).toBe(`players-${named("both", "dev")}.csv`);
  await expect(button).toHaveAttribute("aria-busy", "false");
  await expect.poll(() => page.workers().length).toBe(workers - 1);
});

test("a worker that breaks down while it makes a table is told, and the page goes on", async ({
  page,
  dashboard,
  players,
  conduct,
}) => {
  conduct.mayFail = true;
  await dashboard.load(site("both"), "page=players");
  await page.evaluate((write) => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, ...message: unknown[]) {
      // What a worker is started with is no list.
      const [request] = Array.isArray(message[0]) ? message[0] : [];
      const isWrite = request instanceof Uint8Array && request[0] === write;
      if (isWrite) this.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
      else Reflect.apply(post, this, message);
    } as typeof post;
  }, REQUEST.write);
  await page.getByTestId("players-parquet").click();
  await expect(dashboard.saveFailed).toContainText(`players-${named("both", "dev")}.parquet was not written`);
  await expect(dashboard.saveFailed).toContainText("out of memory");
  await expect(page.getByTestId("players-parquet")).toHaveAttribute("aria-busy", "false");
  await expect(players.table.rows.first()).toBeVisible();
});
