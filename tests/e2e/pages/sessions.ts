import { expect, type Locator, type Page } from "@playwright/test";

import { count, duration, type WithGap } from "../expected.ts";
import { tableBehind } from "./overview.ts";

/** The headline figures of sessions, their charts, and the gap. */
export class Sessions {
  readonly slider: Locator;
  /** The field for exact minutes. */
  readonly field: Locator;
  /** How many sessions the chosen gap gives. */
  readonly withGap: Locator;
  readonly note: Locator;
  readonly refusal: Locator;
  readonly reset: Locator;

  constructor(readonly page: Page) {
    this.slider = page.getByTestId("gap");
    this.field = page.getByTestId("gap-minutes");
    this.withGap = page.getByTestId("gap-sessions");
    this.note = page.getByTestId("gap-note");
    this.refusal = page.locator("#gap-refusal");
    this.reset = page.getByTestId("reset-gap");
  }

  tile(key: "sessions" | "median" | "p95" | "longest" | "lone"): Locator {
    return this.page.getByTestId(`tile-${key}`);
  }

  chart(file: "session-duration" | "events-per-session" | "sessions-with-each-gap"): Locator {
    return this.page.getByTestId(`chart-${file}`);
  }

  /** The cells of the table behind a chart, row by row. */
  async table(file: Parameters<Sessions["chart"]>[0]): Promise<string[][]> {
    return tableBehind(this.chart(file));
  }

  /** The tiles and both histograms are those of these sessions. */
  async shows({ figures, durations, events }: WithGap): Promise<void> {
    await expect(this.tile("sessions")).toHaveAttribute("data-value", String(figures.sessions));
    await expect(this.tile("median")).toContainText(duration(figures.median));
    await expect(this.tile("median")).toContainText(`without bots ${duration(figures.median_without_bots)}`);
    await expect(this.tile("p95")).toContainText(duration(figures.p95));
    await expect(this.tile("p95")).toContainText(`without bots ${duration(figures.p95_without_bots)}`);
    await expect(this.tile("longest")).toContainText(duration(figures.longest));
    await expect(this.tile("longest")).toContainText(`player ${figures.longest_player},`);
    await expect(this.tile("lone")).toHaveAttribute("data-value", String(figures.lone));
    for (const [file, bands] of [
      ["session-duration", durations],
      ["events-per-session", events],
    ] as const) {
      const rows = (await this.table(file)).map((row) => row.slice(0, 4));
      expect(rows, file).toEqual(
        bands.map((band) => [band.label, count(band.humans), count(band.bots), count(band.every)]),
      );
    }
  }
}
