import { expect, type Locator, type Page } from "@playwright/test";

/** The pages in the order of the navigation. */
export const PAGE_NAMES = ["Overview", "Sessions", "Bots", "Players", "Quality", "Models", "Compare"] as const;
export type PageName = (typeof PAGE_NAMES)[number];

/** What every page of the site has: its address, its header, what is being loaded and what failed. */
export class Dashboard {
  readonly badge: Locator;
  readonly productionBar: Locator;
  readonly provenance: Locator;
  readonly limits: Locator;
  readonly loading: Locator;
  readonly failure: Locator;
  /** A failure above a picture that stays. */
  readonly failureStrip: Locator;
  /** In place of what is not there because loading was cancelled. */
  readonly cancelled: Locator;
  /** What the numbers are since loading was cancelled. */
  readonly cancelledStrip: Locator;
  /** How far a scan for another choice is. */
  readonly again: Locator;
  /** That the link was made of other data. */
  readonly linkStrip: Locator;
  /** That what is shown is an export that the browser kept. */
  readonly copyStrip: Locator;
  /** That a newer build is there. */
  readonly newer: Locator;
  /** How far the writing of a large file is, that it is done, and that it is not. */
  readonly saving: Locator;
  readonly saved: Locator;
  readonly saveFailed: Locator;
  readonly content: Locator;

  constructor(readonly page: Page) {
    this.badge = page.getByTestId("badge");
    this.productionBar = page.getByTestId("production-bar");
    this.provenance = page.getByTestId("provenance");
    this.limits = page.getByTestId("filter-parameters").locator("summary");
    this.loading = page.getByTestId("loading");
    this.failure = page.getByTestId("failure");
    this.failureStrip = page.getByTestId("failure-strip");
    this.content = page.locator("main");
    this.cancelled = this.content.getByTestId("cancelled");
    this.cancelledStrip = page.getByTestId("cancelled-strip");
    this.again = page.getByTestId("again");
    this.copyStrip = page.getByTestId("copy-strip");
    this.newer = page.locator("#newer");
    this.saving = page.getByTestId("saving");
    this.saved = page.getByTestId("saved");
    this.saveFailed = page.getByTestId("save-failed");
    this.linkStrip = page.getByTestId("link-strip");
  }

  /** Opens a site; `search` is the part of the address after the question mark. */
  async open(site: string, search = ""): Promise<void> {
    await this.page.goto(search ? `${site}?${search}` : site);
  }

  /** Opens a site and waits until all numbers are in. */
  async load(site: string, search = ""): Promise<void> {
    await this.open(site, search);
    await this.loaded();
  }

  /** Waits until all numbers are in and none is about to change. */
  async loaded(): Promise<void> {
    await expect(this.content.locator(".card").first()).toBeVisible();
    await expect(this.content.locator(".waiting")).toHaveCount(0);
    await expect(this.loading).toHaveCount(0);
    await expect(this.content).not.toHaveClass(/stale/);
  }

  async go(name: PageName): Promise<void> {
    await this.page.getByRole("navigation").getByRole("link", { name }).click();
    await this.isOn(name);
  }

  async isOn(name: PageName): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText(name);
    await expect(this.page.locator('nav [aria-current="page"]')).toHaveText(name);
  }

  /** Goes to an address as Back and Forward do, without loading the page anew. */
  async moveTo(change: Record<string, string>): Promise<void> {
    await this.page.evaluate((change) => {
      const query = new URLSearchParams(location.search);
      for (const [key, value] of Object.entries(change)) query.set(key, value);
      history.pushState(null, "", `?${query}`);
      dispatchEvent(new PopStateEvent("popstate"));
    }, change);
  }

  /** Whether each of the things on the page, or in another place, is dimmed. */
  async dimmed(of: Locator = this.content.locator(":scope > :not(.unseen)")): Promise<boolean[]> {
    return of.evaluateAll((shown) => shown.map((element) => Number(getComputedStyle(element).opacity) < 0.6));
  }

  /** What the address says after its question mark. */
  query(): URLSearchParams {
    return new URL(this.page.url()).searchParams;
  }

  environment(name: "dev" | "prod"): Locator {
    return this.page.getByRole("group", { name: "Environment" }).getByRole("button", { name, exact: true });
  }

  /** Picks files of this machine, as the button Open files does. */
  async pick(...files: string[]): Promise<void> {
    await this.page.locator("header").getByLabel("Open files").setInputFiles(files);
  }

  /** Picks a folder of this machine, as the button Open folder does. */
  async pickFolder(folder: string): Promise<void> {
    await this.page.locator("header").getByLabel("Open folder").setInputFiles(folder);
  }

  retry(): Locator {
    return this.failure.getByRole("button", { name: "Try again" });
  }
}
