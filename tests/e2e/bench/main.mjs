// Measures everything that BENCHMARKS.md tells, in one run, and writes it there. Run it by `make bench`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./data.mjs";
import { machine } from "./machine.mjs";
import { fullRows, hugeRows, millionRows, peerRows, ratios } from "./rows.mjs";
import { measureFull, measureHuge, measureMillion } from "./sections.mjs";
import { markdown, replaceBetween } from "./table.mjs";

const scale = process.env.SCALE || "1";
const hugeScale = process.env.HUGE_SCALE || "10";

/** Prints a section, and puts it between its markers in BENCHMARKS.md where it is of the size that is told there. */
function tell(name, text, isRecorded) {
  console.log(`\n${text}`);
  if (!isRecorded) return;
  const path = join(root, "BENCHMARKS.md");
  writeFileSync(path, replaceBetween(readFileSync(path, "utf8"), name, text));
}

const isFull = scale === "1";
const full = await measureFull(scale);
const about = machine(root, full.page.version, full.reference.duckdb);
tell("full", markdown(full, about, fullRows(full)), isFull);
tell("peers", markdown(full, about, peerRows(full)), isFull);
console.log(`\nFor README.md:\n${ratios(full)}`);
const million = await measureMillion(scale);
tell("million", markdown(million, about, millionRows(million)), isFull);
if (process.env.HUGE) {
  const huge = await measureHuge(hugeScale);
  tell("huge", markdown(huge, about, hugeRows(huge, full)), isFull && hugeScale === "10");
}
