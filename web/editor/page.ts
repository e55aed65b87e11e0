// Starts the page's wasm, lends it the editor, and keeps the texts when it fails.

import type { At } from "./answers";
import { openBeside, readBeside } from "./beside";
import { copy } from "./clipboard";
import { cancelTest, pair, test } from "./companion";
import { carried, draft, keepsDrafts, noteDraft, pauseDrafts, reloadWith, setDrafts, watchDrafts } from "./drafts";
import { leaveEarly, openEarly, Opened } from "./early";
import { openFiles, openFolder, takeDrops } from "./files";
import { early, type Page, page } from "./host";
import { keptTexts, note } from "./kept";
import { restoreLooks, setTheme, setWraps, theme, wraps } from "./looks";
import { workOffline } from "./offline";
import { picture } from "./picture";
import { isShared, readShared, shareLink, type Texts } from "./share";
import { tell } from "./told";

interface App {
  default: (input: { module_or_path: string }) => Promise<unknown>;
}

/** The engine's worker, fetched and compiled while the page is. */
const newEngine = (): Worker => new Worker(new URL("engine.js", document.baseURI), { type: "module" });
let first: Worker | undefined = newEngine();
let running: Worker | undefined;

const nothing: Texts = { names: [], texts: [], litellm: "", redisPy: "" };
let kept = nothing;

/** What the wasm sees of this side, as `globalThis.redproof`: `bridge.rs` says what each is. */
const bridge = {
  Editor: Opened,
  engine: (): Worker => {
    // A page that failed leaves its engine behind.
    running?.terminate();
    running = first ?? newEngine();
    first = undefined;
    return running;
  },
  kept: () => kept,
  keep: (keys: Iterable<number>, texts: Texts, own: boolean) => {
    note([...keys], texts);
    noteDraft(own);
  },
  viewNamed: () => location.hash.slice(1),
  nameView: (name: string) => {
    history.pushState(null, "", name ? `#${name}` : location.pathname + location.search);
  },
  panicked: (place: string, version: string) => {
    panic = { place, version };
  },
  failed: (reason: string, place: string, version: string, again: () => void) => {
    panic = { place, version };
    restart = again;
    failed(new Error(reason));
  },
  recovered: () => {
    const banner = document.getElementById("failure");
    if (banner && restart !== restartPage) banner.hidden = true;
  },
  keepsDrafts,
  setDrafts,
  shareLink,
  test,
  pair,
  cancelTest,
  copy,
  picture,
  openFiles,
  openFolder,
  openPage: (address: string) => void openBeside(new URL(address, document.baseURI)),
  theme,
  setTheme,
  wraps,
  setWraps,
  listen: (
    files: Page["files"],
    ask: Page["ask"],
    followAt: (file: number, from: number, to: number) => void,
    act: Page["act"],
  ) => {
    Object.assign(page, { files, ask, act, follow: ({ file, from, to }: At) => followAt(file, from, to) });
    // Once it has drawn itself.
    for (const given of early.splice(0)) queueMicrotask(() => files(...given));
  },
};
Object.assign(globalThis, { redproof: bridge });
takeDrops();
restoreLooks();
readBeside();

let panic: { place: string; version: string } | undefined;
const meta = document.querySelector<HTMLMetaElement>('meta[name="redproof-app"]');
const [script, wasm] = (meta?.content ?? "").split(" ");
let starts = 0;
/** Whether the page's wasm ever ran. */
let started = false;

const start = async (): Promise<void> => {
  if (!script || !wasm) throw new Error("the page's build is incomplete");
  // A module that failed stays failed: another address makes a new one.
  const address = new URL(starts === 0 ? script : `${script}?${starts}`, document.baseURI);
  starts += 1;
  const app = (await import(address.href)) as App;
  leaveEarly();
  await app.default({ module_or_path: new URL(wasm, document.baseURI).href });
  started = true;
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
  // Nothing is on its way any more.
  for (const busy of document.querySelectorAll('[aria-busy="true"]')) busy.setAttribute("aria-busy", "false");
  document.getElementById("failure-command")?.toggleAttribute("hidden", started);
};

/** Takes the dead page down and starts a new one on the same texts. */
const restartPage = (): void => {
  // One that never ran opens with what it was to open with, and takes what was typed since.
  if (started) kept = keptTexts();
  panic = undefined;
  // The dead page listens on its root for good: each event there would bring it back to fail.
  const root = document.getElementById("app");
  if (started) root?.replaceWith(root.cloneNode());
  start().catch(failed);
};

/** What "Start it again" does: of the engine alone, where that alone stopped. */
let restart = restartPage;

/** What a link has in place of secrets. */
const MASK = "•••";
const FROM_A_LINK = "This configuration came from a link.";
const MASKED = ` Its passwords and keys were replaced by ${MASK}.`;
const isMasked = ({ texts }: Texts): boolean => texts.some((text) => text.includes(MASK));

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
    tell("This link can't be read: it is damaged or cut off.");
  } else if (own) {
    pauseDrafts(true);
    tell(
      FROM_A_LINK + (isMasked(shared) ? MASKED : ""),
      ["Restore my own text", () => reloadWith(own)],
      ["Keep this one", () => pauseDrafts(false)],
    );
  } else if (isMasked(shared)) {
    tell(FROM_A_LINK + MASKED);
  }
  return shared ?? own;
};

document.getElementById("failure-restart")?.addEventListener("click", () => {
  const banner = document.getElementById("failure");
  if (banner) banner.hidden = true;
  restart();
});
const pageFailed = (error: unknown): void => {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  restart = restartPage;
  failed(error);
};
addEventListener("error", (event) => pageFailed(event.error));
addEventListener("unhandledrejection", (event) => pageFailed(event.reason));
// A link that is opened in this tab changes the fragment alone; so does a step through the history.
addEventListener("hashchange", () => {
  if (isShared(location.hash)) reloadWith(keptTexts());
});
addEventListener("popstate", () => {
  // The skip link names the result, whatever it shows.
  if (location.hash !== "#result") page.act(`view ${location.hash.slice(1)}`);
});
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key === "k") {
    event.preventDefault();
    page.act("palette");
  }
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "?" && !typing) page.act("keys");
  // An editor and a field have their own.
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z" && !typing) {
    event.preventDefault();
    page.act("undo");
  }
});
watchDrafts(keptTexts);
opening()
  .then(async (texts) => {
    kept = texts ?? nothing;
    if (texts) {
      // The verdict that the page came with is of another text.
      document.documentElement.classList.add("own-text");
    }
    const held = openEarly(texts?.texts);
    // Where the wasm never comes, this is what is on the page.
    note([0, 1], { ...(texts ?? nothing), names: ["config.yaml", ".env"], texts: held });
    await start();
    document.documentElement.classList.remove("own-text");
    workOffline((takeOver) =>
      tell("A new version of Redproof is ready.", [
        "Load it",
        () => void takeOver().then(() => reloadWith(keptTexts())),
      ]),
    );
  })
  .catch((error: unknown) => {
    restart = restartPage;
    failed(error);
  });
