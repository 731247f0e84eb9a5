import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expected } from "../expected.ts";
import { expect, test } from "../fixtures.ts";
import config from "../playwright.config.ts";

// A host that is not this machine's own name: to its pages, over plain HTTP, browsers offer no hashes.
const HOST = "analytics.test";
const { launchOptions } = config.use!;
test.use({
  launchOptions: { ...launchOptions, args: [...launchOptions!.args!, `--host-resolver-rules=MAP ${HOST} 127.0.0.1`] },
});

test("over plain HTTP parts are checked all the same", async ({ page, conduct, dashboard, overview, ownSite }) => {
  const at = (url: string): string => url.replace("127.0.0.1", HOST);
  const [whole, own] = [await ownSite("both"), await ownSite("both")];
  conduct.allowed.add(new URL(at(own.url)).origin);
  await dashboard.load(at(whole.url));
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await expect(overview.tile("events")).toHaveAttribute("data-value", String(expected("dev").figures.events));

  const folder = join(own.data, "dev");
  const part = join(folder, (await readdir(folder)).find((name) => name.startsWith("part-"))!);
  const bytes = await readFile(part);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(part, bytes);
  await dashboard.open(at(own.url));
  await expect(dashboard.failure).toContainText("its SHA-256 is");
});
