import type { Locator, Page } from "@playwright/test";

import { downloaded, named, origin } from "../download.ts";
import { expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { PAGE_NAMES } from "../pages/dashboard.ts";
import { entry } from "../pages/chart.ts";

/** What a chart's menu downloads. */
async function download(chart: Locator, kind: "SVG" | "PNG"): Promise<{ name: string; bytes: Buffer }> {
  return downloaded(await entry(chart, kind));
}

/** The size of a drawing, the ground under it, and the texts above its chart. */
async function read(page: Page, svg: string) {
  return page.evaluate((svg) => {
    const sheet = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    document.body.append(sheet);
    const box = sheet.getBoundingClientRect();
    const first = sheet.children[0] as SVGGraphicsElement;
    const ground = first.getBoundingClientRect();
    const found = {
      name: sheet.nodeName,
      width: box.width,
      height: box.height,
      covers: Math.abs(ground.width - box.width) < 1 && Math.abs(ground.height - box.height) < 1,
      ground: getComputedStyle(first).fill,
      texts: [...sheet.children].filter((child) => child.nodeName === "text").map((text) => text.textContent),
      charts: sheet.querySelectorAll("svg").length,
    };
    sheet.remove();
    return found;
  }, svg);
}

/** The size of a picture, its number of colours, and whether any of it is see-through. */
async function decode(page: Page, png: Buffer) {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d")!;
    context.drawImage(picture, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer);
    const colours = new Set(pixels);
    return {
      width: picture.width,
      height: picture.height,
      colours: colours.size,
      isOpaque: [...colours].every((colour) => colour >>> 24 === 255),
      corner: `rgb(${pixels[0]! & 255}, ${(pixels[0]! >> 8) & 255}, ${(pixels[0]! >> 16) & 255})`,
    };
  }, png.toString("base64"));
}

/** Every chart in sight can be taken along, and then stands alone. */
async function standAlone(page: Page, within: Locator, of = ""): Promise<void> {
  const charts = await within.locator('section[data-testid^="chart-"]').all();
  expect(charts.length).toBeGreaterThan(0);
  for (const chart of charts) {
    await expect(chart.locator(".chart svg")).toHaveCount(1);
    const file = (await chart.getAttribute("data-testid"))!.replace("chart-", "");
    const [title, say] = [await chart.locator("h2").innerText(), await chart.locator(".say").innerText()];
    const surface = await chart.evaluate((card) => getComputedStyle(card).backgroundColor);
    const svg = await download(chart, "SVG");
    expect(svg.name).toBe(`${file}${of && `-${of}`}-${named("both", "dev")}.svg`);
    const sheet = await read(page, svg.bytes.toString("utf8"));
    expect(sheet, file).toMatchObject({ name: "svg", covers: true, ground: surface, charts: 1 });
    const [first, ...rest] = sheet.texts;
    expect(first, file).toBe(of ? `${title} of ${of.replaceAll("-", " ")}` : title);
    const how = chart.getByRole("button", { name: ": how measured" });
    if (await how.count()) await how.click();
    const method = (await how.count()) ? ` ${await chart.locator(".method").innerText()}` : "";
    expect(rest.join(" ").startsWith(`${say}${method} DEV · wow_test.duckdb · data set ${origin("both", "dev").id} · exported `), file).toBe(
      true,
    );
    const png = await download(chart, "PNG");
    expect(png.name).toBe(svg.name.replace(".svg", ".png"));
    const picture = await decode(page, png.bytes);
    expect(picture, file).toMatchObject({ isOpaque: true, corner: surface });
    expect([picture.width, picture.height], file).toEqual([2 * sheet.width, 2 * sheet.height]);
    expect(picture.colours, file).toBeGreaterThan(3);
  }
}

for (const theme of ["light", "dark"] as const) {
  test(`every chart can be taken along in the ${theme} theme, and stands alone`, async ({
    page,
    dashboard,
    compare,
    panel,
  }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await dashboard.load(site("both"));
    for (const name of PAGE_NAMES) {
      await dashboard.go(name);
      await dashboard.loaded();
      if (name === "Compare") await compare.compared();
      if (["Players", "Quality", "Models"].includes(name)) continue;
      await standAlone(page, dashboard.content);
    }
    const player = expected("dev").chosen.human;
    await dashboard.load(site("both"), `player=${player}`);
    await expect(panel.sessions.row(0)).toBeVisible();
    await standAlone(page, panel.root, `player-${player}`);
  });
}

test("a picture of production is red across the top, and its foot tells filter and limits", async ({ page, dashboard }) => {
  await dashboard.load(site("both"), "env=prod&page=bots&bots=only&longest=600");
  const chart = dashboard.content.getByTestId("chart-where-the-limits-fall");
  await expect(chart.locator(".chart svg")).toHaveCount(1);
  const svg = await download(chart, "SVG");
  expect(svg.name).toBe(`where-the-limits-fall-${named("both", "prod")}-bots-only-longest-600.svg`);
  const { texts, width } = await read(page, svg.bytes.toString("utf8"));
  expect(texts[0]).toBe("PRODUCTION data");
  const { id } = origin("both", "prod");
  expect(texts.join(" ")).toMatch(
    new RegExp(`PRODUCTION · wow\\.duckdb · data set ${id} · exported .+ UTC · bots: only · longest 10 h$`),
  );
  const png = await download(chart, "PNG");
  const picture = await decode(page, png.bytes);
  expect(picture).toMatchObject({ isOpaque: true, corner: "rgb(179, 38, 30)", width: 2 * width });
});
