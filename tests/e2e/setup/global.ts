import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { serve } from "./server.ts";
import { buildSites } from "./sites.ts";

/** Builds the sites, serves them for as long as the tests run, and removes them. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "wow-e2e-"));
  try {
    // The tests run in other processes, which inherit the environment.
    process.env.E2E_EXPECTED = await buildSites(folder);
    const server = await serve(join(folder, "sites"));
    process.env.E2E_URL = server.url;
    return async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
