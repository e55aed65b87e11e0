// A new line goes in where YAML goes on: deeper after a key, beside the first key of an element.

import type { EditorState } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

/** How far a key's own keys are indented: as the first that are, else by two. */
const step = (state: EditorState): string => {
  for (let number = 1; number <= Math.min(state.doc.lines, 200); number += 1) {
    const indent = /^( +)[^\s#-]/.exec(state.doc.line(number).text)?.[1];
    if (indent !== undefined) return indent;
  }
  return "  ";
};

/** Starts a new line after one that wants more than its own indentation. */
export const newline = (view: EditorView): boolean => {
  const { state } = view;
  const { main, ranges } = state.selection;
  const line = state.doc.lineAt(main.head);
  if (ranges.length > 1 || !main.empty || line.text.slice(main.head - line.from).trim() !== "") {
    return false;
  }
  const [, indent = "", dashes = "", rest = ""] =
    /^( *)((?:- +)*)(.*)$/.exec(line.text.slice(0, main.head - line.from)) ?? [];
  const opens = /^[\w."'/-]+:\s*$/.test(rest);
  if (!opens && (dashes === "" || !/^[\w."'/-]+:\s/.test(rest))) return false;
  const insert = `\n${indent}${" ".repeat(dashes.length)}${opens ? step(state) : ""}`;
  view.dispatch(state.replaceSelection(insert), { scrollIntoView: true, userEvent: "input" });
  return true;
};
