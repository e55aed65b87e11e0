// What could be written at the cursor: the engine knows.

import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
  startCompletion,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { type EditorView, keymap, type Rect } from "@codemirror/view";

import { complete, type Completions, type Item } from "./answers";
import { describe } from "./documentation";

interface Offered extends Completion {
  useless: boolean;
}

/** What was typed so far goes on as long as it is of these. */
const WORD = /^[\w./-]*$/;

/** Takes an item: `tail` is how much of the text behind the cursor it replaces too. */
const take =
  (item: Item, tail: number) =>
  (view: EditorView, completion: Completion, from: number, to: number): void => {
    const end = Math.min(to + tail, view.state.doc.lineAt(to).to);
    view.dispatch({
      changes: { from, to: end, insert: item.insert },
      selection: { anchor: from + item.cursor },
      scrollIntoView: true,
      annotations: pickedCompletion.of(completion),
      userEvent: "input.complete",
    });
    // What belongs behind a key.
    if (item.kind === "key" || item.kind === "section") startCompletion(view);
  };

const offered = (found: Completions, at: number): Offered[] =>
  found.items.map((item, rank) => {
    const { documentation } = item;
    return {
      label: item.label,
      type: item.kind,
      detail: item.mark ?? item.detail,
      // The engine's order, as far as what was typed fits alike.
      boost: 99 - (198 * rank) / found.items.length,
      info: documentation ? () => describe({ documentation }) : undefined,
      apply: take(item, found.to - at),
      useless: item.mark !== null,
    };
  });

/** As narrow as documentation may get. */
const NARROWEST = 240;

/** Beside the list where there is room, else below or above it: never over it. */
const place = (_view: EditorView, list: Rect, option: Rect, info: Rect, space: Rect) => {
  const [left, right] = [list.left - space.left, space.right - list.right];
  if (Math.max(left, right) < NARROWEST) {
    const below = space.bottom - list.bottom >= list.top - space.top;
    const style = `${below ? "top" : "bottom"}: 100%; left: 0; max-width: ${list.right - list.left}px`;
    return { style };
  }
  const side = right >= NARROWEST ? "left" : "right";
  const lowest = space.bottom - (info.bottom - info.top);
  const top = Math.max(space.top, Math.min(option.top, lowest)) - list.top;
  const width = Math.min(360, side === "left" ? right : left);
  return { style: `${side}: 100%; top: ${top}px; max-width: ${width}px` };
};

const source =
  (file: number) =>
  async (context: CompletionContext): Promise<CompletionResult | null> => {
    const found = await complete(file, context.pos, context.explicit);
    if (!found || context.aborted) return null;
    return { from: found.from, options: offered(found, context.pos), validFor: WORD };
  };

export const completion = (file: number): Extension => [
  autocompletion({
    override: [source(file)],
    optionClass: (option) => ((option as Offered).useless ? "completion-useless" : ""),
    positionInfo: place,
  }),
  keymap.of([{ key: "Tab", run: acceptCompletion }]),
];
