// Writes the README's pictures and the one that previews of links show, of the dev export in dist/. Run it by
// `make screenshots`.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";
import sirv from "sirv";

/** The pictures: a file, the address's query, the theme, what must be there first, the size, and its scale. */
const PICTURES = [
  ["docs/overview", "", "light", '[data-testid="chart-top-zones"] svg', 1440, 1000, 1],
  ["docs/bots", "?page=bots", "dark", '[data-testid="flagged"]', 1440, 1000, 1],
  ["docs/sessions", "?page=sessions", "light", ".chart svg", 1440, 1000, 1],
  // Previews of links are made for 1200 × 630 pixels.
  ["public/preview", "", "light", '[data-testid="chart-top-zones"] svg', 1440, 756, 5 / 6],
];

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const server = createServer(sirv(path("dist")));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROME || undefined,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  for (const [file, query, colorScheme, last, width, height, deviceScaleFactor] of PICTURES) {
    const viewport = { width, height };
    const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor, serviceWorkers: "block" });
    await page.goto(`http://127.0.0.1:${server.address().port}/${query}`);
    await page.locator(last).first().waitFor();
    await page.getByTestId("loading").waitFor({ state: "detached" });
    await page.screenshot({ path: path(`${file}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
