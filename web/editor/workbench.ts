// The workbench: a wasm of its own with all that the first load does without, fetched once the
// first check is there. It reads the desk, finds what takes longer, draws the views, and answers the
// editors' questions.

import { editors } from "./editor";
import type { Texts } from "./share";
import { tell } from "./told";

/** What the workbench's wasm offers. Places are in UTF-16 code units. */
export interface Workbench {
  desk: (names: string[], texts: string[], litellm: string, redisPy: string, now: number) => void;
  show: (view: string, parent: Element) => void;
  hide: () => void;
  live: (parent: Element) => void;
  told: (event: object) => void;
  receive: (name: string, bytes: Uint8Array) => void;
  /** Answers in JSON: see `answers.ts`. */
  hover: (source: number, at: number) => string | undefined;
  complete: (source: number, at: number, explicit: boolean) => string | undefined;
  /** Mends what can be mended safely; says what it did. */
  fixAll: () => string;
  /** Opens the dialog that shares. */
  share: () => void;
  /** The releases of LiteLLM and redis-py that a file names; empty for one that it leaves open. */
  pinned: (name: string, text: string) => string[];
}

interface Module {
  default: () => Promise<unknown>;
  Workbench: new () => Workbench;
}

/** How long the text rests before the workbench is fetched, in milliseconds. */
const REST = 300;

let desk: Texts = { names: [], texts: [], litellm: "", redisPy: "" };
let loads = 0;
let loading: Promise<Workbench> | undefined;
let loaded: Workbench | undefined;
let resting: ReturnType<typeof setTimeout> | undefined;

const give = (workbench: Workbench): void =>
  workbench.desk(desk.names, desk.texts, desk.litellm, desk.redisPy, Date.now() / 1000);

const load = async (): Promise<Workbench> => {
  // A module that failed stays failed: another address makes a new one.
  const address = new URL(`redproof-workbench.js${loads === 0 ? "" : `?${loads}`}`, document.baseURI);
  loads += 1;
  const module = (await import(address.href)) as Module;
  await module.default();
  styles();
  const workbench = new module.Workbench();
  give(workbench);
  loaded = workbench;
  return workbench;
};

/** The workbench's own style sheet, beside its wasm. */
const styles = (): void => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("workbench.css", document.baseURI).href;
  document.head.append(link);
};

/** The workbench, fetched the first time; what failed is fetched again the next time. */
export const workbench = (): Promise<Workbench> => {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
};

/** Puts on the desk what the page holds now. */
export const setDesk = (names: string[], texts: string[], litellm: string, redisPy: string) => {
  desk = { names, texts, litellm, redisPy };
  if (loaded) give(loaded);
  clearTimeout(resting);
  // Fetched before it is wanted; what fails is fetched again when it is.
  resting = setTimeout(() => void workbench().catch(() => undefined), REST);
};

/** The releases that a requirements or lock file names; nothing where that can't be told. */
export const pinned = async (name: string, text: string): Promise<{ litellm?: string; redisPy?: string }> => {
  const bench = await workbench().catch(() => undefined);
  const [litellm, redisPy] = bench?.pinned(name, text) ?? [];
  return { litellm, redisPy };
};

/** What is on the page, and what the editors hold of it right now. */
export const keptTexts = (): Texts => ({
  ...desk,
  texts: desk.texts.map((text, at) => editors.get(at)?.text() ?? text),
});

/** Forgets a workbench that failed: the next use fetches another. */
export const forget = (): void => {
  loading = undefined;
  loaded = undefined;
  wanted = undefined;
  document.getElementById("share")?.remove();
};

let wanted: Element | undefined;

/** Offers to try again what could not be loaded. */
const offer = (parent: Element, retry: () => unknown): void => {
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Try again";
  again.addEventListener("click", retry);
  parent.replaceChildren("This part of the page could not be loaded. ", again);
};

/** Shows the live test inside an element. */
export const showLive = async (parent: Element): Promise<void> => {
  try {
    (await workbench()).live(parent);
    parent.scrollIntoView({ block: "nearest" });
  } catch {
    offer(parent, () => showLive(parent));
  }
};

/** Shows a view inside an element, in place of what it shows. */
export const showView = async (view: string, parent: Element): Promise<void> => {
  wanted = parent;
  try {
    const bench = await workbench();
    // Another view, or none, may have been asked for since.
    if (wanted === parent) bench.show(view, parent);
  } catch {
    if (wanted !== parent) return;
    offer(parent, () => showView(view, parent));
  }
};

/** Takes the view off the page; it keeps what it holds. */
export const hideView = (): void => {
  wanted = undefined;
  loaded?.hide();
};

/** Applies edits to the files, as one step of each one's history. */
export const edit = (source: number, from: Uint32Array, to: Uint32Array, insert: string[]): void =>
  editors
    .get(source)
    ?.change(insert.map((text, at) => ({ from: from[at] ?? 0, to: to[at] ?? 0, insert: text })));

/** Puts a new text in place of a file's. */
export const setText = (source: number, text: string): void => editors.get(source)?.setText(text);

/** Lights the lines of these places in a file's editor, and shows the first. */
export const point = (source: number, places: number[]): void => editors.get(source)?.point(places);

/** Has the workbench do something that the user asked for; tells what it says of it. */
const use = async (act: (bench: Workbench) => string | void): Promise<void> => {
  const bench = await workbench().catch(() => undefined);
  const told = bench ? act(bench) : "The part of the page that does this could not be loaded.";
  if (told) tell(told);
};

/** Applies all safe fixes, as one step of the history. */
export const fixAll = (): Promise<void> => use((bench) => bench.fixAll());

/** Opens the dialog that shares. */
export const share = (): Promise<void> => use((bench) => bench.share());
