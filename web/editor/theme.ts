// The editor's looks. Colours are the page's own custom properties, so light and dark follow it.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const squiggle = (colour: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy var(${colour}) 1px`,
  textUnderlineOffset: "3px",
  textDecorationSkipInk: "none",
  paddingBottom: "0",
});

const chrome = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--paper)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 14px 0 6px" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--selection)" },
  ".cm-activeLine": { backgroundColor: "var(--active-line)" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--faint)", border: "none" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--muted)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 8px 0 4px", minWidth: "30px" },
  ".cm-gutter-lint": { width: "16px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 0 0 4px" },
  ".cm-lint-marker": { width: "9px", height: "9px", borderRadius: "50%", marginTop: "6.5px", content: "''" },
  ".cm-lint-marker-error": { backgroundColor: "var(--error)" },
  ".cm-lint-marker-warning": { backgroundColor: "var(--warning)" },
  ".cm-lint-marker-hint": { backgroundColor: "var(--hint)" },
  ".cm-lintRange-error": squiggle("--error"),
  ".cm-lintRange-warning": squiggle("--warning"),
  ".cm-lintRange-hint": squiggle("--hint"),
  ".cm-lintRange-active": { backgroundColor: "var(--selection)" },
  ".cm-tooltip": {
    backgroundColor: "var(--card)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "10px",
    boxShadow: "var(--shadow)",
    overflow: "hidden",
    maxWidth: "min(460px, calc(100vw - 24px))",
  },
  ".cm-diagnostic": { padding: "10px 14px", borderLeft: "none" },
  ".cm-diagnostic + .cm-diagnostic": { borderTop: "1px solid var(--line)" },
  ".cm-diagnosticAction": {
    font: "500 13px var(--sans)",
    color: "var(--on-accent)",
    backgroundColor: "var(--accent)",
    borderRadius: "6px",
    padding: "5px 10px",
    margin: "8px 0 0",
    cursor: "pointer",
  },
  ".cm-panels": { backgroundColor: "var(--card)", color: "var(--text)", border: "none" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-searchMatch": { backgroundColor: "var(--selection)" },
  ".cm-foldPlaceholder": { backgroundColor: "transparent", border: "none", color: "var(--muted)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.string, tags.content], color: "var(--code-text)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.typeName, tags.labelName], color: "var(--code-keyword)" },
  { tag: [tags.variableName], color: "var(--code-keyword)" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--muted)" },
  { tag: tags.meta, color: "var(--code-keyword)" },
]);

export const theme = [chrome, syntaxHighlighting(colours)];
