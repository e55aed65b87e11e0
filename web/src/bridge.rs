//! The JavaScript side (`web/editor`): the few words said to it.

use redproof_messages::{Edit, File, Finding, Texts};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Worker};

/// How an editor begins.
#[derive(Serialize)]
pub(crate) struct Opening<'a> {
    /// The file's key.
    pub key: u32,
    /// `yaml` or `environment`.
    pub language: &'a str,
    /// What a screen reader calls it.
    pub label: &'a str,
    /// What is in it while it is empty.
    pub hint: &'a str,
    /// Its text.
    pub text: &'a str,
}

#[wasm_bindgen]
extern "C" {
    /// One text editor.
    #[wasm_bindgen(js_namespace = redproof)]
    pub type Editor;

    /// An editor inside `parent`. `on_change` gets the whole text after each change, and whether all of
    /// it was replaced; `on_fix` the number of the finding whose fix was asked for; `on_point` the line
    /// that is pointed at, from here to there; nothing where none is.
    #[wasm_bindgen(constructor, js_namespace = redproof)]
    fn opened(
        parent: &Element,
        opening: JsValue,
        on_change: &Closure<dyn FnMut(String, bool)>,
        on_fix: &Closure<dyn FnMut(usize)>,
        on_point: &Closure<dyn FnMut(Option<u32>, Option<u32>)>,
    ) -> Editor;

    /// What it holds.
    #[wasm_bindgen(method)]
    pub fn text(this: &Editor) -> String;

    /// Puts a new text in place; undo brings the old one back.
    #[wasm_bindgen(method, js_name = setText)]
    pub fn set_text(this: &Editor, text: &str);

    #[wasm_bindgen(method, js_name = change)]
    fn change_in_js(this: &Editor, edits: JsValue);

    #[wasm_bindgen(method, js_name = show)]
    fn show_in_js(this: &Editor, findings: JsValue);

    /// Lights the lines of these places, and no others; shows the first where that is wanted. Places
    /// are in UTF-16 code units.
    #[wasm_bindgen(method)]
    pub fn light(this: &Editor, places: Vec<u32>, show: bool);

    /// Moves the cursor to a place, in UTF-16 code units, and takes the keyboard.
    #[wasm_bindgen(method)]
    pub fn select(this: &Editor, from: u32, to: u32);

    /// Has a screen reader call it so.
    #[wasm_bindgen(method, js_name = setLabel)]
    pub fn set_label(this: &Editor, label: &str);

    /// Takes the last step back.
    #[wasm_bindgen(method)]
    pub fn undo(this: &Editor);

    /// Takes it off the page: it calls nothing back from here on.
    #[wasm_bindgen(method)]
    pub fn destroy(this: &Editor);

    /// A new engine's worker.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn engine() -> Worker;

    #[wasm_bindgen(js_namespace = redproof, js_name = kept)]
    fn kept_in_js() -> JsValue;

    #[wasm_bindgen(js_namespace = redproof, js_name = keep)]
    fn keep_in_js(keys: Vec<u32>, kept: JsValue, own: bool);

    /// Reports a panic of the page itself, before it stops everything.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn panicked(place: &str, version: &str);

    /// Says that the engine stopped; `again` starts it again.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn failed(reason: &str, place: &str, version: &str, again: &Closure<dyn FnMut()>);

    /// Takes that back.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn recovered();

    /// Whether the text is kept in this browser.
    #[wasm_bindgen(js_namespace = redproof, js_name = keepsDrafts)]
    pub fn keeps_drafts() -> bool;

    /// Starts or stops keeping it; gives whether it is kept now.
    #[wasm_bindgen(js_namespace = redproof, js_name = setDrafts)]
    pub fn set_drafts(keep: bool) -> bool;

    /// Has the page hear of files given (names, bytes; those that can't be taken, and why), and of the
    /// questions of editors (a question, gives a promise of its answer; a place to be shown: key, from
    /// and to).
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn listen(
        files: &Closure<crate::listen::Take>,
        ask: &Closure<dyn FnMut(String, u32, u32, bool) -> js_sys::Promise>,
        follow: &Closure<dyn FnMut(u32, u32, u32)>,
        act: &Closure<dyn FnMut(String)>,
    );

    /// The name of the view that the address names; empty for the check.
    #[wasm_bindgen(js_namespace = redproof, js_name = viewNamed)]
    pub fn view_named() -> String;

    /// Puts a view's name into the address, as a new step of the history; empty for the check.
    #[wasm_bindgen(js_namespace = redproof, js_name = nameView)]
    pub fn name_view(name: &str);

    /// Shows a page of the book beside the text.
    #[wasm_bindgen(js_namespace = redproof, js_name = openPage)]
    pub fn open_page(address: &str);

    /// The theme that was chosen: `light`, `dark`; empty for the system's.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn theme() -> String;

    /// Chooses it.
    #[wasm_bindgen(js_namespace = redproof, js_name = setTheme)]
    pub fn set_theme(name: &str);

    /// Whether long lines wrap.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn wraps() -> bool;

    /// Has them wrap, or not.
    #[wasm_bindgen(js_namespace = redproof, js_name = setWraps)]
    pub fn set_wraps(on: bool);

    /// Lets the user choose files to open.
    #[wasm_bindgen(js_namespace = redproof, js_name = openFiles)]
    pub fn open_files();

    /// Lets the user choose a folder to open.
    #[wasm_bindgen(js_namespace = redproof, js_name = openFolder)]
    pub fn open_folder();

    /// Has the companion test the files on the page; `tell` gets each event, to the end.
    #[wasm_bindgen(js_namespace = redproof, js_name = test)]
    pub async fn test_live(litellm: &str, redis_py: &str, tell: &Closure<dyn FnMut(JsValue)>);

    /// Has the companion take the pairing code that is in the field `pairing-code`.
    #[wasm_bindgen(js_namespace = redproof)]
    pub fn pair();

    /// Ends the live test.
    #[wasm_bindgen(js_namespace = redproof, js_name = cancelTest)]
    pub fn cancel_test();

    #[wasm_bindgen(js_namespace = redproof, js_name = copy)]
    async fn copy_in_js(text: &str) -> JsValue;

    #[wasm_bindgen(js_namespace = redproof, js_name = picture)]
    async fn picture_in_js(kind: &str) -> JsValue;

    #[wasm_bindgen(js_namespace = redproof, js_name = shareLink, catch)]
    async fn share_link_in_js(kept: JsValue) -> Result<JsValue, JsValue>;
}

