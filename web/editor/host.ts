// What the page's Rust does for its editors and for files.

import type { At } from "./answers";

export interface Page {
  /** Files that were given: names and bytes; the names of those that can't be taken, and why. */
  files: (names: string[], bytes: Uint8Array[], refused: string[], why: string[]) => void;
  /** `hover` or `complete`, the file's key, the place, whether the user asked. */
  ask: (question: string, key: number, at: number, explicit: boolean) => Promise<unknown>;
  /** Shows a place. */
  follow: (at: At) => void;
  /** `fix all`, `test`, `palette`, `keys`, `undo`, `view NAME`. */
  act: (name: string) => void;
}

const nothing = (): void => {};

/** Files that were given before the page's wasm is there. */
export const early: Parameters<Page["files"]>[] = [];

/** Nobody listens before the page's wasm is there. */
export const page: Page = {
  files: (...given) => void early.push(given),
  ask: () => Promise.resolve(null),
  follow: nothing,
  act: nothing,
};
