// The live test: finds the companion (`redproof serve`), is paired with it, and has it probe.
//
// Nothing is asked of it, nor looked for, before the user presses the button.

import { keptTexts } from "./kept";

/**
 * Takes an event of the probe, as it comes; or one of this side's: `looking`, `absent`, `pair`,
 * `paired`, `cancelled`, `failed`.
 */
type Tell = (event: object) => void;

/** Where a companion listens, unless told otherwise: the only other origin that is ever asked. */
const elsewhere =
  document.querySelector<HTMLMetaElement>('meta[name="redproof-companion"]')?.content ?? "";

/** A companion may serve this very page. */
const here = /^(127\.|localhost$|\[::1\]$)/.test(location.hostname) ? location.origin : "";

/** Tokens by the companion's address, while the tab lives; kept beyond a reload where that is allowed. */
const tokens = new Map<string, string>();
const name = (at: string): string => `redproof-token ${at}`;
const keep = (at: string, token: string): void => {
  tokens.set(at, token);
  try {
    sessionStorage.setItem(name(at), token);
  } catch {
    // A full or forbidden store costs no more than a reload.
  }
};
const tokenOf = (at: string): string => {
  try {
    return tokens.get(at) ?? sessionStorage.getItem(name(at)) ?? "";
  } catch {
    return "";
  }
};

// The token, out of the address: it is in no bookmark, and in no link that is copied.
const given = /^#token=(\w+)$/.exec(location.hash)?.[1];
if (given) {
  keep(location.origin, given);
  history.replaceState(null, "", location.pathname + location.search);
}

const call = (at: string, path: string, signal: AbortSignal, body?: object): Promise<Response> =>
  fetch(`${at}/api/v1/${path}`, {
    signal,
    credentials: "omit",
    ...(body && {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Redproof-Token": tokenOf(at) },
      body: JSON.stringify(body),
    }),
  });

/** The first address where a companion answers. */
const find = async (signal: AbortSignal): Promise<string | undefined> => {
  for (const at of new Set([here, elsewhere].filter(Boolean))) {
    try {
      const hello = (await (await call(at, "hello", signal)).json()) as { name?: string };
      if (hello.name === "redproof") return at;
    } catch {
      // Nobody is there, or somebody else.
    }
  }
  return undefined;
};

/** Whether the browser keeps this page from reaching this computer. Those that never do know no such leave. */
const denied = async (): Promise<boolean> => {
  try {
    const leave = { name: "loopback-network" as PermissionName };
    return (await navigator.permissions.query(leave)).state === "denied";
  } catch {
    return false;
  }
};

/** Reads the lines of an answer as they come. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = "";
  for (;;) {
    const { value, done } = await reader.read();
    pending += decoder.decode(value, { stream: !done });
    const parts = pending.split("\n");
    pending = done ? "" : (parts.pop() ?? "");
    for (const line of parts) if (line.trim() !== "") yield line;
    if (done) return;
  }
}

/** Why an answer is no answer. */
const refusal = async (answer: Response): Promise<string> => {
  const text = await answer.text();
  try {
    return (JSON.parse(text) as { error?: string }).error ?? text;
  } catch {
    return text;
  }
};

/** Puts the keyboard on an element, once the page has drawn it. */
const focus = (selector: string): void => {
  requestAnimationFrame(() => {
    const element = document.querySelector<HTMLElement>(selector);
    element?.focus();
    if (element instanceof HTMLInputElement) element.select();
  });
};

let running = new AbortController();
let entered: (code: string) => void = () => {};

/** Takes the pairing code that stands in the page's field. */
export const pair = (): void =>
  entered(document.querySelector<HTMLInputElement>("#pairing-code")?.value ?? "");

/** Ends the live test; the companion ends its probe. */
export const cancelTest = (): void => running.abort();

/** Has the user type the pairing code until the companion takes one; leaves its token. */
const introduce = async (at: string, signal: AbortSignal, tell: Tell): Promise<void> => {
  for (let why = ""; ; ) {
    tell({ event: "pair", at, why });
    focus("#pairing-code");
    const code = await new Promise<string>((resolve, reject) => {
      entered = resolve;
      signal.onabort = reject;
    });
    const answer = await call(at, "pair", signal, { code });
    if (answer.ok) {
      keep(at, ((await answer.json()) as { token: string }).token);
      tell({ event: "paired" });
      focus(".live");
      return;
    }
    why = await refusal(answer);
  }
};

/** Tests the files on the page, and tells what happens, to the end. */
export const test = async (litellm: string, redis_py: string, tell: Tell): Promise<void> => {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const failed = (why: string) => tell({ event: "failed", why });
  try {
    tell({ event: "looking" });
    const at = await find(signal);
    signal.throwIfAborted();
    if (at === undefined) {
      const known = location.origin === "https://redproof.dev";
      const command = `redproof serve${known ? "" : ` --allow-origin ${location.origin}`}`;
      tell({ event: "absent", command, denied: await denied() });
      return;
    }
    if (!tokenOf(at)) await introduce(at, signal, tell);
    const { names, texts, folder, deployment } = keptTexts();
    const [config = "", ...env] = texts;
    const among = folder ? { folder: { config: names[0], deployment } } : {};
    const files = env.map((text, index) => ({ name: names[index + 1], text }));
    const ask = () => call(at, "probe", signal, { config, env: files, litellm, redis_py, ...among });
    let answer = await ask();
    if (answer.status === 401) {
      // It was started anew since.
      await introduce(at, signal, tell);
      answer = await ask();
    }
    if (!answer.ok || !answer.body) {
      failed(await refusal(answer));
      return;
    }
    let last: { event?: string } = {};
    for await (const line of lines(answer.body)) {
      last = JSON.parse(line) as { event?: string };
      tell(last);
    }
    if (last.event !== "report") failed("The companion's answer ended early.");
  } catch {
    if (signal.aborted) {
      tell({ event: "cancelled" });
      focus(".test-live");
    } else failed("The companion does not answer: is `redproof serve` still running?");
  }
};
