// What the checker found, as CodeMirror shows it: squiggles, gutter marks, tooltips, quick fixes.

import { type Diagnostic, forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";

import { element, prose } from "./dom";

/** One finding, as `bridge.rs` gives it. Places are in UTF-16 code units. */
export interface Finding {
  /** Its number in the report: what `onFix` and `onFollow` are called with. */
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
const areShown = (view: EditorView, diagnostics: Shown[]): boolean => {
  const told = (finding: Finding, from: number, to: number) => JSON.stringify({ ...finding, from, to });
  const shown = new Set<string>();
  forEachDiagnostic(view.state, (diagnostic, from, to) => {
    shown.add(told((diagnostic as Shown).finding, from, to));
  });
  const isShown = ({ finding, from, to }: Shown) => shown.has(told(finding, from, to));
  return shown.size === diagnostics.length && diagnostics.every(isShown);
};

/** Shows findings in place of those shown before. */
export const showFindings = (
  view: EditorView,
  findings: Finding[],
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
                name: finding.guess ? `${finding.fix} (a guess)` : finding.fix,
                apply: () => onFix(finding.id),
              },
            ],
    };
  });
  // To show them again costs a keystroke as much as the key itself.
  if (!areShown(view, diagnostics)) view.dispatch(setDiagnostics(view.state, diagnostics));
};
