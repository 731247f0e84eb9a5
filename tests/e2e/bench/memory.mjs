// What a tab holds: the memory of its modules, and all that its process has in the machine's memory.
import { readFileSync } from "node:fs";

import { choose, opened } from "./page.mjs";
import { wasmMemory } from "./site.mjs";

/** Rounds of a change of the gap, of the page and of the filter. */
const ROUNDS = 20;
const PAGES = ["sessions", "bots", "players", "overview"];
const CLASSES = ["Mage", "Rogue", "Priest"];

/** Memory of a tab that was just opened, and after sixty changes. */
export async function tabMemory(browser, site) {
  const { page } = await opened(browser, site);
  const fresh = { wasm: await wasmMemory(page), resident: await residentMemory(browser) };
  for (let round = 0; round < ROUNDS; round++) {
    await choose(page, { gap: String(8 + round * 7) });
    await page.evaluate((name) => globalThis.__choose({ page: name }), PAGES[round % PAGES.length]);
    await page.locator("main .card").first().waitFor();
    await choose(page, { class: round % 2 ? null : CLASSES[(round / 2) % CLASSES.length] });
  }
  const used = { wasm: await wasmMemory(page), resident: await residentMemory(browser) };
  await page.context().close();
  return { fresh, used };
}

/** Bytes that the largest process of a tab has in the machine's memory; nothing where the system does not tell. */
async function residentMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const tabs = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => residentOf(id));
  return tabs.includes(undefined) ? undefined : Math.max(...tabs);
}

function residentOf(id) {
  try {
    const kilobytes = /^Rss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"));
    return Number(kilobytes[1]) * 1_024;
  } catch {
    return undefined;
  }
}
