// Starts the page's wasm, lends it the editor, and keeps the texts when it fails.

import { lent } from "lent";

import { copy } from "./clipboard";
import { cancelTest, pair, test, testAgain } from "./companion";
import { carried, draft, keepsDrafts, noteDraft, pauseDrafts, reloadWith, setDrafts, watchDrafts } from "./drafts";
import { Editor } from "./editor";
import { openFiles, type Receiver, takeDrops } from "./files";
import { workOffline } from "./offline";
import { isShared, readShared, shareLink, type Texts } from "./share";
import { tell } from "./told";
import {
  edit,
  fixAll,
  forget,
  hideView,
  keptTexts,  pinned,
  point,
  setDesk,
  setText,
  share,
  showLive,
  showView,
  workbench,
} from "./workbench";

interface App {
  default: (input: { module_or_path: string }) => Promise<unknown>;
}

/** What the wasm sees of this side, as `globalThis.redproof`. */
interface Bridge {
  Editor: typeof Editor;
  /** The files that the page opens with, from a link, a draft or before a failure; or none. */
  keptNames: () => string[];
  keptTexts: () => string[];
  /** The releases that it opens with: LiteLLM, redis-py. */
  keptReleases: () => string[];
  /** The place in the source, and the version, of a panic that is about to stop the wasm. */
  panicked: (place: string, version: string) => void;
  keepsDrafts: typeof keepsDrafts;
  setDrafts: typeof setDrafts;
  shareLink: (names: string[], texts: string[], litellm: string, redisPy: string) => Promise<string>;
  copy: typeof copy;
  /** The live test: the page's part, then the workbench's. */
  test: typeof test;
  showLive: typeof showLive;
  pair: typeof pair;
  cancelTest: typeof cancelTest;
  testAgain: typeof testAgain;
  setDesk: typeof setDesk;
  showView: typeof showView;
  hideView: typeof hideView;
  /** Calls of the workbench: a place to be shown, in bytes; edits; whole texts. */
  follow: (source: number, start: number, end: number) => void;
  point: typeof point;
  edit: typeof edit;
  setText: typeof setText;
  /** Has the page hear of the workbench and of dropped files. */
  listen: (
    follow: Bridge["follow"],
    text: Receiver["text"],
    view: (name: string) => void,
    refused: Receiver["refused"],
  ) => void;
  pinned: typeof pinned;
  openFiles: () => void;
  fixAll: typeof fixAll;
  share: typeof share;
  /** For `assist.ts`. */
  lent: typeof lent;
  workbench: typeof workbench;
}

const receiver: Receiver = { text: () => {}, certificate: () => {}, refused: () => {} };
takeDrops(receiver);

const nothing: Texts = { names: [], texts: [], litellm: "", redisPy: "" };
let kept = nothing;
let panic: { place: string; version: string } | undefined;
const bridge: Bridge = {
  Editor,
  keptNames: () => kept.names,
  keptTexts: () => kept.texts,
  keptReleases: () => [kept.litellm, kept.redisPy],
  panicked: (place, version) => {
    panic = { place, version };
  },
  keepsDrafts,
  setDrafts,
  shareLink: (names, texts, litellm, redisPy) => shareLink({ names, texts, litellm, redisPy }),
  test,
  showLive,
  pair,
  cancelTest,
  testAgain,
  copy,
  setDesk: (...desk) => {
    setDesk(...desk);
    noteDraft();
  },
  showView,
  hideView,
  follow: () => {},
  point,
  edit,
  setText,
  listen: (follow, text, view, refused) => {
    Object.assign(bridge, { follow });
    Object.assign(receiver, { text, certificate: () => view("certificates"), refused });
  },
  openFiles: () => openFiles(receiver),
  pinned,
  fixAll,
  share,
  lent,
  workbench,
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

/** Where a failure is reported: with what helps to find it, and nothing of the text. */
const report = (reason: string): string => {
  const { litellm, redisPy } = keptTexts();
  const body = [
    "The checker of the page stopped.",
    "",
    `- Redproof ${panic?.version ?? "(version not known)"}`,
    `- Place: ${panic?.place ?? "not known"}`,
    `- Reason: ${reason}`,
    `- LiteLLM: ${litellm || "automatic"}, redis-py: ${redisPy || "automatic"}`,
    `- Browser: ${navigator.userAgent}`,
    "",
    "What I did:",
  ];
  return new URLSearchParams({ title: "The page's checker stopped", body: body.join("\n") }).toString();
};

const failed = (error: unknown): void => {
  const banner = document.getElementById("failure");
  const place = document.getElementById("failure-reason");
  const link = document.getElementById("failure-report");
  if (!banner || !place || !(link instanceof HTMLAnchorElement)) return;
  const reason = error instanceof Error ? error.message : String(error);
  place.textContent = reason;
  link.search = report(reason);
  banner.hidden = false;
};

/** Takes the dead page down and starts a new one on the same texts. */
const restart = (): void => {
  kept = keptTexts();
  forget();
  panic = undefined;
  // The dead page listens on its root for good: each event there would bring it back to fail.
  const root = document.getElementById("app");
  root?.replaceWith(root.cloneNode());
  const banner = document.getElementById("failure");
  if (banner) banner.hidden = true;
  start().catch(failed);
};

/**
 * What the page opens with: the texts of a link; else those from before a reload, or a draft. A link
 * is taken out of the address, so that it is in no bookmark, and what it covers can be had back.
 */
const opening = async (): Promise<Texts | undefined> => {
  const own = carried() ?? draft();
  const fragment = location.hash;
  if (!isShared(fragment)) return own;
  const shared = await readShared(fragment);
  history.replaceState(null, "", location.pathname + location.search);
  if (!shared) {
    tell("The link holds no configuration that can be read: it is damaged, cut off or too long.");
  } else if (own) {
    pauseDrafts(true);
    tell(
      "This configuration comes from the link that you opened.",
      ["Bring back my own text", () => reloadWith(own)],
      ["Keep this one", () => pauseDrafts(false)],
    );
  }
  return shared ?? own;
};

document.getElementById("failure-restart")?.addEventListener("click", restart);
addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) failed(event.error);
});
addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof WebAssembly.RuntimeError) failed(event.reason);
});
// A link that is opened in this tab changes the fragment alone.
addEventListener("hashchange", () => {
  if (isShared(location.hash)) reloadWith(keptTexts());
});
watchDrafts(keptTexts);
opening()
  .then(async (texts) => {
    kept = texts ?? nothing;
    await start();
    workOffline((takeOver) =>
      tell("A new version of Redproof is ready.", [
        "Load it",
        () => void takeOver().then(() => reloadWith(keptTexts())),
      ]),
    );
  })
  .catch(failed);
