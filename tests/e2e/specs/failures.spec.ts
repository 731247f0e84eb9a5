import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { pretendCores } from "../cores.ts";
import { expected, variable } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import { serve } from "../setup/server.ts";

// The browser tells of every failed request on the console; the page may say nothing else there.
test.beforeEach(({ conduct }) => {
  conduct.mayReportFailedRequests = true;
});

const LOG = String(expected("dev").figures.events);

async function partOf(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((name) => name.startsWith("part-"));
  if (!name) throw new Error(`there is no part in ${folder}`);
  return name;
}

test("a missing export names the command, and Try again finds it once it is there", async ({
  dashboard,
  overview,
  ownSite,
}) => {
  const own = await ownSite("missing");
  await dashboard.open(own.url);
  await expect(dashboard.failure).toContainText("There is no export here yet");
  await expect(dashboard.failure).toContainText("data/dev/manifest.json");
  await expect(dashboard.failure.locator("code")).toHaveText("wow export");
  await dashboard.retry().click();
  await expect(dashboard.failure).toBeVisible();
  await cp(join(siteFolder("both"), "data"), own.data, { recursive: true });
  await dashboard.retry().click();
  await expect(overview.tile("events")).toHaveAttribute("data-value", LOG);
  await expect(dashboard.failure).toHaveCount(0);
});

test("what the models are is told without any data", async ({ page, dashboard }) => {
  await dashboard.open(site("missing"), "page=models");
  await expect(dashboard.failure).toBeVisible();
  const model = page.getByTestId("model-stg_wowlogs_no_bots");
  await expect(model.getByTestId("rows")).toHaveText("–");
  await expect(model).toContainText("where is_likely_bot = 0");
});

test("a missing export of production names the command for production", async ({ dashboard }) => {
  await dashboard.open(site("missing"), "env=prod");
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await expect(dashboard.failure.locator("code")).toHaveText("wow export --target prod");
});

test("a missing part is told with its address", async ({ dashboard, ownSite }) => {
  const own = await ownSite("both");
  const part = await partOf(join(own.data, "dev"));
  await rm(join(own.data, "dev", part));
  await dashboard.open(own.url);
  await expect(dashboard.failure).toContainText(part);
  await expect(dashboard.retry()).toBeVisible();
});

for (const [how, damage] of [
  ["one byte changed", (bytes: Buffer) => bytes.fill(bytes[bytes.length >> 1]! ^ 1, bytes.length >> 1, (bytes.length >> 1) + 1)],
  ["its end cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
] as const) {
  test(`a part with ${how} is named, and Try again works once it is mended`, async ({
    dashboard,
    overview,
    ownSite,
  }) => {
    const own = await ownSite("both");
    const part = await partOf(join(own.data, "dev"));
    const file = join(own.data, "dev", part);
    const whole = await readFile(file);
    await writeFile(file, damage(Buffer.from(whole)));
    await dashboard.open(own.url);
    await expect(dashboard.failure).toContainText("A part is damaged");
    await expect(dashboard.failure).toContainText(part);
    await expect(dashboard.failure.locator("code")).toHaveText("wow export");
    await expect(overview.tile("events")).toHaveCount(0);
    await writeFile(file, whole);
    await dashboard.retry().click();
    await expect(overview.tile("events")).toHaveAttribute("data-value", LOG);
  });
}

for (const how of ["Try again", "a later visit"]) {
  test(`a part that the browser keeps damaged is fetched anew by ${how}`, async ({
    conduct,
    dashboard,
    overview,
    ownSite,
  }) => {
    const own = await ownSite("both");
    const file = join(own.data, "dev", await partOf(join(own.data, "dev")));
    const whole = await readFile(file);
    const server = await serve(dirname(own.data), { "Cache-Control": "public, max-age=31536000, immutable" });
    conduct.allowed.add(new URL(server.url).origin);
    try {
      await writeFile(file, Buffer.from(whole).fill(0, whole.length >> 1, (whole.length >> 1) + 9));
      await dashboard.open(`${server.url}/`);
      await expect(dashboard.failure).toContainText("A part is damaged");
      await writeFile(file, whole);
      if (how === "Try again") await dashboard.retry().click();
      else await dashboard.open(`${server.url}/`, "page=overview");
      await expect(overview.tile("events")).toHaveAttribute("data-value", LOG);
    } finally {
      await server.close();
    }
  });
}

test("a part that arrives damaged once is fetched again before anyone is told", async ({
  conduct,
  dashboard,
  overview,
  ownSite,
}) => {
  const own = await ownSite("both");
  const part = await partOf(join(own.data, "dev"));
  const server = await serve(dirname(own.data), { "Cache-Control": "public, max-age=31536000, immutable" }, [part]);
  conduct.allowed.add(new URL(server.url).origin);
  try {
    await dashboard.open(`${server.url}/`);
    await expect(overview.tile("events")).toHaveAttribute("data-value", LOG);
    await expect(dashboard.failure).toHaveCount(0);
  } finally {
    await server.close();
  }
});

test("once a part has failed, the workers end and no other part is asked for", async ({ page, dashboard, ownSite }) => {
  const own = await ownSite("both");
  const path = join(own.data, "dev", "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  const absent = (_: unknown, place: number) => ({ ...manifest.parts[0], file: `part-${place}.parquet` });
  await writeFile(path, JSON.stringify({ ...manifest, parts: Array.from({ length: 12 }, absent) }));
  const asked = new Set<string>();
  page.on("request", (request) => {
    if (request.url().endsWith(".parquet")) asked.add(request.url());
  });
  await pretendCores(page, 1);
  await dashboard.open(own.url);
  await expect(dashboard.failure).toContainText(/part-\d+\.parquet/);
  await expect.poll(() => page.workers().length).toBe(0);
  // One to scan, and one that is fetched meanwhile.
  expect(asked.size).toBeLessThanOrEqual(2);
});

for (const [file, title, words] of [
  ["other-columns.parquet", "This cannot be read as an event log", ["columns `guild` and `datetime` (or `timestamp`) are missing", "`char`, `level`, `race`, `charclass`, `zone`"]],
  ["text-ids.parquet", "This cannot be read as an event log", ["player_id"]],
  ["notes.parquet", "This cannot be read as an event log", ["notes.parquet: line 1 has no comma, semicolon or tab"]],
  ["empty.parquet", "This cannot be read as an event log", ["empty.parquet: it is empty"]],
] as const) {
  test(`${file} is refused with the reason, from an address and from this machine`, async ({ dashboard }) => {
    for (const from of ["address", "machine"]) {
      if (from === "address") {
        await dashboard.open(site("both"), `data=../files/${file}`);
      } else {
        await dashboard.load(site("both"));
        await dashboard.pick(join(siteFolder("files"), file));
      }
      await expect(dashboard.failure).toContainText(title);
      for (const word of words) await expect(dashboard.failure).toContainText(word);
    }
  });
}

test("a manifest of a newer format is refused with both versions", async ({ page, dashboard }) => {
  await page.route("**/manifest.json", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), format_version: 99 } });
  });
  await dashboard.open(site("both"));
  await expect(dashboard.failure).toContainText("The export cannot be understood");
  await expect(dashboard.failure).toContainText("its format version is 99, but this page reads 1");
});

