// What a user waits for in a browser.
import { NOTE_MEMORIES, wasmMemory } from "./site.mjs";

const VIEWPORT = { width: 1440, height: 900 };
const STEPS = 20;
const GAPS = [10, 60, 20, 90, 15, 45, 30];

/** Watches the page from its first moment: when all numbers are in, and tasks that hold up its thread. */
const WATCH = `(() => {
  globalThis.__tasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.__tasks.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });
  new MutationObserver((_, observer) => {
    const tile = document.querySelector('[data-testid="tile-events"]');
    const isLoading = document.querySelector('[data-testid="loading"]');
    const failure = document.querySelector('[data-testid="failure"]');
    if (failure) globalThis.__failure = failure.textContent;
    if (!tile || isLoading || document.querySelector("main .waiting")) return;
    globalThis.__finished = performance.now();
    observer.disconnect();
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
})();
`;

/** The time in which a browser that has just started comes to rest. */
const REST_MS = 2_000;

/** A page in a fresh profile, its caches empty, of a browser that has started before. */
async function freshPage(browser) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  await page.addInitScript(NOTE_MEMORIES + WATCH);
  await page.waitForTimeout(REST_MS);
  return page;
}

/** Waits until all numbers are in; gives the milliseconds since the page was opened. */
async function finished(page, timeout) {
  await page.waitForFunction("globalThis.__finished || globalThis.__failure", null, { timeout });
  const failure = await page.evaluate("globalThis.__failure");
  if (failure) throw new Error(`the page says: ${failure}`);
  return page.evaluate("globalThis.__finished");
}

/** Opens the site cold, several times. */
export async function coldLoads(browser, site, times, timeout = 120_000) {
  const loads = [];
  for (let time = 0; time < times; time++) {
    site.forgetData();
    const page = await freshPage(browser);
    await page.goto(`${site.url}?env=prod`);
    const ms = await finished(page, timeout);
    const paint = await page.evaluate(
      "performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime",
    );
    loads.push({ ms, paintLeadMs: site.firstData() - paint });
    await page.context().close();
  }
  return loads;
}

/** Loads the export, then scans it again with other session gaps. */
export async function rescans(browser, site, timeout = 120_000) {
  const page = await freshPage(browser);
  await page.goto(`${site.url}?env=prod`);
  const loadMs = await finished(page, timeout);
  const loaded = await wasmMemory(page);
  const figures = await tiles(page);
  const scans = [];
  for (const gap of GAPS) scans.push(await rescan(page, gap, timeout));
  const memory = await wasmMemory(page);
  await page.context().close();
  return { loadMs, scans, loaded, memory, figures, workers: memory.workers.length };
}

/** What the page measured: milliseconds from the request for a report to the report, each time. */
const SCANS = `performance.getEntriesByName("scan", "measure").map((entry) => entry.duration)`;

/** Asks for another session gap as the Back button would; gives what the page measured. */
async function rescan(page, gap, timeout) {
  const before = await page.evaluate(`${SCANS}.length`);
  await page.evaluate((gap) => {
    const address = new URL(location.href);
    address.searchParams.set("gap", gap);
    history.replaceState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  }, String(gap));
  await page.waitForFunction(`${SCANS}.length > ${before} && !document.querySelector("main.stale")`, null, { timeout });
  return page.evaluate(`${SCANS}.at(-1)`);
}

/** Opens files of this machine, as the button does. */
export async function localFiles(browser, site, files, timeout) {
  const page = await freshPage(browser);
  await page.goto(`${site.url}?env=dev`);
  const input = page.locator("header").getByLabel("Open files");
  await input.waitFor({ state: "attached" });
  // There is no dev export here; what counts begins with the files.
  await page.getByTestId("failure").waitFor();
  await page.evaluate(`globalThis.__failure = undefined; globalThis.__picked = performance.now()`);
  await input.setInputFiles(files);
  await page.getByTestId("failure").waitFor({ state: "detached" });
  await page.evaluate("globalThis.__failure = undefined");
  const ms = (await finished(page, timeout)) - (await page.evaluate("globalThis.__picked"));
  const memory = await wasmMemory(page);
  const scan = await rescan(page, 20, timeout);
  const figures = await rescan(page, 30, timeout).then(() => tiles(page));
  await page.context().close();
  return { ms, scan, memory, figures };
}

