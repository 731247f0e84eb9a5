import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import type { Page } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { HtmlValidate } from "html-validate";

import { expected, variable } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";

const run = promisify(execFile);
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PRINTED = fileURLToPath(new URL("../setup/printed.py", import.meta.url));
/** When all reports of these tests are written. */
const WRITTEN = new Date("2026-11-30T09:30:00Z");
const NOTE = "For Monday: is the rule too strict?\n\nNumbers are of <b>all</b> players & \"bots\".";

/** The choices of a report as the page's address and as the command say them. */
const CHOICES = {
  "as by default": { search: "", words: [] },
  "of production": { search: "env=prod", words: ["--target", "prod"] },
  "of likely bots under other limits": {
    search: "bots=only&gap=20&longest=600&average=300&churn_days=14&as_of=2008-06-01",
    words:
      "--bots only --session-gap 20 --bot-max-session 600 --bot-avg-session 300 --churn-days 14 --as-of 2008-06-01".split(" "),
  },
  "of some days and classes without bots": {
    search: "from=2007-03-01&to=2008-02-29&class=Mage&class=Hunter&race=Undead&bots=out",
    words: "--from 2007-03-01 --to 2008-02-29 --class Mage --class Hunter --race Undead --bots out".split(" "),
  },
};

/** A report of an export of a site, written by the command into the test's own folder. */
async function written(from: string, folder: string, words: string[] = []): Promise<string> {
  const file = join(folder, "report.html");
  await run(variable("WOW"), ["report", "--data", join(siteFolder(from), "data"), "--out", file, ...words], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(WRITTEN.getTime() / 1000) },
  });
  return file;
}

/** Opens a report as one who got it does: from disk, without a network. */
async function open(page: Page, file: string): Promise<void> {
  await page.context().setOffline(true);
  await page.goto(pathToFileURL(file).href);
}

interface Printed {
  texts: string[];
  edge: string[];
  empty: number;
}

/** The pages of the report that is open, on paper. */
async function printed(page: Page, folder: string): Promise<Printed[]> {
  const file = join(folder, "report.pdf");
  await page.pdf({ path: file, preferCSSPageSize: true, printBackground: true });
  return JSON.parse((await run(variable("DBT_PYTHON"), [PRINTED, file])).stdout);
}

for (const [name, { search, words }] of Object.entries(CHOICES)) {
  test(`the page and the command write the same report ${name}`, async ({ page, dashboard, report }, testInfo) => {
    await page.addInitScript((time) => (Date.now = () => time), WRITTEN.getTime());
    await dashboard.load(site("both"), search);
    const { name: file, bytes } = await report.saved("Who plays", NOTE);
    expect(file).toMatch(/^report.*\.html$/);
    const theirs = await written("both", testInfo.outputPath(), ["--title", "Who plays", "--note", NOTE, ...words]);
    expect(bytes.toString()).toBe(await readFile(theirs, "utf8"));
  });
}

test("a report shows the page's numbers, from disk and without a network", async ({ page, dashboard, overview }, testInfo) => {
  await dashboard.load(site("both"));
  const tiles = await Promise.all(
    (["events", "players", "sessions", "bots", "bot-events", "churned"] as const).map((key) => overview.tile(key).locator("dd").first().innerText()),
  );
  await open(page, await written("both", testInfo.outputPath()));
  await expect(page.locator("main > .tiles dd:not(.note)")).toHaveText(tiles);
  await expect(page.locator(".env").first()).toHaveText("DEV");
  const flagged = page.locator(".flagged tbody tr");
  await expect(flagged).toHaveCount(Math.min(50, expected("dev").figures.bots));
  for (const title of ["Daily active players", "When they play", "From log to players", "Classes", "Races", "Highest level",
    "Top zones", "Session duration", "Events per session", "Sessions with each gap", "Where the limits fall"]) {
    const card = page.locator(".card").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
    await expect(card.locator("svg:visible"), title).toHaveCount(1);
    await card.locator("summary").click();
    await expect(card.locator("tbody tr").first(), title).toBeVisible();
  }
});

test("a report is valid HTML, and everyone can read it", async ({ page }, testInfo) => {
  // Looked through by axe on three screens.
  test.slow();
  const file = await written("both", testInfo.outputPath(), ["--target", "prod", "--note", NOTE]);
  const validator = new HtmlValidate({ extends: ["html-validate:standard"] });
  const { results } = await validator.validateString(await readFile(file, "utf8"));
  expect(results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`))).toEqual([]);
  for (const [width, colorScheme] of [[1440, "light"], [1440, "dark"], [360, "light"]] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await open(page, file);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    // The report's own policy lets no script in, a test's included; evaluating one from outside is not held to it.
    await page.evaluate(await readFile(AXE, "utf8"));
    const { violations } = await page.evaluate<AxeResults>("axe.run()");
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
});

test("text of the log stays text in a report", async ({ page }, testInfo) => {
  const title = "<script>alert(1)</script> & </style>";
  const file = await written("hard", testInfo.outputPath(), ["--title", title, "--note", "<img src=x onerror=alert(2)>"]);
  await open(page, file);
  await expect(page.locator("h1")).toHaveText(title);
  await expect(page.locator("blockquote")).toHaveText("<img src=x onerror=alert(2)>");
  await expect(page.locator("script, img, iframe, object, link, [onerror], [style]")).toHaveCount(0);
  await expect(page.locator("style")).toHaveCount(1);
  await page.locator("summary").evaluateAll((summaries) => summaries.forEach((summary) => (summary as HTMLElement).click()));
  await expect(page.locator("th").filter({ hasText: "<img src=x onerror=alert(1)>" }).first()).toBeVisible();
});

for (const [environment, label] of [["dev", "DEV"], ["prod", "PRODUCTION"]] as const) {
  test(`every printed page of a ${environment} report says ${label} and is used`, async ({ page }, testInfo) => {
    const file = await written("both", testInfo.outputPath(), ["--target", environment, "--note", "For Monday."]);
    await open(page, file);
    const pages = await printed(page, testInfo.outputPath());
    expect(pages.length).toBeGreaterThan(3);
    for (const [place, { texts, edge, empty }] of pages.entries()) {
      expect(edge.join(" "), `page ${place + 1}`).toContain(label);
      expect(texts.length, `page ${place + 1}`).toBeGreaterThan(5);
      if (place < pages.length - 1) expect(empty, `page ${place + 1} of ${pages.length}`).toBeLessThan(0.25);
    }
  });
}

test("a report is asked for once all that was chosen is in", async ({ page, dashboard, report }) => {
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/part-*.parquet", async (route) => {
    await held;
    await route.continue();
  });
  await dashboard.open(site("both"));
  await report.button.click();
  await expect(report.save).toBeDisabled();
  letGo();
  await expect(report.save).toBeEnabled();
});
