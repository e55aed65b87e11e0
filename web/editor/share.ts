// Links that hold a configuration: in the fragment of the address, which browsers send to no server.

/** What lies on the page: its files, the config first, and the releases asked for. */
export interface Texts {
  names: string[];
  texts: string[];
  litellm: string;
  redisPy: string;
  /** Whether the files are a folder's: what runs the config is worked out. */
  folder?: boolean;
  /** What is to run it; empty for the first that does. */
  deployment?: string;
  /** Which files are configs, by their places; the first alone where it is not said. */
  configs?: number[];
}

/** How a link of today is written: `#s=1.` and the files, packed. */
const PACKED = "#s=1.";

/** No configuration packs to so much; browsers take addresses this long. */
const MOST_PACKED = 200_000;

/** What it may unpack to, in bytes: as much as the page takes of a file. */
const MOST_BYTES = 4 << 20;

const MOST_FILES = 50;

/** Runs bytes through a stream; an error once more than `most` come out. */
const through = async (
  bytes: Uint8Array<ArrayBuffer>,
  stream: GenericTransformStream,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  const reader = new Blob([bytes]).stream().pipeThrough<Uint8Array>(stream).getReader();
  const parts: BlobPart[] = [];
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    if (size > most) {
      void reader.cancel();
      throw new Error("too large");
    }
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
};

const toBase64Url = (bytes: Uint8Array): string => {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};

const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

/** The address of this page with these texts in it. */
export const shareLink = async (shared: Texts): Promise<string> => {
  const { names, texts, litellm, redisPy, folder, deployment } = shared;
  const files = names.map((name, at) => [name, texts[at] ?? ""]);
  const all = [files, litellm, redisPy, ...(folder ? [deployment ?? ""] : [])];
  const bytes = new TextEncoder().encode(JSON.stringify(all));
  const packed = await through(bytes, new CompressionStream("deflate-raw"), MOST_PACKED);
  return `${location.href.split("#")[0]}${PACKED}${toBase64Url(packed)}`;
};

const isText = (value: unknown): value is string => typeof value === "string";

const isFile = (value: unknown): value is [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every(isText);

const unpack = async (packed: string): Promise<Texts | undefined> => {
  if (packed.length > MOST_PACKED) return undefined;
  const bytes = await through(fromBase64Url(packed), new DecompressionStream("deflate-raw"), MOST_BYTES);
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const [files, litellm, redisPy, deployment] = JSON.parse(text) as unknown[];
  const whole =
    Array.isArray(files) &&
    files.length <= MOST_FILES &&
    files.every(isFile) &&
    isText(litellm) &&
    isText(redisPy);
  if (!whole) return undefined;
  return {
    names: files.map(([name]) => name),
    texts: files.map(([, text]) => text),
    litellm,
    redisPy,
    ...(isText(deployment) && { folder: true, deployment }),
  };
};

/** `#config=…&env=…&litellm=…&redis-py=…`, each percent-encoded: what the book's links say. */
const plain = (fragment: string): Texts | undefined => {
  if (fragment.length > MOST_BYTES) return undefined;
  // A plus is a plus: these are no form fields.
  const given = new URLSearchParams(fragment.slice(1).replaceAll("+", "%2B"));
  const env = given.get("env") ?? "";
  // A manifest tells what `.env` can't: which variables a Secret holds.
  const manifest = /^(?:apiVersion|kind):/.test(env);
  return {
    names: ["config.yaml", ".env", ...(manifest ? ["deployment.yaml"] : [])],
    texts: [given.get("config") ?? "", ...(manifest ? ["", env] : [env])],
    litellm: given.get("litellm") ?? "",
    redisPy: given.get("redis-py") ?? "",
  };
};

/** Whether a fragment holds a configuration, be it a damaged one. */
export const isShared = (fragment: string): boolean => /^#(?:s|config)=/.test(fragment);

/** What a fragment holds; `undefined` where that can't be read. */
export const readShared = async (fragment: string): Promise<Texts | undefined> => {
  try {
    if (!fragment.startsWith("#s=")) return plain(fragment);
    return fragment.startsWith(PACKED) ? await unpack(fragment.slice(PACKED.length)) : undefined;
  } catch {
    return undefined;
  }
};
