import { readFileSync } from "node:fs";

export type Environment = "dev" | "prod";

/** What SQL says about a database; `setup/expected.py` writes it. */
export interface Figures {
  /** Events of the source that the models use. */
  events: number;
  players: number;
  sessions: number;
  bots: number;
  bot_events: number;
  churned: number;
}

export type Expected = Record<Environment, Figures>;

/** Read anew by each process of the runner. */
export function expected(environment: Environment): Figures {
  const file = process.env.E2E_EXPECTED;
  if (!file) throw new Error("the global setup has not run");
  return (JSON.parse(readFileSync(file, "utf8")) as Expected)[environment];
}
