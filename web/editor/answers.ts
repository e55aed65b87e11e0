// What the workbench answers to an editor's questions. Places are in UTF-16 code units of the
// editor's text, unless they say otherwise.

import type { Workbench } from "./workbench";

/** What a key or a variable is. Names in the texts stand between backticks. */
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

/** A value that clients have, and where it comes from. */
export interface Effective {
  setting: string;
  value: string;
  origin: string;
  /** The source, and the first and last byte there. */
  at: [number, number, number] | null;
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

/** The page's side, as `globalThis.redproof`. */
interface Page {
  workbench: () => Promise<Workbench>;
  follow: (source: number, start: number, end: number) => void;
}

const page = (): Page => (globalThis as unknown as { redproof: Page }).redproof;

/** Asks the workbench, once it has the texts as the editors hold them now. */
export const ask = async <Answer>(
  question: (workbench: Workbench) => string | undefined,
): Promise<Answer | undefined> => {
  const workbench = await page().workbench();
  // The page hands a change on in tasks of its own: they come first.
  await new Promise((done) => setTimeout(done));
  const answer = question(workbench);
  return answer === undefined ? undefined : (JSON.parse(answer) as Answer);
};

/** Shows a place in its editor. */
export const follow = (at: [number, number, number]): void => page().follow(...at);
