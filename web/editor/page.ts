// Starts the page's wasm, lends it the editor, and keeps the texts when it fails.

import { findCompanion, probe } from "./companion";
import { Editor } from "./editor";
import { upgrade } from "./upgrade";

interface App {
  default: (input: { module_or_path: string }) => Promise<unknown>;
}

/** What the wasm sees of this side, as `globalThis.redproof`. */
interface Bridge {
  Editor: typeof Editor;
  /** Keeps an editor's text, and gives the one kept from before a failure. */
  keep: (name: string, text: string) => void;
  keptText: (name: string) => string | undefined;
  findCompanion: typeof findCompanion;
  probe: typeof probe;
  upgrade: typeof upgrade;
}

const kept = new Map<string, string>();
const bridge: Bridge = {
  Editor,
  keep: (name, text) => void kept.set(name, text),
  keptText: (name) => kept.get(name),
  findCompanion,
  probe,
  upgrade,
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
