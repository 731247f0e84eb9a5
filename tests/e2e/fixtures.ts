import { cp, rm } from "node:fs/promises";
import { join } from "node:path";

import { test as base, expect } from "@playwright/test";

import { variable } from "./expected.ts";
import { Bots } from "./pages/bots.ts";
import { Compare } from "./pages/compare.ts";
import { Dashboard } from "./pages/dashboard.ts";
import { Filter } from "./pages/filter.ts";
import { Models } from "./pages/models.ts";
import { Overview } from "./pages/overview.ts";
import { PlayerPanel, Players } from "./pages/players.ts";
import { Quality } from "./pages/quality.ts";
import { Report } from "./pages/report.ts";
import { Scans } from "./pages/scans.ts";
import { Sessions } from "./pages/sessions.ts";

/** What a page did that it must not. */
export interface Conduct {
  /** What it said on the console, whatever it was, and exceptions that nothing caught. */
  said: string[];
  /** Requests to any host but those that a test allows. */
  foreign: string[];
  /** The hosts that may be asked. */
  allowed: Set<string>;
  /** Set by tests whose server fails on purpose: the browser reports that on the console. */
  mayReportFailedRequests: boolean;
  /** Set by tests that break the page itself. */
  mayFail: boolean;
}

/** A copy of a site that a test may change. */
export interface OwnSite {
  /** Its address. */
  url: string;
  /** The folder of its exports, `<data>/dev` and `<data>/prod`. */
  data: string;
}

/** How many times slower pages run than they could, to find tests that count on a fast processor. */
const SLOWDOWN = Number(process.env.CPU_SLOWDOWN ?? 1);

interface Fixtures {
  /** Whether the browser keeps the page and its exports for offline use; else every load comes from the server. */
  isKept: boolean;
  conduct: Conduct;
  /** Slows the page down, if that was asked for. */
  slowdown: void;
  dashboard: Dashboard;
  filter: Filter;
  overview: Overview;
  bots: Bots;
  players: Players;
  panel: PlayerPanel;
  quality: Quality;
  report: Report;
  sessions: Sessions;
  models: Models;
  compare: Compare;
  /** The scans of the pages that the test opens. */
  scans: Scans;
  /** Copies a site. */
  ownSite: (from: string) => Promise<OwnSite>;
}

/** What the runner says where it keeps service workers out. */
const NOT_KEPT = "Service Worker registration blocked by Playwright";

/** Every test gets the dashboard, and fails if the page says anything on the console or asks another host for anything. */
export const test = base.extend<Fixtures>({
  isKept: [false, { option: true }],
  serviceWorkers: ({ isKept }, use) => use(isKept ? "allow" : "block"),
  conduct: [
    async ({ page, isKept }, use) => {
      // A browser may have no such store, as on pages over plain HTTP.
      if (!isKept) await page.addInitScript("delete Window.prototype.caches; delete globalThis.caches;");
      const conduct: Conduct = {
        said: [],
        foreign: [],
        allowed: new Set([new URL(variable("E2E_URL")).origin]),
        mayReportFailedRequests: false,
        mayFail: false,
      };
      page.on("console", (message) => {
        const isRequest = /^Failed to load resource|blocked by CORS policy/.test(message.text());
        if (message.text() !== NOT_KEPT && !(isRequest && conduct.mayReportFailedRequests)) {
          conduct.said.push(`${message.type()}: ${message.text()}`);
        }
      });
      page.on("pageerror", (error) => conduct.said.push(error.message));
      page.context().on("request", (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith("http") && !conduct.allowed.has(url.origin)) {
          conduct.foreign.push(request.url());
        }
      });
      await use(conduct);
      if (!conduct.mayFail) expect(conduct.said).toEqual([]);
      expect(conduct.foreign).toEqual([]);
    },
    { auto: true },
  ],
  slowdown: [
    async ({ context, page }, use) => {
      if (SLOWDOWN > 1) {
        const session = await context.newCDPSession(page);
        await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
      }
      await use();
    },
    { auto: true },
  ],
  dashboard: async ({ page }, use) => use(new Dashboard(page)),
  filter: async ({ page }, use) => use(new Filter(page)),
  overview: async ({ page }, use) => use(new Overview(page)),
  bots: async ({ page }, use) => use(new Bots(page)),
  players: async ({ page }, use) => use(new Players(page)),
  panel: async ({ page }, use) => use(new PlayerPanel(page)),
  quality: async ({ page }, use) => use(new Quality(page)),
  report: async ({ page }, use) => use(new Report(page)),
  sessions: async ({ page }, use) => use(new Sessions(page)),
  models: async ({ page }, use) => use(new Models(page)),
  compare: async ({ page }, use) => use(new Compare(page)),
  scans: async ({ page }, use) => {
    const scans = new Scans(page);
    await scans.watch();
    await use(scans);
  },
  ownSite: async ({}, use, testInfo) => {
    const names: string[] = [];
    await use(async (from) => {
      const name = `own-${testInfo.testId}-${testInfo.retry}-${names.length}`;
      names.push(name);
      await cp(siteFolder(from), siteFolder(name), { recursive: true });
      return { url: site(name), data: join(siteFolder(name), "data") };
    });
    await Promise.all(names.map((name) => rm(siteFolder(name), { recursive: true, force: true })));
  },
});

/** The address of a site that `setup/sites.ts` made. */
export function site(name: string): string {
  return `${variable("E2E_URL")}/${name}/`;
}

/** The folder that a site is served from. */
export function siteFolder(name: string): string {
  return join(variable("E2E_SITES"), name);
}

export { expect };
