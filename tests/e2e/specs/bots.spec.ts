import { count, DEFAULT, duration, expected, OTHER, type Counts } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import type { Bots } from "../pages/bots.ts";

/** What SQL says of these limits. */
function counts(longest: number, average: number): Counts {
  const found = expected("dev").limits.find((row) => row.longest === longest && row.average === average);
  if (!found) throw new Error(`setup/expected.py has no counts for ${longest}/${average}`);
  return found;
}

async function press(bots: Bots, limit: "longest" | "average", key: string, times = 1): Promise<void> {
  await bots.slider(limit).focus();
  for (let time = 0; time < times; time++) await bots.slider(limit).press(key);
}

test("the sliders change the counts to what SQL says for those limits", async ({ dashboard, bots }) => {
  await dashboard.load(site("both"), "page=bots");
  await bots.shows(counts(720, 360));
  await press(bots, "longest", "ArrowLeft", 8);
  await expect(bots.field("longest")).toHaveValue("600");
  await bots.shows(counts(600, 360));
  await press(bots, "average", "ArrowLeft", 8);
  await expect(bots.field("average")).toHaveValue("240");
  await bots.shows(counts(600, 240));
  await press(bots, "average", "ArrowRight", 8);
  await press(bots, "longest", "Home");
  await bots.shows(counts(0, 360));
  await press(bots, "longest", "End");
  await bots.shows(counts(2880, 360));
});

test("limits can be typed in to the minute, and reset", async ({ dashboard, bots }) => {
  await dashboard.load(site("both"), "page=bots");
  await expect(bots.reset).toBeDisabled();
  for (const [longest, average] of [
    [101, 47],
    [0, 0],
    [525600, 525600],
  ] as const) {
    await bots.setLimits(longest, average);
    await bots.shows(counts(longest, average));
  }
  await bots.reset.click();
  await bots.shows(counts(720, 360));
  await expect(bots.field("longest")).toHaveValue("720");
  await expect(bots.slider("average")).toHaveValue("360");
  await expect(bots.reset).toBeDisabled();
});

test("what is no limit is refused in words, and the counts stay", async ({ page, dashboard, bots }) => {
  await dashboard.load(site("both"), "page=bots");
  await bots.field("longest").fill("-5");
  await expect(page.locator("#limit-longest-refusal")).toHaveText("Whole minutes from 0 to 525,600.");
  await expect(bots.field("longest")).toHaveAttribute("aria-invalid", "true");
  await bots.shows(counts(720, 360));
  await bots.field("longest").blur();
  await expect(bots.field("longest")).toHaveValue("720");
  await expect(page.locator("#limit-longest-refusal")).toBeEmpty();
});

test("the address carries the limits, and a reload brings them back", async ({ page, dashboard, bots }) => {
  await dashboard.load(site("both"), "page=bots");
  await bots.setLimits(101, 47);
  await bots.shows(counts(101, 47));
  await expect(page).toHaveURL(/longest=101/);
  await expect(page).toHaveURL(/average=47/);
  await page.reload();
  await dashboard.loaded();
  await bots.shows(counts(101, 47));
  await expect(bots.field("longest")).toHaveValue("101");
  await expect(dashboard.limits).toContainText("longest 1 h 41 min · average 47 min");
  await page.getByRole("button", { name: "Back to the defaults" }).click();
  await bots.shows(counts(720, 360));
  await expect(page).not.toHaveURL(/(longest|average)=/);
});

for (const limits of [DEFAULT, OTHER]) {
  test(`the flagged players at ${limits} are those of SQL, in its order`, async ({ dashboard, bots }) => {
    const flagged = expected("dev").flagged[limits]!;
    const [longest, average] = limits.split("/");
    await dashboard.load(site("both"), `page=bots&longest=${longest}&average=${average}`);
    await bots.table.hasRows(flagged.length);
    const first = flagged.slice(0, 12);
    await bots.table.startsWith(first.map((player) => player.player_id));
    const columns = ["player", "rule", "longest", "events", "session_events", "session"];
    expect(await bots.table.first(first.length, columns)).toEqual(
      first.map((player) => [
        player.player_id,
        player.rule,
        duration(player.longest),
        count(player.events),
        count(player.session_events),
        player.ran,
      ]),
    );
  });
}

test("a flagged player opens with the rule that flags it", async ({ dashboard, bots, panel }) => {
  const { flagged } = expected("dev");
  await dashboard.load(site("both"), "page=bots");
  for (const rule of ["longest + average", "longest", "average"]) {
    const index = flagged[DEFAULT]!.findIndex((player) => player.rule === rule);
    const player = flagged[DEFAULT]![index]!;
    await bots.table.row(index).getByRole("button").click();
    await panel.isOpenFor(player.player_id);
    await expect(panel.verdict).toHaveAttribute("data-is-bot", "true");
    const isBroken = (word: string) => String(rule.includes(word));
    await expect(panel.rule("likely_bot_long_session")).toHaveAttribute("data-is-broken", isBroken("longest"));
    await expect(panel.rule("likely_bot_avg_session")).toHaveAttribute("data-is-broken", isBroken("average"));
    await panel.root.press("Escape");
    await expect(panel.root).toBeHidden();
  }
});

test("once the limits rest, the charts of activity follow", async ({ dashboard, bots, overview }) => {
  const { daily } = expected("dev");
  await dashboard.load(site("both"), "page=bots");
  await bots.setLimits(101, 47);
  await dashboard.loaded();
  await dashboard.go("Overview");
  expect(await overview.table("daily-active-players")).toEqual(
    daily[OTHER]!.map((day) => [day.day, count(day.humans), count(day.bots), count(day.every)]),
  );
  await expect(overview.tile("bots")).toHaveAttribute("data-value", String(counts(101, 47).flagged));
});
