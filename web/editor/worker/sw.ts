// The service worker: keeps all files of one version of the page, and answers with them, so that
// the page works without a network and its parts always fit together. It keeps the book too, for when
// there is no network.

/** The files with their SHA-256 as hex, and the version that they make: `offline.mjs` writes them. */
declare const FILES: Record<string, string>;
declare const VERSION: string;

const worker = self as unknown as ServiceWorkerGlobalScope;

/** The caches of this copy of the page; another path of the site may hold another copy. */
const PREFIX = `redproof ${worker.registration.scope} `;
const CACHE = `${PREFIX}${VERSION}`;
/** The caches of the book. */
const BOOK = `redproof-book ${worker.registration.scope} `;
/** Where the book is, below the page, and the list of its files, which `book/src/offline.rs` writes. */
const BOOK_FOLDER = "docs/";
const BOOK_LIST = `${BOOK_FOLDER}files.json`;
/** So many files of the book are fetched at once. */
const AT_ONCE = 6;

const address = (file: string): string => new URL(file, worker.registration.scope).href;

const sha256 = async (bytes: ArrayBuffer): Promise<string> => {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** Fetches one file, and refuses another version of it. */
const keep = async (cache: Cache, file: string, hash: string): Promise<void> => {
  const answer = await fetch(address(file), { cache: "no-cache" });
  const bytes = await answer.clone().arrayBuffer();
  if (!answer.ok || (await sha256(bytes)) !== hash) throw new Error(`${file} is of another version`);
  await cache.put(address(file), answer);
};

const install = async (): Promise<void> => {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.entries(FILES).map(([file, hash]) => keep(cache, file, hash)));
};

const activate = async (): Promise<void> => {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
};

const answer = async (request: Request): Promise<Response> => {
  const url = new URL(request.url);
  url.search = "";
  url.hash = "";
  if (url.href === worker.registration.scope) url.pathname += "index.html";
  const kept = await (await caches.open(CACHE)).match(url.href);
  return kept ?? fetch(request);
};

/** Keeps the whole book as it is now. Its list is kept last, and says that all of it is there. */
const keepBook = async (): Promise<void> => {
  const answer = await fetch(address(BOOK_LIST), { cache: "no-cache" });
  // Some hosts have the page alone.
  if (!answer.ok) return;
  const { version, files }: { version: string; files: string[] } = await answer.clone().json();
  const name = `${BOOK}${version}`;
  const cache = await caches.open(name);
  if (await cache.match(address(BOOK_LIST))) return;
  const left = [...files];
  const fetchSome = async (): Promise<void> => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      const at = address(`${BOOK_FOLDER}${file}`);
      if (await cache.match(at)) continue;
      const page = await fetch(at, { cache: "no-cache" });
      if (!page.ok) throw new Error(`${file}: ${page.status}`);
      // One that a host redirected is no answer to who opens it: its content is.
      const whole = page.redirected ? new Response(await page.blob(), { headers: page.headers }) : page;
      await cache.put(at, whole);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
  await cache.put(address(BOOK_LIST), answer);
  const names = await caches.keys();
  const old = names.filter((other) => other.startsWith(BOOK) && other !== name);
  await Promise.all(old.map((other) => caches.delete(other)));
};

/** A file of the book from the network, and without one as it was kept. */
const bookAnswer = async (request: Request): Promise<Response> => {
  try {
    return await fetch(request);
  } catch (error) {
    const at = request.url.replace(/[?#].*$/, "");
    const names = (await caches.keys()).filter((name) => name.startsWith(BOOK));
    for (const name of names) {
      const cache = await caches.open(name);
      // Hosts leave out what an address can do without.
      for (const ending of ["", "index.html", ".html", "/index.html"]) {
        const kept = await cache.match(at + ending, { ignoreVary: true });
        if (kept) return kept;
      }
    }
    throw error;
  }
};

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(worker.skipWaiting());
  // What could not be fetched is fetched the next time.
  if (event.data === "keep the book") event.waitUntil(keepBook().catch(() => undefined));
});
worker.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const path = url.startsWith(worker.registration.scope)
    ? url.slice(worker.registration.scope.length).replace(/[?#].*$/, "")
    : undefined;
  // Everything else, the companion's API above all, goes its own way.
  if (method === "GET" && path !== undefined && (path === "" || path in FILES)) {
    event.respondWith(answer(event.request));
  } else if (method === "GET" && path?.startsWith(BOOK_FOLDER)) {
    event.respondWith(bookAnswer(event.request));
  }
});
