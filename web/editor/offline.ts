// Has the page work without a network: a service worker keeps its files.

/**
 * Registers the worker once the page has nothing better to do. `ready` is called when a new version
 * of the page is there, with what brings it in before a reload.
 */
export const workOffline = (ready: (takeOver: () => Promise<void>) => void): void => {
  // From a file or over plain HTTP, there is no such thing.
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const idle = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 1000));
  const register = async () => {
    const address = new URL("sw.js", document.baseURI);
    const registration = await navigator.serviceWorker.register(address, { updateViaCache: "none" });
    const waiting = () => {
      const worker = registration.waiting;
      // The first one takes over by itself.
      if (!worker || !navigator.serviceWorker.controller) return;
      ready(async () => {
        const taken = new Promise((done) =>
          navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }),
        );
        worker.postMessage("take over");
        await taken;
      });
    };
    waiting();
    void navigator.serviceWorker.ready.then(({ active }) => {
      // Who pays for each byte reads the book where it is.
      const connection = (navigator as { connection?: { saveData?: boolean } }).connection;
      if (!connection?.saveData) idle(() => active?.postMessage("keep the book"));
    });
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", waiting);
    });
  };
  // Without it, the page works as long as its server does.
  idle(() => void register().catch(() => undefined));
};
