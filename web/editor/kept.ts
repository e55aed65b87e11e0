// What is on the page, as its editors hold it right now.

import { editors } from "./editor";
import type { Texts } from "./share";

let noted: Texts & { keys: number[] } = { keys: [], names: [], texts: [], litellm: "", redisPy: "" };

/** Notes what is on the page: its files, the config that is checked first, by their keys. */
export const note = (keys: number[], names: string[], texts: string[], litellm: string, redisPy: string): void => {
  noted = { keys, names, texts, litellm, redisPy };
};

/** What is on the page. An editor may be ahead of a page that failed. */
export const keptTexts = (): Texts => {
  const { keys, names, texts, litellm, redisPy } = noted;
  const current = texts.map((text, at) => editors.get(keys[at] ?? -1)?.text() ?? text);
  return { names, texts: current, litellm, redisPy };
};
