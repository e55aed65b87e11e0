// Files and folders that are dropped on the page, or opened: read whole, and handed on at once.

import { page } from "./host";

/** No configuration is as large; a certificate bundle is 200 kB. */
const MOST_BYTES = 4 << 20;

/** A file, with the folders that it lies in. */
export interface Named {
  name: string;
  file: File;
}

/** Hands them on; `cut` where there are more. */
const takeAll = async (all: Named[], cut = false): Promise<void> => {
  const names: string[] = [];
  const bytes: Uint8Array[] = [];
  const refused: string[] = [];
  const why: string[] = [];
  const refuse = (name: string, reason: string): void => {
    refused.push(name);
    why.push(reason);
  };
  const read = async ({ name, file }: Named): Promise<void> => {
    if (file.size > MOST_BYTES) {
      refuse(name, "it is larger than 4 MB");
      return;
    }
    const buffer = await file.arrayBuffer();
    names.push(name);
    bytes.push(new Uint8Array(buffer));
  };
  // In the order in which they were given.
  for (const one of all) await read(one).catch(() => refuse(one.name, "it can't be read"));
  if (cut) refuse("the rest of the folder", `only its first ${all.length} files are read`);
  page.files(names, bytes, refused, why);
};

const takeDropped = async (data: DataTransfer): Promise<void> => {
  // Both are gone once the event is over.
  const plain = [...data.files].map((file) => ({ name: file.name, file }));
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter((one) => one != null);
  if (!entries.some((entry) => entry.isDirectory)) return takeAll(plain);
  const { below } = await import("./folder");
  const { files, cut } = await below(entries);
  return takeAll(files, cut);
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

/** Lets the user choose a folder: its files, as if it were dropped. */
export const openFolder = (): void => {
  const input = document.createElement("input");
  input.type = "file";
  input.webkitdirectory = true;
  input.addEventListener("change", () => {
    const all = [...(input.files ?? [])].map((file) => ({ name: file.webkitRelativePath, file }));
    void import("./folder")
      .then(({ kept }) => kept(all))
      .then(({ files, cut }) => takeAll(files, cut));
  });
  input.click();
};
