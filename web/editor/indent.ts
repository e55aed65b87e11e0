// Indentation by two spaces, as YAML is written: no tabs.

import { EditorSelection, type Line } from "@codemirror/state";
import type { Command, EditorView } from "@codemirror/view";

const UNIT = "  ";

/** The lines that the selection touches. */
const selectedLines = ({ state }: EditorView): Line[] => {
  const lines = new Map<number, Line>();
  for (const { from, to } of state.selection.ranges) {
    for (let at = from; ; ) {
      const line = state.doc.lineAt(at);
      lines.set(line.from, line);
      if (line.to >= to) break;
      at = line.to + 1;
    }
  }
  return [...lines.values()];
};

/** Indents the selected lines; without a selection, inserts spaces at the cursor. */
export const indentMore: Command = (view) => {
  if (view.state.selection.ranges.every((range) => range.empty)) {
    view.dispatch(view.state.replaceSelection(UNIT));
    return true;
  }
  const changes = selectedLines(view).map((line) => ({ from: line.from, insert: UNIT }));
  view.dispatch({ changes, userEvent: "input.indent" });
  return true;
};

/** Takes one step of indentation from the selected lines. */
export const indentLess: Command = (view) => {
  const changes = selectedLines(view).flatMap((line) => {
    const spaces = /^ {0,2}/.exec(line.text)?.[0].length ?? 0;
    return spaces > 0 ? [{ from: line.from, to: line.from + spaces }] : [];
  });
  view.dispatch({ changes, userEvent: "delete.dedent" });
  return true;
};

/** Deletes the selection, one step of indentation, or the character before the cursor. */
export const deleteBackward: Command = (view) => {
  const { state } = view;
  const change = state.changeByRange((range) => {
    let { from, to } = range;
    if (range.empty) {
      const line = state.doc.lineAt(to);
      const before = line.text.slice(0, to - line.from);
      const inIndentation = before !== "" && /^ *$/.test(before) && before.length % 2 === 0;
      const previous = inIndentation ? to - 2 : view.moveByChar(range, false).head;
      [from, to] = [Math.min(previous, to), Math.max(previous, to)];
    }
    return { changes: { from, to }, range: EditorSelection.cursor(from) };
  });
  if (change.changes.empty) return false;
  view.dispatch({ ...change, scrollIntoView: true, userEvent: "delete.backward" });
  return true;
};

/** Deletes the selection or the character after the cursor. */
export const deleteForward: Command = (view) => {
  const change = view.state.changeByRange((range) => {
    const next = range.empty ? view.moveByChar(range, true).head : range.to;
    const [from, to] = [Math.min(range.from, next), Math.max(range.from, next)];
    return { changes: { from, to }, range: EditorSelection.cursor(from) };
  });
  if (change.changes.empty) return false;
  view.dispatch({ ...change, scrollIntoView: true, userEvent: "delete.forward" });
  return true;
};
