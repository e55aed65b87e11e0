// Bundles the editor bridge and its CodeMirror into one module, and what editing needs beyond the
// first load into another; trunk calls it before it builds.
import { build } from "esbuild";
import { readdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { minifyFile } from "./terser.mjs";

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

/** A module that is made up here. */
const virtual = (filter, contents) => ({
  name: "virtual",
  setup({ onResolve, onLoad }) {
    onResolve({ filter }, ({ path }) => ({ path, namespace: "virtual" }));
    onLoad({ filter: /.*/, namespace: "virtual" }, async ({ path }) => ({
      contents: await contents(path),
      resolveDir: here("."),
    }));
  },
});

/** The packages that both modules need: the page lends the second one its own. */
const SHARED = ["@codemirror/state", "@codemirror/view"];

/** A shared package to the second module: what it does not use is left out. */
const borrowed = async (path) => {
  const lend = "const lend = (name) => globalThis.redproof.lent[name.slice(5)];";
  const names = Object.keys(await import(path)).filter((name) => name !== "default");
  const each = (name) => `export const ${name} = /* @__PURE__ */ lend("lent:${name}");`;
  return [lend, ...names.map(each)].join("\n");
};

await rm(here("dist/later"), { recursive: true, force: true });
await build({
  ...options,
  entryPoints: [here("assist.ts")],
  outdir: here("dist/later"),
  entryNames: "[name]-[hash]",
  plugins: [virtual(new RegExp(`^(${SHARED.join("|")})$`), borrowed), withoutUnusedTrees, withoutStyleElements],
});
const [assist] = await readdir(here("dist/later"));
const text = await readFile(here(`dist/later/${assist}`), "utf8");
const used = new Set([...text.matchAll(/"lent:(\w+)"/g)].map(([, name]) => name));

/** What the page lends, and to whom. */
const lent = async () => {
  const imports = SHARED.map(async (path) => {
    const names = Object.keys(await import(path)).filter((name) => used.has(name));
    return `import { ${names.join(", ")} } from "${path}";`;
  });
  return `${(await Promise.all(imports)).join("\n")}
    export const lent = { ${[...used].join(", ")} };
    export const assist = ${JSON.stringify(assist)};`;
};

await build({
  ...options,
  entryPoints: [here("page.ts")],
  outfile: here("dist/page.js"),
  plugins: [virtual(/^lent$/, lent), withoutUnusedTrees, withoutStyleElements],
});
await build({
  entryPoints: [here("../workbench/styles/workbench.css")],
  outfile: here("dist/workbench.css"),
  bundle: true,
  minify: true,
  logLevel: "warning",
});
if (process.env.TRUNK_PROFILE === "release") {
  await minifyFile(here("dist/page.js"));
  await minifyFile(here(`dist/later/${assist}`));
}
