// One text editor, behind the few words that the page's Rust says to it.

import { history, isolateHistory, undo } from "@codemirror/commands";
import { forEachDiagnostic, lintGutter, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { Compartment, EditorSelection, EditorState, StateEffect, Transaction } from "@codemirror/state";
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
import { wraps } from "./looks";
import { theme } from "./theme";

/** What editing needs beyond the first load: fetched when an editor is first used. */
const wake = () => import("./assist");

/** Goes to a finding, and has it read aloud: nobody hears its tooltip. */
const told =
  (go: (view: EditorView) => boolean) =>
  (view: EditorView): boolean => {
    if (!go(view)) return false;
    const { main } = view.state.selection;
    const here: string[] = [];
    forEachDiagnostic(view.state, ({ severity, message }, from, to) => {
      if (from === main.from && to === main.to) here.push(`${severity}: ${message}`);
    });
    const { number } = view.state.doc.lineAt(main.from);
    if (here.length > 0) view.dispatch({ effects: EditorView.announce.of(`Line ${number}, ${here.join(" ")}`) });
    return true;
  };

const named = (label: string) => EditorView.contentAttributes.of({ "aria-label": label });

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

/** What an editor calls. */
interface Calls {
  /** Gets the whole text after each change, and whether all of the old one was replaced. */
  change: (text: string, whole: boolean) => void;
  fix: (id: number) => void;
  point: (from?: number, to?: number) => void;
}

export class Editor {
  private readonly key: number;
  private readonly view: EditorView;
  private readonly wrapping = new Compartment();
  private readonly naming = new Compartment();
  private findings: Finding[] = [];
  /** None before the page's wasm is there. */
  private calls: Calls | undefined;
  private scheduled = false;
  private whole = false;
  /** It is off the page, and what it would call back is gone. */
  private gone = false;

  constructor(parent: Element, { key, language, label, hint, text }: Opening) {
    this.key = key;
    editors.set(key, this);
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
          EditorView.contentAttributes.of({ spellcheck: "false", tabindex: "0" }),
          this.naming.of(named(label)),
          EditorState.languageData.of(() => [{ commentTokens: { line: "#" } }]),
          colours(language),
          theme,
          this.wrapping.of(wraps() ? EditorView.lineWrapping : []),
          lines((from, to) => this.gone || this.calls?.point(from, to)),
          keymap.of([
            { key: "F8", run: told(nextDiagnostic) },
            { key: "Shift-F8", run: told(previousDiagnostic) },
            { key: "Mod-.", run: () => this.fixHere() },
            { key: "Mod-Shift-.", run: () => (page.act("fix all"), true) },
            { key: "Mod-f", run: (view) => (void wake().then(({ search }) => search(view)), true) },
            ...keys,
          ]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            const before = update.startState.doc.length;
            update.changes.iterChangedRanges((from, to) => {
              this.whole ||= before > 0 && from === 0 && to === before;
            });
            this.changed();
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

  /**
   * Has the page's wasm hear of it, which takes its text to be this one; it goes inside of `parent`. The
   * calls come in microtasks of their own: they may call back into this editor.
   */
  adopt(parent: Element, text: string, calls: Calls, focus: boolean): this {
    this.calls = calls;
    if (this.view.dom.parentElement !== parent) parent.append(this.view.dom);
    if (this.text() === text) this.whole = false;
    else this.changed();
    if (focus) this.view.focus();
    return this;
  }

  hasFocus(): boolean {
    return this.view.hasFocus;
  }

  private changed(): void {
    if (this.scheduled || !this.calls) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      const { whole } = this;
      this.whole = false;
      if (!this.gone) this.calls?.change(this.text(), whole);
    });
  }

  private readonly onFix = (id: number): void => {
    if (!this.gone) this.calls?.fix(id);
  };

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

  /** Has a screen reader call it so. */
  setLabel(label: string): void {
    this.view.dispatch({ effects: this.naming.reconfigure(named(label)) });
  }

  /** Wraps long lines, or does not. */
  wrap(on: boolean): void {
    this.view.dispatch({ effects: this.wrapping.reconfigure(on ? EditorView.lineWrapping : []) });
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
