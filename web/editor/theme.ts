// The editor's looks. Colours are the page's own custom properties, so light and dark follow it.

import { EditorView } from "@codemirror/view";

const squiggle = (colour: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy var(${colour}) 1px`,
  textUnderlineOffset: "3px",
  textDecorationSkipInk: "none",
  paddingBottom: "0",
});

export const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--paper)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 14px 0 6px" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--selection)" },
  ".cm-activeLine": { backgroundColor: "var(--active-line)" },
  // Room for the fold gutter, which comes later.
  ".cm-gutters": {
    backgroundColor: "var(--paper)",
    color: "var(--faint)",
    border: "none",
    paddingRight: "12px",
  },
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
  ".cm-placeholder": { color: "var(--muted)", maxWidth: "calc(100vw - 90px)", whiteSpace: "normal" },
  ".cm-panels": { backgroundColor: "var(--card)", color: "var(--text)", border: "none" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-searchMatch": { backgroundColor: "var(--selection)" },
  ".line-lit": { boxShadow: "inset 3px 0 var(--accent)", backgroundColor: "var(--accent-soft)" },
  ".code-key": { color: "var(--code-key)" },
  ".code-string": { color: "var(--code-text)" },
  ".code-comment": { color: "var(--code-comment)", fontStyle: "italic" },
  ".code-reference": { color: "var(--code-keyword)" },
  ".code-number": { color: "var(--code-number)" },
  ".code-mark": { color: "var(--muted)" },
});
