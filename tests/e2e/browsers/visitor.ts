/** What the tests ask of a browser, whatever it is driven by. */
export interface Visitor {
  open(url: string): Promise<void>;
  /** Runs a function in the page, to which only its arguments are known. */
  run<A extends unknown[], R>(code: (...given: A) => R, ...given: A): Promise<Awaited<R>>;
  /** Presses what a CSS selector finds first, as a mouse does. */
  press(selector: string): Promise<void>;
  /** Chooses files of this machine in an input. */
  choose(selector: string, files: string[]): Promise<void>;
  /** The folder in which downloads end up. */
  downloads: string;
  /** Errors and warnings on the console, and what nothing caught; nothing where the driver cannot tell. */
  complaints?: string[];
  close(): Promise<void>;
}
