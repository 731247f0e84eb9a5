// Writes docs/screenshot.png: the overview of the dev export in dist/. Run it by `make screenshots`.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";
import sirv from "sirv";

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const server = createServer(sirv(path("dist")));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROME || undefined,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme: "light" });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.getByTestId("tile-events").waitFor();
  await page.getByTestId("loading").waitFor({ state: "detached" });
  await page.screenshot({ path: path("docs/screenshot.png") });
} finally {
  await browser.close();
  server.close();
}
