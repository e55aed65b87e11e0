// What is on the page, as its editors hold it right now.

import { editors } from "./editor";
import type { Texts } from "./share";

let noted: { keys: number[]; texts: Texts } = {
  keys: [],
  texts: { names: [], texts: [], litellm: "", redisPy: "" },
};

/** Notes what is on the page: its files, the config that is checked first, by their keys. */
export const note = (keys: number[], texts: Texts): void => {
  noted = { keys, texts };
};

/** What is on the page. An editor may be ahead of a page that failed. */
export const keptTexts = (): Texts => {
  const { keys, texts } = noted;
  const current = texts.texts.map((text, at) => editors.get(keys[at] ?? -1)?.text() ?? text);
  return { ...texts, texts: current };
};
