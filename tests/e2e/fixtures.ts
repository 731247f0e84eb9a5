import { test as base, expect } from "@playwright/test";

import { Dashboard } from "./pages/dashboard.ts";

/** What a page did that it must not. */
export interface Conduct {
  /** Errors on the console and exceptions that nothing caught. */
  errors: string[];
  /** Requests to any host but the one that serves the site. */
  foreign: string[];
}

/** Every test gets the dashboard, and fails if the page asks another host for anything. */
export const test = base.extend<{ conduct: Conduct; dashboard: Dashboard }>({
  conduct: async ({ page }, use) => {
    const conduct: Conduct = { errors: [], foreign: [] };
    const own = new URL(site("both")).origin;
    page.on("console", (message) => {
      if (message.type() === "error") conduct.errors.push(message.text());
    });
    page.on("pageerror", (error) => conduct.errors.push(error.message));
    page.context().on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.origin !== own) conduct.foreign.push(request.url());
    });
    await use(conduct);
    expect(conduct.foreign).toEqual([]);
  },
  dashboard: async ({ page, conduct: _ }, use) => {
    await use(new Dashboard(page));
  },
});

/** The address of a site that `setup/sites.ts` made. */
export function site(name: string): string {
  const url = process.env.E2E_URL;
  if (!url) throw new Error("the global setup has not run");
  return `${url}/${name}/`;
}

export { expect };
