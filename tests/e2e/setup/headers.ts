import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The headers of a file by its path. */
export type HeadersOf = (path: string) => Record<string, string>;

/** What the `_headers` of the site that a file lies in tells of it, as the hosts read it that know such a file. */
export function headersOf(served: string, path: string): Record<string, string> {
  for (let site = path; ; site = dirname(site)) {
    const file = join(served, site, "_headers");
    if (existsSync(file)) return told(readFileSync(file, "utf8"), path.slice(site === "/" ? 0 : site.replace(/\/$/, "").length));
    if (site === "/" || site === ".") return {};
  }
}

/** Every block that fits adds its headers. */
function told(text: string, path: string): Record<string, string> {
  const headers: Record<string, string> = {};
  let isMeant = false;
  for (const line of text.split("\n")) {
    const header = /^\s+([\w-]+): (.*)$/.exec(line);
    if (header && isMeant) headers[header[1]!] = header[2]!;
    if (!header) isMeant = fits(line, path);
  }
  return headers;
}

function fits(pattern: string, path: string): boolean {
  const pieces = pattern.split("*").map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pieces.join(".*")}$`).test(path);
}
