// Writes the site's icons into public/, of favicon.svg, in the sizes that systems ask for. Run it by `make screenshots`.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";

/** The pictures: a name, the size, and how much of it the drawing fills; what fills less stands on the drawing's ground. */
const ICONS = [
  ["icon-32", 32, 1],
  // Systems cut their own shape out of these two.
  ["icon-180", 180, 0.8],
  ["icon-maskable-512", 512, 0.7],
  ["icon-192", 192, 1],
  ["icon-512", 512, 1],
];

const path = (name) => fileURLToPath(new URL(`../../public/${name}`, import.meta.url));
const drawing = await readFile(path("favicon.svg"), "utf8");
const ground = /fill="(#\w+)"/.exec(drawing)[1];

const browser = await chromium.launch({
  executablePath: process.env.CHROME || undefined,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  for (const [name, size, share] of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const body = `margin: 0; height: 100vh; display: grid; place-content: center; background: ${share < 1 ? ground : "none"}`;
    const svg = drawing.replace("<svg ", `<svg width="${size * share}" height="${size * share}" `);
    await page.setContent(`<body style="${body}">${svg}`);
    await page.screenshot({ path: path(`${name}.png`), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
