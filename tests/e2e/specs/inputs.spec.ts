import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import type { Page } from "@playwright/test";

import { count } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import type { Dashboard } from "../pages/dashboard.ts";
import type { Overview } from "../pages/overview.ts";

/** An input and what becomes of it: the figures that SQL gives, or the reason for which it is refused. */
interface Case {
  files: string[];
  /** Events, players, sessions, likely bots and churned players: `669E 12P 40S 2B 1C`. */
  log?: string;
  notices?: string[];
  refused?: string;
}

const INPUTS = resolve(dirname(fileURLToPath(import.meta.url)), "../../inputs");
const CASES: Case[] = JSON.parse(readFileSync(join(INPUTS, "expected.json"), "utf8"));
const FIGURES = ["events", "players", "sessions", "bots", "churned"] as const;

async function tells(dashboard: Dashboard, overview: Overview, { log, notices, refused }: Case): Promise<void> {
  if (refused) {
    await expect(dashboard.failure).toContainText(refused);
    return;
  }
  await dashboard.loaded();
  for (const [place, key] of FIGURES.entries()) {
    await expect(overview.tile(key), key).toHaveAttribute("data-value", log!.split(" ")[place]!.slice(0, -1));
  }
  const said = dashboard.provenance.locator("[title]").first();
  await expect(said).toHaveAttribute("title", (notices ?? []).join("; "));
}

function paths(files: string[]): string[] {
  return files.map((file) => join(INPUTS, file));
}

for (const input of CASES) {
  test(`${input.files.join(" and ")}, chosen`, async ({ dashboard, overview }) => {
    await dashboard.load(site("both"));
    await dashboard.pick(...paths(input.files));
    await expect(dashboard.badge).toHaveText("LOCAL FILE");
    await tells(dashboard, overview, input);
    if (input.refused) {
      // It is not to be fetched or exported again: another one can be chosen.
      await expect(dashboard.retry()).toHaveCount(0);
      await expect(dashboard.failure).not.toContainText(/wow export|try again/i);
      await expect(dashboard.failure.getByLabel("Open files")).toBeAttached();
    }
  });
}

test("what lies at an address is what its bytes say, whatever it is called", async ({ dashboard, overview }) => {
  await mkdir(join(siteFolder("files"), "inputs"), { recursive: true });
  for (const input of CASES.filter(({ files }) => files.length === 1)) {
    const [file] = input.files;
    const name = basename(file!);
    await cp(join(INPUTS, file!), join(siteFolder("files"), "inputs", name));
    await dashboard.open(site("missing"), `data=../files/inputs/${name}`);
    await expect(dashboard.badge).toHaveText("REMOTE FILE");
    await tells(dashboard, overview, input);
  }
});

for (const [tool, atLeast] of Object.entries({ duckdb: 16, fastparquet: 5, pandas: 7, polars: 13, pyarrow: 28 })) {
  test(`whatever ${tool} writes gives the same numbers`, async ({ dashboard, overview }) => {
    const folder = join(INPUTS, "tools");
    const log = readFileSync(join(folder, "expected.txt"), "utf8").trim();
    const names = readdirSync(folder).filter((name) => name.startsWith(tool) && /(parquet|csv\.gz)$/.test(name));
    expect(names.length).toBeGreaterThanOrEqual(atLeast);
    await dashboard.load(site("both"));
    for (const name of names) {
      await dashboard.pick(join(folder, name));
      await expect(dashboard.provenance).toContainText(name);
      await dashboard.loaded();
      for (const [place, key] of FIGURES.entries()) {
        const figure = log.split(" ")[place]!.slice(0, -1);
        await expect(overview.tile(key), `${name}: ${key}`).toHaveAttribute("data-value", figure);
      }
    }
  });
}

/** A type of Parquet, and what becomes of a column in it: `read`, `utc`, `null`, or why it is refused. */
interface Type {
  type: string;
  number: string;
  guild: string;
  text: string;
  datetime: string;
}

for (const [column, kind] of [
  ["player_id", "number"],
  ["guild", "guild"],
  ["where", "text"],
  ["datetime", "datetime"],
] as const) {
  test(`every type as ${column} is read, or refused for the reason that the command gives`, async ({ dashboard, overview }) => {
    const table: { parquet: Type[] } = JSON.parse(readFileSync(join(INPUTS, "types", "types.json"), "utf8"));
    expect(table.parquet.length).toBeGreaterThan(30);
    await dashboard.load(site("both"));
    for (const [place, of] of table.parquet.entries()) {
      const [name, verdict] = [`${place}_${column}.parquet`, of[kind]];
      await dashboard.pick(join(siteFolder("files"), "types", name));
      if (!["read", "utc", "null"].includes(verdict)) {
        await expect(dashboard.failure, of.type).toContainText(name);
        await expect(dashboard.failure, of.type).toContainText(verdict);
        continue;
      }
      const events = verdict === "null" && column !== "guild" && column !== "where" ? 0 : 4;
      await expect(dashboard.provenance, of.type).toContainText(`${name} · ${events} events`);
      await expect(overview.tile("events"), of.type).toHaveAttribute("data-value", String(events));
      const utc = expect(dashboard.provenance, of.type);
      await (verdict === "utc" ? utc : utc.not).toContainText("times read as UTC");
    }
  });
}

