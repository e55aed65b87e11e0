import init from "./engine.js";

// Bundlers know this form, and put the file where the address leads.
await init({ module_or_path: new URL("./engine_bg.wasm", import.meta.url) });

export { check, compare, diagnose, explain, explainRequest, fix, releases } from "./engine.js";
