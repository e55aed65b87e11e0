// The upgrade view's own wasm: fetched when it is asked for, so that the first load does without.

type Texts = [
  config: string,
  environment: string,
  environmentName: string,
  fromLitellm: string,
  fromRedisPy: string,
  toLitellm: string,
  toRedisPy: string,
];

interface Upgrade {
  default: () => Promise<unknown>;
  upgrade: (...given: [...Texts, now: number]) => string;
}

let loaded: Promise<Upgrade> | undefined;

const load = async (): Promise<Upgrade> => {
  const address = new URL("redproof-upgrade.js", document.baseURI);
  const module = (await import(address.href)) as Upgrade;
  await module.default();
  return module;
};

/** What an upgrade changes, as HTML whose texts are escaped. */
export const upgrade = async (...texts: Texts): Promise<string> => {
  loaded ??= load();
  try {
    const module = await loaded;
    return module.upgrade(...texts, Date.now() / 1000);
  } catch (error) {
    // What failed is fetched again the next time: a stopped wasm stays stopped.
    if (typeof error !== "string") loaded = undefined;
    throw error instanceof Error ? error.message : String(error);
  }
};
