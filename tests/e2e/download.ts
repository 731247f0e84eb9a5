import type { Locator } from "@playwright/test";

/** What a button downloads: the file's name and its bytes. */
export async function downloaded(button: Locator): Promise<{ name: string; bytes: Buffer }> {
  const waiting = button.page().waitForEvent("download");
  await button.click();
  const download = await waiting;
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}
