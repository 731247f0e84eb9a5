import { expect, type Locator, type Page } from "@playwright/test";

/** An entry of a chart's menu, which is opened for it. */
export async function entry(card: Locator, name: "table" | "SVG" | "PNG"): Promise<Locator> {
  const found = card.getByRole(name === "table" ? "menuitemcheckbox" : "menuitem", { name: `: ${name}` });
  if (!(await found.isVisible())) await card.getByRole("button", { name: ": table and pictures" }).click();
  return found;
}

/** Shows a chart as a table, or the other way round. */
export async function toggleTable(card: Locator): Promise<void> {
  await (await entry(card, "table")).click();
}

/** A chart with what lies over it. */
export class Chart {
  readonly card: Locator;
  /** Takes the pointer and the keys. */
  readonly keys: Locator;
  readonly tip: Locator;

  constructor(readonly page: Page, file: string) {
    this.card = page.getByTestId(`chart-${file}`);
    this.keys = this.card.getByRole("slider", { name: /: values$/ });
    this.tip = this.card.getByTestId("chart-tip");
  }

  /** The box that the chart is drawn in, once it is in sight. */
  async box(): Promise<{ x: number; y: number; width: number; height: number }> {
    await this.keys.scrollIntoViewIfNeeded();
    return (await this.keys.boundingBox())!;
  }

  /** Moves the pointer to shares of the chart's width and height. */
  async pointAt(across: number, down: number): Promise<void> {
    const box = await this.box();
    await this.page.mouse.move(box.x + across * box.width, box.y + down * box.height);
  }

  /** Moves the pointer onto a text of the drawing. */
  async pointAtText(text: string): Promise<void> {
    const label = this.card.locator(".chart svg text").getByText(text, { exact: true });
    await label.scrollIntoViewIfNeeded();
    const box = (await label.boundingBox())!;
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  }

  /** Drags, and holds what is dragged. */
  async hold(from: number, to: number): Promise<void> {
    await this.pointAt(from, 0.5);
    await this.page.mouse.down();
    await this.pointAt((from + to) / 2, 0.4);
    await this.pointAt(to, 0.4);
  }

  async drag(from: number, to: number): Promise<void> {
    await this.hold(from, to);
    await this.page.mouse.up();
  }

  /** Takes the line that moves along an axis, drags it so far in pixels, and lets it go. */
  async dragLine(along: "x" | "y", by: number): Promise<void> {
    const box = await this.box();
    const length = along === "x" ? box.width : box.height;
    // Away from where two lines cross.
    for (const beside of [0.2, 0.8]) {
      for (let at = 4; at < length; at += 3) {
        const [x, y] = along === "x" ? [at, box.height * beside] : [box.width * beside, at];
        await this.page.mouse.move(box.x + x, box.y + y);
        if ((await this.keys.getAttribute("data-line")) !== along) continue;
        await this.page.mouse.down();
        await this.page.mouse.move(box.x + x + (along === "x" ? by : 0), box.y + y + (along === "y" ? by : 0), { steps: 4 });
        await this.page.mouse.up();
        return;
      }
    }
    throw new Error(`no line along ${along} can be taken`);
  }

  /** What a screen reader says, and the tooltip shows. */
  async reads(name: string | RegExp, values: string | RegExp): Promise<void> {
    await expect(this.tip.locator("b")).toHaveText(name);
    await expect(this.tip.locator("span")).toHaveText(values);
    await expect(this.tip).toBeVisible();
  }

  async press(key: string, times = 1): Promise<void> {
    for (let time = 0; time < times; time++) await this.keys.press(key);
  }

  /** What is said of each mark, from the first to the last. */
  async all(): Promise<string[]> {
    await this.press("Home");
    await expect(this.keys).toHaveAttribute("aria-valuenow", "0");
    const said = await this.keys.evaluateHandle((keys) => {
      const said = [keys.getAttribute("aria-valuetext")!];
      const note = () => said.push(keys.getAttribute("aria-valuetext")!);
      new MutationObserver(note).observe(keys, { attributeFilter: ["aria-valuenow"] });
      return said;
    });
    const last = (await this.keys.getAttribute("aria-valuemax"))!;
    for (let mark = 0; mark < Number(last); mark++) await this.page.keyboard.press("ArrowRight");
    await expect(this.keys).toHaveAttribute("aria-valuenow", last);
    return said.jsonValue();
  }
}
