import type { Locator, Page } from "@playwright/test";

import { expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { halves, hold } from "../held.ts";
import { PAGE_NAMES } from "../pages/dashboard.ts";

/** What can be operated. Elements that a composite widget leads to with the arrow keys have a tabindex of -1. */
const OPERABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), summary, [tabindex="0"]';

/** Marks everything that can be operated and is shown in a place; gives how many there are. */
async function mark(place: Locator): Promise<number> {
  return place.evaluate((place, operable) => {
    const shown = [...place.querySelectorAll<HTMLElement>(operable)].filter(
      (element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }),
    );
    for (const element of shown) element.dataset.unreached = "";
    return shown.length;
  }, OPERABLE);
}

/** Presses Tab until the page ends; gives what was not reached, and what showed no focus. */
async function tabThrough(page: Page, most: number): Promise<{ unreached: string[]; unseen: string[] }> {
  const unseen: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let press = 0; press <= most; press++) {
    await page.keyboard.press("Tab");
    const lacksRing = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body) return undefined;
      delete element.dataset.unreached;
      // Tables and pickers are outlined by what they stand in.
      const isSeen = [element, element.parentElement!].some((shown) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(shown);
        return outlineStyle !== "none" && outlineWidth !== "0px";
      });
      return isSeen ? "" : element.outerHTML.slice(0, 120);
    });
    if (lacksRing) unseen.push(lacksRing);
  }
  const unreached = await page
    .locator("[data-unreached]")
    .evaluateAll((elements) => elements.map((element) => element.outerHTML.slice(0, 120)));
  return { unreached, unseen };
}

test("every page is reached, and all that is on it, by keyboard alone", async ({ page, dashboard, compare }) => {
  test.slow();
  await dashboard.load(site("both"));
  for (const name of PAGE_NAMES) {
    const link = page.getByRole("navigation").getByRole("link", { name });
    await link.focus();
    await page.keyboard.press("Enter");
    await dashboard.isOn(name);
    await dashboard.loaded();
    if (name === "Compare") await compare.compared();
    const operable = await mark(page.locator("body"));
    expect(operable, name).toBeGreaterThan(10);
    expect(await tabThrough(page, operable + 5), name).toEqual({ unreached: [], unseen: [] });
  }
});

test("all of a player's panel is reached by keyboard, which does not leave it until Esc", async ({
  page,
  dashboard,
  players,
  panel,
}) => {
  const { human } = expected("dev").chosen;
  await dashboard.load(site("both"), "page=players");
  await players.filter("id").fill(human);
  await players.filter("id").press("Enter");
  await panel.isOpenFor(human);
  await expect(panel.sessions.row(0)).toBeVisible();
  await expect(panel.root.getByRole("button", { name: "Close" })).toBeFocused();
  const operable = await mark(panel.root);
  expect(operable).toBeGreaterThan(10);
  expect(await tabThrough(page, operable + 5)).toEqual({ unreached: [], unseen: [] });
  // From the panel's ends the focus goes to the browser, and from there back.
  const isInside = () =>
    panel.root.evaluate((panel) => [panel, document.body].some((place) => place === document.activeElement) ||
      panel.contains(document.activeElement));
  for (let press = 0; press < 3; press++) {
    await page.keyboard.press("Shift+Tab");
    expect(await isInside()).toBe(true);
  }
  // Elsewhere the first Esc may be for a tooltip, or for the browser.
  await panel.root.getByRole("button", { name: "Close" }).focus();
  await page.keyboard.press("Escape");
  await expect(panel.root).toBeHidden();
  await expect(players.filter("id")).toBeFocused();
});

test("the focus goes on to a neighbour when what has it vanishes", async ({ page, dashboard, filter }) => {
  const [, second] = await halves();
  const press = async (button: Locator): Promise<void> => {
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(button).toHaveCount(0);
  };
  await dashboard.load(site("halves"), "bots=only&of=fedcba987654");
  await press(filter.clear);
  await expect(filter.chip("days")).toBeFocused();
  await press(dashboard.linkStrip.getByRole("button", { name: "Dismiss" }));
  await expect(dashboard.content).toBeFocused();

  const release = await hold(page, second.file);
  await dashboard.open(site("halves"), "page=bots");
  await expect(dashboard.loading).toContainText("1 of 2 parts");
  await press(dashboard.loading.getByRole("button", { name: "Cancel" }));
  await expect(dashboard.content).toBeFocused();
  await press(dashboard.cancelledStrip.getByRole("button", { name: "Load again" }));
  await expect(dashboard.content).toBeFocused();
  // It vanishes by itself once all is there.
  await dashboard.loading.getByRole("button", { name: "Cancel" }).focus();
  release();
  await dashboard.loaded();
  await expect(dashboard.content).toBeFocused();
});

test("the first stop skips to the content", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
});
