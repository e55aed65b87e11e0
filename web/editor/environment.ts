// Colours for environment files: comments, `export`, names, references.

import { StreamLanguage, type StreamParser } from "@codemirror/language";

interface State {
  inValue: boolean;
}

const parser: StreamParser<State> = {
  name: "environment",
  startState: () => ({ inValue: false }),
  token(stream, state) {
    if (stream.sol()) state.inValue = false;
    if (stream.eatSpace()) return null;
    if (!state.inValue) {
      if (stream.match(/^#.*/)) return "comment";
      if (stream.match(/^export\b/)) return "keyword";
      if (stream.match(/^[A-Za-z_][\w.-]*/)) return "propertyName";
      if (stream.match(/^[=:]/)) {
        state.inValue = true;
        return "punctuation";
      }
      stream.next();
      return null;
    }
    if (stream.match(/^#.*/)) return "comment";
    if (stream.match(/^\$\{[^}]*\}|^\$\w+/)) return "variableName";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?|^'[^']*'?/)) return "string";
    stream.match(/^[^\s$"']+/) || stream.next();
    return "string";
  },
};

export const environment = StreamLanguage.define(parser);
