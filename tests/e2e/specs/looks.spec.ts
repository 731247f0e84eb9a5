import type { Locator, Page } from "@playwright/test";

import { count, expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { entry } from "../pages/chart.ts";
import { PAGE_NAMES } from "../pages/dashboard.ts";

const PHONE = { width: 360, height: 780 };

const focused = (page: Page) => page.locator(":focus");

/** Where the visible edges of things are, whole pixels. */
async function edges(of: Locator): Promise<{ left: number; right: number; top: number; bottom: number }> {
  const box = (await of.boundingBox())!;
  const whole = Math.round;
  return { left: whole(box.x), right: whole(box.x + box.width), top: whole(box.y), bottom: whole(box.y + box.height) };
}

test("a card's menu opens on a press, is gone through by the arrow keys, and closes on Escape and outside", async ({
  page,
  dashboard,
  overview,
}) => {
  await dashboard.load(site("both"));
  const card = overview.chart("classes");
  const button = card.getByRole("button", { name: "Classes: table and pictures" });
  const menu = card.getByRole("menu");
  await expect(menu).toHaveCount(0);
  await button.click();
  await expect(button).toHaveAttribute("aria-expanded", "true");
  await expect(focused(page)).toHaveAccessibleName("Classes: table");
  for (const [key, name] of [["ArrowDown", "SVG"], ["ArrowDown", "PNG"], ["ArrowDown", "table"], ["ArrowUp", "PNG"], ["Home", "table"], ["End", "PNG"]]) {
    await page.keyboard.press(key!);
    await expect(focused(page)).toHaveAccessibleName(`Classes: ${name}`);
  }
  await page.keyboard.press("Escape");
  await expect(menu).toHaveCount(0);
  await expect(button).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(menu).toBeVisible();
  await overview.chart("races").getByRole("heading").click();
  await expect(menu).toHaveCount(0);
  // What is chosen closes it too, and the focus stays where it was.
  await page.keyboard.press("Escape");
  await (await entry(card, "table")).click();
  await expect(menu).toHaveCount(0);
  await expect(button).toBeFocused();
  await expect(card.getByRole("table")).toBeVisible();
});

test("what a chart counts and how is told when it is asked for, by keys too", async ({ page, dashboard, overview }) => {
  await dashboard.load(site("both"));
  const card = overview.chart("races");
  const how = card.getByRole("button", { name: "Races: how measured" });
  await expect(card.locator(".method")).toHaveCount(0);
  await how.focus();
  await page.keyboard.press("Enter");
  await expect(how).toHaveAttribute("aria-expanded", "true");
  await expect(card.locator(".method")).toContainText("latest event");
  await how.click();
  await expect(card.locator(".method")).toHaveCount(0);
});

test("Overview opens with three answers, which are SQL's and lead on", async ({ page, dashboard, overview, quality }) => {
  const { figures, leaving } = expected("dev");
  await dashboard.load(site("both"));
  const answer = (key: string) => page.getByTestId(`answer-${key}`);
  const share = ((figures.bot_events / figures.events) * 100).toFixed(1);
  await expect(answer("bots").locator(".found")).toContainText(`${share} % of events are from ${count(figures.bots)} likely bots`);
  await expect(answer("leaving").locator(".found")).toHaveText(
    new RegExp(`^${count(leaving.now)} players? left in the 30 days to .*, ${count(leaving.before)} in the 30 days before\\.$`),
  );
  const tests = answer("trust").locator(".found");
  // What the log does not cover warns.
  await expect(tests).toHaveText("22 of 24 tests passed: the numbers are right, some data are odd.");
  const [said] = (await tests.innerText()).match(/\d+ of \d+ tests/)!;
  await expect(answer("trust").locator(".say")).toContainText(`${count(leaving.covered_days)} of ${count(leaving.days)} days`);
  // The card as a whole is the link.
  await answer("trust").click({ position: { x: 20, y: 60 } });
  await dashboard.isOn("Quality");
  await expect(quality.summary).toContainText(`${said} pass`);
  await page.goBack();
  await overview.tile("sessions").click({ position: { x: 8, y: 8 } });
  await dashboard.isOn("Sessions");
});

test("header, filter and cards begin and end on one line, and a wide screen has four columns", async ({ page, dashboard, overview }) => {
  for (const width of [1440, 1920, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    await dashboard.load(site("both"));
    const card = await edges(page.locator(".tiles").first());
    const { left } = await edges(page.locator(".brand"));
    const { right } = await edges(page.getByRole("button", { name: /^Theme/ }));
    const filter = await edges(page.getByTestId("filter-days"));
    expect([left, right, filter.left], String(width)).toEqual([card.left, card.right, card.left]);
    const tops = ["highest-level", "when-they-play", "classes", "top-zones"].map(async (file) => (await edges(overview.chart(file))).top);
    expect(new Set(await Promise.all(tops)).size, String(width)).toBe(width < 1800 ? 2 : 1);
  }
});

test("neighbouring cards end together, and none is half empty", async ({ page, dashboard }) => {
  for (const width of [1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await dashboard.load(site("both"));
    const empty = await page.locator("main .card:has(.chart svg)").evaluateAll((cards) =>
      cards
        .map((card) => {
          const last = [...card.children].filter((child) => !child.matches(".card-menu")).at(-1)!;
          const share = 1 - (last.getBoundingClientRect().bottom - card.getBoundingClientRect().top) / card.clientHeight;
          return `${card.getAttribute("data-testid")}: ${share.toFixed(2)}`;
        })
        .filter((said) => Number(said.split(": ")[1]) > 0.3),
    );
    expect(empty, String(width)).toEqual([]);
  }
});

test("on a phone numbers are in the first half of the screen, and the current page's tab is in sight", async ({ page, dashboard, filter }) => {
  await page.setViewportSize(PHONE);
  for (const search of ["env=prod", "env=prod&longest=600"]) {
    await dashboard.load(site("both"), search);
    const first = await edges(page.getByTestId("answer-bots").locator("b"));
    expect(first.bottom).toBeLessThan(PHONE.height / 2);
    const bar = await edges(page.getByTestId("filter"));
    expect(bar.bottom - bar.top).toBeLessThanOrEqual(50);
  }
  for (const name of PAGE_NAMES) {
    await dashboard.go(name);
    const tab = page.locator("nav [aria-current]");
    await expect.poll(async () => (await edges(tab)).left).toBeGreaterThanOrEqual(0);
    await expect.poll(async () => (await edges(tab)).right).toBeLessThanOrEqual(PHONE.width);
  }
  // What a menu of the filter holds is in sight as a whole.
  await page.getByTestId("filter-class").locator("summary").click();
  const menu = await edges(page.getByTestId("filter-class").getByRole("group"));
  expect(menu.left).toBeGreaterThanOrEqual(0);
  expect(menu.right).toBeLessThanOrEqual(PHONE.width);
  expect(menu.bottom).toBeLessThanOrEqual(PHONE.height);
});

test("on a phone the switches of the header are behind a button", async ({ page, dashboard }) => {
  await page.setViewportSize(PHONE);
  await dashboard.load(site("both"));
  const more = page.getByRole("button", { name: "Environment, files, share and theme" });
  await expect(dashboard.environment("prod")).toBeHidden();
  await more.click();
  await expect(more).toHaveAttribute("aria-expanded", "true");
  await dashboard.environment("prod").click();
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(more).toBeHidden();
  await expect(dashboard.environment("dev")).toBeVisible();
});

test("with colours of the reader's own the current tab, what is pressed and the order are told by shape", async ({ page, dashboard, players }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await dashboard.load(site("both"), "page=players");
  const line = (of: Locator) => of.evaluate((element) => getComputedStyle(element).textDecorationLine);
  expect(await line(page.locator("nav [aria-current]"))).toBe("underline");
  expect(await line(page.locator("nav a:not([aria-current])").first())).toBe("none");
  expect(await line(page.locator(".filter [aria-pressed='true']").first())).toBe("underline");
  expect(await line(page.locator(".filter [aria-pressed='false']").first())).toBe("none");
  const sides = () =>
    page.locator("th[aria-sort='ascending'] .sort, th[aria-sort='descending'] .sort").evaluate((arrow) => {
      const { borderTopColor, borderBottomColor, borderLeftColor } = getComputedStyle(arrow);
      return [borderTopColor, borderBottomColor, borderLeftColor].map((colour) => colour !== "rgba(0, 0, 0, 0)");
    });
  const name = players.table.heading("total_events");
  await players.table.sortBy("total_events", "descending");
  await expect(name).toHaveAttribute("aria-sort", "descending");
  expect(await sides()).toEqual([true, false, false]);
  await players.table.sortBy("total_events", "ascending");
  expect(await sides()).toEqual([false, true, false]);
});

test("what an element explains is told to whoever gets there by keys", async ({ page, dashboard, overview }) => {
  const { figures } = expected("dev");
  await dashboard.load(site("both"));
  const hint = page.getByTestId("hint");
  await expect(hint).toBeHidden();
  await page.keyboard.press("Tab");
  await overview.tile("events").getByRole("link").focus();
  await expect(hint).toHaveText(`${count(figures.events)} events`);
  await expect(hint).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(hint).toBeHidden();
});

test("letters are in the page's own font, which comes from its own site", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  await page.evaluate(() => document.fonts.ready);
  const fonts = await page.evaluate(() => [...document.fonts].map(({ family, status }) => `${family} ${status}`));
  expect(fonts).toEqual(["Inter loaded"]);
});

test.describe("by touch", () => {
  test.use({ hasTouch: true, viewport: PHONE });

  test("explanations and menus are reached", async ({ page, dashboard, overview }) => {
    const { figures } = expected("dev");
    await dashboard.load(site("both"));
    await overview.tile("events").locator("dd").first().tap();
    await expect(page.getByTestId("hint")).toHaveText(`${count(figures.events)} events`);
    await dashboard.isOn("Overview");
    await overview.chart("classes").getByRole("button", { name: ": how measured" }).tap();
    await expect(overview.chart("classes").locator(".method")).toBeVisible();
    await expect(page.getByTestId("hint")).toBeHidden();
    await overview.chart("classes").getByRole("button", { name: ": table and pictures" }).tap();
    await overview.chart("classes").getByRole("menuitemcheckbox").tap();
    await expect(overview.chart("classes").getByRole("table")).toBeVisible();
  });
});
