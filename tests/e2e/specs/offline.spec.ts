import { cp, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import type { Page } from "@playwright/test";

import { expected } from "../expected.ts";
import { expect, siteFolder, test } from "../fixtures.ts";
import { fileOf, makeOtherBuild } from "../setup/build.ts";
import { serve } from "../setup/server.ts";

test.use({ isKept: true });

const EVENTS = String(expected("dev").figures.events);
const PUBLIC = resolve(dirname(fileURLToPath(import.meta.url)), "../../../public");

/** Waits until all files of the page are kept. */
async function pageIsKept(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
}

/** The names of the scripts that the page runs. */
function scripts(page: Page): Promise<string[]> {
  const read = (): string[] =>
    [...document.querySelectorAll("script, meta[name=worker]")].map((element) => element.getAttribute("src") ?? element.getAttribute("content")!);
  return page.evaluate(read).then((names) => names.map((name) => name.replace("./", "")));
}

/** Damages what is kept of an export under addresses with this text. */
function damageKept(page: Page, text: string): Promise<void> {
  return page.evaluate(async (text) => {
    const cache = await caches.open((await caches.keys()).find((name) => name.startsWith("exports of "))!);
    for (const request of await cache.keys()) {
      if (request.url.includes(text)) await cache.put(request, new Response("damaged"));
    }
  }, text);
}

/** Has the browser look for a newer build, and waits until that is kept or given up. */
function lookForNewer(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.getRegistration())!;
    await registration.update();
    const found = registration.installing ?? registration.waiting;
    while (found?.state === "installing") {
      await new Promise((resolve) => found.addEventListener("statechange", resolve, { once: true }));
    }
    return found?.state;
  });
}

test("after one visit the page and its export open without a network", async ({
  conduct,
  page,
  dashboard,
  overview,
  quality,
}) => {
  const server = await serve(siteFolder("both"));
  conduct.allowed.add(new URL(server.url).origin);
  await dashboard.load(`${server.url}/`);
  await dashboard.go("Quality");
  await expect(quality.kept).toContainText("dev, exported");
  await pageIsKept(page);

  await server.close();
  conduct.mayReportFailedRequests = true;
  await page.reload();
  await dashboard.loaded();
  // What is not kept is not there, and nothing else takes its place.
  const absent = () => fetch("./other-0123456789abcdef.js").then((response) => response.status, () => "none");
  expect(await page.evaluate(absent)).toBe("none");
  await expect(dashboard.copyStrip).toContainText("The server does not answer");
  await expect(quality.kept).toContainText("The page and this export open without a network");
  await dashboard.go("Overview");
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
});

test("once the network is back, Try again shows the present export", async ({ conduct, page, context, dashboard, ownSite }) => {
  const own = await ownSite("both");
  await dashboard.load(own.url, "page=quality");
  await pageIsKept(page);
  await expect(page.getByTestId("kept")).toContainText("dev, exported");
  conduct.mayReportFailedRequests = true;
  await context.setOffline(true);
  await page.reload();
  await expect(dashboard.copyStrip).toBeVisible();
  await dashboard.copyStrip.getByRole("button", { name: "Try again" }).click();
  await expect(dashboard.copyStrip).toBeVisible();
  await dashboard.loaded();
  await context.setOffline(false);
  await dashboard.copyStrip.getByRole("button", { name: "Try again" }).click();
  await dashboard.loaded();
  await expect(dashboard.copyStrip).toHaveCount(0);
});

test("a later export takes the place of the one that is kept, and its parts of their room", async ({
  page,
  dashboard,
  quality,
  ownSite,
}) => {
  const own = await ownSite("both");
  const kept = (): Promise<string[]> =>
    page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith("exports of "));
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return requests.flat().map((request) => request.url.split("/").at(-1)!);
    });
  await dashboard.load(own.url, "page=quality");
  await expect(quality.kept).toContainText("1 part,");
  const before = await kept();
  await rm(join(own.data, "dev"), { recursive: true });
  await cp(join(siteFolder("halves"), "data", "dev"), join(own.data, "dev"), { recursive: true });
  await page.reload();
  await expect(quality.kept).toContainText("2 parts,");
  const after = await kept();
  // A manifest, the parts and the statistics.
  expect(before).toHaveLength(3);
  expect(after).toHaveLength(4);
  expect(after.filter((name) => before.includes(name))).toEqual(["manifest.json"]);
});

test("a kept part that is damaged is fetched again", async ({ page, dashboard, overview, quality, ownSite }) => {
  const own = await ownSite("both");
  await dashboard.load(own.url, "page=quality");
  await expect(quality.kept).toContainText("dev, exported");
  await damageKept(page, ".parquet");
  await dashboard.load(own.url);
  await expect.poll(() => page.evaluate(() => performance.getEntriesByName("scan", "measure").length)).toBe(1);
  await expect(dashboard.failureStrip).toHaveCount(0);
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
});

test("on the next visit all numbers are there before the events are read", async ({ dashboard, overview, sessions, quality, scans, ownSite }) => {
  const own = await ownSite("both");
  await dashboard.load(own.url, "page=quality");
  await expect(quality.kept).toContainText("dev, exported");
  await scans.holdFromTheStart();
  await dashboard.load(own.url);
  for (const key of ["events", "players", "sessions", "bots", "churned"] as const) {
    await expect(overview.tile(key), key).toHaveAttribute("data-value", String(expected("dev").figures[key]));
  }
  // Another gap waits for them.
  await dashboard.moveTo({ page: "sessions", gap: "60" });
  await expect(dashboard.content).toHaveClass(/stale/);
  await scans.run();
  await dashboard.loaded();
  await sessions.shows(expected("dev").with_gap[60]);
});

