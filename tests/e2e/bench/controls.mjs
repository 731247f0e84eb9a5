// What the page's own thread does while somebody drags, searches, sorts and filters, and how long answers take.
import { choose, finished, freshPage, gaps, longestTask } from "./page.mjs";

const STEPS = 20;
/** Gaps that a slider is dragged over. Nearly no pause in a log that is sampled every ten minutes is shorter than twelve. */
const ABOVE = Array.from({ length: 22 }, (_, step) => 12 + step * 8);
const BELOW = [11, 9, 7, 5, 8, 10];
/** How long a search may wait for the next key. */
const SEARCH_MS = 500;

/** The milliseconds from choosing a gap until a picture with its numbers, on the Overview: above and below twelve minutes. */
export async function rescans(page) {
  const below = await gaps(page, BELOW);
  const above = await gaps(page, [60, 20, 90, 15, 45, 31]);
  await choose(page, { gap: null });
  return { below, above };
}

/** Drags the gap over the Sessions page, each step until its picture; then below twelve minutes. */
export async function dragGap(page) {
  return page.getByTestId("gap").evaluate(
    async (slider, [above, below]) => {
      const move = (minutes) =>
        globalThis.__answer(() => {
          slider.value = String(minutes);
          slider.dispatchEvent(new Event("input", { bubbles: true }));
        });
      const spent = { above: [], below: [] };
      for (const minutes of above) spent.above.push(await move(minutes));
      for (const minutes of below) spent.below.push(await move(minutes));
      return spent;
    },
    [ABOVE, BELOW],
  );
}

/** The milliseconds until the counts by group on the Overview follow a limit. */
export async function groups(page) {
  const spent = [];
  for (const longest of [700, 690, 660, 600, 480, 720]) spent.push(await choose(page, { longest: String(longest) }));
  return spent;
}

/** The milliseconds until the Overview is of some of the events, by what is filtered. */
export async function filters(page) {
  const spent = {};
  for (const [name, choices] of Object.entries({
    days: { from: "2007-01-01", to: "2008-06-30" },
    class: { class: "Mage" },
    race: { race: "Orc" },
  })) {
    spent[name] = await choose(page, choices);
    await choose(page, Object.fromEntries(Object.keys(choices).map((key) => [key, null])));
  }
  return spent;
}

/** Drags limits and the gap, sorts and searches; milliseconds of script and of all work, and the longest task. */
export async function pageThread(browser, site) {
  const page = await freshPage(browser);
  const thread = await workOf(page);
  const tasks = [];
  const at = async (name, work) => {
    await page.goto(`${site.url}?env=prod&page=${name}`);
    await page.locator("main .card").first().waitFor({ timeout: 120_000 });
    await page.getByTestId("loading").waitFor({ state: "detached", timeout: 120_000 });
    await page.evaluate("globalThis.__tasks.length = 0");
    const spent = await work();
    tasks.push(await longestTask(page));
    return spent;
  };
  const longest = await at("bots", () => drag(page, thread, "limit-longest"));
  const average = await at("bots", () => drag(page, thread, "limit-average"));
  const gap = await at("sessions", () => drag(page, thread, "gap"));
  const flagged = await at("bots", () => sortByEach(page, thread, "flagged-table"));
  const sorts = await at("players", () => sortByEach(page, thread, "players-table"));
  const search = await at("players", () => searchFor(page, thread, ["1", "12", "123", "12", "1", ""]));
  await page.context().close();
  return { longest, average, gap, flagged, sorts, search, longestTask: Math.max(...tasks) };
}

/** Opens the Overview and measures what takes answers of the workers. */
export async function answers(browser, site) {
  const page = await freshPage(browser);
  await page.goto(`${site.url}?env=prod`);
  await finished(page);
  await page.evaluate("globalThis.__tasks.length = 0");
  const overview = { groups: await groups(page), filters: await filters(page) };
  await page.evaluate("globalThis.__choose({ page: 'sessions' })");
  const gap = await dragGap(page);
  const longest = await longestTask(page);
  await page.context().close();
  return { ...overview, gap, longestTask: longest };
}

/**
 * A function that tells how many milliseconds of script, and of all tasks with style, layout and painting, the page's
 * thread spends on something. The browser counts: what the page does in the next frame would escape a clock around an event.
 */
async function workOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "timeTicks" });
  const now = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1_000]));
  };
  return async (act) => {
    const before = await now();
    await act();
    const after = await now();
    return { script: after.ScriptDuration - before.ScriptDuration, all: after.TaskDuration - before.TaskDuration };
  };
}

/** Moves a slider step by step, each until its picture. */
async function drag(page, thread, slider) {
  const handle = page.getByTestId(slider);
  const step = (slider) => {
    const before = slider.value;
    // Down, or up again where it is at its end.
    slider.value = String(Number(before) - Number(slider.step));
    if (slider.value === before) slider.value = String(Number(before) + Number(slider.step));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    return globalThis.__picture();
  };
  const spent = [];
  for (let time = 0; time < STEPS; time++) spent.push(await thread(() => handle.evaluate(step)));
  return spent;
}

/** Presses every heading of a table. */
async function sortByEach(page, thread, table) {
  await page.locator(`[data-testid="${table}"] tbody tr[data-index]`).first().waitFor();
  const headings = page.locator(`[data-testid="${table}"] th button`);
  const press = (heading) => {
    heading.click();
    return globalThis.__picture();
  };
  const spent = [];
  for (let place = 0; place < (await headings.count()); place++) {
    spent.push(await thread(() => headings.nth(place).evaluate(press)));
  }
  return spent;
}

/** Types beginnings of an id into the search of players. */
async function searchFor(page, thread, texts) {
  const field = page.getByTestId("filter-id");
  const spent = [];
  for (const text of texts) {
    const type = async () => {
      await field.fill(text);
      await page.waitForTimeout(SEARCH_MS);
    };
    spent.push(await thread(type));
  }
  return spent;
}
