import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { serve } from "./server.ts";
import { buildSites } from "./sites.ts";

/** Builds the sites, serves them for as long as the tests run, and removes them. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "wow-e2e-"));
  try {
    const sites = join(folder, "sites");
    // The tests run in other processes, which inherit the environment.
    process.env.E2E_EXPECTED = await buildSites(folder);
    process.env.E2E_SITES = sites;
    const servers = {
      E2E_URL: await serve(sites),
      // The same files from other origins: one that keeps them to itself, one that lets any page read them.
      E2E_CLOSED_URL: await serve(sites),
      E2E_OPEN_URL: await serve(sites, { "Access-Control-Allow-Origin": "*" }),
    };
    for (const [name, server] of Object.entries(servers)) process.env[name] = server.url;
    return async () => {
      await Promise.all(Object.values(servers).map((server) => server.close()));
      await rm(folder, { recursive: true, force: true });
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
