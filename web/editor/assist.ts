// What editing needs beyond the first load: documentation, completion, search, folding. Built as a
// module of its own, fetched when an editor is first used.

import {
  closeSearchPanel,
  findNext,
  findPrevious,
  openSearchPanel,
  search as searching,
  selectNextOccurrence,
} from "@codemirror/search";
import { type Extension, Prec } from "@codemirror/state";
import { type EditorView, type KeyBinding, keymap } from "@codemirror/view";

import { completion } from "./completion";
import { folding } from "./folding";
import { documentation } from "./hover";
import { newline } from "./newline";
import { theme } from "./assist-theme";

/** The package's own list would bring a dialog for line numbers into the first load. */
const searchKeys: KeyBinding[] = [
  { key: "Mod-f", run: openSearchPanel, scope: "editor search-panel" },
  { key: "F3", run: findNext, shift: findPrevious, scope: "editor search-panel" },
  { key: "Mod-g", run: findNext, shift: findPrevious, scope: "editor search-panel" },
  { key: "Escape", run: closeSearchPanel, scope: "editor search-panel" },
  { key: "Mod-d", run: selectNextOccurrence, preventDefault: true },
];

/** All of it, for the editor of file number `source`. It comes before what the editor has. */
export const assist = (source: number): Extension =>
  Prec.high([
    completion(source),
    documentation(source),
    folding,
    searching({ top: true }),
    keymap.of([{ key: "Enter", run: newline }, ...searchKeys]),
    theme,
  ]);

/** Opens the search panel. */
export const search = (view: EditorView): boolean => openSearchPanel(view);
