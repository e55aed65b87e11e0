//! The engine's worker script, with an engine that is made for it: what waits for what.

use std::fs;
use std::path::Path;
use std::process::Command;

/// An engine whose answer is its question; `{ Check: "rest" }` needs the rest.
const ENGINE: &str = "
export default async () => ({ whole: { value: 0 } });
let whole = false;
export const answer = (question) => {
  if (question.Check === 'rest' && !whole) { self.fetchRest(); whole = true; }
  return question;
};
";

/// Asks while the rest is on its way, and says in which order there are answers.
const ASKED: &str = "
import { strict as assert } from 'node:assert';
const said = [];
globalThis.self = { postMessage: (message) => said.push(Array.isArray(message) ? message[0] : Object.keys(message)[0]), close: () => {} };
let arrive;
WebAssembly.compileStreaming = () => new Promise((resolve) => { arrive = resolve; });
WebAssembly.Module = class {};
WebAssembly.Instance = class {};
globalThis.fetch = () => {};
globalThis.XMLHttpRequest = class { open() {} send() { this.status = 200; } };
await import('./engine.js');
const ask = (number, question) => self.onmessage({ data: [number, question] });
const settled = () => new Promise((resolve) => setImmediate(resolve));
ask(1, { Check: 'plain' });
ask(2, 'Settings');
ask(3, { Check: 'plain' });
await settled();
assert.deepEqual(said, [1, 3], 'a check does not wait for what waits for the rest');
ask(4, 'Strip');
ask(5, { Check: 'rest' });
await settled();
assert.deepEqual(said, [1, 3, 'loading', 5], 'the page hears that a check waits for the rest');
ask(6, 'Settings');
await settled();
assert.deepEqual(said, [1, 3, 'loading', 5], 'nothing overtakes what was asked before it');
arrive({});
await settled();
assert.deepEqual(said, [1, 3, 'loading', 5, 2, 4, 6]);
ask(7, 'Settings');
await settled();
assert.deepEqual(said.at(-1), 7);
";

#[test]
fn a_check_overtakes_what_waits_for_the_rest_of_the_engine() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/engine/engine.js");
    write("engine.js", &fs::read_to_string(script).expect("the worker's script"));
    write("redproof-engine.js", ENGINE);
    write("package.json", "{\"type\": \"module\"}");
    write("asked.js", ASKED);
    let run = Command::new("node").arg("asked.js").current_dir(folder.path()).output();
    let run = run.expect("node is there");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}
