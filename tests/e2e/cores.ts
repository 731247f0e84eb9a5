import type { Page } from "@playwright/test";

/** Makes the browser say that the machine has so many cores, from the next page on. */
export async function pretendCores(page: Page, cores: number): Promise<void> {
  await page.addInitScript((cores) => {
    Object.defineProperty(navigator, "hardwareConcurrency", { get: () => cores, configurable: true });
  }, cores);
}
