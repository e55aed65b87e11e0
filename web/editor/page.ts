// Starts the page's wasm, lends it the editor, and keeps the texts when it fails.

import { cancelTest, copy, pair, test, testAgain } from "./companion";
import { Editor } from "./editor";
import { openFiles, type Receiver, takeDrops } from "./files";
import { edit, hideView, keptFiles, setDesk, setText, showLive, showView } from "./workbench";

interface App {
  default: (input: { module_or_path: string }) => Promise<unknown>;
}

/** What the wasm sees of this side, as `globalThis.redproof`. */
interface Bridge {
  Editor: typeof Editor;
  /** The files from before a failure; none without one. */
  keptNames: () => string[];
  keptTexts: () => string[];
  /** The live test: the page's part, then the workbench's. */
  test: typeof test;
  showLive: typeof showLive;
  pair: typeof pair;
  cancelTest: typeof cancelTest;
  testAgain: typeof testAgain;
  copy: typeof copy;
  setDesk: typeof setDesk;
  showView: typeof showView;
  hideView: typeof hideView;
  /** Calls of the workbench: a place to be shown, in bytes; edits; whole texts; new files. */
  follow: (source: number, start: number, end: number) => void;
  edit: typeof edit;
  setText: typeof setText;
  addFile: (name: string, text: string) => void;
  /** Has the page hear of the workbench and of dropped files. */
  listen: (follow: Bridge["follow"], text: Receiver["text"], view: (name: string) => void, refused: Receiver["refused"]) => void;
  openFiles: () => void;
}

const receiver: Receiver = { text: () => {}, certificate: () => {}, refused: () => {} };
takeDrops(receiver);

let kept: { names: string[]; texts: string[] } = { names: [], texts: [] };
const bridge: Bridge = {
  Editor,
  keptNames: () => kept.names,
  keptTexts: () => kept.texts,
  test,
  showLive,
  pair,
  cancelTest,
  testAgain,
  copy,
  setDesk,
  showView,
  hideView,
  follow: () => {},
  edit,
  setText,
  addFile: () => {},
  listen: (follow, text, view, refused) => {
    Object.assign(bridge, { follow, addFile: text });
    Object.assign(receiver, { text, certificate: () => view("certificates"), refused });
  },
  openFiles: () => openFiles(receiver),
};
Object.assign(globalThis, { redproof: bridge });

const meta = document.querySelector<HTMLMetaElement>('meta[name="redproof-app"]');
const [script, wasm] = (meta?.content ?? "").split(" ");
let starts = 0;

const start = async (): Promise<void> => {
  if (!script || !wasm) throw new Error("the page was not built completely");
  // A module that failed stays failed: another address makes a new one.
  const address = new URL(starts === 0 ? script : `${script}?${starts}`, document.baseURI);
  starts += 1;
  const app = (await import(address.href)) as App;
  await app.default({ module_or_path: new URL(wasm, document.baseURI).href });
};

const failed = (error: unknown): void => {
  const banner = document.getElementById("failure");
  const reason = document.getElementById("failure-reason");
  if (!banner || !reason) return;
  reason.textContent = error instanceof Error ? error.message : String(error);
  banner.hidden = false;
};

/** Takes the dead page down and starts a new one on the same texts. */
const restart = (): void => {
  kept = keptFiles();
  document.getElementById("app")?.replaceChildren();
  const banner = document.getElementById("failure");
  if (banner) banner.hidden = true;
  start().catch(failed);
};

document.getElementById("failure-restart")?.addEventListener("click", restart);
addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) failed(event.error);
});
addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof WebAssembly.RuntimeError) failed(event.reason);
});
start().catch(failed);
