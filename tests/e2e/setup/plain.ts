import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/**
 * The plainest host there is: it sends whole files, knows no ranges and no `_headers`, tells browsers to keep everything for
 * ever, and shows 404.html for what is not there. It notes what it is asked for.
 */
export async function servePlainly(
  folder: string,
  path: string,
): Promise<{ url: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = decodeURI(new URL(request.url!, "http://host").pathname);
    asked.push(name);
    let file = name.startsWith(path) ? join(folder, name.slice(path.length)) : "";
    if (file && existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    const isThere = file !== "" && existsSync(file);
    if (!isThere) file = join(folder, "404.html");
    const bytes = readFileSync(file);
    const headers = { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Content-Length": bytes.length };
    const kept = { "Cache-Control": "public, max-age=31536000, immutable" };
    response.writeHead(isThere ? 200 : 404, isThere ? { ...headers, ...kept } : headers).end(bytes);
  });
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