for (const [what, body, title] of [
  ["no JSON", "{ rows: 1", "The export cannot be understood"],
  ["JSON of something else", '{"name":"site"}', "The export cannot be understood"],
  ["a start page", "<!doctype html><p>Welcome", "There is no export here yet"],
] as const) {
  test(`a manifest that is ${what} is told`, async ({ page, dashboard }) => {
    await page.route("**/manifest.json", (route) => route.fulfill({ body }));
    await dashboard.open(site("both"));
    await expect(dashboard.failure).toContainText(title);
  });
}

test("a part name that leads out of the folder is refused", async ({ page, dashboard }) => {
  await page.route("**/manifest.json", async (route) => {
    const response = await route.fetch();
    const manifest = await response.json();
    manifest.parts[0].file = "../../../files/ordered.parquet";
    await route.fulfill({ response, json: manifest });
  });
  await dashboard.open(site("both"));
  await expect(dashboard.failure).toContainText("is no plain file name");
});

test("an export whose parts are not in order is refused, for it was changed", async ({ page, dashboard }) => {
  await page.route("**/manifest.json", async (route) => {
    const response = await route.fetch();
    const manifest = await response.json();
    manifest.parts.reverse();
    await route.fulfill({ response, json: manifest });
  });
  await dashboard.open(site("halves"));
  await expect(dashboard.failure).toContainText("The rows are not in order");
  await expect(dashboard.failure.locator("code")).toHaveText("wow export");
  await expect(page.getByTestId("tile-events")).toHaveCount(0);
});

test("an error of the server is told with its status, and Try again works", async ({ page, dashboard, overview }) => {
  await page.route("**/manifest.json", (route) => route.fulfill({ status: 500, body: "no" }));
  await dashboard.open(site("both"));
  await expect(dashboard.failure).toContainText("The server answered with status 500");
  await page.unroute("**/manifest.json");
  await dashboard.retry().click();
  await expect(overview.tile("events")).toHaveAttribute("data-value", LOG);
});

test("a server that does not answer is told", async ({ page, dashboard, overview }) => {
  await page.route("**/manifest.json", (route) => route.abort());
  await dashboard.open(site("both"));
  await expect(dashboard.failure).toContainText("The server does not answer");
  await page.unroute("**/manifest.json");
  await dashboard.retry().click();
  await expect(overview.tile("events")).toHaveAttribute("data-value", LOG);
});

test("another site must allow it: a manifest from elsewhere", async ({ dashboard, overview, conduct }) => {
  const [closed, open] = [variable("E2E_CLOSED_URL"), variable("E2E_OPEN_URL")];
  for (const url of [closed, open]) conduct.allowed.add(new URL(url).origin);
  const at = (url: string) => `data=${encodeURIComponent(`${url}/both/data/prod/manifest.json`)}`;
  await dashboard.open(site("missing"), at(closed));
  await expect(dashboard.failure).toContainText("The other site does not let this page read it");
  await expect(dashboard.failure).toContainText("Access-Control-Allow-Origin");
  await dashboard.load(site("missing"), at(open));
  const { events } = expected("prod").figures;
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(events));
  // The data are what their manifest says, whatever the address asks for.
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await expect(dashboard.productionBar).toBeVisible();
});
