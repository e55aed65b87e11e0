//! Certificates and keys, in the engine's Web Worker: `engine.js` fetches this with the first question about
//! them, and hands it each one with what the engine says that the configuration wants.

use std::cell::RefCell;

use redproof_certificates::Store;
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static STORE: RefCell<Store> = RefCell::default();
}

/// Answers a question, an `AskHeld` of redproof-messages, with its `Certificates`; `demands` is what the engine's
/// function of that name gives.
///
/// # Errors
/// When either is of another version.
#[wasm_bindgen]
pub fn certificates(ask: JsValue, demands: JsValue) -> Result<JsValue, JsValue> {
    let (ask, (demands, now)) = (from_value(ask)?, from_value(demands)?);
    let answer = STORE.with_borrow_mut(|store| store.answer(ask, &demands, now));
    Ok(answer.serialize(&Serializer::new().serialize_missing_as_null(true))?)
}

fn main() {}
