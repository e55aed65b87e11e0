// The text in this tab, over reloads and steps back to the page; and between visits, while the user
// wants it kept in this browser.

import type { Texts } from "./share";

/** There while the user wants drafts. */
const DRAFT = "redproof-draft";

/** What was on the page in this tab, unless that was nothing of the user's. */
const TAB = "redproof-tab";

/** There from a reload that the page asks for until it has loaded. */
const CARRIED = "redproof-carried";

const read = (store: () => Storage, name: string): Texts | undefined => {
  try {
    const kept = JSON.parse(store().getItem(name) ?? "") as Texts;
    return kept.names.length === kept.texts.length ? kept : undefined;
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

const remove = (store: () => Storage, name: string): void => {
  try {
    store().removeItem(name);
  } catch {
    // What can't be written holds nothing.
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

/** What was opened or kept last: a tab that changes nothing overwrites nothing of another one. */
let known = "";

/** Whether what is on the page is the user's. */
let own = false;

/** Keeps the text for the next visit. */
const keep = (): boolean => write(local, DRAFT, current());

const save = (): void => {
  clearTimeout(timer);
  timer = undefined;
  const texts = current();
  const now = JSON.stringify(texts);
  if (paused || now === known) return;
  known = now;
  if (own) write(session, TAB, texts);
  else remove(session, TAB);
  // Another tab may have switched it off.
  if (keepsDrafts()) keep();
};

/** Does it between two keys: writing takes longer than the key itself. */
const whenIdle = (act: () => void): void => {
  // Safari has none.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(act, { timeout: 2000 });
  else act();
};

/** Keeps the text soon: it changed. `mine` unless it is what the page opens with anyway. */
export const noteDraft = (mine = own): void => {
  own = mine;
  if (!paused && timer === undefined) {
    timer = setTimeout(() => whenIdle(() => timer !== undefined && save()), 400);
  }
};

/** Starts or stops keeping drafts; stopping deletes what is kept. Whether they are kept now. */
export const setDrafts = (wanted: boolean): boolean => {
  paused = false;
  if (wanted) return keep();
  remove(local, DRAFT);
  return keepsDrafts();
};

/** What was on the page in this tab, else the draft of the last visit. */
export const draft = (): Texts | undefined => {
  const texts = read(session, TAB) ?? (keepsDrafts() ? read(local, DRAFT) : undefined);
  if (texts) known = JSON.stringify(texts);
  return texts;
};

/** Loads the page anew, with these texts on it. */
export const reloadWith = (texts: Texts): void => {
  // Without room for it, the text is worth more than the reload.
  if (write(session, CARRIED, texts)) location.reload();
};

/** The texts from before such a reload. */
export const carried = (): Texts | undefined => {
  const texts = read(session, CARRIED);
  remove(session, CARRIED);
  return texts;
};

/** Watches over the texts that `texts` gives. */
export const watchDrafts = (texts: () => Texts): void => {
  current = texts;
  addEventListener("pagehide", () => {
    if (timer !== undefined) save();
  });
};
