// Files and folders that are dropped on the page, or opened: read whole, and handed on at once.

import { page } from "./host";

/** No configuration is as large; a certificate bundle is 200 kB. */
const MOST_BYTES = 4 << 20;

/** So many files of a folder are read: what comes after is likely no configuration. */
const MOST_FILES = 2000;

/** Folders of tools, in which there is nothing of the user's: those, and hidden ones. */
const SKIPPED = new Set(["node_modules", "target", "__pycache__", "venv"]);

const isSkipped = ({ name }: FileSystemEntry): boolean =>
  SKIPPED.has(name) || (name.startsWith(".") && name !== ".devcontainer");

interface Named {
  name: string;
  file: File;
}

const takeAll = async (all: Named[]): Promise<void> => {
  const names: string[] = [];
  const bytes: Uint8Array[] = [];
  const read = async ({ name, file }: Named): Promise<void> => {
    if (file.size > MOST_BYTES) {
      page.refused(name, "it is larger than 4 MB");
      return;
    }
    const buffer = await file.arrayBuffer();
    names.push(name);
    bytes.push(new Uint8Array(buffer));
  };
  // In the order in which they were given.
  for (const one of all) await read(one).catch(() => page.refused(one.name, "it can't be read"));
  if (names.length > 0) page.files(names, bytes);
};

/** The files of a folder's entry, and of those below it. */
const files = async (entry: FileSystemEntry, found: Named[]): Promise<void> => {
  if (found.length >= MOST_FILES) return;
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
    found.push({ name: entry.fullPath.replace(/^\//, ""), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return;
    for (const one of some.sort((a, b) => a.name.localeCompare(b.name)))
      if (one.isFile || !isSkipped(one)) await files(one, found);
  }
};

const takeDropped = async (data: DataTransfer): Promise<void> => {
  // Both are gone once the event is over.
  const plain = [...data.files].map((file) => ({ name: file.name, file }));
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter((one) => one != null);
  if (!entries.some((entry) => entry.isDirectory)) return takeAll(plain);
  const found: Named[] = [];
  for (const entry of entries) await files(entry, found);
  return takeAll(found);
};

/** Takes what is dropped anywhere on the page. */
export const takeDrops = (): void => {
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    document.documentElement.classList.add("dropping");
  });
  const over = () => document.documentElement.classList.remove("dropping");
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) over();
  });
  // Before an editor sees it: that would put the text in at the pointer.
  addEventListener(
    "drop",
    (event) => {
      over();
      if (!holdsFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      event.stopPropagation();
      void takeDropped(event.dataTransfer);
    },
    { capture: true },
  );
};

/** Lets the user choose files. */
export const openFiles = (): void => {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.addEventListener("change", () => {
    void takeAll([...(input.files ?? [])].map((file) => ({ name: file.name, file })));
  });
  input.click();
};
