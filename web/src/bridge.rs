//! The JavaScript side (`web/editor`): the few words said to it.

use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// One text editor.
    #[wasm_bindgen(js_namespace = redproof)]
    pub type Editor;

    /// An editor of `text` inside `parent`. `on_change` gets the whole text after each change,
    /// `on_fix` the number of the finding whose fix was asked for.
    #[wasm_bindgen(constructor, js_namespace = redproof)]
    pub fn new(
        parent: &Element,
        language: &str,
        label: &str,
        hint: &str,
        text: &str,
        on_change: &Closure<dyn FnMut(String)>,
        on_fix: &Closure<dyn FnMut(usize)>,
    ) -> Editor;

    /// Puts a new text in place; undo brings the old one back.
    #[wasm_bindgen(method, js_name = setText)]
    pub fn set_text(this: &Editor, text: &str);

    /// Notes an edit for [`Editor::apply_edits`]. Places are in UTF-16 code units.
    #[wasm_bindgen(method, js_name = addEdit)]
    pub fn add_edit(this: &Editor, from: u32, to: u32, insert: &str);

    /// Applies the edits noted, which do not overlap, as one step of the history.
    #[wasm_bindgen(method, js_name = applyEdits)]
    pub fn apply_edits(this: &Editor);

    /// Notes a finding for [`Editor::show_findings`]. Places are in UTF-16 code units.
    #[wasm_bindgen(method, js_name = addFinding)]
    pub fn add_finding(
        this: &Editor,
        id: usize,
        from: u32,
        to: u32,
        severity: &str,
        code: &str,
        message: &str,
        help: Option<&str>,
        fix: Option<&str>,
        guess: bool,
        related: Vec<String>,
    );

    /// Shows the findings noted, in place of those shown before.
    #[wasm_bindgen(method, js_name = showFindings)]
    pub fn show_findings(this: &Editor);

    /// Moves the cursor to a place, in UTF-16 code units, and takes the keyboard.
    #[wasm_bindgen(method)]
    pub fn select(this: &Editor, from: u32, to: u32);

    /// Takes it off the page.
    #[wasm_bindgen(method)]
    pub fn destroy(this: &Editor);

    /// Remembers an editor's text, should the checker fail.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn keep(name: &str, text: &str);

    /// The text kept from before a failure.
    #[wasm_bindgen(js_namespace = redproof, js_name = keptText)]
    pub fn kept_text(name: &str) -> Option<String>;

    /// Whether a companion serves this page: true or false.
    #[wasm_bindgen(js_namespace = redproof, js_name = findCompanion)]
    pub async fn find_companion() -> JsValue;

    /// What an upgrade changes, as HTML whose texts are escaped; else why it can't be told.
    #[wasm_bindgen(js_namespace = redproof, catch)]
    pub async fn upgrade(
        config: &str,
        environment: &str,
        environment_name: &str,
        from_litellm: &str,
        from_redis_py: &str,
        to_litellm: &str,
        to_redis_py: &str,
    ) -> Result<JsValue, JsValue>;

    /// Has the companion probe a configuration; `tell` gets each event.
    #[wasm_bindgen(js_namespace = redproof)]
    pub async fn probe(
        config: &str,
        environment: &str,
        litellm: &str,
        redis_py: &str,
        tell: &Closure<dyn FnMut(JsValue)>,
    );
}
