import { expect, type Locator, type Page } from "@playwright/test";

import type { Counts } from "../expected.ts";
import { VirtualTable } from "./table.ts";

/** The limits, what they do, and the flagged players. */
export class Bots {
  readonly table: VirtualTable;
  readonly reset: Locator;

  constructor(readonly page: Page) {
    this.table = new VirtualTable(page, "flagged-table");
    this.reset = page.getByTestId("reset-limits");
  }

  slider(limit: "longest" | "average"): Locator {
    return this.page.getByTestId(`limit-${limit}`);
  }

  /** The field for exact minutes. */
  field(limit: "longest" | "average"): Locator {
    return this.page.getByTestId(`limit-${limit}-minutes`);
  }

  /** Types limits in, and leaves the fields. */
  async setLimits(longest: number, average: number): Promise<void> {
    await this.field("longest").fill(String(longest));
    await this.field("average").fill(String(average));
    await this.field("average").blur();
  }

  /** The page shows what these limits do. */
  async shows(counts: Counts): Promise<void> {
    const figures = {
      flagged: counts.flagged,
      "longest-only": counts.longest_only,
      "average-only": counts.average_only,
      both: counts.both,
      "kept-events": counts.kept_events,
    };
    for (const [figure, value] of Object.entries(figures)) {
      await expect(this.page.getByTestId(figure), figure).toHaveAttribute("data-value", String(value));
      await expect(this.page.getByTestId(figure), figure).toHaveText(value.toLocaleString("en-US"));
    }
    await this.table.hasRows(counts.flagged);
  }
}
