//! The functions as JavaScript calls them: an object in, an object out.

use js_sys::JSON;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::{Config, Fixes, Input, Log, ProxyRequest, Refused, Upgrade};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type {
    CheckDocument, ComparisonDocument, Config, DiagnosisDocument, ExplanationDocument, FixedDocument, Fixes, Input,
    Log, ProxyRequest, ReleasesDocument, RequestDocument, Upgrade,
} from "./documents.js";
"#;

/// What a caller gives, as a type.
fn given<T: DeserializeOwned>(value: &JsValue) -> Result<T, JsError> {
    let text = JSON::stringify(value).map_err(|_| JsError::new("the input is not plain data"))?;
    let text = text.as_string().unwrap_or_default();
    // What serde says of a wrong type may quote the value, a secret among them: the place is enough.
    serde_json::from_str(&text).map_err(|error| JsError::new(&in_words(&error)))
}

/// A type that need not be given.
fn given_or_default<T: DeserializeOwned + Default>(value: &JsValue) -> Result<T, JsError> {
    if value.is_undefined() { Ok(T::default()) } else { given(value) }
}

/// What is wrong, without what follows the kind: that quotes the value.
fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let known = ["unknown field", "missing field", "duplicate field"];
    match known.iter().any(|start| text.starts_with(start)) {
        true => text.rsplit_once(" at line").map_or(text.as_str(), |(says, _)| says).to_owned(),
        false => "a field of the input has another type than it should".to_owned(),
    }
}

/// A document as an object; `now` is the time where none was given.
fn answered(document: Result<String, Refused>) -> Result<JsValue, JsError> {
    let text = document.map_err(|why| JsError::new(&why))?;
    JSON::parse(&text).map_err(|_| JsError::new("the answer is not JSON"))
}

/// Seconds since 1970.
#[allow(clippy::cast_possible_truncation, reason = "seconds since 1970 fit")]
fn now() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

fn config(value: &JsValue) -> Result<Config, JsError> {
    let mut config: Config = given(value)?;
    config.now = config.now.or_else(|| Some(now()));
    Ok(config)
}

/// Checks each config among the files, as each deployment runs it: what `redproof check --format json` prints.
///
/// # Errors
/// When the input can't be used.
#[wasm_bindgen(unchecked_return_type = "CheckDocument")]
pub fn check(
    #[wasm_bindgen(unchecked_param_type = "Input")] input: &JsValue,
) -> Result<JsValue, JsError> {
    let mut input: Input = given(input)?;
    input.now = input.now.or_else(|| Some(now()));
    answered(crate::check(input))
}

/// Says what one config connects to, and where every setting comes from: `redproof explain`.
///
/// # Errors
/// When the input can't be used.
#[wasm_bindgen(unchecked_return_type = "ExplanationDocument")]
pub fn explain(
    #[wasm_bindgen(unchecked_param_type = "Config")] input: &JsValue,
) -> Result<JsValue, JsError> {
    answered(crate::explain(config(input)?))
}

/// Says what becomes of one request's answer: `redproof explain --request`.
///
/// # Errors
/// When the input can't be used.
#[wasm_bindgen(js_name = explainRequest, unchecked_return_type = "RequestDocument")]
pub fn explain_request(
    #[wasm_bindgen(unchecked_param_type = "Config")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "ProxyRequest")] request: &JsValue,
) -> Result<JsValue, JsError> {
    let request: ProxyRequest = given(request)?;
    answered(crate::request(config(input)?, &request))
}

/// Fixes one config; the new text quotes what the old one does, secrets among it.
///
/// # Errors
/// When the input can't be used.
#[wasm_bindgen(unchecked_return_type = "FixedDocument")]
pub fn fix(
    #[wasm_bindgen(unchecked_param_type = "Config")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Fixes")] fixes: &JsValue,
) -> Result<JsValue, JsError> {
    let fixes: Fixes = given_or_default(fixes)?;
    answered(crate::fix(config(input)?, fixes))
}

/// Says what an upgrade changes for one config: `redproof compare`.
///
/// # Errors
/// When the input can't be used.
#[wasm_bindgen(unchecked_return_type = "ComparisonDocument")]
pub fn compare(
    #[wasm_bindgen(unchecked_param_type = "Config")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Upgrade")] to: &JsValue,
) -> Result<JsValue, JsError> {
    let to: Upgrade = given_or_default(to)?;
    answered(crate::compare(config(input)?, &to))
}

/// Says what each release does with one config: `redproof releases`.
///
/// # Errors
/// When the input can't be used.
#[wasm_bindgen(unchecked_return_type = "ReleasesDocument")]
pub fn releases(
    #[wasm_bindgen(unchecked_param_type = "Config")] input: &JsValue,
) -> Result<JsValue, JsError> {
    answered(crate::releases(config(input)?))
}

/// Says what the texts in a log mean: `redproof diagnose`.
///
/// # Errors
/// When the input can't be used.
#[wasm_bindgen(unchecked_return_type = "DiagnosisDocument")]
pub fn diagnose(
    #[wasm_bindgen(unchecked_param_type = "Log")] log: &JsValue,
) -> Result<JsValue, JsError> {
    let mut log: Log = given(log)?;
    if let Some(input) = &mut log.input {
        input.now = input.now.or_else(|| Some(now()));
    }
    answered(crate::diagnose(log))
}
