// Writes the service worker of a built page: it holds the names and hashes of the page's files.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Writes `sw.js` into a folder, for all the files in it. */
export const writeWorker = async (folder) => {
  const files = {};
  for (const name of (await readdir(folder)).sort()) {
    if (name !== "sw.js") files[name] = sha256(await readFile(join(folder, name)));
  }
  await build({
    entryPoints: [fileURLToPath(new URL("sw.ts", import.meta.url))],
    outfile: join(folder, "sw.js"),
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    define: { FILES: JSON.stringify(files), VERSION: JSON.stringify(sha256(JSON.stringify(files))) },
  });
};
