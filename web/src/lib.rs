//! The single-page editor: it draws what the engine says, and judges nothing.

mod app;
mod bridge;
mod diagnose;
mod engine;
mod examples;
mod files;
mod header;
mod hello;
mod host;
mod intake;
mod json;
mod keys;
mod listen;
mod map;
mod palette;
mod pane;
mod problems;
mod prose;
mod strip;
mod time;
mod toast;
mod verdict;
mod views;
mod workspace;

use std::rc::Rc;

use redproof_messages::{Checked, Strip, Texts};
use wasm_bindgen::JsValue;

use workspace::Workspace;

pub use app::Opening;
use yew::prelude::*;

/// What the page opens with, where nobody's own text is kept: the first example.
pub fn opening() -> Texts {
    Workspace::of_example(0).texts()
}

/// The page.
#[component]
pub fn Page(props: &Opening) -> Html {
    html! { <app::App checked={props.checked.clone()} strip={props.strip.clone()} /> }
}

/// Draws the page in the document that it runs in.
pub fn start() {
    // Its message may quote the user's text: the place alone is told.
    yew::set_custom_panic_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        bridge::panicked(&place, env!("CARGO_PKG_VERSION"));
    }));
    let document = web_sys::window().and_then(|window| window.document());
    let element = |id: &str| document.as_ref().and_then(|document| document.get_element_by_id(id));
    let known = element("opening").and_then(|one| one.text_content());
    let opening = match known.as_deref().and_then(read) {
        Some((checked, strip)) => {
            Opening { checked: Some(Rc::new(checked)), strip: Some(Rc::new(strip)) }
        }
        None => Opening::default(),
    };
    match element("app") {
        Some(root) => {
            drop(yew::Renderer::<Page>::with_root_and_props(root, opening).render());
        }
        None => drop(yew::Renderer::<Page>::with_props(opening).render()),
    }
}

/// What the engine said of [`opening`], when the page was built.
fn read(json: &str) -> Option<(Checked, Strip)> {
    let value: JsValue = js_sys::JSON::parse(json).ok()?;
    serde_wasm_bindgen::from_value(value).ok()
}
