import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Response } from "@playwright/test";

import { expected } from "../expected.ts";
import { expect, site, siteFolder, test } from "../fixtures.ts";
import { makeOtherBuild } from "../setup/build.ts";
import { servePlainly } from "../setup/plain.ts";
import { serve } from "../setup/server.ts";

const EVENTS = String(expected("dev").figures.events);

test("the page and its workers come under a policy that lets nothing in", async ({ page, dashboard }) => {
  const policies = new Map<string, string | undefined>();
  page.on("response", (response: Response) => {
    policies.set(response.url().split("/").at(-1)!, response.headers()["content-security-policy"]);
  });
  await dashboard.load(site("both"));
  const worker = page.workers()[0]!.url().split("/").at(-1)!;
  for (const name of ["", worker]) {
    const policy = policies.get(name);
    expect(policy, name).toContain("default-src 'none'");
    expect(policy, name).not.toContain("unsafe-inline");
    expect(policy, name).not.toContain("'unsafe-eval'");
  }
  // On a host that sends no such header the page brings its own.
  const own = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  expect(own).toBe(policies.get(""));
});

test("what is put into the page by others does not run", async ({ conduct, page, dashboard }) => {
  conduct.mayFail = true;
  // The browser tells of requests that it then blocks.
  conduct.allowed.add("http://127.0.0.2");
  await dashboard.load(site("both"));
  const blocked = await page.evaluate(async () => {
    const blocked = new Set<string>();
    document.addEventListener("securitypolicyviolation", (event) => blocked.add(event.effectiveDirective));
    const put = (tag: string, set: (element: HTMLElement) => void): void => {
      const element = document.createElement(tag);
      set(element);
      document.body.append(element);
    };
    put("script", (element) => (element.textContent = "globalThis.intruder = true"));
    put("p", (element) => element.setAttribute("style", "color: red"));
    put("img", (element) => element.setAttribute("src", "http://127.0.0.2/"));
    await fetch("http://127.0.0.2/").catch(() => {});
    await new Promise((resolve) => setTimeout(resolve));
    return { directives: [...blocked].sort(), ran: "intruder" in globalThis };
  });
  const directives = ["connect-src", "img-src", "script-src-elem", "style-src-attr"];
  expect(blocked).toEqual({ directives, ran: false });
});

test("a log over plain HTTP elsewhere is told what the policy asks for", async ({ conduct, dashboard }) => {
  conduct.mayFail = true;
  conduct.allowed.add("http://127.0.0.2");
  await dashboard.open(site("missing"), "data=http://127.0.0.2/log.parquet");
  await expect(dashboard.failure).toContainText("Ask for the https address");
});

test("everything that the page names is there, and named by its content but for a few", async ({ page, dashboard }) => {
  const answers = new Map<string, Response>();
  page.on("response", (response) => answers.set(response.url(), response));
  await dashboard.load(site("both"));
  const named = await page.evaluate(() =>
    [...document.querySelectorAll("link[href], script[src]")].map(
      (element) => new URL((element.getAttribute("href") ?? element.getAttribute("src"))!, document.baseURI).href,
    ),
  );
  for (const url of named) {
    const response = await page.request.get(url);
    expect(response.status(), url).toBe(200);
    expect(response.headers()["x-content-type-options"], url).toBe("nosniff");
    const isFixed = url.endsWith("/app.webmanifest");
    expect(response.headers()["cache-control"], url).toBe(isFixed ? "no-cache" : "public, max-age=31536000, immutable");
    if (!isFixed) expect(url).toMatch(/-[0-9a-f]{16}\.\w+$/);
  }
  expect(answers.get(site("both"))!.headers()["cache-control"]).toBe("no-cache");
});

test("browsers can install it", async ({ page, context, dashboard }) => {
  await dashboard.load(site("both"));
  const session = await context.newCDPSession(page);
  const { errors, data } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data!) as { icons: { src: string }[]; start_url: string; display: string };
  expect([manifest.start_url, manifest.display]).toEqual(["./", "standalone"]);
  for (const { src } of manifest.icons) {
    expect((await page.request.get(new URL(src, site("both")).href)).status(), src).toBe(200);
  }
});

test.describe("on the plainest host, deep below its root", () => {
  test.use({ isKept: true });

  test("it works, is kept, and a new build takes the place of one that was to be kept for ever", async ({
    conduct,
    page,
    dashboard,
    overview,
    quality,
    ownSite,
  }) => {
    const own = await ownSite("both");
    const folder = dirname(own.data);
    await rm(join(folder, "_headers"));
    const server = await servePlainly(folder, "/some/sub/path/");
    conduct.allowed.add(new URL(server.url).origin);
    try {
      await dashboard.load(server.url);
      await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
      await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
      await dashboard.go("Quality");
      await expect(quality.kept).toContainText("dev, exported");
      // What is kept for offline use is what was fetched to be shown.
      const large = server.asked.filter((name) => /\.(wasm|parquet)$/.test(name));
      expect(large.length).toBe(new Set(large).size);
      await page.reload();
      await dashboard.loaded();
      // The browser may keep every file of the old build for a year, the page itself among them.
      const { made } = await makeOtherBuild(folder);
      await dashboard.load(server.url);
      await dashboard.newer.getByRole("button", { name: "Reload" }).click();
      await expect(page.locator(`script[src="./${made[0]}"]`)).toHaveCount(1);
      await dashboard.loaded();
      await expect(overview.tile("events")).toHaveAttribute("data-value", EVENTS);
    } finally {
      server.close();
    }
  });
});

test("a missing page leads home from any depth", async ({ conduct, page, dashboard }) => {
  conduct.mayReportFailedRequests = true;
  // Home is where the site was made for.
  const missing = await readFile(join(siteFolder("both"), "404.html"), "utf8");
  const home = /class="button" href="([^"]+)"/.exec(missing)![1]!;
  const server = await servePlainly(siteFolder("both"), home);
  conduct.allowed.add(new URL(server.url).origin);
  try {
    for (const path of ["nothing", "nothing/at/all/"]) {
      const response = await page.goto(`${server.url}${path}`);
      expect(response!.status()).toBe(404);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no page at this address");
      // The site's colours, which a wrong address of its style would not bring.
      await expect(page.locator(".card")).toHaveCSS("border-top-style", "solid");
    }
    await page.getByRole("link", { name: "Open WoW Analytics" }).click();
    await dashboard.loaded();
  } finally {
    server.close();
  }
});

test("previews of links and tabs have what they show", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  const of = (selector: string): Promise<string | null> => page.locator(selector).first().getAttribute("content");
  expect(await of('meta[property="og:title"]')).toBe("WoW Analytics");
  expect((await of('meta[name="description"]'))!.length).toBeGreaterThan(40);
});

test("without scripts the page says what it needs", async ({ conduct, page }) => {
  conduct.mayFail = true;
  // Keeps scripts out, as a setting of the browser does.
  const server = await serve(siteFolder("both"), { "Content-Security-Policy": "sandbox" });
  conduct.allowed.add(new URL(server.url).origin);
  try {
    await page.goto(`${server.url}/`);
    await expect(page.locator("noscript p")).toBeVisible();
    await expect(page.locator("#shell")).toBeHidden();
  } finally {
    await server.close();
  }
});
