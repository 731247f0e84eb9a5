import { expect, type Locator, type Page } from "@playwright/test";

import { downloaded } from "../download.ts";
import { VirtualTable } from "./table.ts";

/** The table of all players with its filters. */
export class Players {
  readonly table: VirtualTable;
  readonly say: Locator;

  constructor(readonly page: Page) {
    this.table = new VirtualTable(page, "players-table");
    this.say = page.getByTestId("players-say");
  }

  filter(name: "id" | "guild" | "churned" | "level-from" | "level-to"): Locator {
    return this.page.getByTestId("players").getByTestId(`filter-${name}`);
  }

  async chooseColumns(...columns: string[]): Promise<void> {
    await this.page.getByText("Columns", { exact: true }).click();
    for (const column of columns) await this.page.locator(`input[data-column="${column}"]`).click();
    await this.page.getByText("Columns", { exact: true }).click();
  }

  /** Downloads the table as CSV: the file's name and its text. */
  async download(): Promise<{ name: string; text: string }> {
    const { name, bytes } = await this.file("csv");
    return { name, text: bytes.toString("utf8") };
  }

  /** Downloads the table in this format. */
  async file(format: "csv" | "parquet"): Promise<{ name: string; bytes: Buffer }> {
    return downloaded(this.page.getByTestId(`players-${format}`));
  }
}

/** The panel of one player. */
export class PlayerPanel {
  readonly root: Locator;
  readonly verdict: Locator;
  readonly unknown: Locator;
  /** That what is told is of the events that match the filter. */
  readonly scope: Locator;
  readonly cancelled: Locator;
  readonly failure: Locator;
  readonly sessions: VirtualTable;
  /** What snapshots saw, a row a state. */
  readonly changes: Locator;

  constructor(readonly page: Page) {
    this.root = page.getByTestId("player-panel");
    this.changes = page.getByTestId("player-change");
    this.verdict = page.getByTestId("player-verdict");
    this.unknown = page.getByTestId("player-unknown");
    this.scope = page.getByTestId("player-scope");
    this.cancelled = this.root.getByTestId("cancelled");
    this.failure = page.getByTestId("sessions-failure");
    this.sessions = new VirtualTable(page, "sessions-table");
  }

  async isOpenFor(id: string): Promise<void> {
    await expect(this.root).toBeVisible();
    await expect(this.root).toHaveAttribute("data-player-id", id);
    await expect(this.root.getByRole("heading", { level: 2, name: `Player ${id}` })).toBeVisible();
  }

  rule(key: "likely_bot_long_session" | "likely_bot_avg_session"): Locator {
    return this.page.getByTestId(`rule-${key}`);
  }

  fact(key: string): Locator {
    return this.page.getByTestId(`fact-${key}`);
  }
}
