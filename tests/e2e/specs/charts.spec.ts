import { count, DEFAULT, duration, expected, type Split } from "../expected.ts";
import { expect, site, test } from "../fixtures.ts";
import { Chart, toggleTable } from "../pages/chart.ts";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function counted(value: number, thing: string): string {
  return `${count(value)} ${thing}${value === 1 ? "" : "s"}`;
}

/** Players of both groups, and how many of them are likely bots. */
function players({ humans, bots, every }: Split): string {
  if (bots === 0) return counted(every, "player");
  return humans === 0 ? counted(bots, "likely bot") : `${counted(every, "player")} · ${counted(bots, "likely bot")}`;
}

/** The first and the last day of what a chart says, as the address writes them. */
function days(said: string): [string, string] {
  const parts = said.split(" · ")[0]!.split("–").map((part) => part.trim());
  const last = parts.at(-1)!;
  const [, month, year] = last.split(" ");
  const first = parts[0]!.split(" ");
  const whole = [first[0], first[1] ?? month, first[2] ?? year].join(" ");
  const iso = (day: string) => new Date(`${day} UTC`).toISOString().slice(0, 10);
  return [iso(whole), iso(last)];
}

test("the arrow keys read every value that SQL has", async ({ page, dashboard }) => {
  const { hours, levels, classes } = expected("dev");
  await dashboard.load(site("both"));
  const events = new Map(hours.in.map(({ weekday, hour, events }) => [weekday * 24 + hour, events]));
  const two = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  const week = [...Array(7 * 24).keys()].map((place) => {
    const hour = place % 24;
    const name = `${WEEKDAYS[Math.floor(place / 24)]} ${two(hour)}–${two(hour + 1)}`;
    return `${name}: ${counted(events.get(place) ?? 0, "event")}`;
  });
  expect(await new Chart(page, "when-they-play").all()).toEqual(week);
  expect(await new Chart(page, "highest-level").all()).toEqual(
    levels.map(({ level, ...split }) => `level ${level}: ${players(split)}`),
  );
  expect(await new Chart(page, "classes").all()).toEqual(
    classes.map(({ label, bots, every }) => `${label}: ${counted(every, "player")} · likely bots: ${count(bots)}`),
  );
});

test("a run of days reads as the mean of what SQL counts on them", async ({ page, dashboard }) => {
  const daily = expected("dev").daily[DEFAULT]!;
  await dashboard.load(site("both"));
  const chart = new Chart(page, "daily-active-players");
  await chart.press("Home");
  await chart.press("ArrowRight", 20);
  const [name, values] = (await chart.keys.getAttribute("aria-valuetext"))!.split(": daily mean: ");
  const [first, last] = days(name!);
  const seen = daily.filter(({ day }) => days(day)[0] >= first && days(day)[0] <= last);
  expect(seen.length).toBeGreaterThan(1);
  expect(new Date(first).getUTCDay(), "weeks begin on Monday").toBe(1);
  // A mean is one of the days that have events.
  const mean = (what: "every" | "bots") => seen.reduce((sum, day) => sum + day[what], 0) / seen.length;
  const [players, bots] = values!.split(" · ").map((part) => Number(part.split(" ")[0]!.replaceAll(",", "")));
  expect(Math.abs(players! - mean("every"))).toBeLessThanOrEqual(0.5);
  expect(Math.abs(bots! - mean("bots"))).toBeLessThanOrEqual(0.5);
});

/** The first and the last minute of a range as a chart writes it. */
function minutes(range: string): [number, number] {
  const one = (text: string) =>
    [...text.matchAll(/([\d,]+) (h|min)/g)].reduce(
      (sum, [, number, unit]) => sum + Number(number!.replaceAll(",", "")) * (unit === "h" ? 60 : 1),
      0,
    );
  const short = /^(\d+)–(\d+) min$/.exec(range);
  if (short) return [Number(short[1]), Number(short[2])];
  const [first, last = first] = range.split(" – ");
  return [one(first!), one(last!)];
}

