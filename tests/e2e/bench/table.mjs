// How figures and tables are written.

export const MB = 1e6;

export const seconds = (value) => `${value.toFixed(value < 10 ? 2 : 1)} s`;
export const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(0)} KB`;
export const megabytes = (bytes) => `${(bytes / MB).toFixed(0)} MB`;
export const nanoseconds = (value) => `${value.toFixed(2)} ns`;
export const share = (ratio) => ratio.toFixed(2);
/** A ratio as a part of one, where it is. */
export const times = (ratio) => (ratio < 1 ? `1/${(1 / ratio).toFixed(ratio < 0.1 ? 0 : 1)}` : ratio.toFixed(1));

export const slowest = (values) => Math.max(...values);
export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** A row: what, whose figure it is, and what was measured. */
export const told = (what, whose, measured) => [what, whose, measured, "", ""];

/** A row with a figure that is to be `most` at most, both of a unit. */
export const asked = (what, whose, unit, value, most) => [what, whose, unit(value), unit(most), value <= most ? "yes" : "**no**"];

/** A section: the log and where it was measured, and its rows. */
export function markdown({ events, players }, about, rows) {
  const count = (number) => number.toLocaleString("en-US");
  return [
    `${count(events)} events of ${count(players)} players. ${about}.`,
    "",
    "| what | whose | measured | at most | met |",
    "|---|---|---|---|---|",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

/** The text with a section put between `<!-- name -->` and `<!-- /name -->`. */
export function replaceBetween(text, name, section) {
  const [before, rest] = text.split(`<!-- ${name} -->\n`);
  const after = rest?.split(`<!-- /${name} -->`)[1];
  if (after === undefined) throw new Error(`there are no markers for ${name}`);
  return `${before}<!-- ${name} -->\n${section}\n<!-- /${name} -->${after}`;
}
