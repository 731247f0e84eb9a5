import type { Page } from "@playwright/test";

/** What every page of the site has: its address and its header. */
export class Dashboard {
  constructor(readonly page: Page) {}

  /** Opens a site; `search` is the part of the address after the question mark. */
  async open(site: string, search = ""): Promise<void> {
    await this.page.goto(search ? `${site}?${search}` : site);
  }
}
