import { expect, type Locator, type Page } from "@playwright/test";

import { tableBehind } from "./overview.ts";
import { VirtualTable } from "./table.ts";

/** The page's data and the other environment's export, side by side. */
export class Compare {
  readonly table: VirtualTable;
  readonly failure: Locator;
  /** That the page's own data are not all in. */
  readonly waiting: Locator;

  constructor(readonly page: Page) {
    this.table = new VirtualTable(page, "compare-table");
    this.failure = page.getByTestId("compare-failure");
    this.waiting = page.getByTestId("compare-waiting");
  }

  /** Waits until both are there and belong together. */
  async compared(): Promise<void> {
    await expect(this.page.getByTestId("compare-players")).toBeVisible();
    await expect(this.page.getByText(/^Computing anew/)).toHaveCount(0);
  }

  /** A figure of the page's data, of the other, and the difference. */
  figure(key: string): Locator {
    return this.page.locator(`[data-testid="compare-figure"][data-name="${key}"] td`);
  }

  /** The labels of a distribution with the counts of both, row by row. */
  async distribution(kind: string): Promise<[string, number, number][]> {
    const rows = await tableBehind(this.page.getByTestId(`chart-compare-${kind}`));
    const number = (text: string) => Number(text.replaceAll(",", ""));
    return rows.map((row) => [row[0]!, number(row[1]!), number(row[3]!)]);
  }

  /** The rows behind a chart of two curves. */
  async course(kind: string): Promise<string[][]> {
    return tableBehind(this.page.getByTestId(`chart-compare-${kind}`));
  }

  group(name: "changed" | "only-here" | "only-there"): Locator {
    return this.page.getByTestId(`compare-${name}`);
  }
}
