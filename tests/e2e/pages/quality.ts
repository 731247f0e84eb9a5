import type { Locator, Page } from "@playwright/test";

/** The data tests, rejected rows, freshness and parts. */
export class Quality {
  readonly tests: Locator;
  readonly summary: Locator;
  readonly parts: Locator;
  /** What the browser keeps for offline use. */
  readonly kept: Locator;
  /** How files are read that no export wrote. */
  readonly readings: Locator;

  constructor(readonly page: Page) {
    this.tests = page.getByTestId("quality-test");
    this.summary = page.getByTestId("quality-summary");
    this.kept = page.getByTestId("kept");
    this.parts = page.getByTestId("part");
    this.readings = page.getByTestId("quality-reading");
  }

  /** The names of the tests that ended in some way. */
  async ended(status: string): Promise<string[]> {
    return this.tests.evaluateAll(
      (rows, status) =>
        rows
          .filter((row) => row.getAttribute("data-status") === status)
          .map((row) => row.getAttribute("data-name") ?? "?"),
      status,
    );
  }

  /** How many rows fail a test. */
  failing(name: string): Locator {
    return this.page.locator(`[data-testid="quality-test"][data-name="${name}"] td.num`);
  }

  /** The cells of a column's row in such a table: the name in the file, how it is stored there, and as what it is read. */
  reading(column: string): Locator {
    return this.page.locator(`[data-testid="reading-column"][data-name="${column}"] td`);
  }

  figure(key: "original_events" | "kept_events" | "bot_share"): Locator {
    return this.page.getByTestId(`quality-${key}`);
  }

  /** The cells of a reason's row: on export, on reading. */
  rejected(reason: "null_player_id" | "null_datetime"): Locator {
    return this.page.locator(`[data-testid="rejected"][data-name="${reason}"] td`);
  }
}
