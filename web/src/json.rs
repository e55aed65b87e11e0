//! Reads what `JSON.parse` gave: the browser's own reader, which costs the page nothing.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A value of some shape; what it lacks reads as empty. Objects are equal if they are the same one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Json(JsValue);

impl From<JsValue> for Json {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

impl Json {
    /// A member; undefined where none is.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> Self {
        Self(Reflect::get(&self.0, &name.into()).unwrap_or_default())
    }

    /// Whether it is there and true: an object, a text that is not empty.
    pub(crate) fn is_truthy(&self) -> bool {
        self.0.is_truthy()
    }

    /// A member that is a text.
    pub(crate) fn text(&self, name: &str) -> String {
        self.get(name).0.as_string().unwrap_or_default()
    }

    /// A member that is a number.
    pub(crate) fn number(&self, name: &str) -> f64 {
        self.get(name).0.as_f64().unwrap_or_default()
    }

    /// The elements of a member that is a list.
    pub(crate) fn list(&self, name: &str) -> Vec<Self> {
        self.get(name).elements()
    }

    /// The elements of a list.
    pub(crate) fn elements(&self) -> Vec<Self> {
        let list = self.0.clone().dyn_into::<Array>();
        list.map_or_else(|_| Vec::new(), |list| list.iter().map(Self).collect())
    }

    /// The texts of a member that is a list of them, as one.
    pub(crate) fn joined(&self, name: &str) -> String {
        let texts = self.list(name).into_iter().map(|one| one.0.as_string().unwrap_or_default());
        texts.collect::<Vec<_>>().join(", ")
    }
}
