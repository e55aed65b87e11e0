//! Outputs against their published schemas.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value as Json;

use crate::root;

/// The validator of `schemas/NAME-output.json`.
fn validator(name: &str) -> Arc<Validator> {
    static KNOWN: Mutex<Option<HashMap<String, Arc<Validator>>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let made = known.get_or_insert_default().entry(name.to_owned()).or_insert_with(|| {
        let path = root().join(format!("schemas/{name}-output.json"));
        let text = fs::read_to_string(&path).expect("the schema is there");
        let schema = serde_json::from_str(&text).expect("JSON");
        Arc::new(jsonschema::validator_for(&schema).expect("a sound schema"))
    });
    Arc::clone(made)
}

/// Holds a document to `schemas/NAME-output.json`.
///
/// # Panics
/// When it does not keep to it.
pub fn hold(name: &str, document: &Json) {
    let validator = validator(name);
    let wrong: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{name}: {}\n{document:#}", wrong.join("\n"));
}

/// Reads a document and holds it to `schemas/NAME-output.json`.
///
/// # Panics
/// When it is not JSON, or does not keep to the schema.
pub fn read(name: &str, text: &[u8]) -> Json {
    let document = serde_json::from_slice(text)
        .unwrap_or_else(|error| panic!("{name}: {error}: {}", String::from_utf8_lossy(text)));
    hold(name, &document);
    document
}

/// Reads lines of JSON and holds each to `schemas/NAME-output.json`.
///
/// # Panics
/// When one is not JSON, or does not keep to the schema.
pub fn read_lines(name: &str, text: &[u8]) -> Vec<Json> {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| read(name, line)).collect()
}