test("the arrow keys read SQL's sessions by duration, with each gap, and players at each limit", async ({
  page,
  dashboard,
}) => {
  const { with_gap, at_gaps, tables } = expected("dev");
  const said = (humans: number, bots: number) =>
    counted(humans + bots, "session") + (bots > 0 ? ` · ${count(bots)} of likely bots` : "");
  await dashboard.load(site("both"), "page=sessions");
  const bars = await new Chart(page, "session-duration").all();
  const sum = (first: number, last: number, of: "humans" | "bots") =>
    with_gap[30].minutes.filter((at) => at.minutes >= first && at.minutes <= last).reduce((sum, at) => sum + at[of], 0);
  for (const bar of bars) {
    const [range, values] = bar.split(": ");
    const [first, last] = minutes(range!);
    expect(values, range).toBe(said(sum(first, last, "humans"), sum(first, last, "bots")));
  }
  // The bars lie side by side from the shortest session to beyond the longest.
  const ranges = bars.map((bar) => minutes(bar.split(": ")[0]!));
  expect(ranges[0]![0]).toBe(0);
  expect(ranges.slice(1).map(([first]) => first)).toEqual(ranges.slice(0, -1).map(([, last]) => last + 1));
  expect(ranges.at(-1)![1]).toBeGreaterThanOrEqual(with_gap[30].figures.longest);

  expect(await new Chart(page, "sessions-with-each-gap").all()).toEqual(
    at_gaps.map(({ gap, humans, bots }) => `gap ${duration(gap)}: ${said(humans, bots)}`),
  );

  await dashboard.go("Bots");
  const limits = await new Chart(page, "flagged-at-each-limit").all();
  // Around the usual limit, where it matters: from half of it to double.
  expect([limits[0], limits.at(-1)].map((limit) => limit!.split(": ")[0])).toEqual(["limit 6 h", "limit 24 h"]);
  for (const limit of limits) {
    const [, name, players] = /^limit (.+): ([\d,]+) players? flagged$/.exec(limit)!;
    const [longest] = minutes(name!);
    const flagged = tables.all.filter(
      (player) => Number(player.max_session_duration_minutes) > longest || player.likely_bot_avg_session === 1,
    );
    expect(players, limit).toBe(count(flagged.length));
  }
});

test("up and down go through a grid, Page, Home and End through all of it", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  const chart = new Chart(page, "when-they-play");
  await chart.press("Home");
  await chart.press("ArrowDown", 3);
  await chart.press("ArrowRight", 5);
  await expect(chart.tip.locator("b")).toHaveText("Thu 05:00–06:00");
  await chart.press("ArrowUp", 9);
  await expect(chart.tip.locator("b")).toHaveText("Mon 05:00–06:00");
  await chart.press("PageUp");
  await expect(chart.tip.locator("b")).toHaveText("Mon 21:00–22:00");
  await chart.press("End");
  await expect(chart.tip.locator("b")).toHaveText("Sun 23:00–24:00");
  await chart.press("Escape");
  await expect(chart.tip).toBeHidden();
  // The keys go on where they were.
  await chart.press("ArrowLeft");
  await expect(chart.tip.locator("b")).toHaveText("Sun 22:00–23:00");
  await page.keyboard.press("Tab");
  await expect(chart.tip).toBeHidden();
});

test("the pointer reads what lies under it, and a tooltip can be pointed at and sent away", async ({
  page,
  dashboard,
}) => {
  const { zones } = expected("dev");
  await dashboard.load(site("both"));
  const chart = new Chart(page, "top-zones");
  for (const zone of zones.slice(0, 3)) {
    await chart.pointAtText(zone.label);
    await chart.reads(zone.label, `${counted(zone.every, "event")} · likely bots: ${count(zone.bots)}`);
  }
  // Out of the row, straight onto the tooltip.
  const tip = (await chart.tip.boundingBox())!;
  await page.mouse.move(tip.x + tip.width / 2, tip.y + tip.height / 2);
  await chart.reads(zones[2]!.label, /events/);
  await page.keyboard.press("Escape");
  await expect(chart.tip).toBeHidden();
  await chart.pointAtText(zones[0]!.label);
  await chart.reads(zones[0]!.label, /events/);
  await page.mouse.move(2, 2);
  await expect(chart.tip).toBeHidden();
});

