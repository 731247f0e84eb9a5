import { expect, type Locator, type Page } from "@playwright/test";

/** A table that holds only the rows in sight. */
export class VirtualTable {
  readonly scroller: Locator;
  readonly grid: Locator;
  readonly rows: Locator;

  constructor(readonly page: Page, testId: string) {
    this.scroller = page.getByTestId(testId);
    this.grid = this.scroller.getByRole("grid");
    this.rows = this.scroller.locator("tbody tr[data-index]");
  }

  /** How many rows there are, in sight or not. */
  async hasRows(count: number): Promise<void> {
    // The row of headings counts too.
    await expect(this.grid).toHaveAttribute("aria-rowcount", String(count + 1));
  }

  row(index: number): Locator {
    return this.scroller.locator(`tr[data-index="${index}"]`);
  }

  heading(column: string): Locator {
    return this.scroller.locator(`th[data-column="${column}"]`);
  }

  async sortBy(column: string, order: "ascending" | "descending"): Promise<void> {
    for (let press = 0; press < 2; press++) {
      if ((await this.heading(column).getAttribute("aria-sort")) === order) return;
      await this.heading(column).getByRole("button").click();
    }
    await expect(this.heading(column)).toHaveAttribute("aria-sort", order);
  }

  /** The texts of the first rows in some columns. */
  async first(count: number, columns: string[]): Promise<string[][]> {
    await this.scroller.evaluate((scroller) => scroller.scrollTo(0, 0));
    await expect(this.row(0)).toBeVisible();
    return this.rows.evaluateAll(
      (rows, [count, columns]) =>
        rows
          .slice(0, count)
          .map((row) =>
            columns.map((column) => row.querySelector(`td[data-column="${column}"]`)?.textContent?.trim() ?? "?"),
          ),
      [count, columns] as const,
    );
  }

  /** The ids of the first rows, once they are these. */
  async startsWith(ids: string[]): Promise<void> {
    await expect
      .poll(() =>
        this.rows.evaluateAll(
          (rows, count) => rows.slice(0, count).map((row) => row.getAttribute("data-player-id")),
          ids.length,
        ),
      )
      .toEqual(ids);
  }
}
