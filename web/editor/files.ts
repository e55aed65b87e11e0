// Files that are dropped on the page, or opened: texts go to the editors, certificates to their view.

import { workbench } from "./workbench";

/** No configuration is as large; a certificate bundle is 200 kB. */
const MOST_BYTES = 4 << 20;

const CERTIFICATE = /-----BEGIN [A-Z0-9 ]*(?:CERTIFICATE|KEY)-----|kubernetes\.io\/tls|LS0tLS1CRUdJTi/;
const CERTIFICATE_NAME = /\.(?:pem|crt|cer|der|key|p12|pfx|jks)$/i;

/** What the page does with what was dropped. */
export interface Receiver {
  /** A text for an editor. */
  text: (name: string, text: string) => void;
  /** A certificate or a key; the workbench has it. */
  certificate: () => void;
  /** A file that can't be taken, with the reason. */
  refused: (name: string, why: string) => void;
}

const take = async (file: File, receiver: Receiver): Promise<void> => {
  if (file.size > MOST_BYTES) {
    receiver.refused(file.name, "it is larger than 4 MB");
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  if (CERTIFICATE.test(text) || CERTIFICATE_NAME.test(file.name)) {
    (await workbench()).receive(file.name, bytes);
    receiver.certificate();
  } else if (bytes.includes(0)) {
    receiver.refused(file.name, "it is no text");
  } else {
    receiver.text(file.name, text);
  }
};

const takeAll = async (files: Iterable<File>, receiver: Receiver): Promise<void> => {
  for (const file of files) {
    await take(file, receiver).catch(() => receiver.refused(file.name, "it can't be read"));
  }
};

/** Takes what is dropped anywhere on the page. */
export const takeDrops = (receiver: Receiver): void => {
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
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      void takeAll([...(event.dataTransfer?.files ?? [])], receiver);
    },
    { capture: true },
  );
};

/** Lets the user choose files. */
export const openFiles = (receiver: Receiver): void => {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.addEventListener("change", () => void takeAll([...(input.files ?? [])], receiver));
  input.click();
};
