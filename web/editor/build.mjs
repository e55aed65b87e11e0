// Bundles the editor bridge and its CodeMirror into one module; trunk calls it before it builds.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

await build({
  entryPoints: [here("page.ts")],
  outfile: here("dist/page.js"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});