/// What is on the page, as it is kept and shared.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Kept {
    /// The names of the files, the config that is checked first.
    pub names: Vec<String>,
    /// Their texts.
    pub texts: Vec<String>,
    /// The releases asked for.
    pub litellm: String,
    pub redis_py: String,
    /// Whether the files are a folder's.
    pub folder: bool,
    /// What is to run the config.
    pub deployment: String,
    /// Which files are configs, by their places; empty for the first alone.
    pub configs: Vec<usize>,
}

impl Kept {
    /// The same of these texts.
    pub(crate) fn of(texts: Texts) -> Self {
        let Texts { files, litellm, redis_py, folder, deployment } = texts;
        let (names, texts) = files.into_iter().map(|file| (file.name, file.text)).unzip();
        Self { names, texts, litellm, redis_py, folder, deployment, configs: vec![] }
    }
}

/// What the page opens with, from a link, a draft or before a failure.
/// Beside them, which files are configs.
pub(crate) fn kept() -> Option<(Texts, Vec<usize>)> {
    let Kept { names, texts, litellm, redis_py, folder, deployment, configs } =
        serde_wasm_bindgen::from_value(kept_in_js()).ok()?;
    let files: Vec<_> =
        names.into_iter().zip(texts).map(|(name, text)| File { name, text }).collect();
    let texts = Texts { files, litellm, redis_py, folder, deployment };
    (!texts.files.is_empty()).then_some((texts, configs))
}

/// Notes what is on the page, for drafts and the live test; `own` unless it is what the page opens with
/// anyway.
pub(crate) fn keep(keys: Vec<u32>, kept: &Kept, own: bool) {
    keep_in_js(keys, js(kept), own);
}

impl Editor {
    /// An editor inside an element.
    pub(crate) fn open(
        parent: &Element,
        opening: &Opening<'_>,
        on_change: &Closure<dyn FnMut(String, bool)>,
        on_fix: &Closure<dyn FnMut(usize)>,
        on_point: &Closure<dyn FnMut(Option<u32>, Option<u32>)>,
    ) -> Self {
        Self::opened(parent, js(opening), on_change, on_fix, on_point)
    }

    /// Applies edits, which do not overlap, as one step of the history.
    pub(crate) fn change(&self, edits: &[&Edit]) {
        self.change_in_js(js(edits));
    }

    /// Shows findings, each with its number, in place of those shown before.
    pub(crate) fn show(&self, findings: &[(usize, &Finding)]) {
        self.show_in_js(js(findings));
    }
}

fn js(value: &(impl Serialize + ?Sized)) -> JsValue {
    // Structs of texts and numbers always go over.
    value.serialize(&Serializer::new()).unwrap_or_default()
}

/// Puts a text on the clipboard; whether the browser lets the page.
pub(crate) async fn copy(text: &str) -> bool {
    copy_in_js(text).await.is_truthy()
}

/// A link that holds this; `None` where that is too much.
pub(crate) async fn share_link(kept: &Kept) -> Option<String> {
    share_link_in_js(js(kept)).await.ok()?.as_string()
}

/// Copies the map as `svg`, or saves it as `png`; what became of it, in a sentence.
pub(crate) async fn picture(kind: &str) -> String {
    picture_in_js(kind).await.as_string().unwrap_or_default()
}
