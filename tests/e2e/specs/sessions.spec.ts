import { count, expected } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { toggleTable } from "../pages/chart.ts";

for (const [environment, search] of [
  ["dev", "page=sessions"],
  ["prod", "page=sessions&env=prod"],
] as const) {
  test(`the sessions of ${environment} are those of SQL`, async ({ dashboard, sessions }) => {
    await dashboard.load(site("both"), search);
    await sessions.shows(expected(environment).with_gap[30]);
  });
}

test("an export of two parts gives the sessions of the whole log", async ({ dashboard, sessions }) => {
  const { with_gap, at_gaps } = expected("dev");
  await dashboard.load(site("halves"), "page=sessions");
  await sessions.shows(with_gap[30]);
  const rows = await sessions.table("sessions-with-each-gap");
  expect(rows.map((row) => row[3])).toEqual(
    at_gaps.filter((at) => at.gap % 5 === 0).map((at) => count(at.every)),
  );
});

test("the chart of durations has quantiles and the limit on a single session drawn in", async ({ dashboard, sessions }) => {
  await dashboard.load(site("both"), "page=sessions&longest=600");
  const drawn = sessions.chart("session-duration").locator("svg");
  for (const name of [/^median /, /^p95 /, /^longest limit 10 h$/]) {
    await expect(drawn.getByText(name)).toBeVisible();
  }
  await expect(drawn.getByText(/^average limit/)).toHaveCount(0);
});

test("while the slider moves, the number of sessions is SQL's for every gap", async ({ dashboard, sessions }) => {
  const { at_gaps } = expected("dev");
  const at = (gap: number) => String(at_gaps.find((row) => row.gap === gap)!.every);
  await dashboard.load(site("both"), "page=sessions");
  await expect(sessions.withGap).toHaveAttribute("data-value", at(30));
  await expect(sessions.note).toHaveText("same as with 30 min");
  await sessions.slider.focus();
  for (let gap = 29; gap >= 20; gap--) {
    await sessions.slider.press("ArrowLeft");
    await expect(sessions.withGap).toHaveAttribute("data-value", at(gap));
  }
  await sessions.slider.press("Home");
  await expect(sessions.withGap).toHaveAttribute("data-value", at(5));
  await expect(sessions.withGap).toHaveText(count(Number(at(5))));
  await sessions.slider.press("End");
  await expect(sessions.withGap).toHaveAttribute("data-value", at(180));
  await expect(sessions.field).toHaveValue("180");
});

test("the curve of sessions over the gap is SQL's, and marks the gap in force", async ({ dashboard, sessions }) => {
  const { at_gaps } = expected("dev");
  await dashboard.load(site("both"), "page=sessions");
  expect(await sessions.table("sessions-with-each-gap")).toEqual(
    at_gaps
      .filter((at) => at.gap % 5 === 0)
      .map((at) => [
        at.gap % 60 === 0 ? `${at.gap / 60} h` : at.gap > 60 ? `${Math.floor(at.gap / 60)} h ${at.gap % 60} min` : `${at.gap} min`,
        count(at.humans),
        count(at.bots),
        count(at.every),
      ]),
  );
  const chart = sessions.chart("sessions-with-each-gap");
  await toggleTable(chart);
  // Each curve has a name of its own.
  for (const gap of [30, 45]) {
    await sessions.field.fill(String(gap));
    const at = at_gaps.find((at) => at.gap === gap)!;
    for (const sessions of [at.humans, at.bots]) {
      await expect(chart.locator("svg").getByText(`${gap} min → ${count(sessions)}`)).toBeVisible();
    }
  }
});

test("when the slider rests, all is what SQL says of that gap", async ({ page, dashboard, sessions, overview }) => {
  const { with_gap } = expected("dev");
  expect(with_gap[60].figures.sessions).not.toBe(with_gap[30].figures.sessions);
  await dashboard.load(site("both"), "page=sessions");
  await sessions.field.fill("60");
  await expect(sessions.withGap).toHaveAttribute("data-value", String(with_gap[60].figures.sessions));
  await dashboard.loaded();
  await sessions.shows(with_gap[60]);
  await expect(page).toHaveURL(/gap=60/);
  await page.reload();
  await dashboard.loaded();
  await sessions.shows(with_gap[60]);
  await expect(sessions.slider).toHaveValue("60");
  await sessions.reset.click();
  await dashboard.loaded();
  await sessions.shows(with_gap[30]);
  await expect(sessions.reset).toBeDisabled();
  await expect(page).not.toHaveURL(/gap=/);
  await dashboard.go("Overview");
  await expect(overview.tile("sessions")).toHaveAttribute("data-value", String(with_gap[30].figures.sessions));
});

test("what is no gap is refused in words, and the gap stays", async ({ dashboard, sessions }) => {
  await dashboard.load(site("both"), "page=sessions");
  await sessions.field.fill("4");
  await expect(sessions.refusal).toHaveText("Whole minutes from 5 to 180.");
  await expect(sessions.field).toHaveAttribute("aria-invalid", "true");
  await expect(sessions.withGap).toHaveAttribute("data-value", String(expected("dev").with_gap[30].figures.sessions));
  await sessions.field.blur();
  await expect(sessions.field).toHaveValue("30");
  await expect(sessions.refusal).toBeEmpty();
});

for (const name of ["dev:days", "dev:all"] as const) {
  test(`under the filter ${name} the sessions are those that SQL finds in the matching rows`, async ({
    page,
    dashboard,
    sessions,
  }) => {
    const { query, with_gap, at_gaps } = expected(name);
    const at = (gap: number) => String(at_gaps.find((row) => row.gap === gap)!.every);
    await dashboard.load(site("both"), `page=sessions&${query}`);
    await sessions.shows(with_gap[30]);
    await expect(sessions.withGap).toHaveAttribute("data-value", at(30));
    await sessions.slider.focus();
    await sessions.slider.press("Home");
    await expect(sessions.withGap).toHaveAttribute("data-value", at(5));
    await sessions.field.fill("60");
    await dashboard.loaded();
    await sessions.shows(with_gap[60]);
    await expect(page).toHaveURL(/gap=60/);
    await page.reload();
    await dashboard.loaded();
    await sessions.shows(with_gap[60]);
  });
}

test("where the filter matches nothing, the page of sessions says so and how to go on", async ({
  dashboard,
  filter,
  sessions,
}) => {
  await dashboard.load(site("both"), "page=sessions&class=Tinker");
  await expect(filter.nothing).toBeVisible();
  await expect(sessions.tile("sessions")).toHaveCount(0);
  await filter.clear.first().click();
  await dashboard.loaded();
  await sessions.shows(expected("dev").with_gap[30]);
});
