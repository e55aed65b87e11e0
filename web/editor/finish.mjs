// Puts the modules that are fetched later beside the page, cuts the engine in two, and writes the service worker
// of what was built; trunk calls it when the page is there.
import { copyFile, readdir } from "node:fs/promises";
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
await cutEngine(folder);
await writeWorker(folder);
