// The Web Worker that the engine runs in: takes `[number, question]`, gives `[number, answer]`. Questions about
// certificates go to the part of it that is fetched with the first of them: `[number, question, "certificates"]`.
// When the engine stops, it says so and takes no more: the page starts another one.
import init, { answer, demands } from "./redproof-engine.js";

let panic = {};
self.panicked = (place, version) => {
  panic = { place, version };
};

const stopped = (error) => {
  const reason = error instanceof Error ? error.message : String(error);
  self.postMessage({ stopped: { reason, ...panic } });
  self.close();
};

// Asked for at once: questions wait for it.
const ready = init().catch((error) => {
  stopped(error);
  throw error;
});

let later;
const certificates = async (question) => {
  later ??= import("./redproof-certificates.js").then(async (part) => {
    await part.default();
    return part;
  });
  return (await later).certificates(question, demands());
};

self.onmessage = async ({ data: [number, question, part] }) => {
  await ready;
  try {
    self.postMessage([number, part === "certificates" ? await certificates(question) : answer(question)]);
  } catch (error) {
    stopped(error);
  }
};
