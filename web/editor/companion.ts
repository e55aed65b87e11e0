// Talks to the companion: `redproof serve`, which serves this page and probes for it.

/** Where the token is kept while the tab lives. */
const STORE = "redproof-token";

/** The token, out of the address (so that it is in no bookmark) and into the tab's own store. */
const takeToken = (): string | null => {
  const given = /^#token=(.+)$/.exec(location.hash)?.[1];
  try {
    if (given) sessionStorage.setItem(STORE, given);
    else return sessionStorage.getItem(STORE);
  } catch {
    // A full or forbidden store costs no more than a reload.
  }
  if (given) history.replaceState(null, "", location.pathname);
  return given ?? null;
};

const token = takeToken();

/** Whether a companion is at this page's own address. */
export const findCompanion = async (): Promise<boolean> => {
  if (token === null) return false;
  try {
    const hello = (await (await fetch("api/v1/hello")).json()) as { name?: string };
    return hello.name === "redproof";
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

/**
 * Probes the connections of a configuration. `tell` gets each event: `step`s, then a `report`;
 * or one `failed`, with the reason.
 */
export const probe = async (
  config: string,
  env: string,
  litellm: string,
  redis_py: string,
  tell: (event: unknown) => void,
): Promise<void> => {
  const failed = (why: string) => tell({ event: "failed", why });
  try {
    const answer = await fetch("api/v1/probe", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Redproof-Token": token ?? "" },
      body: JSON.stringify({ config, env, litellm, redis_py }),
    });
    if (!answer.ok || !answer.body) {
      failed(await refusal(answer));
      return;
    }
    let over = false;
    for await (const line of lines(answer.body)) {
      const event = JSON.parse(line) as { event?: string };
      over = event.event === "report";
      tell(event);
    }
    if (!over) failed("The companion broke off: its answer ended early.");
  } catch {
    failed("The companion does not answer: is `redproof serve` still running?");
  }
};
