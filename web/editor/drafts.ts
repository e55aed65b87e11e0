// The text between visits: kept in this browser while the user wants that, and over a reload.

import type { Texts } from "./share";

/** There while the user wants drafts. */
const DRAFT = "redproof-draft";

/** There from a reload that the page asks for until it has loaded. */
const CARRIED = "redproof-carried";

const read = (store: () => Storage, name: string): Texts | undefined => {
  try {
    const { names, texts, litellm, redisPy } = JSON.parse(store().getItem(name) ?? "") as Texts;
    return names.length === texts.length ? { names, texts, litellm, redisPy } : undefined;
  } catch {
    return undefined;
  }
};

/** A store may be full or forbidden: whether it took the texts. */
const write = (store: () => Storage, name: string, texts: Texts): boolean => {
  try {
    store().setItem(name, JSON.stringify(texts));
    return true;
  } catch {
    return false;
  }
};

const local = () => localStorage;
const session = () => sessionStorage;

/** Gives the texts on the page, as they are right now. */
let current: () => Texts = () => ({ names: [], texts: [], litellm: "", redisPy: "" });
let timer: ReturnType<typeof setTimeout> | undefined;

/** Whether drafts are kept. */
export const keepsDrafts = (): boolean => {
  try {
    return localStorage.getItem(DRAFT) !== null;
  } catch {
    return false;
  }
};

/** While true, the draft stays what it was: another text was opened over it. */
let paused = false;
export const pauseDrafts = (pause: boolean): void => {
  paused = pause;
  if (!pause) noteDraft();
};

/** Keeps the text for the next visit, and for this tab: another may keep another text. */
const keep = (): boolean => {
  write(session, DRAFT, current());
  return write(local, DRAFT, current());
};

const save = (): void => {
  clearTimeout(timer);
  timer = undefined;
  // Another tab may have switched it off.
  if (!paused && keepsDrafts()) keep();
};

/** Keeps the text soon, if drafts are kept: it changed. */
export const noteDraft = (): void => {
  if (!paused && timer === undefined && keepsDrafts()) timer = setTimeout(save, 400);
};

/** Starts or stops keeping drafts; stopping deletes what is kept. Whether they are kept now. */
export const setDrafts = (wanted: boolean): boolean => {
  paused = false;
  if (wanted) return keep();
  try {
    localStorage.removeItem(DRAFT);
    sessionStorage.removeItem(DRAFT);
  } catch {
    // What can't be written holds nothing.
  }
  return keepsDrafts();
};

/** The draft of this tab, else of the last visit. */
export const draft = (): Texts | undefined =>
  keepsDrafts() ? (read(session, DRAFT) ?? read(local, DRAFT)) : undefined;

/** Loads the page anew, with these texts on it. */
export const reloadWith = (texts: Texts): void => {
  // Without room for it, the text is worth more than the reload.
  if (write(session, CARRIED, texts)) location.reload();
};

/** The texts from before such a reload. */
export const carried = (): Texts | undefined => {
  const texts = read(session, CARRIED);
  try {
    sessionStorage.removeItem(CARRIED);
  } catch {
    // It was not read either.
  }
  return texts;
};

/** Watches over the texts that `texts` gives. */
export const watchDrafts = (texts: () => Texts): void => {
  current = texts;
  addEventListener("pagehide", () => {
    if (timer !== undefined) save();
  });
  // Switched off in another tab, drafts are gone from this one too.
  addEventListener("storage", ({ key, newValue }) => {
    if (key === DRAFT && newValue === null) sessionStorage.removeItem(DRAFT);
  });
};
