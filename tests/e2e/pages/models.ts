import type { Locator, Page } from "@playwright/test";

import { cells } from "./overview.ts";

/** The source and the models, in the order in which they are made. */
export const MODELS = [
  "wowlogs",
  "stg_wowlogs_with_sessions",
  "player_session_stats",
  "stg_wowlogs_no_bots",
  "stg_players",
] as const;

/** The lineage, and a card for each model. */
export class Models {
  readonly lineage: Locator;

  constructor(readonly page: Page) {
    this.lineage = page.getByTestId("lineage");
  }

  /** A model's place in the lineage. */
  node(name: string): Locator {
    return this.lineage.getByRole("link", { name: new RegExp(`^${name} `) });
  }

  card(name: string): Locator {
    return this.page.getByTestId(`model-${name}`);
  }

  rows(name: string): Locator {
    return this.card(name).getByTestId("rows");
  }

  sql(name: string): Locator {
    return this.card(name).locator("pre");
  }

  /** Downloads a model's rows. */
  save(name: string, format: "csv" | "parquet"): Locator {
    return this.page.getByTestId(`save-${name}-${format}`);
  }

  copy(name: string): Locator {
    return this.card(name).getByTitle(`Copy the SQL of ${name}`);
  }

  /** Name, type and description with tests of every column. */
  async columns(name: string): Promise<string[][]> {
    return cells(this.card(name).locator("tbody tr"));
  }
}
