// The keys of the editor: what every text field does, history, indentation, comments.
//
// CodeMirror's own lists would bring its syntax trees along, which nothing here uses.

import * as go from "@codemirror/commands";
import type { KeyBinding } from "@codemirror/view";

import { deleteBackward, deleteForward, indentLess, indentMore } from "./indent";

const moves: KeyBinding[] = [
  { key: "ArrowLeft", run: go.cursorCharLeft, shift: go.selectCharLeft },
  { key: "Mod-ArrowLeft", mac: "Alt-ArrowLeft", run: go.cursorGroupLeft, shift: go.selectGroupLeft },
  { mac: "Cmd-ArrowLeft", run: go.cursorLineBoundaryLeft, shift: go.selectLineBoundaryLeft },
  { key: "ArrowRight", run: go.cursorCharRight, shift: go.selectCharRight },
  {
    key: "Mod-ArrowRight",
    mac: "Alt-ArrowRight",
    run: go.cursorGroupRight,
    shift: go.selectGroupRight,
  },
  { mac: "Cmd-ArrowRight", run: go.cursorLineBoundaryRight, shift: go.selectLineBoundaryRight },
  { key: "ArrowUp", run: go.cursorLineUp, shift: go.selectLineUp },
  { key: "ArrowDown", run: go.cursorLineDown, shift: go.selectLineDown },
  { mac: "Cmd-ArrowUp", run: go.cursorDocStart, shift: go.selectDocStart },
  { mac: "Cmd-ArrowDown", run: go.cursorDocEnd, shift: go.selectDocEnd },
  { key: "PageUp", run: go.cursorPageUp, shift: go.selectPageUp },
  { key: "PageDown", run: go.cursorPageDown, shift: go.selectPageDown },
  { key: "Home", run: go.cursorLineBoundaryBackward, shift: go.selectLineBoundaryBackward },
  { key: "End", run: go.cursorLineBoundaryForward, shift: go.selectLineBoundaryForward },
  { key: "Mod-Home", run: go.cursorDocStart, shift: go.selectDocStart },
  { key: "Mod-End", run: go.cursorDocEnd, shift: go.selectDocEnd },
  { key: "Mod-a", run: go.selectAll },
  { key: "Escape", run: go.simplifySelection },
];

const changes: KeyBinding[] = [
  { key: "Enter", run: go.insertNewlineKeepIndent, shift: go.insertNewlineKeepIndent },
  { key: "Backspace", run: deleteBackward, shift: deleteBackward },
  { key: "Delete", run: deleteForward },
  { key: "Mod-Backspace", mac: "Alt-Backspace", run: go.deleteGroupBackward },
  { key: "Mod-Delete", mac: "Alt-Delete", run: go.deleteGroupForward },
  { key: "Alt-ArrowUp", run: go.moveLineUp, shift: go.copyLineUp },
  { key: "Alt-ArrowDown", run: go.moveLineDown, shift: go.copyLineDown },
  { key: "Mod-Shift-k", run: go.deleteLine },
  { key: "Tab", run: indentMore, shift: indentLess },
  { key: "Mod-/", run: go.toggleLineComment },
  { key: "Ctrl-m", mac: "Shift-Alt-m", run: go.toggleTabFocusMode },
];

export const keys: KeyBinding[] = [...go.historyKeymap, ...moves, ...changes];
