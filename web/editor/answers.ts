// What the engine answers to an editor's questions: the types of redproof-messages. Places are in UTF-16
// code units of the editor's text.

import { page } from "./host";

/** What a key or a variable is. Names in the texts are between backticks. */
export interface Documentation {
  name: string;
  place: string;
  takes: string;
  default: string | null;
  meaning: string;
  variable: string | null;
  reaches: string;
  releases: string | null;
  secret: boolean;
  note: string | null;
}

/** A place: the file's number, and where in it. */
export interface At {
  file: number;
  from: number;
  to: number;
  name: string;
}

/** A value that clients have, and where it comes from. */
export interface Effective {
  setting: string;
  value: string;
  origin: string;
  at: At | null;
  clients: string[];
}

export interface Hover {
  from: number;
  to: number;
  documentation: Documentation;
  environment: string | null;
  effective: Effective[];
}

export interface Item {
  label: string;
  kind: "key" | "section" | "value" | "variable" | "reference";
  detail: string;
  documentation: Documentation | null;
  insert: string;
  /** Where the cursor goes, from the start of `insert`. */
  cursor: number;
  mark: string | null;
}

export interface Completions {
  from: number;
  to: number;
  items: Item[];
}

/** What is at a place of the file of this key. */
export const hover = async (key: number, at: number): Promise<Hover | undefined> => {
  await handedOn();
  return ((await page.ask("hover", key, at, false)) as Hover | null) ?? undefined;
};

/** What could be written there. */
export const complete = async (
  key: number,
  at: number,
  explicit: boolean,
): Promise<Completions | undefined> => {
  await handedOn();
  return ((await page.ask("complete", key, at, explicit)) as Completions | null) ?? undefined;
};

/** An editor hands a change on in a microtask of its own: it comes first. */
const handedOn = (): Promise<void> => new Promise((done) => queueMicrotask(done));

/** Shows a place in its editor. */
export const follow = (at: At): void => page.follow(at);
