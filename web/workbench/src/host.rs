//! What a view may do to the page.

use redproof_core::finding::Edit;
use redproof_core::source::{SourceId, Span};
use redproof_desk::Desk;

mod js {
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = redproof)]
        pub fn follow(source: u16, start: u32, end: u32);

        #[wasm_bindgen(js_namespace = redproof)]
        pub fn point(source: u16, places: Vec<u32>);

        #[wasm_bindgen(js_namespace = redproof)]
        pub fn edit(source: u16, from: Vec<u32>, to: Vec<u32>, insert: Vec<String>);

        #[wasm_bindgen(js_namespace = redproof, js_name = setText)]
        pub fn set_text(source: u16, text: &str);

        #[wasm_bindgen(js_namespace = redproof)]
        pub fn pair();

        #[wasm_bindgen(js_namespace = redproof, js_name = cancelTest)]
        pub fn cancel_test();

        #[wasm_bindgen(js_namespace = redproof, js_name = testAgain)]
        pub fn test_again();

        #[wasm_bindgen(js_namespace = redproof)]
        pub async fn copy(text: &str) -> JsValue;

        #[wasm_bindgen(js_namespace = redproof, js_name = shareLink, catch)]
        pub async fn share_link(
            names: Vec<String>,
            texts: Vec<String>,
            litellm: &str,
            redis_py: &str,
        ) -> Result<JsValue, JsValue>;

        #[wasm_bindgen(js_namespace = redproof, js_name = openFiles)]
        pub fn open_files();

        #[wasm_bindgen(js_namespace = redproof)]
        pub fn panicked(place: &str, version: &str);
    }
}

/// Lets the user choose files; the page takes them as if they were dropped.
pub(crate) use js::open_files;

/// Has the companion take the pairing code that stands in the field `pairing-code`.
pub(crate) use js::pair;

/// Tells where a panic is, before it stops everything, and in what version.
pub(crate) use js::panicked;

/// Ends the live test.
pub(crate) use js::cancel_test;

/// Begins another live test.
pub(crate) use js::test_again;

/// Puts a text on the clipboard; whether the browser lets the page.
pub(crate) async fn copy(text: &str) -> bool {
    js::copy(text).await.is_truthy()
}

/// A link that holds these files and releases; `None` where that is too much.
pub(crate) async fn share_link(
    names: Vec<String>,
    texts: Vec<String>,
    litellm: &str,
    redis_py: &str,
) -> Option<String> {
    js::share_link(names, texts, litellm, redis_py).await.ok()?.as_string()
}

/// Shows a place in its editor, and gives that the keyboard.
pub(crate) fn follow(span: Span) {
    js::follow(span.source.0, span.start, span.end);
}

/// Lights the lines of these places, and no others, in every editor, and shows the first; the
/// keyboard stays where it is.
pub(crate) fn point(desk: &Desk, spans: &[Span]) {
    for source in &desk.report.sources {
        let own = spans.iter().filter(|span| span.source == source.id);
        let lines = own.flat_map(|span| {
            let inside = source.text.get(span.range()).unwrap_or("");
            let breaks = inside.match_indices('\n').map(|(at, _)| span.range().start + at + 1);
            std::iter::once(span.range().start).chain(breaks)
        });
        let places = lines.filter_map(|at| desk.utf16(Span::new(source.id, at, at)));
        js::point(source.id.0, places.map(|(start, _)| start).collect());
    }
}

/// Applies edits of the desk's texts in their editors, as one step of each one's history.
pub(crate) fn edit(desk: &Desk, edits: &[Edit]) {
    let mut sources: Vec<SourceId> = edits.iter().map(|edit| edit.span.source).collect();
    sources.dedup();
    for source in sources {
        let (mut from, mut to, mut insert) = (vec![], vec![], vec![]);
        for edit in edits.iter().filter(|edit| edit.span.source == source) {
            if let Some((start, end)) = desk.utf16(edit.span) {
                from.push(start);
                to.push(end);
                insert.push(edit.text.clone());
            }
        }
        js::edit(source.0, from, to, insert);
    }
}

/// Puts a new text in place of a file's; undo brings the old one back.
pub(crate) fn set_text(source: SourceId, text: &str) {
    js::set_text(source.0, text);
}
