import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const hash = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** The file of a site whose name begins and ends so. */
export async function fileOf(site: string, start: string, end: string): Promise<string> {
  const name = (await readdir(site)).find((name) => name.startsWith(`${start}-`) && name.endsWith(end));
  if (!name) throw new Error(`${site} has no ${start}-….${end}`);
  return name;
}

/**
 * Makes another build of a site in its place: its start.js and its worker have other contents, and so other names, and the
 * files of the build before are gone. Gives the names of both.
 */
export async function makeOtherBuild(site: string): Promise<{ gone: string[]; made: string[] }> {
  const [gone, made]: [string[], string[]] = [[], []];
  const read = (name: string): Promise<string> => readFile(join(site, name), "utf8");
  let [page, worker] = [await read("index.html"), await read("sw.js")];
  for (const start of ["start", "worker"]) {
    const old = await fileOf(site, start, ".js");
    const text = `${await read(old)}\n// Another build.\n`;
    const name = `${start}-${hash(text).slice(0, 16)}.js`;
    worker = worker.replace(hash(await read(old)), hash(text)).replaceAll(old, name);
    page = page.replaceAll(old, name);
    await writeFile(join(site, name), text);
    await rm(join(site, old));
    gone.push(old);
    made.push(name);
  }
  worker = worker.replace(hash(await read("index.html")), hash(page));
  worker = worker.replace(/const BUILD = "\w+"/, `const BUILD = "${hash(page).slice(0, 16)}"`);
  await writeFile(join(site, "index.html"), page);
  // At once, for a browser may be asking for it.
  await writeFile(join(site, "sw.js.new"), worker);
  await rename(join(site, "sw.js.new"), join(site, "sw.js"));
  return { gone, made };
}
