import type { Page } from "@playwright/test";

import { REQUEST } from "../requests.ts";

/** What becomes of the scans that the page asks its workers for, from the next page that is opened on. */
export class Scans {
  constructor(readonly page: Page) {}

  /** To be called before a page is opened. */
  async watch(): Promise<void> {
    await this.page.addInitScript((scan) => {
      const scans = { fate: "run", held: [] as (() => void)[] };
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (this: Worker, message: unknown) {
        const send = (): void => post.call(this, message as object);
        const isScan = Array.isArray(message) && message[0] instanceof Uint8Array && message[0][0] === scan;
        if (isScan && scans.fate === "hold") scans.held.push(send);
        else if (isScan && scans.fate === "break") {
          setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "out of memory" })));
        } else send();
      };
      Object.assign(window, { scans });
    }, REQUEST.scan);
  }

  /** From now on scans wait, or break their worker down; those that run already do so to their end. */
  async will(fate: "hold" | "break"): Promise<void> {
    await this.page.evaluate((fate) => {
      (window as unknown as { scans: { fate: string } }).scans.fate = fate;
    }, fate);
  }

  /** The scans of pages that are opened from now on wait from the first. */
  async holdFromTheStart(): Promise<void> {
    await this.page.addInitScript(() => {
      (window as unknown as { scans: { fate: string } }).scans.fate = "hold";
    });
  }

  /** Scans run again, those that wait first. */
  async run(): Promise<void> {
    await this.page.evaluate(() => {
      const { scans } = window as unknown as { scans: { fate: string; held: (() => void)[] } };
      scans.fate = "run";
      for (const send of scans.held.splice(0)) send();
    });
  }
}
