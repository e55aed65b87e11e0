// Colours for YAML and for environment files, line by line, for the lines in view alone.
//
// What a text means is for the checker to say. This sees keys, comments, quoted texts and
// references, at a tenth of the size of a YAML grammar.

import { RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

/** What each alternative of a pattern is, in the order of its groups. */
type Kind = "comment" | "key" | "string" | "reference" | "number" | "mark";

const marks: Record<Kind, Decoration> = {
  comment: Decoration.mark({ class: "code-comment" }),
  key: Decoration.mark({ class: "code-key" }),
  string: Decoration.mark({ class: "code-string" }),
  reference: Decoration.mark({ class: "code-reference" }),
  number: Decoration.mark({ class: "code-number" }),
  mark: Decoration.mark({ class: "code-mark" }),
};

interface Language {
  pattern: RegExp;
  kinds: Kind[];
}

const languages: Record<string, Language> = {
  yaml: {
    pattern:
      /((?<=^|\s)#.*)|((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[\w$./<*-][^:#{}[\],]{0,200}?)(?=\s*:(?:\s|$)))|("(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)|(os\.environ\/\S+|[&*][\w-]+|!\S+)|((?<=[\s[,])(?:-?\d[\d._]*|true|false|yes|no|on|off|null|~)(?=\s*(?:$|[,\]}#])))|((?<=^\s*)-(?=\s)|[[\]{},]|^---)/gi,
    kinds: ["comment", "key", "string", "reference", "number", "mark"],
  },
  environment: {
    pattern:
      /((?<=^|\s)#.*)|((?<=^\s*(?:-\s+)?(?:export\s+)?)[A-Za-z_][\w.-]*(?=\s*[=:]))|("(?:[^"\\]|\\.)*"?|'[^']*'?)|(\$\{[^}]*\}|\$\w+|^\s*export\b)/g,
    kinds: ["comment", "key", "string", "reference"],
  },
};

/** So much of a line is coloured: a longer one is base64 or JSON in one line, and no one reads its end. */
const MOST = 2000;

const colour = (view: EditorView, { pattern, kinds }: Language): DecorationSet => {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      for (const match of line.text.slice(0, MOST).matchAll(pattern)) {
        const kind = kinds[match.slice(1).findIndex((group) => group !== undefined)];
        const start = line.from + match.index;
        if (kind && match[0] !== "") builder.add(start, start + match[0].length, marks[kind]);
      }
      at = line.to + 1;
    }
  }
  return builder.finish();
};

/** The colours of a language: `yaml` or `environment`. */
export const colours = (name: string) => {
  const language: Language = languages[name] ?? { pattern: /(?!)/g, kinds: [] };
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = colour(view, language);
      }
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged) {
          this.decorations = colour(update.view, language);
        }
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
};
