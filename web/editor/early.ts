// Editors before the page's wasm is there: in place of the texts that the page came with.

import { Editor, type Opening } from "./editor";

/** By the keys of their files; gone once the wasm has taken them. */
const early = new Map<number, Editor>();

/** The key of the one that had the keyboard when the wasm came. */
let focused: number | undefined;

/** Opens them, with these texts instead where there are any: the config, then the environment. What they hold. */
export const openEarly = (texts: string[] | undefined): string[] => {
  const held: string[] = [];
  for (const first of document.querySelectorAll<HTMLElement>(".first-text")) {
    const parent = first.parentElement;
    const { key, language, label, hint } = first.dataset;
    if (!parent || !key) continue;
    const number = Number(key);
    const text = texts ? (texts[number] ?? "") : (first.textContent ?? "");
    first.remove();
    held.push(text);
    early.set(number, new Editor(parent, { key: number, language: language ?? "", label: label ?? "", hint: hint ?? "", text }));
  }
  return held;
};

/** The wasm draws its own page in place of this one: what had the keyboard gets it back. */
export const leaveEarly = (): void => {
  for (const [key, editor] of early) if (editor.hasFocus()) focused = key;
};

/**
 * What the wasm calls as `new Editor(…)`: an editor inside `parent`, the one that is there already if one is.
 */
export const Opened = function (
  parent: Element,
  opening: Opening,
  change: (text: string, whole: boolean) => void,
  fix: (id: number) => void,
  point: (from?: number, to?: number) => void,
): Editor {
  const { key, text } = opening;
  const known = early.get(key);
  early.delete(key);
  const editor = known ?? new Editor(parent, opening);
  return editor.adopt(parent, text, { change, fix, point }, known !== undefined && focused === key);
};
