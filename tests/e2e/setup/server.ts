import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import sirv from "sirv";

import { type HeadersOf, headersOf } from "./headers.ts";

/** Not the root, and nothing that the site could know of: it must work under any path. */
const SUB_PATH = "/some/games";

/**
 * Serves a folder under a sub-path, as a static host would: files as they are with the headers that their site's `_headers`
 * tells, and 404 for what is not there. `dev` makes it look at the disk on every request instead of listing the folder once.
 * The first answer for a file of one of the names in `damaged` holds other bytes.
 */
export async function serve(
  folder: string,
  headers: Record<string, string> | HeadersOf = {},
  damaged: string[] = [],
): Promise<{ url: string; close: () => Promise<void> }> {
  const setHeaders = (response: ServerResponse, path = ""): void => {
    const own = typeof headers === "function" ? headers(path) : headers;
    for (const [name, value] of Object.entries({ ...headersOf(folder, path), ...own })) response.setHeader(name, value);
    // A file that is packed is a file: unpacked on the way by the browser, nobody would see its checksum.
    if (path.endsWith(".gz")) response.setHeader("Content-Encoding", "identity");
  };
  const files = sirv(folder, { dev: true, etag: true, setHeaders });
  const toDamage = new Set(damaged);
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (toDamage.delete(path.split("/").at(-1)!)) {
      setHeaders(response);
      response.end(Buffer.alloc(100));
      return;
    }
    if (!path.startsWith(`${SUB_PATH}/`)) {
      response.writeHead(404).end();
      return;
    }
    request.url = path.slice(SUB_PATH.length);
    files(request, response, () => {
      response.writeHead(404).end();
    });
  });
  // Longer than any test: a connection that is closed while a test sends its next request on it fails that request.
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${SUB_PATH}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections?.();
      }),
  };
}
