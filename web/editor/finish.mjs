// Puts the modules that are fetched later beside the page, minifies what trunk did not, cuts the engine in two, and
// writes the service worker of what was built; trunk calls it when the page is there.
import { transform } from "esbuild";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { cutEngine } from "../split/cut.mjs";
import { writeWorker } from "./worker/write.mjs";

const folder = process.env.TRUNK_STAGING_DIR;
const built = fileURLToPath(new URL("dist", import.meta.url));
for (const name of await readdir(built)) {
  // The page itself is there already, under a name with its hash.
  if (name.endsWith(".js") && name !== "page.js") await copyFile(join(built, name), join(folder, name));
}
// Trunk's minifier reads none of what wasm-bindgen writes.
const glue = (await readdir(folder)).filter((name) => /^(engine|redproof-.*)\.js$/.test(name));
for (const name of process.env.TRUNK_PROFILE === "debug" ? [] : glue) {
  const { code } = await transform(await readFile(join(folder, name), "utf8"), { minify: true, format: "esm" });
  await writeFile(join(folder, name), code);
}
await cutEngine(folder);
await writeWorker(folder);
