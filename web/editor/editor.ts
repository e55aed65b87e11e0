// One text editor, behind the few words that the page's Rust says to it.

import { history, isolateHistory, undo } from "@codemirror/commands";
import { forEachDiagnostic, lintGutter, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { EditorSelection, EditorState, StateEffect, Transaction } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";

import { colours } from "./colours";
import { type Finding, read, showFindings } from "./findings";
import { page } from "./host";
import { keys } from "./keys";
import { lightLines, lines } from "./lines";
import { theme } from "./theme";

/** What editing needs beyond the first load: fetched when an editor is first used. */
const wake = () => import("./assist");

/** How an editor begins. */
export interface Opening {
  /** The file's key. */
  key: number;
  /** `yaml` or `environment`. */
  language: string;
  label: string;
  hint: string;
  text: string;
}

/** A replacement, in UTF-16 code units. */
interface Edit {
  from: number;
  to: number;
  insert: string;
}

/** The editors on the page, by the keys of their files. */
export const editors = new Map<number, Editor>();

export class Editor {
  private readonly key: number;
  private readonly view: EditorView;
  private findings: Finding[] = [];
  private readonly onFix: (id: number) => void;
  /** It is off the page, and what it would call back is gone. */
  private gone = false;

  /**
   * An editor inside `parent`. `onChange` gets the whole text after each change, and whether all of the old
   * one was replaced, in a microtask of its own: it may call back into this editor.
   */
  constructor(
    parent: Element,
    { key, language, label, hint, text }: Opening,
    onChange: (text: string, whole: boolean) => void,
    onFix: (id: number) => void,
    onPoint: (from?: number, to?: number) => void,
  ) {
    this.key = key;
    this.onFix = (id) => this.gone || onFix(id);
    editors.set(key, this);
    let scheduled = false;
    let whole = false;
    const changed = () => {
      scheduled = false;
      const all = whole;
      whole = false;
      if (!this.gone) onChange(this.text(), all);
    };
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          lintGutter(),
          lineNumbers(),
          highlightActiveLineGutter(),
          highlightSpecialChars(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          placeholder(hint),
          EditorState.tabSize.of(2),
          EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
          EditorState.languageData.of(() => [{ commentTokens: { line: "#" } }]),
          colours(language),
          theme,
          lines((from, to) => this.gone || onPoint(from, to)),
          keymap.of([
            { key: "F8", run: nextDiagnostic },
            { key: "Shift-F8", run: previousDiagnostic },
            { key: "Mod-.", run: () => this.fixHere() },
            { key: "Mod-Shift-.", run: () => (page.act("fix all"), true) },
            { key: "Mod-f", run: (view) => (void wake().then(({ search }) => search(view)), true) },
            ...keys,
          ]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            const before = update.startState.doc.length;
            update.changes.iterChangedRanges((from, to) => {
              whole ||= before > 0 && from === 0 && to === before;
            });
            if (scheduled) return;
            scheduled = true;
            queueMicrotask(changed);
          }),
        ],
      }),
    });
    const listen = () => {
      // The first of the two; all over again where it could not be fetched.
      const first = new AbortController();
      const wakes = () => {
        first.abort();
        wake().then(
          ({ assist }) => this.view.dispatch({ effects: StateEffect.appendConfig.of(assist(key)) }),
          listen,
        );
      };
      for (const sign of ["focusin", "pointerover"]) {
        this.view.dom.addEventListener(sign, wakes, { signal: first.signal });
      }
    };
    listen();
  }

  text(): string {
    return this.view.state.doc.toString();
  }

  /** Puts a new text in place of the old one; undo brings the old one back. */
  setText(text: string): void {
    const whole = { from: 0, to: this.view.state.doc.length, insert: text };
    this.view.dispatch({
      changes: whole,
      selection: { anchor: 0 },
      scrollIntoView: true,
      annotations: isolateHistory.of("full"),
    });
  }

  /** Applies edits, which do not overlap, as one step of the history. */
  change(changes: Edit[]): void {
    this.view.dispatch({
      changes,
      annotations: [Transaction.userEvent.of("fix"), isolateHistory.of("full")],
    });
  }

  /** Takes the last step back. */
  undo(): void {
    undo(this.view);
  }

  /** Shows findings, each with its number, in place of those shown before. */
  show(findings: Parameters<typeof read>[0]): void {
    const before = this.findings.length;
    this.findings = read(findings);
    showFindings(this.view, this.findings, before, this.onFix);
  }

  /** Lights the lines of these places, and no others; shows the first where that is wanted. */
  light(places: Iterable<number>, show: boolean): void {
    const all = [...places];
    lightLines(this.view, all);
    const [first] = all;
    if (!show || first === undefined) return;
    const shown = Math.min(first, this.view.state.doc.length);
    this.view.dispatch({ effects: EditorView.scrollIntoView(shown, { y: "center" }) });
  }

  /** Moves the cursor to a place, shows it, and takes the keyboard. */
  select(from: number, to: number): void {
    const length = this.view.state.doc.length;
    const range = EditorSelection.range(Math.min(from, length), Math.min(to, length));
    this.view.dispatch({
      selection: EditorSelection.create([range]),
      effects: EditorView.scrollIntoView(range, { y: "center" }),
    });
    this.view.focus();
  }

  destroy(): void {
    this.gone = true;
    if (editors.get(this.key) === this) editors.delete(this.key);
    this.view.destroy();
  }

  /** Applies the fix of the first finding at the cursor or, failing that, on its line. */
  private fixHere(): boolean {
    const { head } = this.view.state.selection.main;
    const line = this.view.state.doc.lineAt(head);
    const current: { from: number; to: number; message: string }[] = [];
    forEachDiagnostic(this.view.state, ({ message }, from, to) => current.push({ from, to, message }));
    const touching = (from: number, to: number) =>
      current.find((place) => place.from <= to && place.to >= from && this.fixOf(place.message));
    const found = touching(head, head) ?? touching(line.from, line.to);
    const finding = found && this.fixOf(found.message);
    if (!finding) return false;
    this.onFix(finding.id);
    return true;
  }

  private fixOf(message: string): Finding | undefined {
    return this.findings.find((finding) => finding.message === message && finding.fix !== undefined);
  }
}
