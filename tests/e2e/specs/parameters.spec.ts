import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { count, expected } from "../expected.ts";
import { expect, type OwnSite, site, test } from "../fixtures.ts";

/** The parameters that a manifest has, as `wow export` writes them. */
async function setParameters(own: OwnSite, environment: "dev" | "prod", parameters: Record<string, number>): Promise<void> {
  const file = join(own.data, environment, "manifest.json");
  const manifest = JSON.parse(await readFile(file, "utf8")) as { parameters: Record<string, number> };
  await writeFile(file, JSON.stringify({ ...manifest, parameters: { ...manifest.parameters, ...parameters } }));
}

test("a page opens with the parameters of its export, and what differs from them is the choice", async ({
  page,
  dashboard,
  ownSite,
  sessions,
  overview,
}) => {
  const own = await ownSite("both");
  await setParameters(own, "dev", { session_gap_minutes: 60 });
  const { with_gap } = expected("dev");
  await dashboard.load(own.url);
  await expect(dashboard.limits).toContainText("gap 1 h");
  await expect(page.getByRole("button", { name: "Back to the defaults" })).toHaveCount(0);
  await expect(overview.tile("sessions")).toContainText(count(with_gap[60].figures.sessions));
  expect(dashboard.query().has("gap")).toBe(false);

  await dashboard.go("Sessions");
  await expect(sessions.field).toHaveValue("60");
  await expect(page.getByTestId("reset-gap")).toHaveText("Reset to 1 h");
  await expect(page.getByTestId("reset-gap")).toBeDisabled();
  await expect(page.getByTestId("gap-note")).toHaveText("same as with 1 h");
  await sessions.field.fill("30");
  await expect(page).toHaveURL(/gap=30/);
  await dashboard.loaded();
  await expect(page.getByTestId("gap-sessions")).toHaveAttribute("data-value", String(with_gap[30].figures.sessions));
  await expect(page.getByTestId("gap-note")).toHaveText(/ against 1 h$/);

  // A link carries what differs from the export's parameters, be it the usual one elsewhere.
  await page.goto(page.url());
  await dashboard.loaded();
  await expect(sessions.field).toHaveValue("30");
  await expect(dashboard.limits).toContainText("gap 30 min");
  await page.getByRole("button", { name: "Back to the defaults" }).click();
  await expect(sessions.field).toHaveValue("60");
  await expect(page).not.toHaveURL(/gap=/);
  await dashboard.loaded();

  // Each export opens with its own, and what was chosen stays.
  await sessions.field.fill("45");
  await expect(page).toHaveURL(/gap=45/);
  await dashboard.environment("prod").click();
  await expect(dashboard.badge).toHaveText("PRODUCTION");
  await dashboard.loaded();
  await expect(sessions.field).toHaveValue("45");
  await expect(page.getByTestId("reset-gap")).toHaveText("Reset to 30 min");
  await page.getByTestId("reset-gap").click();
  await expect(page).not.toHaveURL(/gap=/);
});

test("the limits of an export are those that the page of bots compares with", async ({ page, dashboard, ownSite, bots }) => {
  const own = await ownSite("both");
  await setParameters(own, "dev", { bot_max_session_minutes: 101, bot_avg_session_minutes: 47 });
  const { limits } = expected("dev");
  const [usual, others] = [limits[5]!, limits[0]!];
  await dashboard.load(own.url, "page=bots");
  await bots.shows(usual);
  await expect(bots.reset).toBeDisabled();
  await expect(bots.reset).toHaveText("Reset to 1 h 41 min / 47 min");
  await expect(page.getByTestId("flagged-note")).toHaveText("same as with 1 h 41 min / 47 min");
  await bots.setLimits(720, 360);
  await bots.shows(others);
  await expect(page).toHaveURL(/longest=720&average=360/);
  await bots.reset.click();
  await bots.shows(usual);
  await expect(page).not.toHaveURL(/longest=/);
});

test("two exports are compared under the page's parameters, which it says", async ({ page, dashboard, ownSite, compare }) => {
  const own = await ownSite("both");
  await setParameters(own, "prod", { session_gap_minutes: 60 });
  const say = page.getByTestId("compare-figures-say");
  await dashboard.load(own.url, "page=compare");
  await compare.compared();
  await expect(say).toContainText("By itself prod comes with other parameters (gap 1 h)");
  const [here, there] = [expected("dev"), expected("prod")].map(({ figures }) => figures);
  await expect(compare.figure("sessions").nth(0)).toHaveText(count(here!.sessions));
  await expect(compare.figure("sessions").nth(1)).toHaveText(count(there!.sessions));
  await dashboard.load(site("both"), "page=compare");
  await compare.compared();
  await expect(say).toHaveText("Under the same limits and the same filter. Churn is counted to the newest event of each.");
});
