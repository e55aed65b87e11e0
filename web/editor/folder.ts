// The files of folders, as `redproof check FOLDER` picks them: what `.gitignore` names is left out, except
// `.env`, and so are hidden folders and those of tools. Built as a module of its own.

import ignore, { type Ignore } from "ignore";

import type { Named } from "./files";

/** So many files of a folder are read. */
const MOST_FILES = 2000;

/** Files of folders, and whether there are more of them. */
interface Found {
  files: Named[];
  cut: boolean;
}

const firstOf = (files: Named[]): Found => ({
  files: files.slice(0, MOST_FILES),
  cut: files.length > MOST_FILES,
});

/** Folders of tools, in which there is nothing of the user's: those, and hidden ones. */
const SKIPPED = new Set(["node_modules", "target", "__pycache__", "venv"]);

const isSkipped = (name: string): boolean =>
  SKIPPED.has(name) || (name.startsWith(".") && name !== ".devcontainer");

/** What the `.gitignore` files of folders say. */
class Ignored {
  readonly #rules = new Map<string, Ignore>();

  /** Takes the rules of a folder: `a/b/`, or empty. */
  add(folder: string, text: string): void {
    this.#rules.set(folder, ignore({ ignorecase: false }).add(text));
  }

  /** Whether a file, or a folder, whose path ends with `/`, is left out: the rules nearest to it decide. */
  has(path: string): boolean {
    const parts = path.split("/");
    const name = parts.at(-1) || parts.at(-2) || "";
    if (name === ".env") return false;
    let out = false;
    for (let depth = 0; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).map((part) => `${part}/`).join("");
      const rest = path.slice(folder.length);
      const said = rest && this.#rules.get(folder)?.test(rest);
      if (said) out = said.ignored || (out && !said.unignored);
    }
    return out;
  }
}

/** All of a folder's entries: a reader gives a hundred at a time. */
const entriesOf = async (folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> => {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return all.sort((a, b) => a.name.localeCompare(b.name));
    all.push(...some);
  }
};

const fileOf = (entry: FileSystemEntry): Promise<File> =>
  new Promise((done, failed) => (entry as FileSystemFileEntry).file(done, failed));

/** The files of what was dropped, and of the folders in it. */
export const below = async (entries: FileSystemEntry[]): Promise<Found> => {
  const ignored = new Ignored();
  const found: Named[] = [];
  const walk = async (entry: FileSystemEntry): Promise<void> => {
    if (found.length > MOST_FILES) return;
    const name = entry.fullPath.replace(/^\//, "");
    if (entry.isFile) {
      found.push({ name, file: await fileOf(entry) });
      return;
    }
    const all = await entriesOf(entry as FileSystemDirectoryEntry);
    const rules = all.find((one) => one.isFile && one.name === ".gitignore");
    if (rules) ignored.add(`${name}/`, await (await fileOf(rules)).text());
    for (const one of all) {
      const path = `${name}/${one.name}${one.isFile ? "" : "/"}`;
      if ((one.isFile || !isSkipped(one.name)) && !ignored.has(path)) await walk(one);
    }
  };
  for (const entry of entries) await walk(entry);
  return firstOf(found);
};

/** The same of all files of a folder that was opened. */
export const kept = async (all: Named[]): Promise<Found> => {
  const ignored = new Ignored();
  for (const { name, file } of all) {
    if (/(^|\/)\.gitignore$/.test(name)) ignored.add(name.slice(0, -".gitignore".length), await file.text());
  }
  const isKept = ({ name }: Named): boolean => {
    const folders = name.split("/").slice(0, -1);
    const above = folders.map((_, at) => `${folders.slice(0, at + 1).join("/")}/`);
    // The folder that was opened may have any name.
    return !folders.slice(1).some(isSkipped) && ![...above, name].some((path) => ignored.has(path));
  };
  return firstOf(all.filter(isKept));
};
