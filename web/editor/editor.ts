// One text editor, behind the few words that the page's Rust says to it.

import { history, isolateHistory } from "@codemirror/commands";
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
import { type Finding, showFindings } from "./findings";
import { keys } from "./keys";
import { lightLines, lines } from "./lines";
import { wake } from "./later";
import { theme } from "./theme";
import { fixAll } from "./workbench";

/** A replacement, in UTF-16 code units. */
interface Edit {
  from: number;
  to: number;
  insert: string;
}

/** The editors on the page, by the numbers of their files. */
export const editors = new Map<number, Editor>();

export class Editor {
  private readonly source: number;
  private readonly view: EditorView;
  private findings: Finding[] = [];
  private noted: Finding[] = [];
  private edits: Edit[] = [];
  private readonly onFix: (id: number) => void;

  /**
   * The editor of file number `source`. `onChange` gets the whole text after each change, in a microtask of its own: it may call back
   * into this editor.
   */
  constructor(
    source: number,
    parent: Element,
    language: string,
    label: string,
    hint: string,
    text: string,
    onChange: (text: string) => void,
    onFix: (id: number) => void,
    onPoint: (from?: number, to?: number) => void,
  ) {
    this.source = source;
    this.onFix = onFix;
    editors.set(source, this);
    let scheduled = false;
    const changed = () => {
      scheduled = false;
      onChange(this.text());
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
          lines(onPoint),
          keymap.of([
            { key: "F8", run: nextDiagnostic },
            { key: "Shift-F8", run: previousDiagnostic },
            { key: "Mod-.", run: () => this.fixHere() },
            { key: "Mod-Shift-.", run: () => (void fixAll(), true) },
            { key: "Mod-f", run: (view) => (void wake().then(({ search }) => search(view)), true) },
            ...keys,
          ]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || scheduled) return;
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
          ({ assist }) => this.view.dispatch({ effects: StateEffect.appendConfig.of(assist(source)) }),
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

  /** Notes one edit; `applyEdits` applies all that were noted. */
  addEdit(from: number, to: number, insert: string): void {
    this.edits.push({ from, to, insert });
  }

  /** Applies the edits noted, which do not overlap, as one step of the history. */
  applyEdits(): void {
    const changes = this.edits;
    this.edits = [];
    if (changes.length > 0) this.change(changes);
  }

  /** Applies edits, which do not overlap, as one step of the history. */
  change(changes: Edit[]): void {
    this.view.dispatch({
      changes,
      annotations: [Transaction.userEvent.of("fix"), isolateHistory.of("full")],
    });
  }

  /** Notes one finding; `showFindings` shows all that were noted. */
  addFinding(
    id: number,
    from: number,
    to: number,
    severity: Finding["severity"],
    code: string,
    message: string,
    help: string | undefined,
    fix: string | undefined,
    guess: boolean,
    related: string[],
  ): void {
    this.noted.push({ id, from, to, severity, code, message, help, fix, guess, related });
  }

  /** Shows the findings noted, in place of those shown before. */
  showFindings(): void {
    this.findings = this.noted;
    this.noted = [];
    showFindings(this.view, this.findings, this.onFix);
  }

  /** Lights the lines of these places, and no others. */
  light(places: number[]): void {
    lightLines(this.view, places);
  }

  /** Lights the lines of these places and shows the first; the keyboard stays where it is. */
  point(places: number[]): void {
    this.light(places);
    const [first] = places;
    if (first === undefined) return;
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
    if (editors.get(this.source) === this) editors.delete(this.source);
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
