// Folding by indentation: a line folds what is indented more below it.

import { codeFolding, foldGutter, foldKeymap, foldService } from "@codemirror/language";
import { type EditorState, type Extension, Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";

const indentOf = (text: string): number => /^ */.exec(text)?.[0].length ?? 0;

/** What folds below the line that starts at `start`, from the end of that line on. */
const foldable = (state: EditorState, start: number): { from: number; to: number } | null => {
  const line = state.doc.lineAt(start);
  if (/^\s*(#|$)/.test(line.text)) return null;
  const indent = indentOf(line.text);
  // The list of a key may be at the key's own column.
  const lists = /:\s*(#.*)?$/.test(line.text) && !/^\s*-\s/.test(line.text);
  let end = line.to;
  for (let number = line.number + 1; number <= state.doc.lines; number += 1) {
    const next = state.doc.line(number);
    if (next.text.trim() === "") continue;
    const inside = indentOf(next.text) > indent;
    const element = lists && indentOf(next.text) === indent && /^\s*-(\s|$)/.test(next.text);
    if (!inside && !element) break;
    end = next.to;
  }
  return end > line.to ? { from: line.to, to: end } : null;
};

export const folding: Extension = [
  foldService.of(foldable),
  codeFolding(),
  // Beside the text, behind the line numbers.
  Prec.low(foldGutter()),
  keymap.of(foldKeymap),
];