test("a finger hides no tooltip", async ({ page, dashboard }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  await dashboard.load(site("both"));
  for (const file of ["when-they-play", "top-zones", "daily-active-players"]) {
    const chart = new Chart(page, file);
    for (const [across, down] of [[0.2, 0.3], [0.5, 0.5], [0.8, 0.7]] as const) {
      const box = await chart.box();
      const [x, y] = [box.x + across * box.width, box.y + down * box.height];
      const touch = { clientX: x, clientY: y, pointerType: "touch", pointerId: 7, isPrimary: true, bubbles: true };
      await chart.keys.dispatchEvent("pointerdown", touch);
      await chart.keys.dispatchEvent("pointerup", touch);
      await expect(chart.tip).toBeVisible();
      const tip = (await chart.tip.boundingBox())!;
      const [beside, above] = [
        Math.max(tip.x - x, x - tip.x - tip.width),
        Math.max(tip.y - y, y - tip.y - tip.height),
      ];
      expect(Math.max(beside, above), `${file} at ${across} ${down}`).toBeGreaterThanOrEqual(24);
    }
  }
});

test("days that are chosen are ringed, and the rest of the plot is dimmed", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  const chart = new Chart(page, "daily-active-players");
  const rest = chart.card.locator(".reader .rest");
  await expect(rest).toHaveAttribute("d", "");
  await chart.hold(0.3, 0.5);
  await expect(rest).toHaveAttribute("d", /^M.*zM.*z$/);
  await expect(rest).toHaveCSS("fill-rule", "evenodd");
  await expect(chart.card.locator(".reader .band")).toHaveCSS("fill", "none");
  await page.keyboard.press("Escape");
  await expect(rest).toHaveAttribute("d", "");
  // What was dropped is not chosen by letting go.
  await page.mouse.up();
  await expect(page).not.toHaveURL(/from=/);
});

for (const width of [360, 768, 1440]) {
  test(`at ${width} pixels no tooltip leaves the window`, async ({ page, dashboard }) => {
    test.slow();
    await page.setViewportSize({ width, height: 700 });
    for (const [search, files] of [
      ["", ["daily-active-players", "from-log-to-players", "when-they-play", "classes", "highest-level", "races", "top-zones"]],
      ["page=bots", ["where-the-limits-fall", "flagged-at-each-limit"]],
      ["page=sessions", ["session-duration", "events-per-session", "sessions-with-each-gap"]],
      ["page=compare", ["compare-daily-active-players", "compare-classes", "compare-weekdays"]],
    ] as const) {
      await dashboard.load(site("both"), search);
      for (const file of files) {
        const chart = new Chart(page, file);
        await chart.keys.scrollIntoViewIfNeeded();
        for (const key of ["Home", ...Array(4).fill("PageDown"), "End"]) {
          await chart.press(key);
          const box = (await chart.tip.boundingBox())!;
          const at = `${file} after ${key}: ${await chart.tip.innerText()}`;
          expect(box.x, at).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width, at).toBeLessThanOrEqual(width);
          expect(box.y, at).toBeGreaterThanOrEqual(0);
          expect(box.y + box.height, at).toBeLessThanOrEqual(700);
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
    }
  });
}

test("reading a chart does not draw it anew", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  const chart = new Chart(page, "daily-active-players");
  await chart.card.locator(".chart svg").evaluate((drawing) => drawing.setAttribute("data-marked", ""));
  await chart.pointAt(0.3, 0.5);
  await expect(chart.tip).toBeVisible();
  await chart.pointAt(0.6, 0.5);
  await chart.press("ArrowRight", 3);
  await chart.hold(0.3, 0.5);
  await expect(chart.card.locator(".chart svg")).toHaveAttribute("data-marked", "");
});

test("days are chosen by keys, shown alone, and given back", async ({ page, dashboard, overview }) => {
  await dashboard.load(site("both"));
  const chart = new Chart(page, "daily-active-players");
  await chart.press("Home");
  await chart.press("ArrowRight", 4);
  await chart.press("Shift+ArrowRight", 3);
  await chart.press("Shift+ArrowLeft");
  await expect(chart.tip.locator("span")).toHaveText("21 days");
  const [first, last] = days(await chart.tip.locator("b").innerText());
  await chart.press("Escape");
  await expect(chart.tip.getByRole("button", { name: "Show these days" })).toBeHidden();
  expect(dashboard.query().get("from")).toBeNull();
  // Back over where the choice begins, the days before it are chosen.
  await chart.press("Shift+ArrowRight");
  await chart.press("Shift+ArrowLeft", 3);
  await chart.press("Enter");
  await expect(page).toHaveURL(/from=/);
  await dashboard.loaded();
  const [from, to] = [dashboard.query().get("from")!, dashboard.query().get("to")!];
  expect(from < last && to >= first).toBe(true);
  const shown = (await overview.table("daily-active-players")).map(([day]) => days(day!)[0]);
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.every((day) => day >= from && day <= to)).toBe(true);
  await toggleTable(chart.card);
  await chart.press("Delete");
  await expect(page).not.toHaveURL(/from=/);
  await dashboard.loaded();
});

