// The Web Worker that the engine runs in: takes `[number, question]`, gives `[number, answer]`. When the
// engine stops, it says so and takes no more: the page starts another one.
import init, { answer } from "./redproof-engine.js";

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

self.onmessage = async ({ data: [number, question] }) => {
  await ready;
  try {
    self.postMessage([number, answer(question)]);
  } catch (error) {
    stopped(error);
  }
};
