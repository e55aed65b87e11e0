// Documentation of what the mouse points at, or what the cursor is on.

import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from "@codemirror/view";

import { hover } from "./answers";
import { describe } from "./documentation";

const tooltip = async (source: number, at: number): Promise<Tooltip | null> => {
  const found = await hover(source, at);
  if (!found) return null;
  return { pos: found.from, end: found.to, above: true, create: () => ({ dom: describe(found) }) };
};

/** What is read aloud of an element: its words, those of one part apart from the next part's. */
const spoken = (dom: Node): string => {
  const walker = document.createTreeWalker(dom, NodeFilter.SHOW_TEXT);
  const words: string[] = [];
  while (walker.nextNode()) words.push(walker.currentNode.nodeValue?.trim() ?? "");
  return words.filter((word) => word !== "").join(" ");
};

const show = StateEffect.define<Tooltip | null>();

/** The tooltip that was asked for by a key. */
const asked = StateField.define<Tooltip | null>({
  create: () => null,
  update: (shown, transaction) => {
    for (const effect of transaction.effects) if (effect.is(show)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

const atCursor = (source: number) => (view: EditorView): boolean => {
  void tooltip(source, view.state.selection.main.head).then((found) => {
    const dom = found?.create(view).dom;
    const told = dom ? spoken(dom) : "No documentation for this.";
    view.dispatch({ effects: [show.of(found), EditorView.announce.of(told)] });
  });
  return true;
};

const close = (view: EditorView): boolean => {
  if (!view.state.field(asked)) return false;
  view.dispatch({ effects: show.of(null) });
  return true;
};

/** Documentation of file number `source`. */
export const documentation = (source: number): Extension => [
  // It goes as soon as the text changes: it would be that of another place.
  hoverTooltip((_view, at) => tooltip(source, at), { hideOnChange: true }),
  asked,
  keymap.of([
    { key: "Mod-i", run: atCursor(source) },
    { key: "Escape", run: close },
  ]),
];
