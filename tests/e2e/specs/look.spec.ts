import type { Page } from "@playwright/test";

import { expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { PAGE_NAMES } from "../pages/dashboard.ts";

/** Texts of drawings that lie outside them by more than a pixel. */
async function textsCutOff(page: Page): Promise<string[]> {
  return page.locator(".chart svg").evaluateAll((drawings) =>
    drawings.flatMap((drawing) => {
      const frame = drawing.getBoundingClientRect();
      return [...drawing.querySelectorAll("text")]
        .filter((text) => {
          const box = text.getBoundingClientRect();
          return (
            box.left < frame.left - 1 ||
            box.right > frame.right + 1 ||
            box.top < frame.top - 1 ||
            box.bottom > frame.bottom + 1
          );
        })
        .map((text) => `${drawing.closest("[data-testid]")?.getAttribute("data-testid")}: ${text.textContent}`);
    }),
  );
}

/** How far the page can be scrolled sideways, pixels. */
async function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Every chart is drawn for the width that its card has. */
async function areDrawn(page: Page): Promise<void> {
  for (const chart of await page.locator(".chart").all()) {
    await expect(chart.locator("svg")).toHaveCount(1);
    await expect
      .poll(() =>
        chart.evaluate((chart) => {
          const drawing = chart.querySelector("svg");
          return Math.abs((drawing?.getBoundingClientRect().width ?? 0) - chart.clientWidth);
        }),
      )
      .toBeLessThanOrEqual(1);
  }
}

for (const theme of ["light", "dark"] as const) {
  for (const width of [360, 768, 1440]) {
    test(`${theme} at ${width} pixels: nothing sticks out and no text is cut off`, async ({
      page,
      dashboard,
      compare,
      panel,
    }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      await dashboard.load(site("both"));
      for (const name of PAGE_NAMES) {
        await dashboard.go(name);
        if (name === "Compare") await compare.compared();
        await areDrawn(page);
        expect(await sideways(page), `${name} scrolls sideways`).toBe(0);
        expect(await textsCutOff(page), `${name} cuts texts off`).toEqual([]);
      }
      await dashboard.load(site("both"), `player=${expected("dev").chosen.bot}`);
      await expect(panel.sessions.row(0)).toBeVisible();
      await areDrawn(page);
      expect(await sideways(page)).toBe(0);
      expect(await textsCutOff(page)).toEqual([]);
      const box = await panel.root.boundingBox();
      expect(box!.x).toBeGreaterThanOrEqual(0);
      expect(box!.x + box!.width).toBeLessThanOrEqual(width);
    });
  }
}

test("charts are drawn anew for another width, with text of the same size", async ({ page, dashboard, overview }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await dashboard.load(site("both"));
  await areDrawn(page);
  const size = () =>
    overview
      .chart("top-zones")
      .locator("svg text")
      .first()
      .evaluate((text) => text.getBoundingClientRect().height);
  const before = await size();
  await page.setViewportSize({ width: 360, height: 800 });
  await areDrawn(page);
  expect(Math.abs((await size()) - before)).toBeLessThan(1);
});

test("the theme switch changes colours, charts too, and is kept", async ({ page, dashboard, overview }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await dashboard.load(site("both"));
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const ink = () =>
    overview
      .chart("top-zones")
      .locator("svg text")
      .first()
      .evaluate((text) => getComputedStyle(text).fill);
  await areDrawn(page);
  const [lightBackground, lightInk] = [await background(), await ink()];
  const theme = page.getByRole("button", { name: /^Theme/ });
  await expect(theme).toHaveAccessibleName("Theme: system");
  await theme.click();
  await expect(theme).toHaveAccessibleName("Theme: light");
  expect(await background()).toBe(lightBackground);
  await theme.click();
  await expect(theme).toHaveAccessibleName("Theme: dark");
  await expect.poll(background).not.toBe(lightBackground);
  await expect.poll(ink).not.toBe(lightInk);
  const darkBackground = await background();
  await page.reload();
  await dashboard.loaded();
  expect(await background()).toBe(darkBackground);
  await expect(theme).toHaveAccessibleName("Theme: dark");
});

test("without a choice the page follows the system", async ({ page, dashboard }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await dashboard.load(site("both"));
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(background).not.toBe(dark);
});
