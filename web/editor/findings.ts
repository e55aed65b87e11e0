// What the checker found, as CodeMirror shows it: squiggles, gutter marks, tooltips, quick fixes.

import { type Diagnostic, forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";

import type { At } from "./answers";
import { element, prose } from "./dom";

/** A finding of redproof-messages. */
interface Told {
  severity: "Error" | "Warning" | "Hint";
  code: string;
  message: string;
  help?: string;
  at?: At;
  related: { at?: At; text: string }[];
  fix?: { title: string; guess: boolean };
}

/** One finding. Places are in UTF-16 code units. */
export interface Finding {
  /** Its number: what `onFix` is called with. */
  id: number;
  from: number;
  to: number;
  severity: "error" | "warning" | "hint";
  code: string;
  message: string;
  help: string | undefined;
  /** The title of its fix, if it has one. */
  fix: string | undefined;
  /** Whether the fix is a guess at what was meant. */
  guess: boolean;
  /** Other places that play a part, in words. */
  related: string[];
}

/** Findings as the page's Rust gives them, each with its number. */
export const read = (all: [number, Told][]): Finding[] =>
  all.map(([id, told]) => ({
    id,
    from: told.at?.from ?? 0,
    to: told.at?.to ?? 0,
    severity: told.severity.toLowerCase() as Finding["severity"],
    code: told.code,
    message: told.message,
    help: told.help,
    fix: told.fix?.title,
    guess: told.fix?.guess ?? false,
    related: told.related.map(({ at, text }) => (at ? `${at.name}: ${text}` : text)),
  }));

const render = (finding: Finding): HTMLElement => {
  const body = element("div", "finding-tip");
  const head = element("div", "finding-tip-head");
  head.append(
    element("span", `severity ${finding.severity}`, finding.severity),
    element("code", "finding-code", finding.code),
  );
  body.append(head, prose("finding-message", finding.message));
  for (const text of finding.related) body.append(prose("finding-related", text));
  if (finding.help !== undefined) body.append(prose("finding-help", finding.help));
  return body;
};

/** A finding as the editor holds it. */
interface Shown extends Diagnostic {
  finding: Finding;
}

/** Whether these are shown already: the editor moves them along with the text. */
const areShown = (view: EditorView, diagnostics: Shown[], before: number): boolean => {
  // What was in a text that is gone leaves its mark in the gutter.
  if (before !== diagnostics.length) return false;
  const told = (finding: Finding, from: number, to: number) => JSON.stringify({ ...finding, from, to });
  const shown = new Set<string>();
  forEachDiagnostic(view.state, (diagnostic, from, to) => {
    shown.add(told((diagnostic as Shown).finding, from, to));
  });
  const isShown = ({ finding, from, to }: Shown) => shown.has(told(finding, from, to));
  return shown.size === diagnostics.length && diagnostics.every(isShown);
};

/** Shows findings in place of those shown before, which were so many. */
export const showFindings = (
  view: EditorView,
  findings: Finding[],
  before: number,
  onFix: (id: number) => void,
): void => {
  const length = view.state.doc.length;
  const diagnostics = findings.map((finding): Shown => {
    const from = Math.min(finding.from, length);
    return {
      finding,
      from,
      to: Math.min(Math.max(finding.to, from), length),
      severity: finding.severity,
      message: finding.message,
      renderMessage: () => render(finding),
      actions:
        finding.fix === undefined
          ? []
          : [
              {
                name: finding.guess ? `${finding.fix} (needs your decision)` : finding.fix,
                apply: () => onFix(finding.id),
              },
            ],
    };
  });
  // To show them again costs a keystroke as much as the key itself.
  if (!areShown(view, diagnostics, before)) view.dispatch(setDiagnostics(view.state, diagnostics));
};
