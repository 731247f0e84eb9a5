import type { Page } from "@playwright/test";

/** What becomes of the second thing that is written. */
type Second = "written" | "kept" | "refused";

/**
 * Lets the page write to a disk without a dialog: in place of the picker alone there is one that gives a file of the page's
 * own file system, whose handles are like those of any other. The second write can be kept waiting until `release` is called
 * on the page, or be refused.
 */
export async function pickWithoutDialog(page: Page, second: Second = "written"): Promise<void> {
  await page.addInitScript((second) => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const picker = async (options: { suggestedName: string }): Promise<FileSystemFileHandle> => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle(options.suggestedName, { create: true });
      const open = handle.createWritable.bind(handle);
      handle.createWritable = async () => {
        const stream = await open();
        const write = stream.write.bind(stream);
        let writes = 0;
        stream.write = async (data: FileSystemWriteChunkType) => {
          writes += 1;
          if (writes === 2) document.documentElement.dataset.written = "once";
          if (writes === 2 && second === "refused") throw new DOMException("The disk is full.", "QuotaExceededError");
          if (writes === 2 && second === "kept") await released;
          return write(data);
        };
        return stream;
      };
      return handle;
    };
    Object.assign(window, { showSaveFilePicker: picker, release: () => release() });
  }, second);
}

/** Takes the page's way to write to a disk from it, as in browsers that have none. */
export async function withoutPicker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, "showSaveFilePicker");
  });
}

/** The names of the files on the disk, also of those that are not finished. */
export async function filesOnDisk(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return names;
  });
}

/** What a file on the disk holds. */
export async function readFromDisk(page: Page, name: string): Promise<Buffer> {
  const url = await page.evaluate(async (name) => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle(name)).getFile();
    return new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as string);
      reader.readAsDataURL(file);
    });
  }, name);
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
}
