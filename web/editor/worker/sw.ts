// The service worker: keeps all files of one version of the page, and answers with them, so that
// the page works without a network and its parts always fit together.

/** The files with their SHA-256 as hex, and the version that they make: `offline.mjs` writes them. */
declare const FILES: Record<string, string>;
declare const VERSION: string;

const worker = self as unknown as ServiceWorkerGlobalScope;

/** The caches of this copy of the page; another path of the site may hold another copy. */
const PREFIX = `redproof ${worker.registration.scope} `;
const CACHE = `${PREFIX}${VERSION}`;

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

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(worker.skipWaiting());
});
worker.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const path = url.startsWith(worker.registration.scope)
    ? url.slice(worker.registration.scope.length).replace(/[?#].*$/, "")
    : undefined;
  // Everything else, the companion's API above all, goes its own way.
  if (method === "GET" && path !== undefined && (path === "" || path in FILES)) {
    event.respondWith(answer(event.request));
  }
});