test("Quality tells which columns are read, and as what", async ({ page, dashboard, quality }) => {
  await dashboard.load(site("both"));
  await dashboard.pick(...paths(["two_times.csv", "offsets.csv", "published_layout.csv"]));
  await expect(dashboard.provenance).toContainText("times read as UTC");
  await expect(dashboard.provenance).toContainText("`timestamp` not read");
  await dashboard.go("Quality");
  await expect(quality.readings).toHaveCount(3);
  const of = (file: string) => quality.readings.filter({ hasText: file });
  await expect(of("two_times.csv").getByTestId("reading-ignored")).toHaveText("Not read: timestamp.");
  await expect(of("two_times.csv").getByTestId("reading-notice")).toContainText("`timestamp` beside it is not");
  await expect(of("offsets.csv").getByTestId("reading-notice")).toHaveText("its times have a zone and are read as UTC");
  const cells = of("published_layout.csv").locator('[data-name="where"] td');
  await expect(cells).toHaveText(["zone", "text", "text"]);
  const times = of("offsets.csv").locator('[data-name="datetime"] td');
  await expect(times.last()).toHaveText(/^time in UTC, written as 20\d\d-.*[+-]\d\d:\d\d$/);
  // The parts of an export are as an export writes them.
  await dashboard.environment("prod").click();
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await dashboard.loaded();
  await expect(page.getByTestId("quality-reading")).toHaveCount(0);
});

for (const [folder, figures, name] of [
  ["hive", "613E 12P 39S 2B 1C", "hive · 5 files"],
  ["same_names", "600E 8P 210S 0B 0C", "same_names · 2 files"],
  ["tools/spark", "256E 12P 42S 2B 7C", "spark · "],
] as const) {
  test(`the folder ${folder}, chosen and dropped`, async ({ page, dashboard, overview }) => {
    await dashboard.load(site("both"));
    await dashboard.pickFolder(join(INPUTS, folder));
    await expect(dashboard.provenance).toContainText(name);
    await tells(dashboard, overview, { files: [folder], log: figures });
    await dashboard.load(site("both"));
    await drop(page, join(INPUTS, folder));
    await expect(dashboard.provenance).toContainText(name);
    await tells(dashboard, overview, { files: [folder], log: figures });
  });
}

test("files of one name and size are two unless their bytes are the same", async ({ dashboard, overview }) => {
  const halves = paths(["same_names/bucket=0/data_0.parquet", "same_names/bucket=1/data_0.parquet"]);
  await dashboard.load(site("both"));
  await dashboard.pick(...halves);
  await tells(dashboard, overview, { files: halves, log: "600E 8P 210S 0B 0C" });
  const twin = join(siteFolder("files"), "twin.parquet");
  await cp(halves[0]!, twin);
  await dashboard.pick(...halves, twin);
  await expect(dashboard.failure).toContainText("twin.parquet");
  await expect(dashboard.failure).toContainText("have the same bytes");
});

/** Drops a file or a folder of this machine on the page, as a file manager does. */
async function drop(page: Page, path: string, y = 400): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 400, y, data });
  }
}

test("a file can be dropped anywhere, also where there is nothing to see yet", async ({ conduct, page, dashboard, overview }) => {
  // That there is no export.
  conduct.mayReportFailedRequests = true;
  await dashboard.open(site("missing"));
  await expect(dashboard.failure).toBeVisible();
  const { height } = page.viewportSize()!;
  await drop(page, join(INPUTS, "excel_us.csv"), height - 5);
  await expect(overview.tile("events")).toHaveAttribute("data-value", "722");
});

test("a folder without data says so, and parts without rows are no twins", async ({ dashboard, overview }) => {
  const folder = join(siteFolder("files"), "engine");
  await mkdir(folder, { recursive: true });
  writeFileSync(join(folder, "_SUCCESS"), "");
  await dashboard.load(site("both"));
  await dashboard.pickFolder(folder);
  await expect(dashboard.failureStrip).toContainText("engine: there is no data in it");
  const [first] = readFileSync(join(INPUTS, "published_layout.csv"), "utf8").split("\n");
  for (const part of ["part-1.csv", "part-2.csv"]) writeFileSync(join(folder, part), first!);
  await cp(join(INPUTS, "published_layout.csv"), join(folder, "part-0.csv"));
  await dashboard.pickFolder(folder);
  await expect(dashboard.provenance).toContainText("engine · 3 files");
  await expect(overview.tile("events")).toHaveAttribute("data-value", "669");
});

test("CSV that is read can be cancelled, and tells how far it is", async ({ page, dashboard, overview }) => {
  const { log } = CASES.find(({ files }) => files[0] === "published_layout.csv")!;
  await dashboard.load(site("both"));
  // Long enough to be met at work: a test with a pause in it would be none.
  const file = join(siteFolder("files"), "long.csv");
  const [head, ...rows] = readFileSync(join(INPUTS, "published_layout.csv"), "utf8").trimEnd().split(/\r?\n/);
  const times = 2_000;
  writeFileSync(file, [head, ...Array.from({ length: times }, () => rows.join("\n"))].join("\n"));
  await dashboard.pick(file);
  await expect(dashboard.loading).toContainText("being sorted by player and time");
  await expect(dashboard.loading).toContainText(/[1-9]\d? %/);
  await dashboard.loading.getByRole("button", { name: "Cancel" }).click();
  await expect(dashboard.cancelled).toBeVisible();
  await expect.poll(() => page.workers().length).toBe(0);
  await dashboard.cancelled.getByRole("button", { name: "Load again" }).click();
  await expect(dashboard.provenance).toContainText(`${count(rows.length * times)} events`);
  await expect(overview.tile("players")).toHaveAttribute("data-value", log!.split(" ")[1]!.slice(0, -1));
});