test("kept statistics that are damaged are counted anew", async ({ page, dashboard, overview, quality, ownSite }) => {
  const own = await ownSite("both");
  await dashboard.load(own.url, "page=quality");
  await expect(quality.kept).toContainText("dev, exported");
  await damageKept(page, "/report-");
  await dashboard.load(own.url);
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
});

test("Clear lets go of the export; the page itself still opens", async ({ conduct, page, context, dashboard, quality, ownSite }) => {
  const own = await ownSite("both");
  await dashboard.load(own.url, "page=quality");
  await expect(quality.kept).toContainText("dev, exported");
  await pageIsKept(page);
  await quality.kept.getByRole("button", { name: "Clear" }).click();
  await expect(quality.kept).toContainText("No export is kept");
  await context.setOffline(true);
  conduct.mayReportFailedRequests = true;
  await page.reload();
  await expect(dashboard.failure).toContainText("The server does not answer");
});

test("production data are not kept", async ({ page, dashboard, quality, ownSite }) => {
  const own = await ownSite("both");
  await dashboard.load(own.url, "env=prod&page=quality");
  await pageIsKept(page);
  await expect(quality.kept).toContainText("No export is kept");
  await expect(quality.kept).toContainText("Production data");
});

test("without room the page works and keeps no export", async ({ page, dashboard, overview, quality, ownSite }) => {
  const own = await ownSite("both");
  await page.addInitScript(() => {
    Cache.prototype.add = () => Promise.reject(new DOMException("no room", "QuotaExceededError"));
  });
  await dashboard.load(own.url);
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  await dashboard.go("Quality");
  await expect(quality.kept).toContainText("No export is kept");
});

test("a newer build is announced, and takes the place of the old one as a whole", async ({ page, dashboard, overview, ownSite }) => {
  const own = await ownSite("both");
  await dashboard.load(own.url);
  await pageIsKept(page);
  await expect(dashboard.newer).toHaveCount(0);
  const { gone, made } = await makeOtherBuild(dirname(own.data));

  // The old one is shown from what is kept of it: on the server its files are gone.
  await dashboard.load(own.url);
  expect(await scripts(page)).toEqual(expect.arrayContaining(gone));
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  await expect(dashboard.newer).toContainText("A new version of this page is there");
  await dashboard.newer.getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => scripts(page).catch(() => [])).toEqual(expect.arrayContaining(made));
  await dashboard.loaded();
  await expect(dashboard.newer).toHaveCount(0);
  const workers = page.workers().map((worker) => worker.url().split("/").at(-1));
  expect(new Set(workers)).toEqual(new Set(made.filter((name) => name.startsWith("worker-"))));
});

test("a page of the old build goes on while another one shows the new", async ({ page, context, dashboard, compare, ownSite }) => {
  const own = await ownSite("both");
  await dashboard.load(own.url);
  await pageIsKept(page);
  const { gone } = await makeOtherBuild(dirname(own.data));
  const other = await context.newPage();
  await other.goto(own.url);
  await other.locator("#newer").getByRole("button", { name: "Reload" }).click();
  await expect(other.locator("#newer")).toHaveCount(0);
  // It starts more workers of its own build, which only this browser has any more.
  await dashboard.go("Compare");
  await compare.compared();
  const workers = page.workers().map((worker) => worker.url().split("/").at(-1)!);
  expect(workers.length).toBeGreaterThan(1);
  expect(workers.every((name) => gone.includes(name)), workers.join()).toBe(true);
});

test("a new build that does not arrive whole leaves the old one as it was", async ({ conduct, page, context, dashboard, overview, ownSite }) => {
  conduct.mayReportFailedRequests = true;
  const own = await ownSite("both");
  const folder = dirname(own.data);
  await dashboard.load(own.url);
  await pageIsKept(page);
  const { gone } = await makeOtherBuild(folder);
  await writeFile(join(folder, await fileOf(folder, "worker", ".js")), "cut short");
  expect(await lookForNewer(page)).toBe("redundant");
  await context.setOffline(true);
  await dashboard.load(own.url);
  expect(await scripts(page)).toEqual(expect.arrayContaining(gone));
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  await expect(dashboard.newer).toHaveCount(0);
});

test.describe("nothing old is shown", () => {
  let folder: string;
  let url: string;

  test.beforeEach(async ({ conduct, page, dashboard, ownSite }) => {
    conduct.mayReportFailedRequests = true;
    const own = await ownSite("both");
    [url, folder] = [own.url, dirname(own.data)];
    await dashboard.load(url);
    await pageIsKept(page);
    await writeFile(join(folder, "index.html"), "<!doctype html><title>Something else</title>");
  });

  test.afterEach(async ({ page }) => {
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
    expect(await page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("build of ")))).toEqual([]);
  });

  test("once the server is one for development", async ({ page }) => {
    await cp(join(PUBLIC, "sw.js"), join(folder, "sw.js"));
    // What takes the place of the service worker loads the page anew, which may be before this has loaded it.
    await page.goto(url).catch(() => {});
    await expect(page).toHaveTitle("Something else");
  });

  test("once the site is gone", async ({ page }) => {
    await rm(join(folder, "sw.js"));
    const title = async (): Promise<string> => {
      await page.goto(url);
      return page.title();
    };
    await expect.poll(title).toBe("Something else");
  });
});
