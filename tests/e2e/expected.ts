import { readFileSync } from "node:fs";

/** The databases that `setup/sites.ts` makes. */
export type Database = "dev" | "prod" | "hard";
/** A database with only the rows that match one of the filters of `setup/expected.py`. */
export type Filtered = "dev:days" | "dev:all" | "dev:places" | "dev:alone" | "prod:days";

/** What SQL says about a database as a whole. */
export interface Figures {
  /** Rows of the source, and those of them that no model can use. */
  rows: number;
  null_player_id: number;
  null_datetime: number;
  /** Events of the source that the models use. */
  events: number;
  players: number;
  sessions: number;
  bots: number;
  bot_events: number;
  kept_events: number;
  kept_players: number;
  churned: number;
  bot_sessions: number;
  /** Flagged players that have churned. */
  churned_bots: number;
}

/** Events of a zone, or players seen on a day: without bots, of bots, and together. */
export interface Split {
  humans: number;
  bots: number;
  every: number;
}

/** Events of an hour of the week. */
export interface Hour {
  weekday: number;
  hour: number;
  events: number;
}

/** What the sessions are like; durations in minutes. */
export interface SessionFigures {
  sessions: number;
  bots: number;
  median: number;
  median_without_bots: number;
  p95: number;
  p95_without_bots: number;
  longest: number;
  longest_player: string;
  lone: number;
  median_events: number;
  p95_events: number;
}

/** The sessions that a gap gives, with the tables behind their charts. */
export interface WithGap {
  figures: SessionFigures;
  /** By exact duration, minutes; those that no session has are left out. */
  minutes: (Split & { minutes: number })[];
  durations: (Split & { label: string })[];
  events: (Split & { label: string })[];
}

/** What two limits, in minutes, make of the players. */
export interface Counts {
  longest: number;
  average: number;
  flagged: number;
  longest_only: number;
  average_only: number;
  both: number;
  kept_events: number;
}

export interface Flagged {
  player_id: string;
  rule: string;
  longest: number;
  events: number;
  session_events: number;
  /** First and last event of the longest session, as the page writes them. */
  ran: string;
}

export interface Session {
  session: number;
  start: string;
  end: string;
  events: number;
  minutes: number;
}

/** A row of models 2 and 4 together, bots included. Ids are text, for a number would lose digits. */
export type Player = { player_id: string } & Record<string, string | number | null>;

/** All that `setup/expected.py` found out about a database. */
export interface Expected {
  figures: Figures;
  /** Who left in the last month and in the one before; the days with events, and all from the first to the last. */
  /** Days and hours of the log without any event, whatever the filter. */
  coverage: { missing_days: number; missing_hours: number };
  leaving: { now: number; before: number; covered_days: number; days: number };
  /** By gap in minutes. */
  with_gap: Record<"30" | "60", WithGap>;
  /** Sessions by duration, and players by longest and by average session, as exports are compared. */
  compared: { label: string; sessions: number; longest: number; average: number }[];
  /** How many sessions each gap gives, of the players that are bots with the default gap and of the others. */
  at_gaps: (Split & { gap: number })[];
  zones: (Split & { label: string })[];
  /** Zones put together by a column of the seed. */
  zone_groups: Record<"continent" | "kind", (Split & { label: string })[]>;
  classes: (Split & { label: string })[];
  races: (Split & { label: string })[];
  /** Up to the highest that there was in the time of the log. */
  levels: (Split & { level: string })[];
  /** By the choice of bots. */
  hours: Record<"in" | "out" | "only", Hour[]>;
  /** The filter as the address has it; none for a whole database. */
  query?: string;
  /** By limits, such as `720/360`. */
  daily: Record<string, (Split & { day: string })[]>;
  limits: Counts[];
  /** By limits, greatest longest session first. */
  flagged: Record<string, Flagged[]>;
  /** A class, the start of an id, and players to look at. */
  chosen: { class: string; search: string; bot: string; human: string; lone: string };
  tables: Record<
    "all" | "by_events" | "by_class" | "of_class" | "bots" | "not_churned" | "churned_of_class" | "search",
    Player[]
  >;
  /** By player. */
  sessions: Record<string, Session[]>;
  /** By player: the highest level of each day. */
  player_levels: Record<string, { day: string; level: string }[]>;
  /** By player, most events first. */
  player_zones: Record<string, { label: string; events: number }[]>;
}

/** The default limits, as the keys of `Expected` name them. */
export const DEFAULT = "720/360";
/** Other limits for which everything is known. */
export const OTHER = "101/47";

/** What SQL says about a database. */
export function expected(database: Database | Filtered): Expected {
  const all = JSON.parse(readFileSync(variable("E2E_EXPECTED"), "utf8")) as Record<Database | Filtered, Expected>;
  return all[database];
}

/** A value that the global setup hands to the processes of the runner. */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the global setup has not run`);
  return value;
}

/** A count as the page writes it. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A duration as the page writes it: to the minute, and to the hundredth where it is shorter than one. */
export function duration(minutes: number): string {
  if (minutes > 0 && minutes < 1) return `${minutes.toFixed(2)} min`;
  const whole = Math.round(minutes);
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${count(hours)} h` : `${count(hours)} h ${rest} min`;
}
