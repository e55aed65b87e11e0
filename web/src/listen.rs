//! What the JavaScript side calls.

use js_sys::{Array, Promise, Uint8Array};
use redproof_messages::Ask;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::app::Msg;
use crate::bridge;
use crate::host::Host;
use crate::views::View;

/// Takes files that were given: names and bytes; those that can't be taken, and why.
pub(crate) type Take = dyn FnMut(Vec<String>, Array, Vec<String>, Vec<String>);

/// It calls nothing back once these are gone.
pub(crate) struct Calls {
    _files: Closure<Take>,
    _ask: Closure<dyn FnMut(String, u32, u32, bool) -> Promise>,
    _follow: Closure<dyn FnMut(u32, u32, u32)>,
    _act: Closure<dyn FnMut(String)>,
}

impl Calls {
    /// Has the JavaScript side call the page.
    pub(crate) fn listen(host: &Host) -> Self {
        let link = || host.link.clone();
        let (to_files, to_follow, to_act) = (link(), link(), link());
        let files = Closure::<Take>::new(
            move |names: Vec<String>, bytes: Array, refused: Vec<String>, why: Vec<String>| {
                let bytes = bytes.iter().map(|bytes| Uint8Array::new(&bytes).to_vec());
                let files = names.into_iter().zip(bytes).collect();
                let refused = refused.into_iter().zip(why).collect();
                to_files.send_message(Msg::Dropped(files, refused));
            },
        );
        let follow = Closure::<dyn FnMut(u32, u32, u32)>::new(move |file, from, to| {
            to_follow.send_message(Msg::FollowFile(file, from, to));
        });
        let act = Closure::<dyn FnMut(String)>::new(move |act: String| {
            let message = match act.as_str() {
                "fix all" => Msg::FixAll,
                "test" => Msg::Test,
                "palette" => Msg::Palette,
                "keys" => Msg::Keys,
                "undo" => Msg::TakeBack,
                act => match act.strip_prefix("view ") {
                    Some(name) => Msg::Shown(View::named(name)),
                    None => return,
                },
            };
            to_act.send_message(message);
        });
        let asked = host.clone();
        let ask = Closure::<dyn FnMut(String, u32, u32, bool) -> Promise>::new(
            move |question: String, key, at, explicit| {
                let host = asked.clone();
                Promise::new(&mut move |done, _| {
                    question_of_editor(&host, &question, (key, at, explicit), done);
                })
            },
        );
        bridge::listen(&files, &ask, &follow, &act);
        Self { _files: files, _ask: ask, _follow: follow, _act: act }
    }
}

/// Hands an editor's question on, and its answer back as it is.
fn question_of_editor(
    host: &Host,
    question: &str,
    (key, at, explicit): (u32, u32, bool),
    done: js_sys::Function,
) {
    let link = host.link.clone();
    let engine = host.engine.clone();
    let is_hover = question == "hover";
    let Some(file) = link.get_component().and_then(|app| app.number(key)) else {
        // Nobody waits for an answer that can't be given.
        let _ = done.call1(&JsValue::NULL, &JsValue::NULL);
        return;
    };
    let ask = if is_hover { Ask::Hover { file, at } } else { Ask::Complete { file, at, explicit } };
    let question = ask.serialize(&serde_wasm_bindgen::Serializer::new()).unwrap_or_default();
    engine.ask_in_js(&question, move |answer| {
        let name = if is_hover { "Hover" } else { "Complete" };
        let answer = js_sys::Reflect::get(&answer, &name.into()).unwrap_or_default();
        let _ = done.call1(&JsValue::NULL, &answer);
    });
}
