// Lines that light up with the connection map, and the line that is pointed at.

import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

const lit = Decoration.line({ class: "line-lit" });
const setLit = StateEffect.define<DecorationSet>();

const litLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (shown, transaction) => {
    for (const effect of transaction.effects) if (effect.is(setLit)) return effect.value;
    return shown.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Lights the lines of these places, and no others. */
export const lightLines = (view: EditorView, places: number[]): void => {
  const { doc } = view.state;
  const starts = new Set(places.map((place) => doc.lineAt(Math.min(place, doc.length)).from));
  const marks = [...starts].map((start) => lit.range(start));
  view.dispatch({ effects: setLit.of(Decoration.set(marks, true)) });
};

/** Tells which line is pointed at: the one under the mouse, else the one that the keyboard is in. */
export const lines = (onPoint: (from?: number, to?: number) => void): Extension => {
  let told: number | undefined;
  const tell = (view: EditorView, place: number | null): void => {
    const line = place === null ? undefined : view.state.doc.lineAt(place);
    if (told === line?.from) return;
    told = line?.from;
    onPoint(line?.from, line?.to);
  };
  const cursor = (view: EditorView) => (view.hasFocus ? view.state.selection.main.head : null);
  return [
    litLines,
    EditorView.domEventHandlers({
      mousemove: (event, view) => tell(view, view.posAtCoords({ x: event.clientX, y: event.clientY })),
      mouseleave: (_, view) => tell(view, cursor(view)),
      blur: (_, view) => tell(view, null),
    }),
    EditorView.updateListener.of((update) => {
      if (!update.selectionSet || update.docChanged) return;
      const { view } = update;
      queueMicrotask(() => tell(view, cursor(view)));
    }),
  ];
};
