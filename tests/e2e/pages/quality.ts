import type { Locator, Page } from "@playwright/test";

/** The data tests, rejected rows, freshness and parts. */
export class Quality {
  readonly tests: Locator;
  readonly summary: Locator;
  readonly parts: Locator;

  constructor(readonly page: Page) {
    this.tests = page.getByTestId("quality-test");
    this.summary = page.getByTestId("quality-summary");
    this.parts = page.getByTestId("part");
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

  figure(key: "original_events" | "kept_events" | "bot_share"): Locator {
    return this.page.getByTestId(`quality-${key}`);
  }

  /** The cells of a reason's row: on export, on reading. */
  rejected(reason: "null_player_id" | "null_datetime"): Locator {
    return this.page.locator(`[data-testid="rejected"][data-name="${reason}"] td`);
  }
}
