// Writes the README's pictures into docs/, of the dev export in dist/. Run it by `make screenshots`.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";
import sirv from "sirv";

/** The pictures: a name, the address's query, the theme, and what must be there first. */
const PICTURES = [
  ["overview", "", "light", '[data-testid="chart-top-zones"] svg'],
  ["bots", "?page=bots", "dark", '[data-testid="flagged"]'],
  ["sessions", "?page=sessions", "light", ".chart svg"],
];

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const server = createServer(sirv(path("dist")));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROME || undefined,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  for (const [name, query, colorScheme, last] of PICTURES) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme });
    await page.goto(`http://127.0.0.1:${server.address().port}/${query}`);
    await page.locator(last).first().waitFor();
    await page.getByTestId("loading").waitFor({ state: "detached" });
    await page.screenshot({ path: path(`docs/${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
