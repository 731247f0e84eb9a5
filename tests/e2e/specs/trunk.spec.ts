// What trunk makes by itself, before `crates/site` makes a site of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expected } from "../expected.ts";
import { expect, siteFolder, test } from "../fixtures.ts";
import { freePort } from "../setup/port.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("trunk serve shows the page, which reads files", async ({ page, dashboard, overview, conduct }) => {
  test.setTimeout(600_000);
  const folder = await mkdtemp(join(tmpdir(), "wow-trunk-"));
  const port = await freePort();
  // The profile of the site, which is compiled already.
  const serve = `. scripts/env.sh && wasm trunk serve --release --locked --no-autoreload --port ${port} --dist ${folder}`;
  const trunk = spawn("bash", ["-c", serve], { cwd: root, detached: true, stdio: "ignore" });
  const ended = once(trunk, "exit");
  try {
    const url = `http://127.0.0.1:${port}/`;
    conduct.allowed.add(new URL(url).origin);
    // A checkout has no export at first.
    conduct.mayReportFailedRequests = true;
    const isServed = () => fetch(url).then((answer) => answer.ok, () => false);
    await expect.poll(isServed, { timeout: 500_000 }).toBe(true);
    await page.goto(url);
    const exported = join(siteFolder("both"), "data", "dev");
    const parts = (await readdir(exported)).filter((name) => /^part.*parquet$/.test(name));
    await dashboard.pick(...parts.map((name) => join(exported, name)));
    await expect(dashboard.badge).toHaveText("LOCAL FILE");
    await dashboard.loaded();
    await expect(overview.tile("events")).toHaveAttribute("data-value", String(expected("dev").figures.events));
  } finally {
    process.kill(-trunk.pid!, "SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
});
