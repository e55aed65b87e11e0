//! Reads what `JSON.parse` gave: the browser's own reader, which costs the page nothing.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A value of some shape; what it lacks reads as empty.
pub(crate) struct Json(JsValue);

impl Json {
    pub(crate) fn new(value: JsValue) -> Self {
        Self(value)
    }

    /// What is there, unless it is null or missing.
    pub(crate) fn get(&self, name: &str) -> Option<Self> {
        let value = Reflect::get(&self.0, &name.into()).ok()?;
        (!value.is_null() && !value.is_undefined()).then_some(Self(value))
    }

    /// A text, if it is one.
    pub(crate) fn maybe_text(&self, name: &str) -> Option<String> {
        self.get(name)?.0.as_string()
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> String {
        self.maybe_text(name).unwrap_or_default()
    }

    /// A number.
    pub(crate) fn number(&self, name: &str) -> f64 {
        self.get(name).and_then(|value| value.0.as_f64()).unwrap_or_default()
    }

    /// Every element of a list.
    pub(crate) fn list<T>(&self, name: &str, read: impl Fn(&Self) -> T) -> Vec<T> {
        let list = self.get(name).and_then(|value| value.0.dyn_into::<Array>().ok());
        let Some(list) = list else {
            return vec![];
        };
        list.iter().map(|value| read(&Self(value))).collect()
    }

    /// Every text of a list.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.list(name, |value| value.0.as_string().unwrap_or_default())
    }
}
