import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expected, variable } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";

const EVENTS = String(expected("dev").figures.events);
const at = (url: string): string => `data=${encodeURIComponent(url)}`;

test("a signature for a whole folder is that of its parts too", async ({
  page,
  dashboard,
  overview,
  conduct,
}) => {
  conduct.allowed.add(new URL(variable("E2E_OPEN_URL")).origin);
  const open = `${variable("E2E_OPEN_URL")}/both/data/dev`;
  const signature = "sp=r&sv=2024-11-04&sr=c&sig=a%2Bb%3D";
  const queries = new Set<string>();
  page.on("request", (request) => {
    if (request.url().startsWith(open)) queries.add(new URL(request.url()).search);
  });
  await dashboard.load(site("missing"), at(`${open}/?${signature}`));
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  expect([...queries]).toEqual([`?${signature}`]);
});

test("the browser keeps no part that is signed", async ({ page, dashboard, overview, ownSite, conduct }) => {
  const own = await ownSite("both");
  const manifest = join(own.data, "dev", "manifest.json");
  const described = JSON.parse(await readFile(manifest, "utf8"));
  const [part] = (await readdir(join(own.data, "dev"))).filter((name) => name.startsWith("part-"));
  const isKept = (query: string): Promise<boolean> =>
    page.evaluate(
      (url) => fetch(url, { cache: "only-if-cached", mode: "same-origin" }).then((answer) => answer.ok, () => false),
      `data/dev/${part}${query}`,
    );
  conduct.mayReportFailedRequests = true;
  await dashboard.load(own.url);
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  expect(await isKept("")).toBe(true);
  for (const part of described.parts) part.query = "sig=0f";
  await writeFile(manifest, JSON.stringify(described));
  await dashboard.load(own.url, "page=overview");
  await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  expect(await isKept("?sig=0f")).toBe(false);
});