test("days are chosen by dragging, in either direction, and are shown once the mouse lets go", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  const chart = new Chart(page, "daily-active-players");
  const name = chart.tip.locator("b");
  await chart.hold(0.3, 0.5);
  const [first, last] = days(await name.innerText());
  expect(last > first).toBe(true);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await chart.hold(0.6, 0.4);
  const [from, to] = days(await name.innerText());
  await page.mouse.up();
  await expect(page).toHaveURL(new RegExp(`from=${from}&to=${to}`));
  await dashboard.loaded();
  await page.goBack();
  await expect(page).not.toHaveURL(/from=/);
  // A press alone chooses nothing.
  await chart.pointAt(0.8, 0.5);
  await page.mouse.down();
  await page.mouse.up();
  await expect(page).not.toHaveURL(/from=/);
});

/** The minutes that a text begins with: `1 h 30 min · …`. */
function minutesOf(text: string): number {
  const [, hours, minutes] = /^(?:([\d,]+) h)? ?(?:(\d+) min)?/.exec(text)!;
  return Number((hours ?? "0").replaceAll(",", "")) * 60 + Number(minutes ?? 0);
}

for (const who of ["bot", "human", "lone"] as const) {
  test(`the ${who}'s level, zones and sessions are those of SQL`, async ({ page, dashboard, overview, panel }) => {
    const { chosen, player_levels, player_zones, sessions } = expected("dev");
    const player = chosen[who];
    const [levels, zones] = [player_levels[player]!, player_zones[player]!];
    const longest = Math.max(...sessions[player]!.map(({ minutes }) => minutes));
    await dashboard.load(site("both"), `player=${player}`);
    await expect(panel.sessions.row(0)).toBeVisible();
    expect(await overview.table("level")).toEqual(levels.map(({ day, level }) => [day, level]));
    expect((await overview.table("zones")).map(([zone, events]) => [zone, events])).toEqual(
      zones.map(({ label, events }) => [label, count(events)]),
    );
    for (const file of ["level", "zones"]) await toggleTable(overview.chart(file));
    expect(await new Chart(page, "zones").all()).toEqual(
      zones.slice(0, 10).map(({ label, events }) => `${label}: ${counted(events, "event")}`),
    );
    const said = await new Chart(page, "level").all();
    const steps = levels.filter(({ level }, place) => level !== levels[place - 1]?.level);
    expect(said.map((step) => step.split(": level ")[1])).toEqual(steps.map(({ level }) => level));
    expect(said.map((step) => days(step.split(":")[0]!)[0])).toEqual(steps.map(({ day }) => days(day)[0]));
    if (who === "human") {
      // Over so many days a bar a session could not be seen: bars are the time online of some days.
      const online = await new Chart(page, "hours-online").all();
      const all = sessions[player]!.reduce((sum, { minutes }) => sum + minutes, 0);
      expect(online.reduce((sum, bar) => sum + minutesOf(bar.split(": ")[1]!), 0)).toBe(all);
      return;
    }
    const timeline = new Chart(page, "sessions");
    await expect(timeline.card.locator(".chart svg text").getByText(`longest: ${duration(longest)}`)).toBeVisible();
    await timeline.press("Home");
    const first = sessions[player]![0]!;
    await timeline.reads(
      new RegExp(`^${first.start}`),
      new RegExp(`^${duration(first.minutes)} · ${counted(first.events, "event")}( ·|$)`),
    );
  });
}

test("in a player's panel Escape sends the tooltip away first, and then closes the panel", async ({
  page,
  dashboard,
  panel,
}) => {
  await dashboard.load(site("both"), `player=${expected("dev").chosen.human}`);
  const chart = new Chart(page, "hours-online");
  await chart.press("End");
  await expect(chart.tip).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(chart.tip).toBeHidden();
  await expect(panel.root).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel.root).toBeHidden();
});

test("a chart that has the focus can be left for another page", async ({ page, dashboard }) => {
  await dashboard.load(site("both"));
  await dashboard.go("Bots");
  await new Chart(page, "flagged-at-each-limit").press("End");
  await page.goBack();
  await dashboard.isOn("Overview");
  await new Chart(page, "races").press("Home");
});
