import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Builder, By, type WebDriver } from "selenium-webdriver";

import { freePort } from "../setup/port.ts";
import type { Visitor } from "./visitor.ts";

/** WebKitGTK's own small browser, on a display that nobody sees. */
export async function webkit(program: string, folder: string): Promise<Visitor> {
  const downloads = join(folder, "downloads");
  await mkdir(downloads);
  await writeFile(join(folder, "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  const started: ChildProcess[] = [];
  const close = () => started.reverse().forEach((process) => process.kill());
  try {
    const [display, screen] = await virtualDisplay();
    started.push(screen);
    const port = await freePort();
    const environment = { ...process.env, DISPLAY: display, HOME: folder, XDG_CONFIG_HOME: folder };
    const options = { env: environment, stdio: "ignore" as const };
    started.push(spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], options));
    const driver = await session(`http://127.0.0.1:${port}`, program);
    return {
      downloads,
      open: (url) => driver.get(url),
      // Promises are awaited by the driver.
      run: (code, ...given) => driver.executeScript(`return (${code})(...arguments)`, ...given),
      press: async (selector) => {
        const element = await driver.findElement(By.css(selector));
        // The driver would bring it below the header, which stays on top.
        await driver.executeScript("arguments[0].scrollIntoView({ block: 'center' })", element);
        await element.click();
      },
      choose: async (selector, files) => driver.findElement(By.css(selector)).sendKeys(files.join("\n")),
      close: async () => {
        await driver.quit();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** A display of its own, and the process that ends it. */
async function virtualDisplay(): Promise<[string, ChildProcess]> {
  const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = await once(screen.stdio[3]!, "data");
  return [`:${String(number).trim()}`, screen];
}

/** The driver listens a moment after it was started. */
async function session(url: string, program: string): Promise<WebDriver> {
  const wanted = {
    browserName: "MiniBrowser",
    "webkitgtk:browserOptions": { binary: program, args: ["--automation"] },
  };
  for (let left = 100; ; left -= 1) {
    try {
      return await new Builder().usingServer(url).withCapabilities(wanted).build();
    } catch (error) {
      if (left === 0 || !/ECONNREFUSED/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
