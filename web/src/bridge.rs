//! The editor on the JavaScript side (`web/editor/editor.ts`): the few words said to it.

use serde::Serialize;
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

    #[wasm_bindgen(method, js_name = edit)]
    fn edit_json(this: &Editor, edits: &str);

    #[wasm_bindgen(method, js_name = show)]
    fn show_json(this: &Editor, findings: &str);

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
}

/// A finding as the editor shows it. Places are in UTF-16 code units.
#[derive(Serialize)]
pub(crate) struct Finding<'r> {
    /// Its place in the report.
    pub id: usize,
    pub from: u32,
    pub to: u32,
    pub severity: &'static str,
    pub code: &'r str,
    pub message: &'r str,
    pub help: Option<&'r str>,
    /// The title of its fix.
    pub fix: Option<&'r str>,
    /// Whether the fix guesses what was meant.
    pub guess: bool,
    /// Other places that play a part.
    pub related: Vec<String>,
}

/// A replacement. Places are in UTF-16 code units.
#[derive(Serialize)]
pub(crate) struct TextEdit<'r> {
    pub from: u32,
    pub to: u32,
    pub insert: &'r str,
}

impl Editor {
    /// Shows findings in place of those shown before.
    pub(crate) fn show(&self, findings: &[Finding<'_>]) {
        // Strings and numbers always have a JSON form.
        self.show_json(&serde_json::to_string(findings).unwrap_or_default());
    }

    /// Applies edits that do not overlap, as one step of the history.
    pub(crate) fn edit(&self, edits: &[TextEdit<'_>]) {
        self.edit_json(&serde_json::to_string(edits).unwrap_or_default());
    }
}
