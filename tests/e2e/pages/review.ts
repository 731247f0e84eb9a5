import type { Locator, Page } from "@playwright/test";

/** Marks of players, and the way from one player to the next. */
export class Review {
  readonly previous: Locator;
  readonly next: Locator;
  /** Where the player stands in the table: `12 of 4,119`. */
  readonly turn: Locator;
  readonly note: Locator;
  /** What the player is marked as. */
  readonly say: Locator;
  readonly notKept: Locator;
  /** The list that filters a table by marks. */
  readonly filter: Locator;
  readonly imported: Locator;
  readonly export: Locator;

  constructor(readonly page: Page) {
    this.previous = page.getByTestId("player-previous");
    this.next = page.getByTestId("player-next");
    this.turn = page.getByTestId("player-turn");
    this.note = page.getByTestId("mark-note");
    this.say = page.getByTestId("mark-say");
    this.notKept = page.getByTestId("marks-not-kept");
    this.filter = page.getByTestId("filter-marked");
    this.imported = page.getByTestId("marks-imported");
    this.export = page.getByTestId("marks-export");
  }

  mark(answer: "bot" | "not-bot" | "unsure"): Locator {
    return this.page.getByTestId(`mark-${answer}`);
  }

  /** A number of the card that holds the rule against the marks. */
  measure(name: "precision" | "recall" | "bots-flagged" | "bots-missed" | "others-flagged" | "others-spared"): Locator {
    return this.page.getByTestId("agreement").getByTestId(name);
  }

  /** Takes marks over from a file of this text. */
  async import(text: string): Promise<void> {
    const file = { name: "marks.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
    await this.page.getByTestId("marks-import").setInputFiles(file);
  }
}

/** The list of views. */
export class Views {
  readonly button: Locator;
  readonly name: Locator;
  readonly save: Locator;
  readonly problem: Locator;
  readonly undo: Locator;
  readonly all: Locator;

  constructor(readonly page: Page) {
    this.button = page.getByTestId("views");
    this.name = page.getByTestId("view-name");
    this.save = page.getByTestId("view-save");
    this.problem = page.getByTestId("views-problem");
    this.undo = page.getByTestId("view-undo");
    this.all = page.getByTestId("view-list").getByRole("link");
  }

  link(name: string): Locator {
    return this.page.getByTestId("view-list").getByRole("link", { name, exact: true });
  }
}
