import { expect, type Locator, type Page } from "@playwright/test";

type Texts = "class" | "race" | "guild" | "zone";
type Menu = "days" | "parameters" | Texts;

/** The filter that is in sight on every page. */
export class Filter {
  readonly bar: Locator;
  readonly clear: Locator;
  /** What stands in place of a page that the filter leaves nothing of. */
  readonly nothing: Locator;

  constructor(readonly page: Page) {
    this.bar = page.getByTestId("filter");
    this.clear = page.getByTestId("clear-filter");
    this.nothing = page.getByTestId("nothing-matches");
  }

  menu(name: Menu): Locator {
    return this.page.getByTestId(`filter-${name}`);
  }

  /** What a menu says while it is closed. */
  chip(name: Menu): Locator {
    return this.menu(name).locator("summary");
  }

  day(end: "from" | "to"): Locator {
    return this.page.getByTestId(`filter-${end}`);
  }

  option(name: Texts, text: string): Locator {
    return this.menu(name).getByRole("checkbox", { name: text, exact: true });
  }

  bots(choice: "in" | "out" | "only"): Locator {
    return this.page.getByTestId(`bots-${choice}`);
  }

  /** By which events players are judged, where not all count. */
  judge(by: "all" | "filtered"): Locator {
    return this.page.getByTestId(`judge-${by}`);
  }

  /** Chooses days, as YYYY-MM-DD, by mouse and keyboard. */
  async chooseDays(from: string, to: string): Promise<void> {
    await this.chip("days").click();
    await this.day("from").fill(from);
    await this.day("to").fill(to);
    await this.page.keyboard.press("Escape");
    await expect(this.day("to")).toBeHidden();
  }

  /** Ticks texts off. */
  async choose(name: Texts, ...texts: string[]): Promise<void> {
    await this.chip(name).click();
    for (const text of texts) await this.option(name, text).check();
    await this.page.keyboard.press("Escape");
  }
}
