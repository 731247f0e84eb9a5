import { join } from "node:path";

import type { Page } from "@playwright/test";

import { expected, variable } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import { type Buckets, hasBuckets, startBuckets } from "../setup/bucket.ts";

test.describe.configure({ mode: "default" });
test.skip(!hasBuckets, "SeaweedFS is not installed on this machine");

let buckets: Buckets;
test.beforeAll(async () => {
  buckets = await startBuckets();
});
test.afterAll(async () => {
  await buckets?.close();
});
// The browser tells of every refused request on the console.
test.beforeEach(({ conduct }) => {
  conduct.allowed.add(buckets.endpoint);
  conduct.mayReportFailedRequests = true;
});

const EVENTS = String(expected("dev").figures.events);
const ORIGIN = new URL(variable("E2E_URL")).origin;
const folder = (): string => join(siteFolder("both"), "data", "dev");
const at = (url: string): string => `data=${encodeURIComponent(url)}`;

/** All texts of the document and of its elements; links go on with the address that the reader came by. */
async function shown(page: Page): Promise<string> {
  return page.evaluate(() => {
    const attributes = [...document.querySelectorAll("*")].flatMap((element) => [...element.attributes]);
    const texts = attributes.filter(({ name }) => name !== "href").map(({ value }) => value);
    return [document.title, document.documentElement.textContent, ...texts].join("\n");
  });
}

test("a public bucket is read by plain requests, by the address of a manifest or of its folder", async ({
  page,
  dashboard,
  overview,
}) => {
  const manifest = await buckets.put(folder(), "--public", "--origin", ORIGIN);
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().startsWith(buckets.endpoint)) asked.push(`${request.method()} ${request.url()}`);
  });
  for (const url of [manifest, new URL(".", manifest).href]) {
    await dashboard.load(site("missing"), at(url));
    await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
    await expect(dashboard.badge).toHaveText("DEV");
  }
  // No OPTIONS: nothing that is asked for needs a rule but that for GET.
  expect(asked.every((request) => request.startsWith("GET ") && !request.includes("?"))).toBe(true);
  expect(asked[0]).toBe(`GET ${manifest}`);
});

test("a private bucket is read by signatures, of which the page shows none", async ({ page, dashboard, overview, quality }) => {
  const manifest = await buckets.put(folder(), "--origin", ORIGIN, "--sign", "600", "--sign-manifest", "600");
  expect(manifest).toContain("X-Amz-Signature=");
  const parts: URL[] = [];
  page.on("request", (request) => {
    if (request.url().includes(".parquet")) parts.push(new URL(request.url()));
  });
  await dashboard.load(site("missing"), at(manifest));
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  const signature = (url: string | URL): string => new URL(url).searchParams.get("X-Amz-Signature") ?? "none";
  expect(parts.length).toBeGreaterThan(0);
  for (const part of parts) expect(signature(part)).not.toBe(signature(manifest));
  await dashboard.go("Quality");
  await expect(quality.parts).toHaveCount(new Set(parts.map((part) => part.pathname)).size);
  await expect(quality.parts.first()).toHaveAttribute("data-status", "checked");
  expect(await shown(page)).not.toMatch(/X-Amz/i);
});

test("what wow share prints opens a private bucket", async ({ page, dashboard, overview }) => {
  const link = await buckets.share(await buckets.put(folder(), "--origin", ORIGIN), site("missing"));
  await page.goto(link);
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  await expect(dashboard.badge).toHaveText("DEV");
  expect(await shown(page)).not.toMatch(/X-Amz/i);
});

test("parts that everyone may read are not asked for by the signature of their manifest", async ({ dashboard, overview }) => {
  const manifest = await buckets.put(folder(), "--public", "--origin", ORIGIN, "--sign-manifest", "600");
  await dashboard.load(site("missing"), at(manifest));
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
});

for (const [what, options] of [
  ["a manifest", ["--sign-manifest", "1"]],
  ["a part", ["--sign", "1", "--sign-manifest", "600"]],
] as const) {
  test(`the signature of ${what} that has run out is told, and not shown`, async ({ page, dashboard, request }) => {
    const manifest = await buckets.put(folder(), "--origin", ORIGIN, ...options);
    let signed = manifest;
    if (what === "a part") {
      const [part] = (await (await request.get(manifest)).json()).parts;
      signed = new URL(`${part.file}?${part.query}`, manifest).href;
    }
    await expect.poll(async () => (await request.get(signed)).status()).toBe(403);
    await dashboard.open(site("missing"), at(manifest));
    await expect(dashboard.failure).toContainText("The signature in the address has run out");
    await expect(dashboard.failure).toContainText(new URL(signed).pathname);
    await expect(dashboard.retry()).toBeVisible();
    expect(await shown(page)).not.toMatch(/X-Amz/i);
  });
}

test("a bucket that allows no origin is told with the way out", async ({ dashboard }) => {
  const manifest = await buckets.put(folder(), "--public");
  await dashboard.open(site("missing"), at(manifest));
  await expect(dashboard.failure).toContainText("The other site does not let this page read it");
  await expect(dashboard.failure).toContainText("docs/hosting.md");
});

test("a private bucket and a missing export are told apart as far as the bucket does", async ({ dashboard }) => {
  const [hidden, open] = [
    await buckets.put(folder(), "--origin", ORIGIN),
    await buckets.put(folder(), "--public", "--origin", ORIGIN),
  ];
  await dashboard.open(site("missing"), at(hidden));
  await expect(dashboard.failure).toContainText("This page may not read the address");
  await expect(dashboard.failure).toContainText("It is private or not there");
  await dashboard.open(site("missing"), at(new URL("other/manifest.json", open).href));
  await expect(dashboard.failure).toContainText(/There is nothing at this address|This page may not read the address/);
  await expect(dashboard.failure.locator("code")).toHaveCount(0);
});
