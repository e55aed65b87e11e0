// The Web Worker that the engine runs in: takes `[number, question]`, gives `[number, answer]`. When the engine
// stops, it says so and takes no more: the page starts another one.
//
// The engine is one program in two files: what a check runs comes first, the rest after the first answer. What
// needs the rest before that waits for it here.
import init, { answer } from "./redproof-engine.js";

const REST = new URL("redproof-engine_rest.wasm", import.meta.url);

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

let whole = false;
/** Puts the rest where the engine finds it. */
const join = (module, exports) => {
  if (whole) return;
  whole = true;
  exports.whole.value = 1;
  new WebAssembly.Instance(module, { engine: exports });
};

// Called by the engine, which can't wait for a promise. The page says what it waits for.
self.fetchRest = () => {
  self.postMessage({ loading: true });
  const request = new XMLHttpRequest();
  request.open("GET", REST, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error("a part of the checker could not be loaded");
  join(new WebAssembly.Module(request.response), engine);
};

let engine;
let coming;
/** Fetches the rest while nothing waits for it; without a network, what needs it says so. */
const fetchLater = () => {
  coming ??= WebAssembly.compileStreaming(fetch(REST)).then(
    (module) => join(module, engine),
    () => {},
  );
  return coming;
};

/** What is asked before anyone asks for more: it does without the rest. */
const EARLY = ["Check", "Releases"];
const isEarly = (question) => EARLY.some((name) => question === name || name in Object(question));

/**
 * The browser compiles code well once it has run a while, which is the first ten keys in a long text: each takes three
 * times as long, and its compiler takes the processor too. So the last check is made again while nobody asks.
 */
const WARM_MS = 400;
/** A question waits no longer than this, or one check. */
const SLICE_MS = 4;
/** Nobody asks: nothing came for so long. */
const QUIET_MS = 50;
let warmed = 0;
let last;
let timer;

const warm = () => {
  const started = performance.now();
  try {
    while (performance.now() - started < SLICE_MS) answer(last);
  } catch (error) {
    stopped(error);
    return;
  }
  warmed += performance.now() - started;
  warmLater(0);
};

const warmLater = (quiet) => {
  clearTimeout(timer);
  if (last !== undefined && warmed < WARM_MS) timer = setTimeout(warm, quiet);
};

const reply = ([number, question]) => {
  try {
    if (question?.Check !== undefined) last = question;
    self.postMessage([number, answer(question)]);
  } catch (error) {
    stopped(error);
    return;
  }
  warmLater(QUIET_MS);
};

/** What was asked before the rest is there, in order. A check overtakes it: the answers are then to the newer text. */
let waiting = [];

const work = async (asked) => {
  engine = await ready;
  if (isEarly(asked[1]) || (whole && waiting.length === 0)) {
    reply(asked);
    void fetchLater();
    return;
  }
  waiting.push(asked);
  await fetchLater();
  const all = waiting;
  waiting = [];
  for (const one of all) reply(one);
};

self.onmessage = ({ data }) => void work(data);
