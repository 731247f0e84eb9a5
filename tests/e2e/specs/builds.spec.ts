import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { serve } from "../setup/server.ts";

const EVENTS = String(expected("dev").figures.events);
const FOR_EVER = { "Cache-Control": "public, max-age=31536000, immutable" };

async function fileOf(folder: string, pattern: RegExp): Promise<string> {
  const name = (await readdir(folder)).find((name) => pattern.test(name));
  if (!name) throw new Error(`${folder} has no ${pattern}`);
  return join(folder, name);
}

/** Changes a file of a site in place. */
async function change(file: string, to: (text: string) => string): Promise<void> {
  const before = await readFile(file, "latin1");
  const after = to(before);
  expect(after).not.toBe(before);
  await writeFile(file, after, "latin1");
}

/** What the build is called of which both are: its version, and sixteen digits of its sources. */
async function buildIn(page: string, worker: string): Promise<string> {
  const builds = (text: string): Set<string> => new Set(text.match(/\d+\.\d+\.\d+\+[0-9a-f]{16}/g));
  const ofPage = builds(await readFile(page, "latin1"));
  const shared = [...builds(await readFile(worker, "latin1"))].filter((build) => ofPage.has(build));
  expect(shared).toHaveLength(1);
  return shared[0]!;
}

test("a worker of another build is never asked for anything", async ({ conduct, dashboard, overview, ownSite }) => {
  conduct.mayReportFailedRequests = true;
  const own = await ownSite("both");
  const folder = dirname(own.data);
  const worker = await fileOf(folder, /^worker-\w{16}\.wasm$/);
  const build = await buildIn(await fileOf(folder, /^app-\w{16}\.wasm$/), worker);
  const [version, sources] = build.split("+") as [string, string];
  await change(worker, (code) => code.replaceAll(build, `${version}+${sources.split("").reverse().join("")}`));
  await dashboard.open(own.url);
  await expect(dashboard.failure).toContainText("it is of build");
  await expect(dashboard.failure).toContainText(build);
  await expect(overview.tile("events")).toHaveCount(0);
});

test("a new build is whole, whatever the browser keeps of the old one for ever", async ({
  conduct,
  page,
  dashboard,
  overview,
  ownSite,
}) => {
  const own = await ownSite("both");
  const folder = dirname(own.data);
  // As hosts are told: all for ever but the page itself and what tells of exports.
  const server = await serve(folder, (path) => (/(\.html|\/|manifest\.json)$/.test(path) ? {} : FOR_EVER));
  conduct.allowed.add(new URL(server.url).origin);
  try {
    await dashboard.load(`${server.url}/`);
    const before = page.workers().map((worker) => worker.url());
    expect(before.length).toBeGreaterThan(0);
    // Another build: its worker has another content, and so another name.
    const script = await fileOf(folder, /^worker-.*\.js$/);
    const hash = /worker-(\w+)\.js$/.exec(script)![1]!;
    const other = hash.split("").reverse().join("");
    await change(join(folder, "index.html"), (text) => text.replaceAll(`worker-${hash}`, `worker-${other}`));
    await rename(script, script.replace(hash, other));
    await dashboard.load(`${server.url}/`);
    await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
    const after = page.workers().map((worker) => worker.url());
    expect(after.every((url) => url.endsWith(`worker-${other}.js`)), after.join()).toBe(true);
  } finally {
    await server.close();
  }
});

for (const [what, damage] of [
  ["is not there", rm],
  ["is a page of the host", (file: string) => writeFile(file, "<!doctype html><p>Not found")],
  ["is cut short", async (file: string) => writeFile(file, (await readFile(file)).subarray(0, 30_000))],
] as const) {
  for (const kind of ["js", "wasm"]) {
    test(`the page tells when its ${kind} ${what}, and can be reloaded`, async ({ conduct, page, ownSite, overview }) => {
      conduct.mayFail = true;
      const own = await ownSite("both");
      const file = await fileOf(dirname(own.data), kind === "js" ? /^app-.*\.js$/ : /^app-\w{16}\.wasm$/);
      const whole = await readFile(file);
      await damage(file);
      await page.goto(own.url);
      await expect(page.getByRole("alert")).toContainText("could not be started");
      await expect(page.getByRole("button", { name: "Copy details" })).toBeVisible();
      await writeFile(file, whole);
      await page.getByRole("button", { name: "Reload" }).click();
      await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
    });
  }
}

test("the page tells when its code traps", async ({ conduct, page, dashboard }) => {
  conduct.mayFail = true;
  await dashboard.load(site("both"));
  // What the browser does when compiled code breaks off.
  await page.evaluate(() => {
    dispatchEvent(new CustomEvent("panic", { detail: "panicked at src/ui/app.rs:1:1:\nfor the test" }));
    setTimeout(() => {
      // A module that does nothing but trap.
      const code = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11];
      new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(code)));
    });
  });
  const screen = page.getByRole("alert");
  await expect(screen).toContainText("The page broke down");
  await expect(screen).toContainText("for the test");
  await page.getByRole("button", { name: "Reload" }).click();
  await dashboard.loaded();
});

for (const [what, damage] of [
  ["is not there", rm],
  ["is cut short", async (file: string) => writeFile(file, (await readFile(file)).subarray(0, 30_000))],
] as const) {
  test(`the page tells when a worker's code ${what}, and Try again works once it is mended`, async ({
    conduct,
    dashboard,
    overview,
    ownSite,
  }) => {
    conduct.mayFail = true;
    const own = await ownSite("both");
    const code = await fileOf(dirname(own.data), /^worker-\w{16}\.wasm$/);
    const whole = await readFile(code);
    await damage(code);
    await dashboard.open(own.url);
    await expect(dashboard.failure).toContainText("The computation broke off");
    await writeFile(code, whole);
    await dashboard.retry().click();
    await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
  });
}
