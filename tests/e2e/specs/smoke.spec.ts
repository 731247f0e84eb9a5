import { expect, site, test } from "../fixtures.ts";

test("the page opens with the dev data, without an error and without asking anyone else", async ({
  page,
  dashboard,
  conduct,
}) => {
  await dashboard.open(site("both"));
  await expect(page).toHaveTitle(/DEV/);
  await page.waitForLoadState("networkidle");
  expect(conduct.errors).toEqual([]);
  expect(conduct.foreign).toEqual([]);
});
