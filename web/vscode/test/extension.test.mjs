// The packed extension, without an editor: a stand-in for VS Code's API loads it, it starts the real `redproof lsp`, and the
// findings of a document that is opened arrive as an editor would show them.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import test from "node:test";

const here = dirname(fileURLToPath(import.meta.url));
const command = process.env.REDPROOF ?? resolve(here, "../../../target/debug/redproof");

class Uri {
  constructor(path) {
    this.path = path;
    this.fsPath = path;
    this.scheme = "file";
  }
  toString() {
    return pathToFileURL(this.path).href;
  }
  static file = (path) => new Uri(path);
  static parse = (text) => new Uri(text.startsWith("file:") ? fileURLToPath(text) : text);
}
class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}
class Range {
  constructor(...at) {
    const [start, end] = at.length === 4 ? [new Position(at[0], at[1]), new Position(at[2], at[3])] : at;
    Object.assign(this, { start, end });
  }
}
class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}
class EventEmitter {
  listeners = [];
  event = (listener) => {
    this.listeners.push(listener);
    return { dispose() {} };
  };
  fire(event) {
    for (const listener of this.listeners) listener(event);
  }
  dispose() {}
}
const kind = (value) => ({ value, append: (part) => kind(`${value}.${part}`), contains: () => true });
const nothing = () => ({ dispose() {} });

/** VS Code's API: what matters by hand, all else a class or a function that does nothing. */
function editor(settings, folder) {
  const opened = new EventEmitter();
  const shown = new EventEmitter();
  const commands = new Map();
  const rest = (own) =>
    new Proxy(own, {
      get: (target, name) => {
        if (name in target) return target[name];
        if (typeof name === "symbol" || name === "then") return undefined;
        if (name.startsWith("on")) return nothing;
        if (name.startsWith("register")) return nothing;
        return (target[name] = class {});
      },
    });
  const numbers = new Proxy({}, { get: (_, name) => (name === Symbol.iterator ? undefined : 0) });
  const api = rest({
    Uri,
    Position,
    Range,
    Diagnostic,
    EventEmitter,
    version: "1.91.0",
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
    Disposable: class {
      constructor(dispose) {
        this.dispose = dispose ?? (() => {});
      }
      static from = () => ({ dispose() {} });
    },
    CancellationTokenSource: class {
      token = { isCancellationRequested: false, onCancellationRequested: nothing };
      cancel() {}
      dispose() {}
    },
    CodeActionKind: new Proxy({}, { get: (_, name) => kind(String(name)) }),
    languages: rest({
      match: (selector, document) => (document.languageId === "yaml" ? 10 : 0),
      createDiagnosticCollection: () => ({
        set: (uri, list) => shown.fire({ uri, list }),
        delete() {},
        clear() {},
        dispose() {},
        has: () => false,
      }),
    }),
    workspace: rest({
      textDocuments: [],
      notebookDocuments: [],
      workspaceFolders: [{ uri: Uri.file(folder), name: "deployment", index: 0 }],
      fs: {},
      getConfiguration: () => ({ get: (key, fallback) => settings[key] ?? fallback }),
      getWorkspaceFolder: () => undefined,
      createFileSystemWatcher: () => ({ onDidCreate: nothing, onDidChange: nothing, onDidDelete: nothing, dispose() {} }),
      onDidOpenTextDocument: opened.event,
      applyEdit: async () => true,
    }),
    window: rest({
      createOutputChannel: () => ({ append() {}, appendLine() {}, show() {}, dispose() {} }),
      showErrorMessage: async (text) => void shown.fire({ error: text }),
      visibleTextEditors: [],
      tabGroups: { all: [], onDidChangeTabs: nothing },
    }),
    commands: rest({
      registerCommand: (name, run) => (commands.set(name, run), { dispose() {} }),
      executeCommand: async () => undefined,
    }),
    env: rest({ language: "en", appName: "test", uriScheme: "vscode" }),
    SymbolKind: numbers,
    CompletionItemKind: numbers,
    TextDocumentSaveReason: { Manual: 1, AfterDelay: 2, FocusOut: 3 },
  });
  return { api, opened, shown, commands };
}

function load(api) {
  const original = Module._load;
  Module._load = function (name, ...rest) {
    return name === "vscode" ? api : original.call(this, name, ...rest);
  };
  const file = join(here, "../dist/extension.js");
  const require = createRequire(import.meta.url);
  delete require.cache[file];
  return require(file);
}

const WRONG = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    hots: x\n";

test("findings arrive, and the server ends", async () => {
  assert.ok(existsSync(command), `${command} is missing: cargo build --package redproof`);
  const folder = mkdtempSync(join(tmpdir(), "redproof-"));
  const path = join(folder, "config.yaml");
  writeFileSync(path, WRONG);
  const { api, opened, shown } = editor({ path: command, arguments: ["--litellm", "1.110.2"] }, folder);
  const extension = load(api);
  const found = new Promise((resolve) =>
    shown.event((one) => {
      if (one.list?.length) resolve(one);
      if (one.error) resolve(one);
    }),
  );
  await extension.activate({ subscriptions: [] });
  opened.fire({ uri: Uri.file(path), languageId: "yaml", version: 1, getText: () => WRONG, fileName: path });
  const { list, uri, error } = await found;
  assert.equal(error, undefined);
  assert.equal(uri.fsPath, path);
  const codes = list.map((one) => String(one.code?.value ?? one.code));
  assert.ok(codes.includes("RP103"), codes.join());
  assert.equal(list.find((one) => String(one.code?.value ?? one.code) === "RP103").range.start.line, 5);
  await extension.deactivate();
  rmSync(folder, { recursive: true });
});

test("a command that is missing is named, with what to do", async () => {
  const { api, shown } = editor({ path: "/nowhere/redproof" }, tmpdir());
  const said = new Promise((resolve) => shown.event((one) => /install/.test(one.error) && resolve(one.error)));
  await load(api).activate({ subscriptions: [] });
  assert.match(await said, /pip install redproof/);
});

test("what it says of itself is what it is", () => {
  const manifest = JSON.parse(readFileSync(join(here, "../package.json"), "utf8"));
  const cargo = readFileSync(join(here, "../../../Cargo.toml"), "utf8");
  assert.equal(manifest.version, /^version = "(.*)"$/m.exec(cargo)[1]);
  assert.equal(manifest.devDependencies["vscode-languageclient"].split(".")[0], "9");
});
