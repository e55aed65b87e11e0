// Bundles the editor and its CodeMirror, and what editing needs beyond the first load into a module that
// is fetched later; trunk calls it before it builds.
import { build } from "esbuild";
import { readdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Leaves the syntax trees out where nothing uses them: the package does not say that it may. */
const withoutUnusedTrees = {
  name: "without-unused-trees",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@lezer\/common$/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === "resolving") return undefined;
      const found = await resolve(path, { ...options, pluginData: "resolving" });
      return { ...found, sideEffects: false };
    });
  },
};

/**
 * Has CodeMirror's styles go into a style sheet made by script: the page's policy forbids `<style>`
 * elements. style-mod does so inside of shadow roots alone.
 */
const withoutStyleElements = {
  name: "without-style-elements",
  setup({ onLoad }) {
    onLoad({ filter: /style-mod\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const [before, after, ...more] = text.split("!root.head && root.adoptedStyleSheets");
      if (after === undefined || more.length > 0) {
        return { errors: [{ text: "style-mod does not choose its style sheet as it did" }] };
      }
      return { contents: `${before}root.adoptedStyleSheets${after}` };
    });
  },
};

const options = {
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
};

// What the page and what comes later share goes into modules of its own.
await rm(here("dist"), { recursive: true, force: true });
await build({
  ...options,
  entryPoints: [here("page.ts")],
  outdir: here("dist"),
  splitting: true,
  chunkNames: "[name]-[hash]",
  plugins: [withoutUnusedTrees, withoutStyleElements],
});
const views = (await readdir(here("../styles/views"))).sort().map((name) => `views/${name}`);
const sheets = ["page.css", ...views].map((name) => `@import "./${name}";`);
await build({
  stdin: { contents: sheets.join("\n"), loader: "css", resolveDir: here("../styles") },
  outfile: here("dist/page.css"),
  bundle: true,
  minify: true,
  logLevel: "warning",
});
