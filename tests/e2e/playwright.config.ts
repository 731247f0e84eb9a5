import { defineConfig } from "@playwright/test";

/** Browsers besides Chromium, which have drivers and tests of their own; those that this machine has. */
const others = { firefox: process.env.FIREFOX, webkit: process.env.WEBKIT };

export default defineConfig({
  projects: [
    { name: "chromium", testDir: "specs" },
    ...Object.entries(others)
      .filter(([, program]) => program)
      .map(([name, program]) => ({ name, testDir: "browsers", metadata: { program } })),
  ],
  globalSetup: "./setup/global.ts",
  outputDir: "test-results",
  // The page runs a worker per core; more than two pages at once only wait for each other.
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // Slow machines take a minute to walk through every page.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    trace: "retain-on-failure",
    viewport: { width: 1280, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROME || undefined,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
