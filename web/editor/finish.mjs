// Puts the modules that are fetched later beside the page, minifies the glue that wasm-bindgen
// writes, and writes the service worker of what was built; trunk calls it when the page is there.
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { writeWorker } from "./worker/write.mjs";
import { minifyFile } from "./terser.mjs";

const folder = process.env.TRUNK_STAGING_DIR;
await cp(fileURLToPath(new URL("dist/later", import.meta.url)), folder, { recursive: true });
if (process.env.TRUNK_PROFILE === "release") {
  for (const name of await readdir(folder)) {
    if (/^redproof-(web|workbench).*\.js$/.test(name)) await minifyFile(join(folder, name));
  }
}
await writeWorker(folder);
