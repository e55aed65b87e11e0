// Minifies the glue that wasm-bindgen writes; trunk calls it when the page is built.
import { transform } from "esbuild";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.env.TRUNK_STAGING_DIR;
if (process.env.TRUNK_PROFILE === "release") {
  for (const name of await readdir(folder)) {
    if (!/^redproof-(web|upgrade).*\.js$/.test(name)) continue;
    const path = join(folder, name);
    const { code } = await transform(await readFile(path, "utf8"), {
      format: "esm",
      target: "es2022",
      minify: true,
    });
    await writeFile(path, code);
  }
}
