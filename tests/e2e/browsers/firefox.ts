import puppeteer, { type ElementHandle } from "puppeteer-core";

import type { Visitor } from "./visitor.ts";

/** Firefox, without a window. */
export async function firefox(program: string, folder: string): Promise<Visitor> {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: program,
    env: { ...process.env, HOME: folder },
    extraPrefsFirefox: { "browser.download.folderList": 2, "browser.download.dir": folder },
  });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return {
    downloads: folder,
    complaints,
    open: async (url) => void (await page.goto(url)),
    run: async (code, ...given) => page.evaluate(code as (...given: unknown[]) => unknown, ...given) as never,
    press: (selector) => page.click(selector),
    choose: async (selector, files) => {
      const input = (await page.$(selector)) as ElementHandle<HTMLInputElement> | null;
      if (!input) throw new Error(`there is no ${selector}`);
      await input.uploadFile(...files);
    },
    close: () => browser.close(),
  };
}
