//! The JavaScript side (`web/editor`): the few words said to it.

use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// One text editor.
    #[wasm_bindgen(js_namespace = redproof)]
    pub type Editor;

    /// The editor of file number `source`, of `text`, inside `parent`. `on_change` gets the whole text after each change,
    /// `on_fix` the number of the finding whose fix was asked for, `on_point` the line that is
    /// pointed at, from here to there; nothing where none is.
    #[wasm_bindgen(constructor, js_namespace = redproof)]
    pub fn new(
        source: u16,
        parent: &Element,
        language: &str,
        label: &str,
        hint: &str,
        text: &str,
        on_change: &Closure<dyn FnMut(String)>,
        on_fix: &Closure<dyn FnMut(usize)>,
        on_point: &Closure<dyn FnMut(Option<u32>, Option<u32>)>,
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

    /// Lights the lines of these places, and no others. Places are in UTF-16 code units.
    #[wasm_bindgen(method)]
    pub fn light(this: &Editor, places: Vec<u32>);

    /// Moves the cursor to a place, in UTF-16 code units, and takes the keyboard.
    #[wasm_bindgen(method)]
    pub fn select(this: &Editor, from: u32, to: u32);

    /// Takes it off the page.
    #[wasm_bindgen(method)]
    pub fn destroy(this: &Editor);

    /// The names of the files that the page opens with, from a link, a draft or before a failure.
    #[wasm_bindgen(js_namespace = redproof, js_name = keptNames)]
    pub fn kept_names() -> Vec<String>;

    /// Their texts.
    #[wasm_bindgen(js_namespace = redproof, js_name = keptTexts)]
    pub fn kept_texts() -> Vec<String>;

    /// The releases that the page opens with: LiteLLM, redis-py.
    #[wasm_bindgen(js_namespace = redproof, js_name = keptReleases)]
    pub fn kept_releases() -> Vec<String>;

    /// Tells where a panic is, before it stops everything, and in what version.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn panicked(place: &str, version: &str);

    /// Whether the text is kept in this browser.
    #[wasm_bindgen(js_namespace = redproof, js_name = keepsDrafts)]
    pub fn keeps_drafts() -> bool;

    /// Starts or stops keeping it; gives whether it is kept now.
    #[wasm_bindgen(js_namespace = redproof, js_name = setDrafts)]
    pub fn set_drafts(keep: bool) -> bool;

    /// Puts on the workbench's desk what the page holds.
    #[wasm_bindgen(js_namespace = redproof, js_name = setDesk)]
    pub fn set_desk(names: Vec<String>, texts: Vec<String>, litellm: &str, redis_py: &str);

    /// Shows a view of the workbench inside an element.
    #[wasm_bindgen(js_namespace = redproof, js_name = showView)]
    pub fn show_view(view: &str, parent: &Element);

    /// Takes the workbench's view off the page.
    #[wasm_bindgen(js_namespace = redproof, js_name = hideView)]
    pub fn hide_view();

    /// Has the page hear of places to be shown (source, start and end in bytes), of files given
    /// (name, text), of views asked for, of files refused (name, why), and of what the workbench
    /// finds (a list).
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn listen(
        follow: &Closure<dyn FnMut(u16, u32, u32)>,
        file: &Closure<dyn FnMut(String, String)>,
        view: &Closure<dyn FnMut(String)>,
        refused: &Closure<dyn FnMut(String, String)>,
    );

    /// The releases that a requirements or lock file names: `litellm`, `redisPy`.
    #[wasm_bindgen(js_namespace = redproof)]
    pub async fn pinned(name: &str, text: &str) -> JsValue;

    /// Has the workbench open the dialog that shares.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn share();

    /// Has the workbench apply all safe fixes.
    #[wasm_bindgen(js_namespace = redproof, js_name = fixAll)]
    pub fn fix_all();

    /// Lets the user choose files to open.
    #[wasm_bindgen(js_namespace = redproof, js_name = openFiles)]
    pub fn open_files();

    /// Has the companion test the files on the page; `tell` gets each event, to the end.
    #[wasm_bindgen(js_namespace = redproof, js_name = test)]
    pub async fn test_live(litellm: &str, redis_py: &str, tell: &Closure<dyn FnMut(JsValue)>);

    /// Shows what the live test does inside an element.
    #[wasm_bindgen(js_namespace = redproof, js_name = showLive)]
    pub fn show_live(parent: &Element);
}
