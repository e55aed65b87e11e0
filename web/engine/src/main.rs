//! The engine: all of redproof-core, in a Web Worker. `engine.js` loads it and hands it each question of
//! the page.

use std::cell::RefCell;
use std::panic;

use redproof_engine::Engine;
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::new(Engine::default());
}

#[wasm_bindgen]
extern "C" {
    /// Notes where a panic is, before it stops everything, and in what version.
    #[wasm_bindgen(js_name = panicked)]
    fn panicked(place: &str, version: &str);

    /// Loads the rest of the engine, and returns when it is there.
    #[wasm_bindgen(js_name = fetchRest)]
    fn fetch_rest();
}

/// Answers a question, an `Ask` of redproof-messages, with its `Answer`.
///
/// # Errors
/// When it is not a question that this version knows.
#[wasm_bindgen]
pub fn answer(ask: JsValue) -> Result<JsValue, JsValue> {
    let ask = from_value(ask)?;
    let answer = ENGINE.with_borrow_mut(|engine| engine.answer(ask));
    // `null` for what is not there: a page in JavaScript tells it from what is not told.
    Ok(answer.serialize(&Serializer::new().serialize_missing_as_null(true))?)
}

/// Has the rest of the engine loaded: `web/split` puts what the first verdict does without into a file of its
/// own, and calls `fetch_rest` where something of it is needed first.
#[wasm_bindgen]
pub fn rest() {
    fetch_rest();
}

fn main() {
    // Its message may quote the user's text: the place alone is told.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        panicked(&place, env!("CARGO_PKG_VERSION"));
    }));
}