/**
 * Cancels while parts are scanned; gives the milliseconds from the press, which ends the workers, until the page says
 * so. Taken in the page: the way from the browser to this program takes longer than the ending.
 */
export async function cancel(browser, site, timeout = 120_000) {
  const page = await freshPage(browser);
  await page.goto(`${site.url}?env=prod`);
  await page.locator('[data-testid="tile-events"]').waitFor({ timeout });
  const button = page.getByTestId("loading").getByRole("button", { name: "Cancel" });
  await button.waitFor();
  const ended = Promise.all(page.workers().map((worker) => worker.waitForEvent("close", { timeout })));
  const ms = await button.evaluate(async (button) => {
    const pressed = performance.now();
    button.click();
    while (!document.querySelector('[data-testid="cancelled-strip"]')) {
      await new Promise((resolve) => setTimeout(resolve));
    }
    return performance.now() - pressed;
  });
  await ended;
  await page.context().close();
  return ms;
}

/** The headline figures, by name. */
async function tiles(page) {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('[data-testid^="tile-"]')].map((tile) => [
        tile.dataset.testid.slice("tile-".length),
        tile.dataset.value ?? tile.querySelector("[data-value]")?.dataset.value ?? tile.textContent,
      ]),
    ),
  );
}

/** Drags the limits and the gap, and sorts both tables of players; gives milliseconds of script, and the longest task. */
export async function pageThread(browser, site) {
  const page = await freshPage(browser);
  const tasks = [];
  const at = async (name, work) => {
    await page.goto(`${site.url}?env=prod&page=${name}`);
    await page.locator("main .card").first().waitFor();
    await page.getByTestId("loading").waitFor({ state: "detached", timeout: 120_000 });
    await page.evaluate("globalThis.__tasks.length = 0");
    const spent = await work();
    tasks.push(await longestTask(page));
    return spent;
  };
  const longest = await at("bots", () => drag(page, "limit-longest"));
  const average = await at("bots", () => drag(page, "limit-average"));
  const gap = await at("sessions", () => drag(page, "gap"));
  const flagged = await at("bots", () => sortByEach(page, "flagged-table"));
  const sorts = await at("players", () => sortByEach(page, "players-table"));
  await page.context().close();
  return { slider: longest, average, gap, flagged, sorts, longestTask: Math.max(...tasks) };
}

/** Moves a slider step by step, each before the next picture; gives the milliseconds of script of each step. */
async function drag(page, slider) {
  return page.getByTestId(slider).evaluate(async (slider, steps) => {
    const spent = [];
    for (let step = 0; step < steps; step++) {
      const before = slider.value;
      const started = performance.now();
      // Down, or up again where it is at its end.
      slider.value = String(Number(before) - Number(slider.step));
      if (slider.value === before) slider.value = String(Number(before) + Number(slider.step));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      // Effects run before the next task.
      await new Promise((resolve) => setTimeout(resolve));
      spent.push(performance.now() - started);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
    return spent;
  }, STEPS);
}

/** Presses every heading of a table; gives the milliseconds of script of each press. */
async function sortByEach(page, table) {
  await page.locator(`[data-testid="${table}"] tbody tr[data-index]`).first().waitFor();
  return page.evaluate(async (table) => {
    const spent = [];
    for (const header of document.querySelectorAll(`[data-testid="${table}"] th button`)) {
      const started = performance.now();
      header.click();
      await new Promise((resolve) => setTimeout(resolve));
      spent.push(performance.now() - started);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
    return spent;
  }, table);
}

/** The longest task since the list was cleared; 0 when none took 50 ms, which is what browsers report. */
async function longestTask(page) {
  return page.evaluate(`Math.max(0, ...globalThis.__tasks)`);
}
