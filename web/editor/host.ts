// What the page's Rust does for its editors and for files.

import type { At } from "./answers";

export interface Page {
  /** Files that were given: names and bytes. */
  files: (names: string[], bytes: Uint8Array[]) => void;
  /** A file that can't be taken, with the reason. */
  refused: (name: string, why: string) => void;
  /** `hover` or `complete`, the file's key, the place, whether the user asked. */
  ask: (question: string, key: number, at: number, explicit: boolean) => Promise<unknown>;
  /** Shows a place. */
  follow: (at: At) => void;
  /** `fix all`, `test`, `palette`, `keys`, `undo`, `view NAME`. */
  act: (name: string) => void;
}

const nothing = (): void => {};

/** Nobody listens before the page's wasm is there. */
export const page: Page = {
  files: nothing,
  refused: nothing,
  ask: () => Promise.resolve(null),
  follow: nothing,
  act: nothing,
};
