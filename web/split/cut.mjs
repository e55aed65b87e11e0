// Cuts the built engine in two: what a check of the first example runs stays in `redproof-engine_bg.wasm`, the rest
// goes into `redproof-engine_rest.wasm`. trunk calls it when the page is there.
import { execFileSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const cargo = (...args) =>
  execFileSync("cargo", args, { cwd: here("../.."), encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

const split = (...args) => cargo("run", "--quiet", "--locked", "--package", "redproof-split", "--", ...args);

/** What the linker made of the engine. */
const linked = () => {
  const { target_directory } = JSON.parse(cargo("metadata", "--no-deps", "--format-version", "1"));
  const profile = process.env.TRUNK_PROFILE === "debug" ? "debug" : "wasm-release";
  return join(target_directory, "wasm32-unknown-unknown", profile, "redproof-engine.wasm");
};

/** What the page asks before anyone asks for more, word for word: a field that is read here alone is read by code
 * that is in the rest. */
const questions = async () => {
  const file = async (name, path) => ({ name, text: await readFile(here(`../../examples/${path}`), "utf8") });
  const files = [await file("config.yaml", "gateway.yaml"), await file(".env", "gateway.env")];
  const texts = { files, litellm: "", redis_py: "", folder: false, deployment: "" };
  return ["Releases", { Check: { texts, now: 1_800_000_000 } }];
};

/** Has an engine answer, and gives the numbers of the functions that run. */
const run = async (glue, wasm) => {
  const ran = new Set();
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = (module, imports) =>
    instantiate(module, { ...imports, split: { ran: (number) => ran.add(number) } });
  globalThis.self = globalThis;
  const engine = await import(pathToFileURL(glue).href);
  await engine.default({ module_or_path: await WebAssembly.compile(await readFile(wasm)) });
  // Maps of Rust are in another order each time, and sorting takes other ways then.
  const asked = await questions();
  for (let turn = 0; turn < 100; turn += 1) for (const question of asked) engine.answer(question);
  WebAssembly.instantiate = instantiate;
  return [...ran].join(" ");
};

/** Cuts the engine in a folder. */
export const cutEngine = async (folder) => {
  const whole = join(folder, "redproof-engine_bg.wasm");
  const work = await mkdtemp(join(tmpdir(), "redproof-split-"));
  const [noted, ran, glue] = ["noted.wasm", "ran", "glue.mjs"].map((name) => join(work, name));
  split("note", whole, noted);
  await copyFile(join(folder, "redproof-engine.js"), glue);
  await writeFile(ran, await run(glue, noted));
  split("cut", whole, linked(), ran, whole, join(folder, "redproof-engine_rest.wasm"));
  await rm(work, { recursive: true });
};
