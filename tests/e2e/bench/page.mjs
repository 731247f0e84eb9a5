// What a user waits for in a browser.
import { NOTE_MEMORIES, wasmMemory } from "./site.mjs";

const VIEWPORT = { width: 1440, height: 900 };

/**
 * Watches the page from its first moment: when it has the first numbers and all of them, and tasks that hold up its thread.
 * `__answer(act)` gives the milliseconds from an act until a picture of its answer. The page measures each answer, one that
 * takes a pass over the events as "scan" and one that does not as "recount", and dims what is out of date.
 */
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
    if (tile) globalThis.__begun ??= performance.now();
    if (!tile || isLoading || document.querySelector("main .waiting")) return;
    globalThis.__finished = performance.now();
    observer.disconnect();
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });

  const answers = () => performance.getEntriesByType("measure").filter(({ name }) => /^(scan|recount)$/.test(name)).length;
  globalThis.__picture = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  globalThis.__answer = async (act) => {
    const before = answers();
    const started = performance.now();
    act();
    do {
      await globalThis.__picture();
      if (performance.now() - started > 600_000) throw new Error("the page has not answered for ten minutes");
    } while (answers() === before || document.querySelector("main.stale"));
    return performance.now() - started;
  };
  globalThis.__choose = (choices) => {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(choices)) {
      if (value === null) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    history.replaceState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  };
})();
`;

/** The time in which a browser that has just started comes to rest. */
const REST_MS = 2_000;

/** A page in a fresh profile, its caches empty, of a browser that has started before. */
export async function freshPage(browser) {
  return watchedPage(await browser.newContext({ viewport: VIEWPORT }));
}

async function watchedPage(context) {
  const page = await context.newPage();
  await page.addInitScript(NOTE_MEMORIES + WATCH);
  await page.waitForTimeout(REST_MS);
  return page;
}

/** Waits until all numbers are in; gives the milliseconds since the page was opened. */
export async function finished(page, timeout = 120_000) {
  await page.waitForFunction(() => globalThis.__finished || globalThis.__failure, null, { timeout });
  const failure = await page.evaluate("globalThis.__failure");
  if (failure) throw new Error(`the page says: ${failure}`);
  return page.evaluate("globalThis.__finished");
}

/** Opens the site cold, several times; `code` are the names of the files of code that were asked for before the first numbers. */
export async function coldLoads(browser, site, times) {
  const loads = [];
  for (let time = 0; time < times; time++) {
    site.forgetData();
    const page = await freshPage(browser);
    const asked = [];
    page.on("request", (request) => asked.push({ name: request.url().split("/").at(-1), at: Date.now() }));
    await page.goto(`${site.url}?env=prod`);
    const ms = await finished(page);
    const paint = await page.evaluate(
      "performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime",
    );
    const [begunMs, origin] = await page.evaluate("[globalThis.__begun, performance.timeOrigin]");
    const code = asked.filter(({ at }) => at <= origin + begunMs).map(({ name }) => name);
    loads.push({ ms, begunMs, paintLeadMs: site.firstData() - paint, longestTask: await longestTask(page), code });
    await page.context().close();
  }
  return loads;
}

/** Visits the dev export, waits until the browser keeps it and the site, and visits it again; milliseconds of the second. */
export async function secondVisit(browser, site) {
  const first = await freshPage(browser);
  await first.goto(`${site.url}?env=dev`);
  await finished(first);
  await first.waitForFunction(
    async () => {
      const name = (await caches.keys()).find((name) => name.startsWith("exports of"));
      const manifest = name && (await (await caches.open(name)).match(new URL("data/dev/manifest.json", location.href)));
      return manifest && (await navigator.serviceWorker.getRegistration())?.active;
    },
    null,
    { polling: 500, timeout: 120_000 },
  );
  const second = await watchedPage(first.context());
  await first.close();
  await second.goto(`${site.url}?env=dev`);
  const ms = await finished(second);
  await second.context().close();
  return ms;
}

/** Opens the export and waits for all numbers, beyond the time that opening takes. */
export async function opened(browser, site, timeout) {
  const page = await freshPage(browser);
  await page.goto(`${site.url}?env=prod`);
  const loadMs = await finished(page, timeout);
  return { page, loadMs };
}

/** Chooses something as the Back button would; gives the milliseconds until a picture of the answer. */
export async function choose(page, choices) {
  return page.evaluate((choices) => globalThis.__answer(() => globalThis.__choose(choices)), choices);
}

/** Asks for session gaps one after the other. */
export async function gaps(page, minutes) {
  const spent = [];
  for (const gap of minutes) spent.push(await choose(page, { gap: String(gap) }));
  return spent;
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
  const [below, above] = await gaps(page, [8, 20]);
  await choose(page, { gap: null });
  const figures = await tiles(page);
  await page.context().close();
  return { ms, below, above, memory, figures };
}

/** Presses Cancel as soon as there are numbers of some parts; the milliseconds until the page says that it is done. */
const CANCEL = `
globalThis.__cancelled = new Promise((resolve) => {
  new MutationObserver(async (_, observer) => {
    const isBegun = document.querySelector('[data-testid="tile-events"]');
    const button = [...document.querySelectorAll('[data-testid="loading"] button')].find((button) => button.textContent === "Cancel");
    if (!isBegun || !button) return;
    observer.disconnect();
    const pressed = performance.now();
    button.click();
    while (!document.querySelector('[data-testid="cancelled-strip"]')) await new Promise((resolve) => setTimeout(resolve));
    resolve(performance.now() - pressed);
  }).observe(document, { subtree: true, childList: true });
});`;

/**
 * Cancels while parts are scanned; gives the milliseconds from the press, which ends the workers, until the page says
 * so. Taken in the page: the way from the browser to this program takes longer than the ending. Nothing where all parts were
 * read before there was anything to press, as those of a small log are.
 */
export async function cancel(browser, site) {
  const page = await freshPage(browser);
  await page.addInitScript(CANCEL);
  await page.goto(`${site.url}?env=prod`);
  const over = finished(page).then(() => undefined, () => undefined);
  const ms = await Promise.race([page.evaluate("globalThis.__cancelled"), over]);
  await page.context().close();
  return ms;
}

/** The headline figures, by name. */
export async function tiles(page) {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('[data-testid^="tile-"]')].map((tile) => [
        tile.dataset.testid.slice("tile-".length),
        tile.dataset.value ?? tile.querySelector("[data-value]")?.dataset.value ?? tile.textContent,
      ]),
    ),
  );
}

/** The longest task since the list was cleared; 0 when none took 50 ms, which is what browsers report. */
export async function longestTask(page) {
  return page.evaluate("Math.max(0, ...globalThis.__tasks)");
}
