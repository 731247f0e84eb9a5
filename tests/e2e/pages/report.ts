import type { Locator, Page } from "@playwright/test";

import { downloaded } from "../download.ts";

/** The header's button that saves what is shown as one file. */
export class Report {
  readonly button: Locator;
  readonly title: Locator;
  readonly note: Locator;
  readonly save: Locator;

  constructor(readonly page: Page) {
    this.button = page.getByTestId("report");
    this.title = page.getByTestId("report-title");
    this.note = page.getByTestId("report-note");
    this.save = page.getByTestId("report-save");
  }

  /** Saves the report under a heading and with a note. */
  async saved(title = "", note = ""): Promise<{ name: string; bytes: Buffer }> {
    await this.button.click();
    await this.title.fill(title);
    await this.note.fill(note);
    return downloaded(this.save);
  }
}
