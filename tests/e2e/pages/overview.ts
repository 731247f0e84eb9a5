import { expect, type Locator, type Page } from "@playwright/test";

import { toggleTable } from "./chart.ts";

/** The headline figures, the funnel, and the charts with the tables behind them. */
export class Overview {
  constructor(readonly page: Page) {}

  tile(key: "events" | "players" | "sessions" | "bots" | "bot-events" | "churned"): Locator {
    return this.page.getByTestId(`tile-${key}`);
  }

  /** What is kept and left out: the count, what is counted, and the share of all. */
  async funnel(): Promise<Map<string, string[]>> {
    return new Map((await this.table("from-log-to-players")).map(([name, ...rest]) => [name!, rest]));
  }

  chart(file: string): Locator {
    return this.page.getByTestId(`chart-${file}`);
  }

  /** The cells of the table behind a chart, row by row. */
  async table(file: string): Promise<string[][]> {
    return tableBehind(this.chart(file));
  }
}

/** The cells of the table behind a chart, which is shown for it. */
export async function tableBehind(chart: Locator): Promise<string[][]> {
  if (!(await chart.locator(".chart-table").isVisible())) await toggleTable(chart);
  await expect(chart.locator(".chart-table")).toBeVisible();
  return cells(chart.locator(".chart-table tbody tr"));
}

/** The texts of all cells, row by row. */
export async function cells(rows: Locator): Promise<string[][]> {
  return rows.evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll("th, td")].map((cell) => cell.textContent?.trim() ?? "")),
  );
}
